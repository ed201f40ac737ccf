output "endpoint" {
  description = "Host of the proxy; it stays the same when the database fails over."
  value       = aws_db_proxy.this.endpoint
}

output "proxy_name" {
  description = "Name of the proxy, the value of the ProxyName dimension of its metrics."
  value       = aws_db_proxy.this.name
}

output "resource_id" {
  description = "ID of the proxy in ARNs of IAM database users, such as prx-0123456789abcdef0."
  value       = regex("[^:]+$", aws_db_proxy.this.arn)
}

output "host_parameter_name" {
  description = "Name of the Parameter Store parameter that contains the host."
  value       = aws_ssm_parameter.host.name
}

output "reader_host_parameter_name" {
  description = "Name of the Parameter Store parameter that contains the readers' host; null if there is none."
  value       = one(aws_ssm_parameter.reader_host[*].name)
}

output "client_rule_id" {
  description = "ID of the outbound rule from the clients to the proxy, for dependencies."
  value       = aws_vpc_security_group_egress_rule.client.id
}

output "server_rule_id" {
  description = "ID of the inbound rule for the clients, for dependencies."
  value       = aws_vpc_security_group_ingress_rule.this.id
}

output "target_id" {
  description = "ID of the database's registration at the proxy, for dependencies."
  value       = aws_db_proxy_target.this.id
}

# Metrics to monitor; statistics, thresholds and minutes are chosen by this module.
locals {
  alarms = {
    proxy = {
      namespace  = "AWS/RDS"
      dimensions = { ProxyName = aws_db_proxy.this.name }
      metrics = {
        ClientConnectionsSetupFailedAuth = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }          # why: tasks cannot log in, or do not use TLS
        DatabaseConnectionsSetupFailed   = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }          # why: the proxy cannot log in, or the database is full or unavailable
        DatabaseConnectionsBorrowLatency = { statistic = "Average", is = "above", threshold = 1000000, minutes = 5 } # why: in microseconds: requests wait a second for a connection because all are in use
      }
    }
  }
}

output "alarms" {
  description = "Metrics to monitor, by subject, with the thresholds of their alarms."
  value       = local.alarms
}
