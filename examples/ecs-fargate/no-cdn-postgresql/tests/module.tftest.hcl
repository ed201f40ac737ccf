mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"] }
  }

  mock_resource "aws_acm_certificate" {
    defaults = {
      arn = "arn:aws:acm:ap-northeast-1:123456789012:certificate/example"
      domain_validation_options = [{
        domain_name           = "example.com"
        resource_record_name  = "_a.example.com."
        resource_record_type  = "CNAME"
        resource_record_value = "_b.acm-validations.aws."
      }]
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:ap-northeast-1:123456789012:log-group:example" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/example" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:ap-northeast-1:123456789012:key/example" }
  }

  mock_resource "aws_lb" {
    defaults = { arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/example/0123456789abcdef" }
  }

  mock_resource "aws_lb_target_group" {
    defaults = { arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/example/0123456789abcdef" }
  }

  mock_resource "aws_wafv2_web_acl" {
    defaults = { arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/example/example" }
  }
}

variables {
  name           = "example"
  domain_name    = "www.example.com"
  hosted_zone_id = "Z0123456789ABCDEFGHIJ"
  image_tag      = "1f0c2d3"
}

run "network_is_private_over_several_zones" {
  command = plan

  assert {
    condition     = length(distinct(aws_subnet.network_app[*].availability_zone)) == 2 && length(distinct(aws_subnet.network_datastore[*].availability_zone)) == 2
    error_message = "Every private tier must have a subnet in each zone."
  }

  assert {
    condition     = !anytrue(concat(aws_subnet.network_public[*].map_public_ip_on_launch, aws_subnet.network_app[*].map_public_ip_on_launch, aws_subnet.network_datastore[*].map_public_ip_on_launch))
    error_message = "No subnet may give out public addresses by itself."
  }

  assert {
    condition     = length(aws_nat_gateway.network) == 2 && length(aws_route.network_app_nat) == 2
    error_message = "Every zone must have a NAT gateway of its own and a route to it."
  }
}

run "logs_are_private_and_kept" {
  command = plan

  assert {
    condition     = aws_s3_bucket_public_access_block.logs.block_public_acls && aws_s3_bucket_public_access_block.logs.block_public_policy && aws_s3_bucket_public_access_block.logs.ignore_public_acls && aws_s3_bucket_public_access_block.logs.restrict_public_buckets
    error_message = "All public access to the logs must be blocked."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.logs.rule[0].expiration[0].days == var.log_retention_days && aws_s3_bucket_versioning.logs.versioning_configuration[0].status == "Enabled"
    error_message = "Logs must be kept as long as asked for, and a deleted one must come back."
  }
}

run "certificate_covers_the_domain" {
  command = plan

  assert {
    condition     = contains(aws_acm_certificate.certificate.subject_alternative_names, "*.${var.domain_name}") && aws_acm_certificate.certificate.validation_method == "DNS"
    error_message = "The certificate must cover the subdomains too, and be renewed by its DNS record."
  }
}

run "waf_has_every_rule" {
  command = plan

  assert {
    condition     = length(aws_wafv2_web_acl.waf.rule) == 1 + length(var.waf_managed_rule_groups)
    error_message = "The rate limit and every managed rule group must be there."
  }
}

run "waf_protects_the_load_balancer" {
  command = plan

  assert {
    condition     = aws_wafv2_web_acl.waf.scope == "REGIONAL"
    error_message = "A load balancer takes no web ACL but one of the scope REGIONAL."
  }
}

run "load_balancer_serves_https_only" {
  command = plan

  assert {
    condition     = strcontains(aws_lb_listener.load_balancer_https.ssl_policy, "TLS13-1-2") && aws_lb.load_balancer.drop_invalid_header_fields && aws_lb.load_balancer.access_logs[0].enabled
    error_message = "The load balancer must speak TLS 1.2 or newer, drop broken headers and log every request."
  }
}

run "load_balancer_redirects_to_https" {
  command = plan

  assert {
    condition     = aws_lb_listener.load_balancer_http.default_action[0].redirect[0].status_code == "HTTP_301"
    error_message = "Port 80 must do nothing but redirect to HTTPS."
  }
}

run "dns_leads_to_the_target" {
  command = plan

  assert {
    condition     = length(aws_route53_record.dns) == 2 && alltrue([for type, record in aws_route53_record.dns : record.type == type && record.name == var.domain_name && record.zone_id == var.hosted_zone_id && length(record.alias) == 1])
    error_message = "The domain must have an alias record in its zone for IPv4 and one for IPv6."
  }
}

run "registry_keeps_tags_and_scans" {
  command = plan

  assert {
    condition     = aws_ecr_repository.registry.image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.registry.image_scanning_configuration[0].scan_on_push
    error_message = "A pushed image must be scanned, and its tag must never mean another one."
  }
}

run "service_is_private_and_survives_faults" {
  command = plan

  assert {
    condition     = !aws_ecs_service.service.network_configuration[0].assign_public_ip && aws_vpc_security_group_ingress_rule.service_load_balancer.cidr_ipv4 == null
    error_message = "Tasks must have no public address, and only the load balancer may reach them."
  }

  assert {
    condition     = aws_appautoscaling_target.service.min_capacity >= 2
    error_message = "There must be two tasks at least, or the loss of a zone is an outage."
  }

  assert {
    condition     = aws_ecs_service.service.deployment_circuit_breaker[0].rollback
    error_message = "A version that does not start must be rolled back."
  }
}

run "database_is_protected" {
  command = plan

  assert {
    condition     = aws_rds_cluster.database.storage_encrypted && aws_rds_cluster.database.manage_master_user_password && !aws_rds_cluster.database.skip_final_snapshot
    error_message = "The cluster must be encrypted, keep its password in Secrets Manager and leave a snapshot when it is deleted."
  }

  assert {
    condition     = length(aws_rds_cluster_instance.database) == var.database_size.instances && !anytrue(aws_rds_cluster_instance.database[*].publicly_accessible) && aws_vpc_security_group_ingress_rule.database.cidr_ipv4 == null
    error_message = "There must be as many instances as chosen, none of them public, and only the application may connect."
  }
}

run "cache_is_protected" {
  command = plan

  assert {
    condition     = aws_elasticache_replication_group.cache.at_rest_encryption_enabled && aws_elasticache_replication_group.cache.transit_encryption_enabled && aws_vpc_security_group_ingress_rule.cache.cidr_ipv4 == null
    error_message = "The cache must be encrypted at rest and in transit, and only the application may connect."
  }

  assert {
    condition     = aws_elasticache_replication_group.cache.automatic_failover_enabled == (var.cache_size.replicas > 0)
    error_message = "With a replica the cache must fail over to it."
  }
}
