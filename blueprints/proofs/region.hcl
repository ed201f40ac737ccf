# What is done in global services is recorded whatever region it comes from.
proof "region.global-services" {
  every "aws_cloudtrail" {
    is_multi_region_trail         = true
    include_global_service_events = true
  }

  human "runbooks/trail-read-the-trail.md" {
    heading = "Everything: the bucket"
    says    = "Global services, such as IAM and CloudFront, work with every region and belong to none"
  }
}
