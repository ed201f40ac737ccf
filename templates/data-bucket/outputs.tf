# It waits for the policy, without which a service cannot write.
output "bucket_id" {
  description = "Name of the bucket."
  value       = aws_s3_bucket_policy.this.bucket
}

output "bucket_arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.this.arn
}

output "key_arn" {
  description = "ARN of the key that encrypts the objects, for those who read or write them."
  value       = aws_kms_key.this.arn
}
