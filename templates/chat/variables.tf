variable "name" {
  description = "Name of the system."
  type        = string
  nullable    = false
}

variable "topic_arns" {
  description = "Topics whose messages go to the channel."
  type        = list(string)
  nullable    = false
}

variable "slack" {
  description = "Slack workspace and channel that alarms go to. The workspace must first be authorised in the console."
  type        = object({ workspace_id = string, channel_id = string })
  nullable    = false

  validation {
    condition     = can(regex("^T[A-Z0-9]+$", var.slack.workspace_id)) && can(regex("^[CG][A-Z0-9]+$", var.slack.channel_id))
    error_message = "The alarms need a workspace such as T0123ABCDEF and a channel such as C0123ABCDEF."
  }
}
