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

output "master_user_secret" {
  description = "Secret in Secrets Manager that holds the master user's password: a list of one, with its secret_arn."
  value       = aws_db_instance.this.master_user_secret
}

output "identifier" {
  description = "Identifier of the instance."
  value       = aws_db_instance.this.identifier
}

output "host_parameter_name" {
  description = "Name of the Parameter Store parameter that holds the host."
  value       = aws_ssm_parameter.host.name
}

output "client_rule_id" {
  description = "Id of the rule that lets the clients out to the database, to wait for."
  value       = aws_vpc_security_group_egress_rule.client.id
}

output "server_rule_id" {
  description = "Id of the rule that lets the clients in, to wait for."
  value       = aws_vpc_security_group_ingress_rule.this.id
}
