output "bucket" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.logs.id
}

output "certificate" {
  value     = aws_acm_certificate.end.arn
  sensitive = true
}
