deviation "ecs-native-blue-green" {
  notes    = ["ecs-fargate.deploy-blue-green-codedeploy"]
  when     = var.deployment == "blue-green"
  rendered = "ECS itself switches between the target groups."
  reason   = "Since 2025 ECS does blue/green without CodeDeploy, so nothing else is needed."
  restore  = "Set the option deployment to codedeploy."
}

deviation "deployment-keeps-capacity" {
  notes    = ["ecs-fargate.minimum-healthy-percent"]
  rendered = "At least 100 % of the tasks stay healthy during a deployment."
  reason   = "The notes' 50 % is an illustration; with it a deployment at peak time halves the capacity."
  restore  = "Set deployment_minimum_healthy_percent = 50 on the service."
}

deviation "short-names" {
  notes    = ["ecs-fargate.resource-names"]
  rendered = "The cluster, the service and the task definition are all named after the variable name."
  reason   = "The kind is clear from the context, and the names of load balancers and roles must be short."
  restore  = "Set name to stg-foo, and use \"$${var.name}-ecs-service\" and so on in service.tf."
}

deviation "log-datetime-format" {
  notes    = ["ecs-fargate.awslogs-datetime-format"]
  when     = contains(["none", "datadog"], var.sidecars)
  rendered = "Every line of the log is its own event."
  reason   = "With a format that does not match, as with JSON logs, hundreds of lines end up in one event, and alarms miscount."
  restore  = "Set service_log_datetime_format = \"\\\\[%Y-%m-%d %H:%M:%S\\\\]\"."
}

deviation "tasks-admit-the-load-balancer-only" {
  notes    = ["alb.target-sg-allows-vpc-range"]
  rendered = "Tasks allow the load balancer's security group, not the VPC's address range."
  reason   = "The range would let anything in the VPC connect to the tasks; elsewhere the notes themselves prefer the group."
  restore  = "Replace referenced_security_group_id with cidr_ipv4, the VPC's address range, in the ingress rule of the service."
}

deviation "parameters-read-by-execution-role" {
  notes    = ["ecs-fargate.task-role-ssm-policy"]
  rendered = "The execution role may read the parameters of the system; the task role may not."
  reason   = "ECS reads secrets before the container starts, with the execution role; the application gets them as environment variables."
  restore  = "Attach a policy with ssm:GetParameters to the task role, if the application calls Parameter Store itself."
}

deviation "datadog-permissions-on-task-role" {
  notes    = ["ecs-fargate.datadog-agent-policy"]
  when     = contains(["datadog", "both"], var.sidecars)
  rendered = "The permissions of the Datadog agent are on the task role."
  reason   = "The agent runs inside the task and uses the task role; on the execution role they have no effect."
  restore  = "Nothing to restore: the notes' value does not work."
}

deviation "exec-permissions-on-task-role" {
  notes    = ["ecs-fargate.exec-policy-on-task-execution-role"]
  when     = var.execute_command
  rendered = "The permissions of ECS Exec are on the task role."
  reason   = "The agent runs inside the container and uses the task role; on the execution role they have no effect."
  restore  = "Nothing to restore: the notes' value does not work."
}

deviation "container-insights-by-cluster" {
  notes    = ["cloudwatch-metrics.container-insights-account-setting"]
  rendered = "The cluster itself turns Container Insights on."
  reason   = "The account setting is only the default for new clusters, and it affects other teams' clusters as well."
  restore  = "Add an aws_ecs_account_setting_default with name = \"containerInsights\" and value = \"enabled\"."
}

deviation "service-names-by-service-connect" {
  notes    = ["ecs-fargate.service-discovery"]
  when     = var.service_connect
  rendered = "Services find each other through Service Connect, in a namespace without DNS records."
  reason   = "Its proxies skip a failing task at once; a DNS record is trusted until it expires."
  restore  = "Add an aws_service_discovery_private_dns_namespace, a service in it, and service_registries to the ECS service."
}

deviation "overrides-as-json" {
  notes    = ["ecs-fargate.run-task-override-escaping"]
  rendered = "Overrides of one-off tasks are plain JSON, which jq writes."
  reason   = "ECS does not support regular expressions there: the notes repeat the sentence about date formats."
  restore  = "Nothing to restore: the notes' value does not work."
}

deviation "region-of-the-command-line" {
  notes    = ["iam.cli-configure-region-key", "iam.cli-env-region-name"]
  rendered = "The runbook names the key region, and both AWS_DEFAULT_REGION and AWS_REGION."
  reason   = "The key aws_default_region is stored and never read, and version 2 of the command line reads AWS_REGION first."
  restore  = "Nothing to restore: the notes' key does not work."
}

deviation "outbound-not-open" {
  notes    = ["security-group.egress-all"]
  rendered = "Security groups allow only the outbound traffic that a component needs, by port and destination."
  reason   = "Full access would let a compromised task connect anywhere; the notes give it as an example."
  restore  = "Add an aws_vpc_security_group_egress_rule with ip_protocol = \"-1\" and cidr_ipv4 = \"0.0.0.0/0\"."
}
