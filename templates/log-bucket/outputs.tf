# Each output depends on what must exist before a log can be written, so that
# its users wait for that and not only for the bucket.

output "bucket_id" {
  description = "Name of the bucket, for load balancers."
  value       = aws_s3_bucket_policy.this.bucket
}

output "bucket_arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.this.arn
}

output "acl_bucket_id" {
  description = "Name of the bucket once its ACLs are enabled, for CloudFront."
  value       = aws_s3_bucket_ownership_controls.this.bucket
}

output "region" {
  description = "Region of the bucket, which is that of the system."
  value       = data.aws_region.current.id
}
