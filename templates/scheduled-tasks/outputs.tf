output "state_machine_arn" {
  description = "ARN of the state machine that runs the tasks, the value of the StateMachineArn dimension of its metrics."
  value       = aws_sfn_state_machine.this.arn
}

output "group_name" {
  description = "Name of the schedule group."
  value       = aws_scheduler_schedule_group.this.name
}

# Metrics to monitor; statistics, thresholds and minutes are chosen by this module.
locals {
  alarms = {
    schedules = {
      namespace  = "AWS/Scheduler"
      dimensions = { ScheduleGroup = aws_scheduler_schedule_group.this.name }
      metrics = {
        InvocationDroppedCount = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 } # why: a command was not even started
      }
    }

    scheduled = {
      namespace  = "AWS/States"
      dimensions = { StateMachineArn = aws_sfn_state_machine.this.arn }
      metrics = {
        ExecutionsFailed = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 } # why: a command did not start or failed
      }
    }
  }
}

output "alarms" {
  description = "Metrics to monitor, by subject, with the thresholds of their alarms."
  value       = local.alarms
}
