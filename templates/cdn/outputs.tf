output "distribution_id" {
  description = "ID of the distribution, for invalidations."
  value       = aws_cloudfront_distribution.this.id
}

output "distribution_arn" {
  description = "ARN of the distribution."
  value       = aws_cloudfront_distribution.this.arn
}

output "domain_name" {
  description = "Domain name that CloudFront assigned to the distribution."
  value       = aws_cloudfront_distribution.this.domain_name
}

output "zone_id" {
  description = "Hosted zone of that domain name, for alias records."
  value       = aws_cloudfront_distribution.this.hosted_zone_id
}

output "alarms" {
  description = "Metrics to monitor, by subject, with the thresholds of their alarms."
  value = {
    cdn = {
      namespace  = "AWS/CloudFront"
      dimensions = { DistributionId = aws_cloudfront_distribution.this.id, Region = "Global" }
      metrics = {
        "5xxErrorRate" = { statistic = "Average", is = "above", threshold = 5, minutes = 3 } # why: five percent of requests
      }
    }
  }
}
