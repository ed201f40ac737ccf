deviation "static-files-by-access-control" {
  notes    = ["cloudfront.origin-access-identity", "s3.cloudfront-read-bucket-policy"]
  when     = var.static_bucket
  rendered = "CloudFront reads the bucket with an origin access control, and the policy names the distribution."
  reason   = "The origin access identity is its predecessor: it supports neither newer regions nor KMS encryption."
  restore  = "Use aws_cloudfront_origin_access_identity in s3_origin_config, and its iam_arn as the principal of the policy."
}

deviation "error-pages-of-the-application" {
  notes    = ["cloudfront.custom-error-403-to-404"]
  when     = !var.error_pages
  rendered = "CloudFront passes on the errors of the application."
  reason   = "Only a bucket answers 403 for a missing file; the 403 of the application and of WAF would be shown as 404 too."
  restore  = "Render with error_pages = true."
}
