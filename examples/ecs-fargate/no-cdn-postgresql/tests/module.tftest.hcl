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
  name                              = "example"
  domain_name                       = "www.example.com"
  hosted_zone_id                    = "Z0123456789ABCDEFGHIJ"
  image_tag                         = "1f0c2d3"
  load_balancer_ingress_cidr_blocks = ["203.0.113.0/24"]
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
    condition     = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.logs.rule : rule.apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"]) && aws_s3_bucket_ownership_controls.logs.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "Logs must be encrypted, and ACLs must be off unless CloudFront writes through them."
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
    condition     = aws_wafv2_web_acl.waf.name == var.name && aws_cloudwatch_log_group.waf.name == "aws-waf-logs-${var.name}"
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

run "waf_protects_the_load_balancer" {
  command = apply

  assert {
    condition     = aws_wafv2_web_acl.waf.scope == "REGIONAL" && aws_wafv2_web_acl_association.waf.web_acl_arn == aws_wafv2_web_acl.waf.arn && aws_wafv2_web_acl_association.waf.resource_arn == aws_lb.load_balancer.arn
    error_message = "The web ACL must be in front of the load balancer, and have the matching scope."
  }
}

run "dns_leads_to_the_target" {
  command = apply

  assert {
    condition     = length(aws_route53_record.dns) == 1 && alltrue([for type, record in aws_route53_record.dns : record.type == type && record.name == var.domain_name && length(record.alias) == 1])
    error_message = "The domain must have an alias record for IPv4, and one for IPv6 where the target has it."
  }

  assert {
    condition     = alltrue([for record in aws_route53_record.dns : record.alias[0].name == aws_lb.load_balancer.dns_name && record.alias[0].zone_id == aws_lb.load_balancer.zone_id])
    error_message = "The domain must point to the site."
  }
}

run "network_is_private_over_several_zones" {
  command = apply

  assert {
    condition     = length(distinct(aws_subnet.network_public[*].availability_zone)) == 2 && length(distinct(aws_subnet.network_app[*].availability_zone)) == 2 && length(distinct(aws_subnet.network_datastore[*].availability_zone)) == 2
    error_message = "Every tier must have a subnet in each zone."
  }

  assert {
    condition     = !anytrue(concat(aws_subnet.network_public[*].map_public_ip_on_launch, aws_subnet.network_app[*].map_public_ip_on_launch, aws_subnet.network_datastore[*].map_public_ip_on_launch))
    error_message = "No subnet may assign public addresses automatically."
  }

  assert {
    condition     = aws_route.network_public_internet.destination_cidr_block == "0.0.0.0/0" && length(aws_route_table_association.network_datastore) == 2 && length(aws_route_table_association.network_app) == 2
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
    condition     = length(aws_default_security_group.network.ingress) == 0 && length(aws_default_security_group.network.egress) == 0
    error_message = "The default security group must have no rules."
  }

  assert {
    condition     = length(aws_nat_gateway.network) == (var.nat_gateways == "zone" ? 2 : 1) && length(aws_route.network_app_nat) == 2
    error_message = "Every zone must have its own NAT gateway, unless there is one for all, and a route to it."
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
    condition     = toset([for name in concat([aws_vpc.network.tags.Name], [aws_route_table.network_public.tags.Name], aws_subnet.network_public[*].tags.Name, aws_subnet.network_datastore[*].tags.Name) : startswith(name, var.name)]) == toset([true])
    error_message = "Networks, subnets and route tables have no name other than their tag."
  }

  assert {
    condition     = aws_nat_gateway.network[*].allocation_id == aws_eip.network_nat[*].id && toset(aws_nat_gateway.network[*].subnet_id) == toset(slice(aws_subnet.network_public[*].id, 0, length(aws_nat_gateway.network)))
    error_message = "A NAT gateway needs a fixed address and a public subnet."
  }

  assert {
    condition     = alltrue([for route in aws_route.network_app_nat : route.destination_cidr_block == "0.0.0.0/0"]) && aws_route.network_app_nat[*].route_table_id == aws_route_table.network_app[*].id && length(setsubtract(aws_route.network_app_nat[*].nat_gateway_id, aws_nat_gateway.network[*].id)) == 0
    error_message = "The app subnets must reach the internet through NAT."
  }
}

run "network_plans_the_ranges" {
  command = plan

  variables {
    vpc_cidr       = "10.200.48.0/23"
    subnet_weights = { app = 4, public = 2, datastore = 1 }
  }

  assert {
    condition     = join(" ", concat(aws_subnet.network_app[*].cidr_block, aws_subnet.network_public[*].cidr_block, aws_subnet.network_datastore[*].cidr_block)) == "10.200.48.0/26 10.200.48.64/26 10.200.48.192/27 10.200.48.224/27 10.200.49.32/28 10.200.49.48/28"
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

run "load_balancer_admits_only_the_given_addresses" {
  command = plan

  variables {
    load_balancer_ingress_cidr_blocks = ["203.0.113.0/24", "198.51.100.7/32"]
  }

  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.load_balancer_https : rule.cidr_ipv4]) == toset(["203.0.113.0/24", "198.51.100.7/32"]) && toset(keys(aws_vpc_security_group_ingress_rule.load_balancer_http)) == toset(keys(aws_vpc_security_group_ingress_rule.load_balancer_https))
    error_message = "Only the given addresses may reach the load balancer."
  }
}

run "load_balancer_refuses_no_addresses" {
  command = plan

  variables {
    load_balancer_ingress_cidr_blocks = []
  }

  expect_failures = [var.load_balancer_ingress_cidr_blocks]
}

run "load_balancer_refuses_ipv6_without_an_address" {
  command = plan

  variables {
    load_balancer_ingress_cidr_blocks = ["0.0.0.0/0", "::/0"]
  }

  expect_failures = [var.load_balancer_ingress_cidr_blocks]
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
    condition     = alltrue([for rule in concat(values(aws_vpc_security_group_ingress_rule.load_balancer_https), values(aws_vpc_security_group_ingress_rule.load_balancer_http)) : rule.security_group_id == aws_security_group.load_balancer.id])
    error_message = "The rules must be those of the load balancer's group."
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

run "load_balancer_redirects_to_https" {
  command = plan

  variables {
    load_balancer_ingress_cidr_blocks = ["203.0.113.0/24"]
  }

  assert {
    condition     = aws_lb_listener.load_balancer_http.default_action[0].type == "redirect" && aws_lb_listener.load_balancer_http.default_action[0].redirect[0].protocol == "HTTPS" && aws_lb_listener.load_balancer_http.default_action[0].redirect[0].status_code == "HTTP_301"
    error_message = "Port 80 must only redirect to HTTPS."
  }

  assert {
    condition     = !aws_lb.load_balancer.internal && aws_lb_listener.load_balancer_http.port == 80 && aws_lb_listener.load_balancer_http.default_action[0].redirect[0].port == "443"
    error_message = "Users must reach the load balancer, and those who use HTTP must be redirected to HTTPS."
  }

  assert {
    condition     = alltrue([for block, rule in aws_vpc_security_group_ingress_rule.load_balancer_https : rule.cidr_ipv4 == block && rule.cidr_ipv6 == null && rule.from_port == 443 && rule.to_port == 443])
    error_message = "Only the given addresses may reach the site."
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
    condition     = length(aws_rds_cluster.database.enabled_cloudwatch_logs_exports) == length(aws_cloudwatch_log_group.database) && join(",", [for p in aws_rds_cluster_parameter_group.database.parameter : p.value if contains(["rds.force_ssl", "require_secure_transport"], p.name)]) == ""
    error_message = "Every exported log must have its group. Connections without TLS must be refused, which PostgreSQL does by default from version 17; a parameter that repeats its default is a change in every plan."
  }

  assert {
    condition     = length(aws_rds_cluster_instance.database) == var.database_size.instances && !anytrue(aws_rds_cluster_instance.database[*].publicly_accessible) && alltrue(aws_rds_cluster_instance.database[*].performance_insights_enabled) && aws_rds_cluster_instance.database[0].promotion_tier == 0
    error_message = "There must be as many instances as chosen, none public, each monitored, and the first one promoted first."
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
    condition     = aws_rds_cluster.database.engine == "aurora-postgresql" && aws_rds_cluster.database.engine_version == var.database_postgresql_version && toset(aws_rds_cluster_instance.database[*].auto_minor_version_upgrade) == toset([!strcontains(var.database_postgresql_version, ".")])
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

run "cache_is_protected" {
  command = apply

  assert {
    condition     = aws_elasticache_replication_group.cache.at_rest_encryption_enabled && aws_elasticache_replication_group.cache.transit_encryption_enabled && aws_vpc_security_group_ingress_rule.cache.cidr_ipv4 == null && aws_vpc_security_group_egress_rule.cache_client.cidr_ipv4 == null
    error_message = "The cache must be encrypted at rest and in transit, and only the application may connect."
  }

  assert {
    condition     = aws_elasticache_replication_group.cache.multi_az_enabled == (var.cache_size.replicas > 0) && aws_elasticache_replication_group.cache.automatic_failover_enabled == (var.cache_size.replicas > 0)
    error_message = "With a replica the cache must be in several zones and fail over."
  }

  assert {
    condition     = aws_elasticache_replication_group.cache.auto_minor_version_upgrade == "false" && can(regex("^[0-9]+\\.[0-9]+$", aws_elasticache_replication_group.cache.engine_version)) && !aws_elasticache_replication_group.cache.apply_immediately && aws_elasticache_replication_group.cache.maintenance_window == var.maintenance_window
    error_message = "The version must be pinned, and changes must wait for the maintenance window."
  }

  assert {
    condition     = aws_ssm_parameter.cache_host.type == "SecureString" && length(aws_elasticache_replication_group.cache.log_delivery_configuration) == length(aws_cloudwatch_log_group.cache)
    error_message = "The host must be stored encrypted, and every log must have its group."
  }

  assert {
    condition     = aws_elasticache_replication_group.cache.engine == "valkey" && aws_elasticache_replication_group.cache.port == 6379 && aws_elasticache_replication_group.cache.snapshot_retention_limit == var.cache_snapshot_retention_days
    error_message = "Engine, port and backups must be as chosen."
  }

  assert {
    condition     = aws_elasticache_replication_group.cache.num_cache_clusters == var.cache_size.replicas + 1
    error_message = "There must be as many replicas as chosen, in addition to the primary."
  }

  assert {
    condition = alltrue([
      aws_vpc_security_group_ingress_rule.cache.ip_protocol == "tcp" && aws_vpc_security_group_ingress_rule.cache.from_port == aws_elasticache_replication_group.cache.port && aws_vpc_security_group_ingress_rule.cache.to_port == aws_elasticache_replication_group.cache.port,
      aws_vpc_security_group_egress_rule.cache_client.ip_protocol == "tcp" && aws_vpc_security_group_egress_rule.cache_client.from_port == aws_elasticache_replication_group.cache.port && aws_vpc_security_group_egress_rule.cache_client.to_port == aws_elasticache_replication_group.cache.port,
    ])
    error_message = "Only the port of the cache may be open."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.cache.referenced_security_group_id == aws_security_group.service.id && aws_elasticache_replication_group.cache.security_group_ids == toset([aws_security_group.cache.id]) && jsonencode(toset(aws_elasticache_subnet_group.cache.subnet_ids)) == jsonencode(toset(aws_subnet.network_datastore[*].id))
    error_message = "Only the application may reach the cache, which must be in the data store subnets."
  }
}
