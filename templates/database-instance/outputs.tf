output "endpoint" {
  description = "Host of the instance; it follows a failover."
  value       = aws_db_instance.this.address
}

output "port" {
  description = "Port of the instance."
  value       = aws_db_instance.this.port
}

output "security_group_id" {
  description = "Security group of the instance."
  value       = aws_security_group.this.id
}

output "master_user_secret_arn" {
  description = "Secret in Secrets Manager that contains the master user's password."
  value       = one(aws_db_instance.this.master_user_secret[*].secret_arn)
}

output "database_name" {
  description = "Name of the database in the instance."
  value       = aws_db_instance.this.db_name
}

output "application_user" {
  description = "Database user of the application, created as the users runbook describes."
  value       = "app"
}

output "resource_id" {
  description = "ID of the instance in ARNs of IAM database users, such as db-ABCDEFGHIJKL."
  value       = aws_db_instance.this.resource_id
}

output "identifier" {
  description = "Identifier of the instance."
  value       = aws_db_instance.this.identifier
}

output "host_parameter_name" {
  description = "Name of the Parameter Store parameter that contains the host."
  value       = aws_ssm_parameter.host.name
}

output "client_rule_id" {
  description = "ID of the outbound rule from the clients to the database, for dependencies."
  value       = aws_vpc_security_group_egress_rule.client.id
}

output "server_rule_id" {
  description = "ID of the inbound rule for the clients, for dependencies."
  value       = aws_vpc_security_group_ingress_rule.this.id
}

output "instance_ids" {
  description = "Identifiers of the instances, the values of the DBInstanceIdentifier dimension of their metrics."
  value       = [aws_db_instance.this.identifier]
}

output "burstable" {
  description = "True if the class uses CPU credits, which can run out."
  value       = startswith(var.size.class, "db.t")
}

output "deletion_protection" {
  description = "True if the database is protected from deletion."
  value       = aws_db_instance.this.deletion_protection
}

# Metrics to monitor; statistics, thresholds and minutes are chosen by this module.
locals {
  alarms = {
    database = {
      namespace  = "AWS/RDS"
      dimensions = { DBInstanceIdentifier = aws_db_instance.this.identifier }
      # notes: cloudwatch-metrics.aurora-cpu-utilization, cloudwatch-metrics.aurora-database-connections, cloudwatch-metrics.aurora-freeable-memory metrics to watch
      # notes: cloudwatch-metrics.rds-cpu-utilization, cloudwatch-metrics.rds-database-connections, cloudwatch-metrics.rds-freeable-memory the same outside Aurora
      # notes: cloudwatch-metrics.rds-unit-difference thresholds in bytes
      metrics = {
        CPUUtilization      = { statistic = "Maximum", is = "above", threshold = 80, minutes = 5 }         # why: the busiest instance
        DatabaseConnections = { statistic = "Maximum", is = "above", threshold = 70, minutes = 5 }         # why: db.t4g.medium takes 90
        FreeableMemory      = { statistic = "Minimum", is = "below", threshold = 104857600, minutes = 5 }  # why: 100 MiB; db.t4g.medium keeps more than that free, but not always 256
        FreeStorageSpace    = { statistic = "Minimum", is = "below", threshold = 1073741824, minutes = 5 } # why: storage grows automatically below a tenth; this little is left only at its limit
      }
    }
  }
}

output "alarms" {
  description = "Metrics to monitor, by subject, with the thresholds of their alarms."
  value       = local.alarms
}
