part "operations" {
  summary = "Alarms, a dashboard of them, and where they are sent."
}

option "alarms" {
  type        = bool
  default     = true
  description = "Create alarms on metrics and on the application's log, which send e-mail."
  why         = "a fault that nobody hears of lasts longer"
}

option "dashboard" {
  type        = bool
  default     = false
  when        = option.alarms
  description = "Create a CloudWatch dashboard with a graph for each alarm."
  why         = "it costs three dollars a month, and alarms work without it"
}

option "chatbot" {
  type        = bool
  default     = false
  when        = option.alarms
  description = "Also send alarms to a Slack channel, with Amazon Q Developer (formerly AWS Chatbot)."
  why         = "e-mail needs no workspace that someone must authorise first"
}
