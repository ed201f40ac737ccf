mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                   = "example"
  cluster_arn            = "arn:aws:ecs:xx-example-1:123456789012:cluster/example"
  cluster_name           = "example"
  service_name           = "example"
  task_definition_family = "example"
  execution_role_arn     = "arn:aws:iam::123456789012:role/example-execution"
  task_role_arn          = "arn:aws:iam::123456789012:role/example-task"
  subnet_ids             = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  security_group_id      = "sg-0123456789abcdef0"
  time_zone              = "UTC"
}

run "runs_what_the_service_runs" {
  command = apply

  variables {
    tasks = { nightly = { schedule = "cron(0 3 * * ? *)", command = ["true"] } }
  }

  assert {
    condition     = jsondecode(aws_sfn_state_machine.this.definition).States.Run.Parameters.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp == "DISABLED"
    error_message = "A scheduled task must have no public address."
  }

  assert {
    condition     = contains(["$.Services[0].TaskDefinition", "States.ArrayGetItem($.Services[0].TaskSets[?(@.Status == 'PRIMARY')].TaskDefinition, 0)"], jsondecode(aws_sfn_state_machine.this.definition).States.Look.ResultSelector["TaskDefinition.$"]) && jsondecode(aws_sfn_state_machine.this.definition).States.Run.Parameters["TaskDefinition.$"] == "$.service.TaskDefinition" && endswith(jsondecode(aws_sfn_state_machine.this.definition).States.Run.Resource, ":ecs:runTask.sync")
    error_message = "A scheduled task must run the revision in service, not the newest one, and its failure must be noticed."
  }

  assert {
    condition     = jsondecode(aws_scheduler_schedule.this["nightly"].target[0].input) == { command = ["true"] } && aws_scheduler_schedule.this["nightly"].target[0].arn == aws_sfn_state_machine.this.arn
    error_message = "A schedule must pass its command to the state machine."
  }

  assert {
    condition     = !anytrue([for statement in jsondecode(aws_iam_role_policy.run.policy).Statement : contains(flatten([statement.Resource]), "*")]) && alltrue([for statement in jsondecode(aws_iam_role_policy.run.policy).Statement : toset(statement.Resource) == toset([var.execution_role_arn, var.task_role_arn]) if statement.Action == "iam:PassRole"])
    error_message = "No permission may apply to all resources, and only the two task roles may be passed."
  }
}
