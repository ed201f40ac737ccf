mock_data "aws_availability_zones" {
  defaults = {
    id    = "ap-northeast-1"
    names = ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"]
  }
}

mock_data "aws_caller_identity" {
  defaults = {
    account_id = "123456789012"
  }
}

mock_data "aws_cloudfront_cache_policy" {
  defaults = {
    id = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  }
}

mock_data "aws_cloudfront_origin_request_policy" {
  defaults = {
    id = "bf0718e1-ba1e-49d1-88b1-f726733018ae"
  }
}

mock_data "aws_cloudfront_response_headers_policy" {
  defaults = {
    id = "67f7725c-6f97-4210-82d7-5512b31e9d03"
  }
}

mock_data "aws_ec2_managed_prefix_list" {
  defaults = {
    id = "pl-58a04531"
  }
}

mock_data "aws_iam_policy_document" {
  defaults = {
    json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
  }
}

mock_data "aws_partition" {
  defaults = {
    partition = "aws"
  }
}

mock_data "aws_region" {
  defaults = {
    id   = "ap-northeast-1"
    name = "ap-northeast-1"
  }
}

mock_resource "aws_acm_certificate" {
  defaults = {
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
    domain_validation_options = [{
      domain_name           = "example.com"
      resource_record_name  = "_0123456789abcdef.example.com."
      resource_record_type  = "CNAME"
      resource_record_value = "_fedcba9876543210.acm-validations.aws."
    }]
  }
}

mock_resource "aws_cloudfront_distribution" {
  defaults = {
    arn            = "arn:aws:cloudfront::123456789012:distribution/EDFDVBD6EXAMPLE"
    domain_name    = "d111111abcdef8.cloudfront.net"
    hosted_zone_id = "Z2FDTNDATAQYW2"
  }
}

mock_resource "aws_cloudfront_origin_request_policy" {
  defaults = {
    id = "01234567-89ab-cdef-0123-456789abcdef"
  }
}

mock_resource "aws_cloudfront_vpc_origin" {
  defaults = {
    id = "vo_0123456789abcdefABCDEF"
  }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = {
    arn = "arn:aws:logs:ap-northeast-1:123456789012:log-group:/example/vpc-flow-log"
  }
}

mock_resource "aws_ecr_repository" {
  defaults = {
    arn            = "arn:aws:ecr:ap-northeast-1:123456789012:repository/example"
    repository_url = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/example"
  }
}

mock_resource "aws_ecs_cluster" {
  defaults = {
    arn = "arn:aws:ecs:ap-northeast-1:123456789012:cluster/example"
  }
}

mock_resource "aws_ecs_service" {
  defaults = {
    id = "arn:aws:ecs:ap-northeast-1:123456789012:service/example/example"
  }
}

mock_resource "aws_ecs_task_definition" {
  defaults = {
    arn = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/example:1"
  }
}

mock_resource "aws_elasticache_replication_group" {
  defaults = {
    arn                      = "arn:aws:elasticache:ap-northeast-1:123456789012:replicationgroup:example-cache"
    primary_endpoint_address = "master.example-cache.abcdef.apne1.cache.amazonaws.com"
    reader_endpoint_address  = "replica.example-cache.abcdef.apne1.cache.amazonaws.com"
  }
}

mock_resource "aws_iam_role" {
  defaults = {
    arn = "arn:aws:iam::123456789012:role/example-vpc-flow-log"
  }
}

mock_resource "aws_kms_key" {
  defaults = {
    arn = "arn:aws:kms:ap-northeast-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  }
}

mock_resource "aws_lb" {
  defaults = {
    arn        = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/example/0123456789abcdef"
    arn_suffix = "app/example/0123456789abcdef"
    dns_name   = "internal-example-1234567890.ap-northeast-1.elb.amazonaws.com"
    zone_id    = "Z14GRHDCWA56QT"
  }
}

mock_resource "aws_lb_listener" {
  defaults = {
    arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/example/0123456789abcdef/0123456789abcdef"
  }
}

mock_resource "aws_lb_listener_rule" {
  defaults = {
    arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener-rule/app/example/0123456789abcdef/0123456789abcdef/0123456789abcdef"
  }
}

mock_resource "aws_lb_target_group" {
  defaults = {
    arn        = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/example/0123456789abcdef"
    arn_suffix = "targetgroup/example/0123456789abcdef"
  }
}

mock_resource "aws_rds_cluster" {
  defaults = {
    arn             = "arn:aws:rds:ap-northeast-1:123456789012:cluster:example-db"
    endpoint        = "example-db.cluster-abcdefghijkl.ap-northeast-1.rds.amazonaws.com"
    reader_endpoint = "example-db.cluster-ro-abcdefghijkl.ap-northeast-1.rds.amazonaws.com"
    master_user_secret = [{
      kms_key_id    = "arn:aws:kms:ap-northeast-1:123456789012:key/00000000-0000-0000-0000-000000000000"
      secret_arn    = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:example-abcdef"
      secret_status = "active"
    }]
  }
}

mock_resource "aws_route53_record" {
  defaults = {
    fqdn = "example.com"
  }
}

mock_resource "aws_s3_bucket" {
  defaults = {
    id  = "example-logs-123456789012"
    arn = "arn:aws:s3:::example-logs-123456789012"
  }
}

mock_resource "aws_security_group" {
  defaults = {
    id = "sg-0123456789abcdef0"
  }
}

mock_resource "aws_subnet" {
  defaults = {
    id = "subnet-0123456789abcdef0"
  }
}

mock_resource "aws_vpc" {
  defaults = {
    id  = "vpc-0123456789abcdef0"
    arn = "arn:aws:ec2:ap-northeast-1:123456789012:vpc/vpc-0123456789abcdef0"
  }
}

mock_resource "aws_vpc_endpoint" {
  defaults = {
    id             = "vpce-0123456789abcdef0"
    prefix_list_id = "pl-61a54008"
  }
}

mock_resource "aws_wafv2_web_acl" {
  defaults = {
    arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/example/01234567-89ab-cdef-0123-456789abcdef"
  }
}
