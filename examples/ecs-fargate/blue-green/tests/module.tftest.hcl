mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name           = "example"
  domain_name    = "www.example.com"
  hosted_zone_id = "Z0123456789ABCDEFGHIJ"
  image_tag      = "1f0c2d3"
}

# network
run "network_subnets_are_private_and_apart" {
  command = plan

  assert {
    condition     = length(aws_subnet.network_public[*].id) == 3 && length(aws_subnet.network_app[*].id) == 3 && length(aws_subnet.network_datastore[*].id) == 3
    error_message = "Every tier has one subnet in each zone."
  }

  assert {
    condition     = length(distinct(aws_subnet.network_app[*].availability_zone)) == 3
    error_message = "Every subnet of a tier lies in a zone of its own."
  }

  assert {
    condition     = length(distinct(concat(aws_subnet.network_public[*].cidr_block, aws_subnet.network_app[*].cidr_block, aws_subnet.network_datastore[*].cidr_block))) == 9
    error_message = "No two subnets have the same range."
  }

  assert {
    condition     = alltrue([for range in aws_subnet.network_public[*].cidr_block : tonumber(split("/", range)[1]) <= 27])
    error_message = "A load balancer needs public subnets of /27 or larger."
  }

  assert {
    condition     = !anytrue(concat(aws_subnet.network_public[*].map_public_ip_on_launch, aws_subnet.network_app[*].map_public_ip_on_launch, aws_subnet.network_datastore[*].map_public_ip_on_launch))
    error_message = "No subnet gives out public addresses by itself."
  }
}

run "network_ways_out" {
  command = plan

  assert {
    condition     = alltrue([for service in ["ecr.api", "ecr.dkr", "logs"] : contains(keys(aws_vpc_endpoint.network_interface), service)])
    error_message = "Tasks cannot start without the endpoints of ECR and CloudWatch Logs."
  }

  assert {
    condition     = length(aws_nat_gateway.network) == 3 && length(aws_route.network_app_nat) == 3
    error_message = "Every zone has its own NAT gateway and its own route to it."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_vpc_endpoint.network_s3.policy).Statement : can(statement.Condition.StringEquals["aws:PrincipalAccount"]) || statement.Action == "s3:GetObject"])
    error_message = "The S3 endpoint serves credentials of this account only, but for reading image layers."
  }
}

# logs
run "logs_log_bucket_is_private" {
  command = plan

  assert {
    condition     = aws_s3_bucket_public_access_block.logs.block_public_acls && aws_s3_bucket_public_access_block.logs.block_public_policy && aws_s3_bucket_public_access_block.logs.ignore_public_acls && aws_s3_bucket_public_access_block.logs.restrict_public_buckets
    error_message = "All public access to logs is blocked."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.logs.rule[0].expiration[0].days == (var.log_retention_days == null ? 365 : var.log_retention_days)
    error_message = "Logs expire after the retention period."
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.logs.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "A load balancer can write to a bucket with S3's own keys only."
  }

  assert {
    condition     = aws_s3_bucket_ownership_controls.logs.rule[0].object_ownership == "BucketOwnerPreferred"
    error_message = "CloudFront's standard logs need ACLs."
  }
}

# certificate
run "certificate_certificate_covers_the_domain" {
  command = plan

  assert {
    condition     = aws_acm_certificate.certificate.domain_name == var.domain_name && contains(aws_acm_certificate.certificate.subject_alternative_names, "*.${var.domain_name}")
    error_message = "The certificate covers the domain and its subdomains."
  }

  assert {
    condition     = aws_acm_certificate.certificate.validation_method == "DNS" && aws_route53_record.certificate_validation.zone_id == var.hosted_zone_id
    error_message = "The certificate is validated, and later renewed, by a record in the zone."
  }
}

# edge_certificate
run "edge_certificate_certificate_covers_the_domain" {
  command = plan

  assert {
    condition     = aws_acm_certificate.edge_certificate.domain_name == var.domain_name && contains(aws_acm_certificate.edge_certificate.subject_alternative_names, "*.${var.domain_name}")
    error_message = "The certificate covers the domain and its subdomains."
  }

  assert {
    condition     = aws_acm_certificate.edge_certificate.region == "us-east-1"
    error_message = "CloudFront takes certificates from us-east-1 only."
  }
}

# waf
run "waf_measures_first" {
  command = plan

  assert {
    condition     = length(aws_wafv2_web_acl.waf.rule) == 1 + length(var.waf_managed_rule_groups)
    error_message = "There must be the rate limit and every managed rule group."
  }

  assert {
    condition     = length([for rule in aws_wafv2_web_acl.waf.rule : rule if length(flatten(rule.override_action[*].count)) == 1]) == length([for mode in values(var.waf_managed_rule_groups) : mode if mode == "count"])
    error_message = "Every managed rule group in the mode count must only count."
  }

  assert {
    condition     = startswith(aws_cloudwatch_log_group.waf.name, "aws-waf-logs-")
    error_message = "WAF refuses a log group whose name does not start with aws-waf-logs-."
  }
}

run "waf_stands_in_us_east_1" {
  command = plan

  assert {
    condition     = aws_wafv2_web_acl.waf.region == "us-east-1" && aws_cloudwatch_log_group.waf.region == "us-east-1"
    error_message = "CloudFront takes its web ACL from us-east-1 only."
  }
}

# load_balancer
run "load_balancer_serves_https_only" {
  command = plan

  assert {
    condition     = aws_lb_listener.load_balancer_https.protocol == "HTTPS" && strcontains(aws_lb_listener.load_balancer_https.ssl_policy, "TLS13-1-2")
    error_message = "The listener must speak TLS 1.2 or newer."
  }

  assert {
    condition     = aws_lb.load_balancer.drop_invalid_header_fields && aws_lb.load_balancer.access_logs[0].enabled
    error_message = "Broken headers must be dropped, and every request must be logged."
  }

  assert {
    condition     = aws_lb.load_balancer.internal && aws_vpc_security_group_ingress_rule.load_balancer_cloudfront.from_port == 443
    error_message = "Only CloudFront may reach the load balancer, on port 443."
  }
}

run "load_balancer_splits_traffic" {
  command = plan

  assert {
    condition     = sum([for group in aws_lb_listener_rule.load_balancer_production.action[0].forward[0].target_group : group.weight]) == 100
    error_message = "The two target groups must share all of the traffic."
  }
}

# cdn
run "cdn_reaches_the_origin_by_https" {
  command = plan

  assert {
    condition     = aws_cloudfront_vpc_origin.cdn.vpc_origin_endpoint_config[0].origin_protocol_policy == "https-only"
    error_message = "CloudFront must speak HTTPS to the load balancer."
  }

  assert {
    condition     = aws_cloudfront_distribution.cdn.default_cache_behavior[0].viewer_protocol_policy == "redirect-to-https"
    error_message = "Viewers must be sent to HTTPS."
  }

  assert {
    condition     = length(aws_cloudfront_distribution.cdn.default_cache_behavior[0].allowed_methods) == 7
    error_message = "The dynamic behaviour must allow every method."
  }

  assert {
    condition     = alltrue([for behavior in aws_cloudfront_distribution.cdn.ordered_cache_behavior : length(behavior.allowed_methods) == 2])
    error_message = "Static files must only be read."
  }
}

# dns
run "dns_domain_is_an_alias" {
  command = plan

  assert {
    condition     = alltrue([for type in ["A", "AAAA"] : aws_route53_record.dns[type].type == type && length(aws_route53_record.dns[type].alias) == 1])
    error_message = "The domain has an alias record for IPv4 and one for IPv6."
  }

  assert {
    condition     = alltrue([for record in aws_route53_record.dns : record.zone_id == var.hosted_zone_id && record.name == var.domain_name])
    error_message = "The records stand in the zone and under the domain that was asked for."
  }
}

# registry
run "registry_images_are_immutable_and_scanned" {
  command = plan

  assert {
    condition     = aws_ecr_repository.registry.image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.registry.image_scanning_configuration[0].scan_on_push
    error_message = "A pushed image is scanned, and its tag never means another one."
  }

  assert {
    condition     = jsondecode(aws_ecr_lifecycle_policy.registry.policy).rules[0].selection.countNumber == 30
    error_message = "The repository keeps as many images as asked for."
  }
}

# service
run "service_is_private_and_survives_faults" {
  command = plan

  assert {
    condition     = !aws_ecs_service.service.network_configuration[0].assign_public_ip
    error_message = "Tasks must have no public address."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.service_load_balancer.from_port == var.container_port && aws_vpc_security_group_ingress_rule.service_load_balancer.cidr_ipv4 == null
    error_message = "Only the load balancer may reach the tasks."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.service_endpoints.to_port == 443 && aws_vpc_security_group_egress_rule.service_endpoints.cidr_ipv4 == null
    error_message = "Tasks must reach the VPC endpoints by their security group, on port 443."
  }

  assert {
    condition     = aws_appautoscaling_target.service.min_capacity >= 2
    error_message = "There must be two tasks at least, or the loss of a zone is an outage."
  }
}

run "service_deploys_blue_green" {
  command = plan

  assert {
    condition     = aws_ecs_service.service.deployment_configuration[0].strategy == "BLUE_GREEN"
    error_message = "ECS must deploy blue/green."
  }
}

run "service_refuses_a_size_that_fargate_lacks" {
  command = plan

  variables {
    service_cpu    = 1024
    service_memory = 1024
  }

  expect_failures = [var.service_memory]
}

# database
run "database_database_is_protected" {
  command = plan

  assert {
    condition     = aws_rds_cluster.database.storage_encrypted && aws_rds_cluster.database.manage_master_user_password && !aws_rds_cluster.database.skip_final_snapshot
    error_message = "The cluster must be encrypted, keep its master password in Secrets Manager and leave a snapshot when it is deleted."
  }

  assert {
    condition     = toset(keys(aws_cloudwatch_log_group.database)) == aws_rds_cluster.database.enabled_cloudwatch_logs_exports
    error_message = "Every exported log must have a log group with a retention time."
  }

  assert {
    condition     = length(aws_rds_cluster_instance.database) == var.database_instance_count && !anytrue(aws_rds_cluster_instance.database[*].publicly_accessible)
    error_message = "There must be as many instances as chosen, none of them public."
  }
}

# cache
run "cache_cache_is_protected" {
  command = plan

  assert {
    condition     = aws_elasticache_replication_group.cache.at_rest_encryption_enabled && aws_elasticache_replication_group.cache.transit_encryption_enabled && !aws_elasticache_replication_group.cache.auto_minor_version_upgrade
    error_message = "The cache must be encrypted at rest and in transit, and keep its version."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.cache.cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.cache.cidr_ipv6 == null
    error_message = "No range of addresses may reach the cache, only the security group of the application."
  }
}

run "cache_cache_fails_over_only_with_a_replica" {
  command = plan

  variables {
    cache_replica_count = 0
  }

  assert {
    condition     = aws_elasticache_replication_group.cache.num_cache_clusters == 1 && !aws_elasticache_replication_group.cache.automatic_failover_enabled && !aws_elasticache_replication_group.cache.multi_az_enabled
    error_message = "A single node cannot fail over, and the provider refuses to say so."
  }
}
