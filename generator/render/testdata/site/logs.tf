resource "aws_s3_bucket" "logs" {
  bucket = "${var.name}-logs" # notes s3.retention: one bucket for all logs
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    expiration {
      days = var.retention_days
    }
  }
}
