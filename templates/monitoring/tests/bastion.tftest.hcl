mock_provider "aws" {
  source = "./tests/mocks"
}

# bpgen:if var.aws_provider == "5" && var.cdn
mock_provider "aws" {
  alias = "us_east_1"
}

variables {
  name                          = "example"
  cdn                           = true
  waf                           = true
  cache                         = true
  load_balancer_arn_suffix      = "app/example/0123456789abcdef"
  target_group_arn_suffix       = "targetgroup/example/0123456789abcdef"
  green_target_group_arn_suffix = "targetgroup/green/0123456789abcdef"
  cluster_name                  = "example"
  service_name                  = "example"
  log_group_name                = "/ecs/example"
  database                      = { DBClusterIdentifier = "example-db" }
  cache_nodes                   = ["example-cache-001"]
  distribution_id               = "E0123456789ABC"
  web_acl_name                  = "example"
  internal_services             = { orders = "example-orders" }
  schedule_group                = "example"
  state_machine_arn             = "arn:aws:states:xx-example-1:123456789012:stateMachine:example-scheduled"
  pipeline_name                 = "example"
  database_proxy_name           = "example-db"
  bastion                       = true
  bastion_instance_id           = "i-0123456789abcdef0"
}

# bpgen:if var.bastion
run "notices_a_stopped_bastion" {
  command = plan

  assert {
    condition     = toset(keys(aws_cloudwatch_metric_alarm.bastion)) == toset(["StatusCheckFailed_Instance", "StatusCheckFailed_System"]) && alltrue([for alarm in aws_cloudwatch_metric_alarm.bastion : alarm.namespace == "AWS/EC2" && alarm.treat_missing_data == "breaching" && alarm.threshold == 0])
    error_message = "A bastion that fails its checks, or reports nothing, must trigger an alarm."
  }
}
