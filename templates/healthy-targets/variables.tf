variable "name" {
  description = "Name of the system, and prefix of the alarm."
  type        = string
  nullable    = false
}

variable "description" {
  description = "Description of the alarm, for its recipients."
  type        = string
  nullable    = false
}

variable "topic_arn" {
  description = "Topic that the alarm is sent to."
  type        = string
  nullable    = false
}

variable "load_balancer_arn_suffix" {
  description = "Value of the LoadBalancer dimension of the load balancer's metrics."
  type        = string
}

variable "target_group_arn_suffix" {
  description = "Value of the TargetGroup dimension of its target group (blue)."
  type        = string
}

variable "green_target_group_arn_suffix" {
  description = "Value of the TargetGroup dimension of its second target group (green)."
  type        = string
}
