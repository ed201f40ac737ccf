run "plan" {
  command = plan
