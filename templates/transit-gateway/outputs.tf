output "transit_gateway_id" {
  description = "ID of the transit gateway, for attachments."
  value       = aws_ec2_transit_gateway.this.id
}

output "resource_share_arn" {
  description = "Resource share through which other accounts see the gateway; null if there are none."
  value       = one(aws_ram_resource_share.this[*].arn)
}
