# Stores and the edge: database, bucket, distribution, web ACL.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 6.0"
    }
  }
}

variable "name" {
  type    = string
  default = "data"
}

variable "rules" {
  type    = list(string)
  default = ["AWSManagedRulesCommonRuleSet"]
}

variable "subnets" {
  type    = set(string)
  default = ["subnet-1", "subnet-2"]
}

data "aws_partition" "current" {}

resource "aws_kms_key" "main" {
  description         = "Encrypts ${var.name}"
  enable_key_rotation = true
}

resource "aws_db_subnet_group" "main" {
  name       = var.name
  subnet_ids = var.subnets
}

resource "aws_rds_cluster" "main" {
  cluster_identifier          = var.name
  engine                      = "aurora-postgresql"
  master_username             = "root"
  manage_master_user_password = true
  db_subnet_group_name        = aws_db_subnet_group.main.name
  kms_key_id                  = aws_kms_key.main.arn
  storage_encrypted           = true
  backup_retention_period     = 7
  skip_final_snapshot         = false

  serverlessv2_scaling_configuration {
    min_capacity = 0.5
    max_capacity = 4
  }
}

resource "aws_rds_cluster_instance" "main" {
  for_each = toset(["a", "b"])

  identifier         = "${var.name}-${each.value}"
  cluster_identifier = aws_rds_cluster.main.id
  engine             = aws_rds_cluster.main.engine
  instance_class     = "db.serverless"
}

resource "aws_s3_bucket" "main" {
  bucket_prefix = var.name
}

resource "aws_s3_bucket_lifecycle_configuration" "main" {
  bucket = aws_s3_bucket.main.id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {
      prefix = "logs/"
    }

    expiration {
      days = 90
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "main" {
  bucket = aws_s3_bucket.main.bucket

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.main.key_id
    }
  }
}

resource "aws_wafv2_web_acl" "main" {
  name  = var.name
  scope = "REGIONAL"

  default_action {
    allow {}
  }

  dynamic "rule" {
    for_each = var.rules

    content {
      name     = rule.value
      priority = rule.key

      override_action {
        none {}
      }

      statement {
        managed_rule_group_statement {
          name        = rule.value
          vendor_name = "AWS"

          scope_down_statement {
            not_statement {
              statement {
                byte_match_statement {
                  search_string         = "/health"
                  positional_constraint = "EXACTLY"

                  field_to_match {
                    uri_path {}
                  }

                  text_transformation {
                    priority = 0
                    type     = "NONE"
                  }
                }
              }
            }
          }
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = rule.value
        sampled_requests_enabled   = true
      }
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = var.name
    sampled_requests_enabled   = true
  }
}

resource "aws_acm_certificate" "main" {
  domain_name       = "example.com"
  validation_method = "DNS"
}

resource "aws_route53_record" "validation" {
  for_each = {
    for o in aws_acm_certificate.main.domain_validation_options : o.domain_name => o
  }

  zone_id = "Z123"
  name    = each.value.resource_record_name
  type    = each.value.resource_record_type
  records = [each.value.resource_record_value]
  ttl     = 60
}

resource "aws_cloudfront_distribution" "main" {
  enabled = true
  aliases = ["example.com"]
  comment = "arn:${data.aws_partition.current.partition}"

  origin {
    domain_name = aws_s3_bucket.main.bucket_regional_domain_name
    origin_id   = "bucket"
  }

  default_cache_behavior {
    target_origin_id       = "bucket"
    viewer_protocol_policy = "redirect-to-https"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    acm_certificate_arn = aws_acm_certificate.main.arn
    ssl_support_method  = "sni-only"
  }
}

output "endpoints" {
  value = concat([aws_rds_cluster.main.endpoint], values(aws_rds_cluster_instance.main)[*].endpoint)
}

output "secret" {
  value     = aws_rds_cluster.main.master_user_secret[0].secret_arn
  sensitive = true
}

output "records" {
  value = [for r in aws_route53_record.validation : r.fqdn]
}

output "acl" {
  value = aws_wafv2_web_acl.main.arn
}

output "domain" {
  value = aws_cloudfront_distribution.main.domain_name
}
