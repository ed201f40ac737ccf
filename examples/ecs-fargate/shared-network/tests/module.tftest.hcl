mock_provider "aws" {
  mock_data "aws_caller_identity" { defaults = { account_id = "123456789012" } }
  mock_data "aws_partition" { defaults = { partition = "aws" } }
  mock_data "aws_region" { defaults = { id = "xx-example-1" } }

  mock_resource "aws_acm_certificate" {
    defaults = {
      arn = "arn:aws:acm:xx-example-1:123456789012:certificate/example"
      domain_validation_options = [{
        domain_name           = "example.com"
        resource_record_name  = "_a.example.com."
        resource_record_type  = "CNAME"
        resource_record_value = "_b.acm-validations.aws."
      }]
    }
  }

  mock_resource "aws_cloudfront_distribution" { defaults = { arn = "arn:aws:cloudfront::123456789012:distribution/E0123456789ABC" } }
  mock_resource "aws_cloudwatch_log_group" { defaults = { arn = "arn:aws:logs:xx-example-1:123456789012:log-group:example" } }
  mock_resource "aws_ecr_repository" { defaults = { arn = "arn:aws:ecr:xx-example-1:123456789012:repository/example" } }
  mock_resource "aws_ecs_cluster" { defaults = { arn = "arn:aws:ecs:xx-example-1:123456789012:cluster/example" } }
  mock_resource "aws_ecs_task_definition" { defaults = { arn = "arn:aws:ecs:xx-example-1:123456789012:task-definition/example:1" } }
  mock_resource "aws_elasticache_replication_group" { defaults = { arn = "arn:aws:elasticache:xx-example-1:123456789012:replicationgroup:example-cache" } }
  mock_resource "aws_iam_role" { defaults = { arn = "arn:aws:iam::123456789012:role/example" } }
  mock_resource "aws_kms_key" { defaults = { arn = "arn:aws:kms:xx-example-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef" } }
  mock_resource "aws_lb" { defaults = { arn = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:loadbalancer/app/example/0123456789abcdef" } }
  mock_resource "aws_lb_listener" { defaults = { arn = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:listener/app/example/0123456789abcdef/0123456789abcdef" } }
  mock_resource "aws_lb_target_group" { defaults = { arn = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:targetgroup/example/0123456789abcdef" } }
  mock_resource "aws_s3_bucket" { defaults = { arn = "arn:aws:s3:::example" } }
  mock_resource "aws_sns_topic" { defaults = { arn = "arn:aws:sns:xx-example-1:123456789012:example" } }
  mock_resource "aws_wafv2_web_acl" { defaults = { arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/example/example" } }
}

variables {
  name           = "example"
  domain_name    = "www.example.com"
  hosted_zone_id = "Z0123456789ABCDEFGHIJ"
  image_tag      = "1f0c2d3"
  network = {
    vpc_id                     = "vpc-0123456789abcdef0"
    app_subnet_ids             = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    datastore_subnet_ids       = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"]
    public_subnet_ids          = ["subnet-0123456789abcdef4", "subnet-0123456789abcdef5"]
    endpoint_security_group_id = "sg-0123456789abcdef0"
    s3_prefix_list_id          = "pl-0123456789abcdef0"
  }
}

run "zone_refuses_what_is_no_id" {
  command = plan

  variables {
    hosted_zone_id = "www.example.com"
  }

  expect_failures = [var.hosted_zone_id]
}

run "certificate_covers_the_domain" {
  command = apply

  assert {
    condition     = contains(aws_acm_certificate.certificate.subject_alternative_names, "*.${var.domain_name}") && aws_acm_certificate.certificate.validation_method == "DNS"
    error_message = "The certificate must cover the subdomains too, and be renewed through its DNS record."
  }

  assert {
    condition     = aws_acm_certificate.certificate.domain_name == var.domain_name && aws_acm_certificate_validation.certificate.certificate_arn == aws_acm_certificate.certificate.arn
    error_message = "The certificate must be for the domain, and must not be used before it is issued."
  }
}

run "logs_are_private_and_kept" {
  command = apply

  assert {
    condition     = aws_s3_bucket.logs.force_destroy == var.disposable && endswith(aws_s3_bucket.logs.bucket, "-${data.aws_region.current.id}")
    error_message = "A bucket with files in it may be deleted only where the environment is disposable, and its name must end with the region."
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.logs.block_public_acls && aws_s3_bucket_public_access_block.logs.block_public_policy && aws_s3_bucket_public_access_block.logs.ignore_public_acls && aws_s3_bucket_public_access_block.logs.restrict_public_buckets
    error_message = "All public access to the logs must be blocked."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.logs.rule[0].expiration[0].days == var.log_retention_days && aws_s3_bucket_versioning.logs.versioning_configuration[0].status == "Enabled"
    error_message = "Logs must be kept as long as configured, and deleted logs must be recoverable."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.logs.rule[0].expiration[0].days >= 30
    error_message = "Logs must be kept for at least a month, because faults and attacks are found late."
  }

  assert {
    condition     = anytrue([for statement in jsondecode(aws_s3_bucket_policy.logs.policy).Statement : statement.Principal == "*" && statement.Action == "s3:*" && statement.Condition == { Bool = { "aws:SecureTransport" = "false" } } if statement.Effect == "Deny"])
    error_message = "Requests without TLS must be refused."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_s3_bucket_policy.logs.policy).Statement : statement.Principal == { Service = "logdelivery.elasticloadbalancing.amazonaws.com" } && statement.Action == "s3:PutObject" if statement.Effect == "Allow"])
    error_message = "Only the load balancer may do anything, and it may only write."
  }

  assert {
    condition     = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.logs.rule : rule.apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"]) && aws_s3_bucket_ownership_controls.logs.rule[0].object_ownership == "BucketOwnerPreferred"
    error_message = "Logs must be encrypted, and ACLs must be off unless CloudFront writes through them."
  }
}

run "edge_certificate_covers_the_domain" {
  command = apply

  assert {
    condition     = contains(aws_acm_certificate.edge_certificate.subject_alternative_names, "*.${var.domain_name}") && aws_acm_certificate.edge_certificate.validation_method == "DNS"
    error_message = "The certificate must cover the subdomains too, and be renewed through its DNS record."
  }

  assert {
    condition     = aws_acm_certificate.edge_certificate.domain_name == var.domain_name && aws_acm_certificate_validation.edge_certificate.certificate_arn == aws_acm_certificate.edge_certificate.arn
    error_message = "The certificate must be for the domain, and must not be used before it is issued."
  }
}

run "waf_measures_and_limits" {
  command = apply

  assert {
    condition     = anytrue([for rule in aws_wafv2_web_acl.waf.rule : length(rule.action[0].count) == 1 && length(rule.action[0].block) == 0 && rule.statement[0].rate_based_statement[0].limit <= 100000 && rule.statement[0].rate_based_statement[0].aggregate_key_type == "IP" if rule.name == "rate-limit"])
    error_message = "The rate limit must notice an address that floods the site, and block nobody until block is set: many people may share one."
  }

  assert {
    condition     = alltrue([for name, group in var.waf_managed_rule_groups : anytrue([for rule in aws_wafv2_web_acl.waf.rule : length(rule.override_action[0].none) == (group.block ? 1 : 0) && length(rule.override_action[0].count) == (group.block ? 0 : 1) if rule.name == name])])
    error_message = "Every managed rule group must be present, and only count until block is set."
  }

  assert {
    condition     = anytrue([for rule in aws_wafv2_web_acl.waf.rule : length(rule.override_action) == 1])
    error_message = "At least one group of managed rules must inspect the requests."
  }

  # Access as chosen by the options.
  assert {
    condition     = length(aws_wafv2_web_acl.waf.default_action[0].allow) == 1
    error_message = "Requests that no rule blocks must be allowed."
  }

  assert {
    condition     = length(aws_wafv2_web_acl_logging_configuration.waf.log_destination_configs) == 1 && startswith(aws_cloudwatch_log_group.waf.name, "aws-waf-logs-") && alltrue([for name in ["authorization", "cookie"] : contains([for field in aws_wafv2_web_acl_logging_configuration.waf.redacted_fields : field.single_header[0].name], name)])
    error_message = "Requests must be logged, without the headers that contain credentials."
  }

  assert {
    condition     = aws_wafv2_web_acl.waf.name == "${var.name}-${data.aws_region.current.id}" && aws_cloudwatch_log_group.waf.name == "aws-waf-logs-${var.name}-${data.aws_region.current.id}"
    error_message = "Web ACL and log must have the given name, which differs by region: all web ACLs for CloudFront are in one."
  }

  assert {
    condition     = alltrue([for rule in aws_wafv2_web_acl.waf.rule : rule.priority == 0 && rule.statement[0].rate_based_statement[0].evaluation_window_sec == 300 if rule.name == "rate-limit"]) && length(distinct([for rule in aws_wafv2_web_acl.waf.rule : rule.priority])) == length(aws_wafv2_web_acl.waf.rule)
    error_message = "Requests must be counted over five minutes, before any other rule ends the evaluation."
  }

  assert {
    condition     = alltrue([for rule in aws_wafv2_web_acl.waf.rule : rule.priority >= 10 && rule.priority < 100 if length(rule.override_action) == 1])
    error_message = "The managed rules must inspect requests before a rule allows them."
  }

  assert {
    condition     = alltrue([for rule in aws_wafv2_web_acl.waf.rule : rule.visibility_config[0].cloudwatch_metrics_enabled && rule.visibility_config[0].metric_name == rule.name])
    error_message = "Each rule must have metrics of its own, which show what it would block."
  }

  assert {
    condition     = aws_wafv2_web_acl_logging_configuration.waf.resource_arn == aws_wafv2_web_acl.waf.arn && toset(aws_wafv2_web_acl_logging_configuration.waf.log_destination_configs) == toset([aws_cloudwatch_log_group.waf.arn])
    error_message = "The requests of this web ACL must be logged, in its own log group."
  }
}

run "cdn_speaks_https_and_caches_files_only" {
  command = apply

  assert {
    condition     = aws_cloudfront_vpc_origin.cdn.vpc_origin_endpoint_config[0].origin_protocol_policy == "https-only" && aws_cloudfront_vpc_origin.cdn.vpc_origin_endpoint_config[0].origin_ssl_protocols[0].items == toset(["TLSv1.2"])
    error_message = "CloudFront must use HTTPS with TLS 1.2 to reach the load balancer."
  }

  assert {
    condition     = aws_cloudfront_distribution.cdn.viewer_certificate[0].minimum_protocol_version == "TLSv1.2_2021" && alltrue([for behavior in concat(aws_cloudfront_distribution.cdn.default_cache_behavior, aws_cloudfront_distribution.cdn.ordered_cache_behavior) : behavior.viewer_protocol_policy == "redirect-to-https"])
    error_message = "Viewers must be sent to HTTPS, and to TLS 1.2 or newer."
  }

  assert {
    condition     = aws_cloudfront_distribution.cdn.web_acl_id == aws_wafv2_web_acl.waf.arn
    error_message = "Requests must pass the web ACL, if there is one."
  }

  assert {
    condition     = data.aws_cloudfront_response_headers_policy.cdn.name == "Managed-SecurityHeadersPolicy" && alltrue([for behavior in concat(aws_cloudfront_distribution.cdn.default_cache_behavior, aws_cloudfront_distribution.cdn.ordered_cache_behavior) : behavior.response_headers_policy_id == data.aws_cloudfront_response_headers_policy.cdn.id])
    error_message = "Every response must carry HSTS and the other security headers."
  }

  assert {
    condition     = data.aws_cloudfront_cache_policy.cdn_disabled.name == "Managed-CachingDisabled" && aws_cloudfront_distribution.cdn.default_cache_behavior[0].cache_policy_id == data.aws_cloudfront_cache_policy.cdn_disabled.id && aws_cloudfront_origin_request_policy.cdn.headers_config[0].header_behavior == "allViewer"
    error_message = "Pages must not be cached, since what one user sees is not for the next, and the application must get Host."
  }

  assert {
    condition     = alltrue([for behavior in aws_cloudfront_distribution.cdn.ordered_cache_behavior : toset(behavior.allowed_methods) == toset(["GET", "HEAD"])]) && aws_cloudfront_cache_policy.cdn_static.parameters_in_cache_key_and_forwarded_to_origin[0].cookies_config[0].cookie_behavior == "none" && aws_cloudfront_cache_policy.cdn_static.parameters_in_cache_key_and_forwarded_to_origin[0].enable_accept_encoding_gzip && aws_cloudfront_cache_policy.cdn_static.parameters_in_cache_key_and_forwarded_to_origin[0].query_strings_config[0].query_string_behavior == "all" && aws_cloudfront_cache_policy.cdn_static.min_ttl == 0
    error_message = "Static files must be read-only, compressed and cached once for all users, with a separate copy for ?v=2 where that marks a version, and not cached if the origin forbids it."
  }

  # Without the region, the name would already be taken when the module is deployed in a second one.
  assert {
    condition     = endswith(aws_cloudfront_cache_policy.cdn_static.name, "-${data.aws_region.current.id}") && endswith(aws_cloudfront_origin_request_policy.cdn.name, "-${data.aws_region.current.id}")
    error_message = "Global names must end with the region."
  }

  assert {
    condition     = aws_cloudfront_distribution.cdn.logging_config[0].prefix == "cdn/" && aws_cloudfront_distribution.cdn.price_class != "PriceClass_100"
    error_message = "Requests must be logged, and edge locations in Asia must serve the site."
  }

  assert {
    condition     = aws_cloudfront_distribution.cdn.aliases == toset([var.domain_name]) && aws_cloudfront_distribution.cdn.viewer_certificate[0].acm_certificate_arn == aws_acm_certificate_validation.edge_certificate.certificate_arn
    error_message = "CloudFront must answer for the domain, with the domain's certificate."
  }

  assert {
    condition     = aws_cloudfront_distribution.cdn.default_cache_behavior[0].target_origin_id == "load-balancer" && jsonencode(toset(aws_cloudfront_distribution.cdn.default_cache_behavior[0].allowed_methods)) == jsonencode(toset(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"])) && aws_cloudfront_distribution.cdn.default_cache_behavior[0].origin_request_policy_id == aws_cloudfront_origin_request_policy.cdn.id
    error_message = "Pages and the API must come from the application, which accepts every method and sees the whole request."
  }

  assert {
    condition     = alltrue([for behavior in aws_cloudfront_distribution.cdn.default_cache_behavior : behavior.cache_policy_id == data.aws_cloudfront_cache_policy.cdn_disabled.id])
    error_message = "The application's responses must not be cached."
  }

  assert {
    condition     = aws_cloudfront_origin_request_policy.cdn.cookies_config[0].cookie_behavior == "allExcept" && aws_cloudfront_origin_request_policy.cdn.cookies_config[0].cookies[0].items == toset(["_ga", "_gid"])
    error_message = "The application must get every cookie except those of Google Analytics."
  }

  assert {
    condition     = alltrue([for behavior in concat(aws_cloudfront_distribution.cdn.default_cache_behavior, aws_cloudfront_distribution.cdn.ordered_cache_behavior) : behavior.compress]) && alltrue([for behavior in aws_cloudfront_distribution.cdn.ordered_cache_behavior : behavior.cache_policy_id == aws_cloudfront_cache_policy.cdn_static.id])
    error_message = "Responses must be compressed, and static files cached by their own policy."
  }

  assert {
    condition     = alltrue([for behavior in aws_cloudfront_distribution.cdn.ordered_cache_behavior : behavior.origin_request_policy_id == data.aws_cloudfront_origin_request_policy.cdn_host.id])
    error_message = "The load balancer must get Host with requests for static files too, or its certificate does not match."
  }

  assert {
    condition     = aws_cloudfront_cache_policy.cdn_static.parameters_in_cache_key_and_forwarded_to_origin[0].enable_accept_encoding_brotli && aws_cloudfront_cache_policy.cdn_static.parameters_in_cache_key_and_forwarded_to_origin[0].headers_config[0].header_behavior == "none"
    error_message = "No viewer header may create another copy of a static file."
  }

  assert {
    condition     = aws_cloudfront_distribution.cdn.logging_config[0].bucket == "${aws_s3_bucket_ownership_controls.logs.bucket}.s3.amazonaws.com"
    error_message = "Requests must be logged in the log bucket."
  }
}

run "cdn_compresses_what_it_caches" {
  command = plan

  assert {
    condition     = alltrue([for behavior in concat(aws_cloudfront_distribution.cdn.default_cache_behavior, aws_cloudfront_distribution.cdn.ordered_cache_behavior) : behavior.compress]) && aws_cloudfront_cache_policy.cdn_static.parameters_in_cache_key_and_forwarded_to_origin[0].enable_accept_encoding_gzip && aws_cloudfront_cache_policy.cdn_static.parameters_in_cache_key_and_forwarded_to_origin[0].enable_accept_encoding_brotli
    error_message = "Every behaviour must compress, and the cache must distinguish gzip from Brotli."
  }
}

run "dns_leads_to_the_target" {
  command = apply

  assert {
    condition     = length(aws_route53_record.dns) == 2 && alltrue([for type, record in aws_route53_record.dns : record.type == type && record.name == var.domain_name && length(record.alias) == 1])
    error_message = "The domain must have an alias record for IPv4, and one for IPv6 where the target has it."
  }

  assert {
    condition     = alltrue([for record in aws_route53_record.dns : record.alias[0].name == aws_cloudfront_distribution.cdn.domain_name && record.alias[0].zone_id == aws_cloudfront_distribution.cdn.hosted_zone_id])
    error_message = "The domain must point to the site."
  }
}

run "network_refuses_a_network_in_one_zone" {
  command = plan

  variables {
    network = {
      vpc_id                     = "vpc-0123456789abcdef0"
      app_subnet_ids             = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef0"]
      datastore_subnet_ids       = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"]
      public_subnet_ids          = ["subnet-0123456789abcdef4", "subnet-0123456789abcdef5"]
      endpoint_security_group_id = "sg-0123456789abcdef0"
      s3_prefix_list_id          = "pl-0123456789abcdef0"
    }
  }

  expect_failures = [var.network]
}

run "network_refuses_a_network_without_endpoints" {
  command = plan

  variables {
    network = {
      vpc_id               = "vpc-0123456789abcdef0"
      app_subnet_ids       = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
      datastore_subnet_ids = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"]
      public_subnet_ids    = ["subnet-0123456789abcdef4", "subnet-0123456789abcdef5"]
      s3_prefix_list_id    = "pl-0123456789abcdef0"
    }
  }

  expect_failures = [var.network]
}

run "load_balancer_serves_https_only" {
  command = plan

  assert {
    condition     = strcontains(aws_lb_listener.load_balancer_https.ssl_policy, "TLS13-1-2") && aws_lb.load_balancer.drop_invalid_header_fields && aws_lb.load_balancer.access_logs[0].enabled
    error_message = "The load balancer must require TLS 1.2 or newer, drop invalid headers and log every request."
  }

  assert {
    condition     = aws_lb.load_balancer.enable_deletion_protection && aws_lb.load_balancer.desync_mitigation_mode != "monitor" && aws_lb_target_group.load_balancer.target_type == "ip"
    error_message = "The load balancer must refuse to be deleted, refuse smuggled requests, and have addresses of tasks as its targets."
  }

  assert {
    condition     = can(regex("^[23][0-9]{2}([-,][23][0-9]{2})*$", aws_lb_target_group.load_balancer.health_check[0].matcher)) && aws_lb_target_group.load_balancer.health_check[0].matcher == var.load_balancer_health_check_codes
    error_message = "A task that answers its health check with an error must get no requests."
  }

  assert {
    condition     = aws_lb.load_balancer.internal && aws_vpc_security_group_ingress_rule.load_balancer_cloudfront.cidr_ipv4 == null
    error_message = "Only CloudFront may reach the load balancer."
  }
}

run "load_balancer_registers_tasks_by_their_port" {
  command = apply

  assert {
    condition     = aws_lb_target_group.load_balancer.port == var.container_port
    error_message = "The initial port of the target group must be the container's."
  }

  assert {
    condition     = aws_lb_listener.load_balancer_https.port == 443 && aws_lb_listener.load_balancer_https.certificate_arn == aws_acm_certificate_validation.certificate.certificate_arn && aws_lb_target_group.load_balancer.protocol == "HTTP" && aws_lb.load_balancer.access_logs[0].bucket == aws_s3_bucket_policy.logs.bucket
    error_message = "TLS must be terminated at the load balancer, which must write its log to the bucket."
  }

  assert {
    condition     = aws_lb_listener.load_balancer_https.default_action[0].type == "forward" && aws_lb_listener.load_balancer_https.default_action[0].target_group_arn == aws_lb_target_group.load_balancer.arn
    error_message = "What no rule matches must reach the application."
  }

  assert {
    condition = alltrue([
      aws_vpc_security_group_ingress_rule.load_balancer_cloudfront.prefix_list_id == data.aws_ec2_managed_prefix_list.load_balancer_cloudfront.id && aws_vpc_security_group_ingress_rule.load_balancer_cloudfront.ip_protocol == "tcp" && aws_vpc_security_group_ingress_rule.load_balancer_cloudfront.from_port == 443 && aws_vpc_security_group_ingress_rule.load_balancer_cloudfront.to_port == 443,
    ])
    error_message = "Only CloudFront may connect, over HTTPS."
  }
}

run "load_balancer_keeps_the_target_group_for_another_port" {
  command = plan

  variables {
    container_port = 8080
  }

  assert {
    condition     = aws_lb_target_group.load_balancer.port != 8080 && aws_lb_target_group.load_balancer.name == var.name
    error_message = "A different container port must not replace the target group: the new one would start without tasks."
  }
}

run "database_is_protected" {
  command = apply

  assert {
    condition     = aws_rds_cluster.database.storage_encrypted && aws_rds_cluster.database.manage_master_user_password && aws_rds_cluster.database.iam_database_authentication_enabled && aws_rds_cluster.database.skip_final_snapshot == var.disposable && aws_rds_cluster.database.delete_automated_backups == var.disposable
    error_message = "The cluster must be encrypted, keep its password in Secrets Manager, and leave a snapshot and its backups when it is deleted."
  }

  assert {
    condition     = aws_rds_cluster.database.deletion_protection == var.deletion_protection && aws_rds_cluster.database.backup_retention_period >= 7 && !aws_rds_cluster.database.apply_immediately && aws_rds_cluster.database.preferred_maintenance_window == var.maintenance_window
    error_message = "The cluster must be protected and backed up for a week, and change in its maintenance window."
  }

  assert {
    condition     = length(aws_rds_cluster.database.enabled_cloudwatch_logs_exports) == length(aws_cloudwatch_log_group.database) && join(",", [for p in aws_rds_cluster_parameter_group.database.parameter : p.value if contains(["rds.force_ssl", "require_secure_transport"], p.name)]) == "ON"
    error_message = "Every exported log must have its group. Connections without TLS must be refused, which PostgreSQL does by default from version 17; a parameter that repeats its default is a change in every plan."
  }

  assert {
    condition     = length(aws_rds_cluster_instance.database) == var.database_size.instances && !anytrue(aws_rds_cluster_instance.database[*].publicly_accessible) && alltrue(aws_rds_cluster_instance.database[*].performance_insights_enabled) && aws_rds_cluster_instance.database[0].promotion_tier == 0
    error_message = "There must be as many instances as chosen, none public, each monitored, and the first one promoted first."
  }

  assert {
    condition     = alltrue([for p in aws_rds_cluster_parameter_group.database.parameter : p.value == "utf8mb4" if startswith(p.name, "character_set")]) && alltrue([for p in aws_rds_cluster_parameter_group.database.parameter : p.value == "1" if contains(["slow_query_log", "server_audit_logging"], p.name)]) && contains(aws_rds_cluster_parameter_group.database.parameter[*].name, "general_log") == var.database_log_statements
    error_message = "Every character set must be utf8mb4; slow statements and the audit trail must be logged, and every statement only where that is wanted."
  }

  assert {
    condition     = aws_ssm_parameter.database_host.type == "SecureString" && alltrue([for group in aws_cloudwatch_log_group.database : group.retention_in_days == var.log_retention_days]) && jsondecode(aws_iam_role.database_monitoring.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == data.aws_caller_identity.current.account_id
    error_message = "The host must be stored encrypted, logs must not be kept forever, and only databases of this account may assume the role."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.database.cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.database.from_port == aws_rds_cluster.database.port && aws_vpc_security_group_ingress_rule.database.to_port == aws_rds_cluster.database.port && aws_vpc_security_group_ingress_rule.database.ip_protocol == "tcp" && aws_vpc_security_group_egress_rule.database_client.cidr_ipv4 == null
    error_message = "Only the application may connect, and only to the database port."
  }

  assert {
    condition     = aws_rds_cluster.database.engine == "aurora-mysql" && aws_rds_cluster.database.engine_version == var.database_mysql_version && toset(aws_rds_cluster_instance.database[*].auto_minor_version_upgrade) == toset([var.database_mysql_version == "8.0"])
    error_message = "A pinned version must stay, and only a version without a minor number may change."
  }

  assert {
    condition     = toset(aws_rds_cluster_instance.database[*].instance_class) == toset([var.database_size.class]) && aws_rds_cluster_instance.database[*].identifier == [for number in range(var.database_size.instances) : "${var.name}-db-${number + 1}"]
    error_message = "Instances must be of the chosen class, and have the names that runbooks and alarms use."
  }

  assert {
    condition     = var.database_size.instances >= 2 || var.disposable
    error_message = "A cluster that must not be lost needs a replica in another zone."
  }

  assert {
    condition     = aws_rds_cluster.database.backup_retention_period == 7 && alltrue([for instance in aws_rds_cluster_instance.database : !instance.apply_immediately])
    error_message = "Backups must be kept as long as chosen, and instances must change in the maintenance window."
  }

  assert {
    condition     = aws_rds_cluster.database.db_subnet_group_name == aws_db_subnet_group.database.name && aws_db_subnet_group.database.name == "${var.name}-datastore" && aws_rds_cluster.database.db_cluster_parameter_group_name == aws_rds_cluster_parameter_group.database.name
    error_message = "The cluster must be in the data store subnets, with its own parameters."
  }

  assert {
    condition     = aws_rds_cluster.database.vpc_security_group_ids == toset([aws_security_group.database.id]) && aws_vpc_security_group_ingress_rule.database.referenced_security_group_id == aws_security_group.service.id
    error_message = "Only the application may reach the database."
  }

  assert {
    condition     = aws_ssm_parameter.database_host.value == aws_rds_cluster.database.endpoint
    error_message = "The application must write to the writer, whichever instance that is."
  }

  assert {
    condition     = contains([for p in aws_rds_cluster_parameter_group.database.parameter : p.value if contains(["time_zone", "timezone"], p.name)], "Asia/Tokyo")
    error_message = "The database must use the users' time zone."
  }

  assert {
    condition     = contains([for p in aws_rds_cluster_parameter_group.database.parameter : p.value if p.name == "long_query_time"], "3") && alltrue([for p in aws_rds_cluster_parameter_group.database.parameter : p.value == "1" if p.name == "general_log"])
    error_message = "Statements of three seconds and more must be logged as slow."
  }
}

run "database_leaves_its_data" {
  command = apply

  variables {
    database_kms_key_arn = "arn:aws:kms:xx-example-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  }

  assert {
    condition     = aws_rds_cluster.database.kms_key_id == var.database_kms_key_arn && aws_rds_cluster_instance.database[0].performance_insights_kms_key_id == var.database_kms_key_arn
    error_message = "The key must be the configured one or the AWS managed key: a key destroyed with the database would make its snapshots unreadable."
  }

  assert {
    condition     = endswith(aws_rds_cluster.database.final_snapshot_identifier, "-${substr(aws_security_group.database.id, 3, -1)}")
    error_message = "The final snapshot must have a name that is free each time the module is created."
  }
}

run "database_shows_waits_on_a_class_that_rds_does_not_manage" {
  command = plan

  variables {
    database_size = { class = "db.t4g.medium", instances = 2 }
  }

  assert {
    condition     = [for parameter in aws_rds_cluster_parameter_group.database.parameter : parameter.apply_method if parameter.name == "performance_schema" && parameter.value == "1"] == ["pending-reboot"]
    error_message = "The Performance Schema must be on, through a parameter that waits for a restart."
  }
}

run "database_leaves_waits_to_rds_on_other_classes" {
  command = plan

  variables {
    database_size = { class = "db.r7g.large", instances = 2 }
  }

  assert {
    condition     = !contains([for parameter in aws_rds_cluster_parameter_group.database.parameter : parameter.name], "performance_schema")
    error_message = "On other classes RDS must manage the Performance Schema, which shows load in more detail."
  }
}
