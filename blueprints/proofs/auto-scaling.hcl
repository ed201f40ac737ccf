waive "auto-scaling.step-scaling-thresholds" {
  reason = "The notes' steps are for EC2 instances. The tasks follow a target (target tracking), which AWS recommends over steps; a runbook shows the policy with steps."
}
