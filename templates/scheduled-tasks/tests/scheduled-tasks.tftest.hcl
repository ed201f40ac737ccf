mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                   = "example"
  cluster_arn            = "arn:aws:ecs:xx-example-1:123456789012:cluster/example"
  cluster_name           = "example"
  task_definition_family = "example"
  execution_role_arn     = "arn:aws:iam::123456789012:role/example-execution"
  task_role_arn          = "arn:aws:iam::123456789012:role/example-task"
  subnet_ids             = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  security_group_id      = "sg-0123456789abcdef0"
  time_zone              = "UTC"
}

run "runs_privately" {
  command = plan

  variables {
    tasks = { nightly = { schedule = "cron(0 3 * * ? *)", command = ["true"] } }
  }

  assert {
    condition     = !aws_scheduler_schedule.this["nightly"].target[0].ecs_parameters[0].network_configuration[0].assign_public_ip
    error_message = "A scheduled task must have no public address."
  }
}
