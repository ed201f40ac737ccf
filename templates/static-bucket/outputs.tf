# The name comes from the public access block: a policy that depends on it
# waits, because S3 refuses concurrent changes to a bucket.
output "bucket_id" {
  description = "Name of the bucket."
  value       = aws_s3_bucket_public_access_block.this.bucket
}

output "bucket_arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.this.arn
}

output "domain_name" {
  description = "Regional domain name of the bucket."
  value       = aws_s3_bucket.this.bucket_regional_domain_name
}
