deviation "log-bucket-not-public" {
  notes    = ["s3.cloudfront-log-public-access"]
  when     = var.cdn_logs
  rendered = "Public access to the log bucket is blocked; CloudFront writes through an ACL grant."
  reason   = "CloudFront's logs need ACLs on the bucket, not public access, which would expose them."
  restore  = "Not recommended; if you must, change the aws_s3_bucket_public_access_block of the log bucket."
}

deviation "alb-log-service-principal" {
  notes    = ["s3.alb-log-account-id"]
  when     = var.alb_logs
  rendered = "The bucket policy names the service principal of load balancer logs."
  reason   = "Account IDs by region are the older form and do not exist for newer regions."
  restore  = "Use the Elastic Load Balancing account of your region as the principal of the bucket policy, arn:aws:iam::<account>:root; the notes give the one for their region."
}
