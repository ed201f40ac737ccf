# A small stack that touches what rendered modules lean on: data sources read at
# plan, certificates with for_each over their validation options, policies that
# wait for an ARN, two regions, default tags, deep blocks.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"

  default_tags {
    tags = { Owner = "bpgen" }
  }
}

provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

data "aws_availability_zones" "this" { state = "available" }

data "aws_iam_policy_document" "t" {
  statement {
    sid       = "A"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${aws_s3_bucket.b.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

data "aws_cloudfront_cache_policy" "c" { name = "Managed-CachingDisabled" }

data "aws_ec2_managed_prefix_list" "cf" { name = "com.amazonaws.global.cloudfront.origin-facing" }

data "aws_route53_zone" "z" { zone_id = "Z0123456789" }

resource "aws_s3_bucket" "b" { bucket = "my-bucket" }

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = data.aws_iam_policy_document.t.json
}

resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }

resource "aws_subnet" "s" {
  count             = 3
  vpc_id            = aws_vpc.v.id
  cidr_block        = cidrsubnet(aws_vpc.v.cidr_block, 8, count.index)
  availability_zone = data.aws_availability_zones.this.names[count.index]
  tags              = { Name = "s${count.index}" }
}

resource "aws_security_group" "lb" {
  name_prefix = "lb-"
  vpc_id      = aws_vpc.v.id
}

resource "aws_vpc_security_group_ingress_rule" "lb" {
  security_group_id = aws_security_group.lb.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_lb" "l" {
  name            = "lb"
  subnets         = aws_subnet.s[*].id
  security_groups = [aws_security_group.lb.id]
  access_logs {
    bucket = aws_s3_bucket.b.id
  }
}

resource "aws_lb_target_group" "t" {
  name     = "tg"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.v.id
  health_check { path = "/" }
}

resource "aws_lb_listener" "h" {
  load_balancer_arn = aws_lb.l.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = aws_acm_certificate_validation.c.certificate_arn
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.t.arn
  }
}

resource "aws_acm_certificate" "c" {
  domain_name               = "example.com"
  subject_alternative_names = ["*.example.com", "example.com"]
  validation_method         = "DNS"
  lifecycle { create_before_destroy = true }
}

resource "aws_acm_certificate" "cf" {
  provider          = aws.us_east_1
  domain_name       = "example.com"
  validation_method = "DNS"
}

resource "aws_route53_record" "v" {
  for_each        = { for o in aws_acm_certificate.c.domain_validation_options : o.domain_name => o }
  zone_id         = data.aws_route53_zone.z.zone_id
  name            = each.value.resource_record_name
  type            = each.value.resource_record_type
  records         = [each.value.resource_record_value]
  ttl             = 60
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "c" {
  certificate_arn         = aws_acm_certificate.c.arn
  validation_record_fqdns = [for r in aws_route53_record.v : r.fqdn]
}

resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_rds_cluster" "d" {
  cluster_identifier          = "db"
  engine                      = "aurora-mysql"
  manage_master_user_password = true
  master_username             = "root"
}

resource "aws_elasticache_replication_group" "c" {
  replication_group_id = "cache"
  description          = "x"
  engine               = "valkey"
}

resource "aws_wafv2_web_acl" "w" {
  name     = "w"
  provider = aws.us_east_1
  scope    = "CLOUDFRONT"
  default_action {
    allow {}
  }
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        name        = "AWSManagedRulesCommonRuleSet"
        vendor_name = "AWS"
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "x"
      sampled_requests_enabled   = true
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "x"
    sampled_requests_enabled   = true
  }
}

resource "aws_eip" "e" {
  domain = "vpc"
}

output "zones" {
  value = data.aws_availability_zones.this.names
}

output "subnets" {
  value = aws_subnet.s[*].id
}

output "policy" {
  value = jsondecode(data.aws_iam_policy_document.t.json)
}

output "certificates" {
  value = [aws_acm_certificate.c.arn, aws_acm_certificate.cf.arn]
}

output "records" {
  value = [for o in aws_acm_certificate.c.domain_validation_options : o.resource_record_name]
}

output "waf" {
  value = aws_wafv2_web_acl.w.arn
}

output "secret" {
  value = aws_rds_cluster.d.master_user_secret[0].secret_arn
}

output "listener" {
  value = aws_lb_listener.h.arn
}

output "cache_policy" {
  value = data.aws_cloudfront_cache_policy.c.id
}
