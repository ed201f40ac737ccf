output "state_machine_arn" {
  description = "ARN of the state machine that runs the tasks, the dimension of its metrics."
  value       = aws_sfn_state_machine.this.arn
}

output "group_name" {
  description = "Name of the schedule group."
  value       = aws_scheduler_schedule_group.this.name
}
