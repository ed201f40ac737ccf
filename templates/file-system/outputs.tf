output "file_system_id" {
  description = "ID of the file system."
  value       = aws_efs_file_system.this.id
}

output "access_point_id" {
  description = "ID of the access point through which tasks mount it."
  value       = aws_efs_access_point.this.id
}

output "mount_target_ids" {
  description = "IDs of the mount targets, for dependencies."
  value       = aws_efs_mount_target.this[*].id
}

output "client_rule_id" {
  description = "ID of the outbound rule from the application to the file system, for dependencies."
  value       = aws_vpc_security_group_egress_rule.client.id
}

output "server_rule_id" {
  description = "ID of the inbound rule for the application, for dependencies."
  value       = aws_vpc_security_group_ingress_rule.this.id
}

output "policy_id" {
  description = "ID of the policy that lets the application mount it, for dependencies."
  value       = aws_efs_file_system_policy.this.id
}
