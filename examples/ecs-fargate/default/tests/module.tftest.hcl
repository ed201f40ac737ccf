mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = {
      names    = ["xx-example-1a", "xx-example-1b", "xx-example-1c", "xx-example-1d"]
      zone_ids = ["use1-az4", "use1-az3", "use1-az1", "use1-az2"]
    }
  }

  mock_data "aws_caller_identity" { defaults = { account_id = "123456789012" } }
  mock_data "aws_partition" { defaults = { partition = "aws" } }
  mock_data "aws_region" { defaults = { id = "xx-example-1" } }
  mock_data "aws_vpc_endpoint_service" { defaults = { vpc_endpoint_policy_supported = true } }

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
  mock_resource "aws_vpc" { defaults = { ipv6_cidr_block = "2001:db8::/56" } }
  mock_resource "aws_wafv2_web_acl" { defaults = { arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/example/example" } }
}

variables {
  name           = "example"
  domain_name    = "www.example.com"
  hosted_zone_id = "Z0123456789ABCDEFGHIJ"
  image_tag      = "1f0c2d3"
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

run "network_reaches_dynamodb_through_a_gateway" {
  command = plan

  variables {
    extra_endpoints = ["dynamodb", "textract"]
  }

  assert {
    condition     = aws_vpc_endpoint.network_dynamodb[0].vpc_endpoint_type == "Gateway" && endswith(aws_vpc_endpoint.network_dynamodb[0].service_name, ".dynamodb") && !contains(keys(aws_vpc_endpoint.network_interface), "dynamodb") && contains(keys(aws_vpc_endpoint.network_interface), "textract") && aws_vpc_endpoint.network_s3.vpc_endpoint_type == "Gateway" && alltrue([for endpoint in aws_vpc_endpoint.network_interface : endpoint.vpc_endpoint_type == "Interface"])
    error_message = "DynamoDB must have a gateway endpoint, and other services interface endpoints."
  }

  assert {
    condition     = [for key in ["aws:PrincipalAccount", "aws:ResourceAccount"] : jsondecode(aws_vpc_endpoint.network_dynamodb[0].policy).Statement[0].Condition.StringEquals[key][0]] == [data.aws_caller_identity.current.account_id, data.aws_caller_identity.current.account_id]
    error_message = "Only roles of the account may use the endpoint, and only for its own tables."
  }
}

run "network_is_private_over_several_zones" {
  command = apply

  assert {
    condition     = length(distinct(aws_subnet.network_public[*].availability_zone)) == 3 && length(distinct(aws_subnet.network_app[*].availability_zone)) == 3 && length(distinct(aws_subnet.network_datastore[*].availability_zone)) == 3
    error_message = "Every tier must have a subnet in each zone."
  }

  assert {
    condition     = !anytrue(concat(aws_subnet.network_public[*].map_public_ip_on_launch, aws_subnet.network_app[*].map_public_ip_on_launch, aws_subnet.network_datastore[*].map_public_ip_on_launch))
    error_message = "No subnet may assign public addresses automatically."
  }

  assert {
    condition     = aws_route.network_public_internet.destination_cidr_block == "0.0.0.0/0" && length(aws_route_table_association.network_datastore) == 3 && length(aws_route_table_association.network_app) == 3
    error_message = "The public subnets must route to the internet, and each private one must have its tier's route table."
  }

  assert {
    condition     = aws_flow_log.network.traffic_type == "ALL" && aws_cloudwatch_log_group.network_flow_log.retention_in_days == var.log_retention_days && endswith(aws_iam_role.network_flow_log.name, "-${data.aws_region.current.id}")
    error_message = "All traffic must be logged, the log must be kept as long as configured, and the role must have a different name in each region."
  }

  assert {
    condition     = !contains(aws_subnet.network_app[*].availability_zone, data.aws_availability_zones.network_available.names[index(data.aws_availability_zones.network_available.zone_ids, "use1-az3")]) && length(setintersection(var.excluded_zone_ids, ["usw1-az2", "apne1-az3", "apne2-az1", "cac1-az3"])) == 4
    error_message = "There must be no subnet in a zone where CloudFront reaches no load balancer."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_vpc_endpoint.network_s3.policy).Statement : try(statement.Condition.StringEquals["aws:ResourceAccount"][0] == data.aws_caller_identity.current.account_id, statement.Action == "s3:GetObject" && endswith(statement.Resource, "-starport-layer-bucket/*"))]) && length(jsondecode(aws_vpc_endpoint.network_s3.policy).Statement) == 2
    error_message = "Only the account's buckets and ECR's image layers may be reached through S3."
  }

  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.network_interface : jsondecode(endpoint.policy).Statement[0].Condition.StringEquals["aws:PrincipalAccount"][0] == data.aws_caller_identity.current.account_id])
    error_message = "Endpoints must serve roles of the account only."
  }

  assert {
    condition     = length(aws_default_security_group.network.ingress) == 0 && length(aws_default_security_group.network.egress) == 0
    error_message = "The default security group must have no rules."
  }

  assert {
    condition     = alltrue([for service in ["ecr.api", "ecr.dkr", "logs", "ssm"] : contains(keys(aws_vpc_endpoint.network_interface), service)]) && alltrue([for endpoint in aws_vpc_endpoint.network_interface : endpoint.private_dns_enabled])
    error_message = "Every AWS service that is called must have an endpoint under its usual name."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.network_endpoints.cidr_ipv4 == var.vpc_cidr && aws_vpc_security_group_ingress_rule.network_endpoints.from_port == 443 && aws_vpc_security_group_ingress_rule.network_endpoints.to_port == 443
    error_message = "Endpoints must allow only HTTPS from the VPC."
  }

  assert {
    condition     = toset(aws_route_table_association.network_public[*].route_table_id) == toset([aws_route_table.network_public.id]) && aws_route.network_public_internet.route_table_id == aws_route_table.network_public.id && aws_internet_gateway.network.vpc_id == aws_vpc.network.id
    error_message = "Only the public subnets may reach the internet and be reached from it, all through one route."
  }

  assert {
    condition     = aws_route_table_association.network_app[*].route_table_id == aws_route_table.network_app[*].id && aws_route_table_association.network_app[*].subnet_id == aws_subnet.network_app[*].id
    error_message = "Each app subnet must have the route table of its zone."
  }

  assert {
    condition     = toset(aws_route_table_association.network_datastore[*].route_table_id) == toset([aws_route_table.network_datastore.id]) && aws_subnet.network_datastore[*].availability_zone == aws_subnet.network_app[*].availability_zone
    error_message = "Databases must be in the zones of the applications, and have no route out."
  }

  assert {
    condition     = toset(aws_vpc_endpoint.network_s3.route_table_ids) == toset(aws_route_table.network_app[*].id) && aws_vpc_endpoint.network_s3.service_name == "com.amazonaws.${data.aws_region.current.id}.s3" && aws_vpc_endpoint.network_s3.vpc_endpoint_type == "Gateway"
    error_message = "The image layers of ECR must come through the free gateway endpoint, from every app subnet."
  }

  assert {
    condition     = alltrue([for service, endpoint in aws_vpc_endpoint.network_interface : endpoint.service_name == "com.amazonaws.${data.aws_region.current.id}.${service}" && endpoint.vpc_endpoint_type == "Interface" && toset(endpoint.subnet_ids) == toset(aws_subnet.network_app[*].id) && endpoint.security_group_ids == toset([aws_security_group.network_endpoints.id])])
    error_message = "Each endpoint must have an address in every app subnet, and the security group of the endpoints."
  }

  assert {
    condition     = toset([for name in concat([aws_vpc.network.tags.Name], [aws_route_table.network_public.tags.Name], aws_subnet.network_public[*].tags.Name, aws_subnet.network_datastore[*].tags.Name) : startswith(name, var.name)]) == toset([true])
    error_message = "Networks, subnets and route tables have no name other than their tag."
  }
}

run "network_plans_the_ranges" {
  command = plan

  variables {
    vpc_cidr       = "10.200.48.0/23"
    subnet_weights = { app = 4, public = 2, datastore = 1 }
  }

  assert {
    condition     = join(" ", concat(aws_subnet.network_app[*].cidr_block, aws_subnet.network_public[*].cidr_block, aws_subnet.network_datastore[*].cidr_block)) == "10.200.48.0/26 10.200.48.64/26 10.200.48.128/26 10.200.48.192/27 10.200.48.224/27 10.200.49.0/27 10.200.49.32/28 10.200.49.48/28 10.200.49.64/28"
    error_message = "In a /23 the app subnets are /26, the public ones /27 and the datastore ones /28, and a change would replace them all."
  }
}

run "network_refuses_too_few_zones" {
  command = plan

  variables {
    excluded_zone_ids = ["use1-az1", "use1-az2", "use1-az3"]
  }

  expect_failures = [aws_vpc.network]
}

run "network_refuses_an_overlap" {
  command = plan

  variables {
    vpc_cidr    = "10.200.48.0/23"
    other_cidrs = ["192.168.0.0/16", "10.200.0.0/16"]
  }

  expect_failures = [aws_vpc.network]
}

run "network_refuses_more_than_an_app_subnet_holds" {
  command = plan

  variables {
    extra_endpoints = [for number in range(60) : "service-${number}"]
  }

  expect_failures = [aws_vpc.network]
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
