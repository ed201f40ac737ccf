# Neither is a must, a should or a default; what they say is checked all the same.
proof "cloudtrail.s3-log-delivery" {
  every "aws_cloudtrail" {
    s3_bucket_name = refers_to("aws_s3_bucket_policy.trail_bucket")
  }
}

proof "cloudtrail.cloudwatch-integration" {
  every "aws_cloudtrail" {
    cloud_watch_logs_group_arn = refers_to("aws_cloudwatch_log_group.trail")
    cloud_watch_logs_role_arn  = refers_to("aws_iam_role")
  }
}
