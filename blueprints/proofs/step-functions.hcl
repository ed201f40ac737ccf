# The state machine of scheduled tasks has no Lambda; the state that runs the command
# is what must not be retried.
proof "step-functions.retry-max-attempts" {
  options = { scheduled_tasks = true }

  every "aws_sfn_state_machine" {
    definition = json({ States = { Run = { Retry = absent() } } })
  }
}

waive "step-functions.lambda-integration" {
  reason = "The architecture has no Lambda function; scheduled commands run as tasks of the service's image."
}
