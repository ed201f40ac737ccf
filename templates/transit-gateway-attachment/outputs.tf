output "attachment_id" {
  description = "ID of the attachment, for the owner of the gateway, who accepts it."
  value       = aws_ec2_transit_gateway_vpc_attachment.this.id
}
