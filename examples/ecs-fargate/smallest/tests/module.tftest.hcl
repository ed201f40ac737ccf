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

  mock_resource "aws_cloudwatch_log_group" { defaults = { arn = "arn:aws:logs:xx-example-1:123456789012:log-group:example" } }
  mock_resource "aws_ecr_repository" { defaults = { arn = "arn:aws:ecr:xx-example-1:123456789012:repository/example" } }
  mock_resource "aws_ecs_cluster" { defaults = { arn = "arn:aws:ecs:xx-example-1:123456789012:cluster/example" } }
  mock_resource "aws_ecs_task_definition" { defaults = { arn = "arn:aws:ecs:xx-example-1:123456789012:task-definition/example:1" } }
  mock_resource "aws_iam_role" { defaults = { arn = "arn:aws:iam::123456789012:role/example" } }
  mock_resource "aws_kms_key" { defaults = { arn = "arn:aws:kms:xx-example-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef" } }
  mock_resource "aws_lb" { defaults = { arn = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:loadbalancer/app/example/0123456789abcdef" } }
  mock_resource "aws_lb_listener" { defaults = { arn = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:listener/app/example/0123456789abcdef/0123456789abcdef" } }
  mock_resource "aws_lb_target_group" { defaults = { arn = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:targetgroup/example/0123456789abcdef" } }
  mock_resource "aws_s3_bucket" { defaults = { arn = "arn:aws:s3:::example" } }
  mock_resource "aws_sns_topic" { defaults = { arn = "arn:aws:sns:xx-example-1:123456789012:example" } }
  mock_resource "aws_vpc" { defaults = { ipv6_cidr_block = "2001:db8::/56" } }
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

run "network_refuses_more_than_an_app_subnet_holds" {
  command = plan

  variables {
    extra_endpoints = [for number in range(60) : "service-${number}"]
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

run "monitoring_decides_what_silence_means" {
  command = apply # the actions are known only then

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.monitoring : alarm.treat_missing_data == "breaching" || alarm.treat_missing_data == "notBreaching" && alarm.comparison_operator == "GreaterThanThreshold"])
    error_message = "Missing data must be bad for a metric that must not fall."
  }

  assert {
    condition     = alltrue([for key, alarm in aws_cloudwatch_metric_alarm.monitoring : alarm.alarm_name == "${var.name}-${key}-alarm" && endswith(key, alarm.metric_name)])
    error_message = "The name of an alarm must consist of system, subject and metric: deployments refer to it by name."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.monitoring : toset(alarm.alarm_actions) == toset(alarm.ok_actions) && length(alarm.alarm_actions) == 1])
    error_message = "An alarm must also send a notification when it clears."
  }
}

run "monitoring_watches_what_fails" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.monitoring["targets-HealthyHostCount"].threshold >= 1 && aws_cloudwatch_metric_alarm.monitoring["targets-HealthyHostCount"].treat_missing_data == "breaching" && aws_cloudwatch_metric_alarm.monitoring["targets-HealthyHostCount"].namespace == "AWS/ApplicationELB"
    error_message = "A system without a healthy task must trigger an alarm."
  }

  assert {
    condition     = alltrue([for metric in ["HTTPCode_ELB_4XX_Count", "HTTPCode_ELB_5XX_Count", "HTTPCode_Target_4XX_Count", "HTTPCode_Target_5XX_Count"] : aws_cloudwatch_metric_alarm.monitoring["alb-${metric}"].metric_name == metric])
    error_message = "Errors of the load balancer and of the application must be monitored, with AWS's metric names."
  }

  assert {
    condition = alltrue([for key, namespace in {
      alb-RejectedConnectionCount        = "AWS/ApplicationELB"
      alb-TargetConnectionErrorCount     = "AWS/ApplicationELB"
      alb-TargetTLSNegotiationErrorCount = "AWS/ApplicationELB"
      service-CPUUtilization             = "AWS/ECS"
      service-MemoryUtilization          = "AWS/ECS"
      tasks-RunningTaskCount             = "ECS/ContainerInsights"
    } : aws_cloudwatch_metric_alarm.monitoring[key].namespace == namespace && "${split("-", key)[0]}-${aws_cloudwatch_metric_alarm.monitoring[key].metric_name}" == key])
    error_message = "Load balancer, service and tasks must be monitored where AWS reports them: an alarm on a metric that does not exist never fires."
  }
}

run "alarm_topic_calls_somebody" {
  command = apply

  variables {
    alarm_emails = ["ops@example.com"]
  }

  assert {
    condition     = aws_kms_key.monitoring.enable_key_rotation && aws_sns_topic.monitoring.kms_master_key_id == aws_kms_alias.monitoring.name && alltrue([for statement in jsondecode(aws_kms_key.monitoring.policy).Statement : statement.Principal == { Service = "cloudwatch.amazonaws.com" } && statement.Condition.StringEquals["aws:SourceAccount"] == data.aws_caller_identity.current.account_id && toset(statement.Action) == toset(["kms:Decrypt", "kms:GenerateDataKey*"]) if statement.Sid != "AccountByIAM"])
    error_message = "The topic must be encrypted with its own key, which allows only alarms of this account to publish."
  }

  assert {
    condition     = aws_sns_topic_subscription.monitoring["ops@example.com"].protocol == "email"
    error_message = "Alarms must reach the addresses."
  }
}

run "log_alarm_counts_errors" {
  command = plan

  # Warnings must not trigger an alarm.
  assert {
    condition     = !strcontains(lower(aws_cloudwatch_log_metric_filter.monitoring.pattern), "warning")
    error_message = "Only errors and worse may trigger the log alarm."
  }

  assert {
    condition     = aws_cloudwatch_log_metric_filter.monitoring.metric_transformation[0].name == "DetectedLogs" && aws_cloudwatch_log_metric_filter.monitoring.metric_transformation[0].namespace == var.name
    error_message = "The filter of the log must write the metric that the alarm watches."
  }

  assert {
    condition     = aws_cloudwatch_log_metric_filter.monitoring.metric_transformation[0].value == "1" && aws_cloudwatch_log_metric_filter.monitoring.pattern == var.alarm_log_pattern && alltrue([for level in ["ERROR:", "Error:", "CRITICAL:", "Critical:", "EMERGENCY:", "Emergency:", "ALERT:", "Alert:"] : strcontains(aws_cloudwatch_log_metric_filter.monitoring.pattern, level)])
    error_message = "Every line at level error or above must count once, in upper case or capitalised."
  }
}

run "log_alarm_refuses_alternatives_with_exclusions" {
  command = plan

  variables {
    alarm_log_pattern = "?\"ERROR:\" ?\"Error:\" -MethodNotAllowedHttpException"
  }

  expect_failures = [var.alarm_log_pattern]
}

run "registry_keeps_tags_and_scans" {
  command = plan

  assert {
    condition     = aws_ecr_repository.registry.image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.registry.image_scanning_configuration[0].scan_on_push
    error_message = "A pushed image must be scanned, and its tag must never refer to another one."
  }

  assert {
    condition     = aws_ecr_repository.registry.encryption_configuration[0].encryption_type == "KMS" && aws_ecr_repository.registry.force_delete == var.disposable
    error_message = "Images must be encrypted with KMS, and a repository that contains some must not be deleted, unless it is disposable."
  }

  assert {
    condition     = [for rule in jsondecode(aws_ecr_lifecycle_policy.registry.policy).rules : rule.selection.tagStatus] == ["untagged", "any"]
    error_message = "Only images without a tag and the oldest ones may be deleted."
  }
}

run "identity_is_for_tasks_alone" {
  command = apply

  assert {
    condition = alltrue([
      jsondecode(aws_iam_role.service_task.assume_role_policy).Statement[0].Principal == { Service = "ecs-tasks.amazonaws.com" },
      jsondecode(aws_iam_role.service_execution.assume_role_policy).Statement[0].Principal == { Service = "ecs-tasks.amazonaws.com" },
    ])
    error_message = "Only tasks may assume the task roles."
  }

  assert {
    condition     = endswith(aws_iam_role_policy_attachment.service_execution.policy_arn, ":policy/service-role/AmazonECSTaskExecutionRolePolicy") && aws_iam_role_policy_attachment.service_execution.role == aws_iam_role.service_execution.name
    error_message = "The agent may pull images and write logs, and nothing more."
  }
}
