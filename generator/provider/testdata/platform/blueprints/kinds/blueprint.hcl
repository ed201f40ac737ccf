blueprint "kinds" {
  version = "2.1.0"
  summary = "Log groups of an application, with an option of every kind."
}

option "days" {
  type        = number
  default     = 30
  description = "How long logs are kept."
  why         = "a month is enough to look into an incident"

  validation {
    condition     = contains([1, 7, 14, 30, 90], option.days)
    error_message = "CloudWatch does not keep logs for ${option.days} days."
  }
}

option "insights" {
  type        = bool
  default     = true
  description = "Whether the cluster has Container Insights."
  notes       = ["cloudwatch-metrics.container-insights"]
}

option "level" {
  type        = string
  one_of      = ["info", "error"]
  default     = "info"
  description = "Which lines are kept."
  why         = "one sees what happens"
}

option "team" {
  type        = string
  description = "Who is called."
  why         = "somebody must be"
}

option "groups" {
  type        = list(string)
  default     = []
  description = "More log groups."
  why         = "most have one"
}

option "labels" {
  type        = map(string)
  default     = {}
  description = "Tags."
  why         = "none are needed"
}

option "zones" {
  type        = set(number)
  default     = []
  description = "Numbers, each once."
  why         = "for a set"
}

option "limits" {
  type        = object({ cpu = optional(number, 256), alarm = object({ high = number, low = optional(number) }) })
  default     = null
  description = "An object with another one."
  why         = "no limit"
}

option "rules" {
  type        = list(object({ name = string, days = optional(number, 7) }))
  default     = []
  description = "A list of objects."
  why         = "no rule"
}

option "pairs" {
  type        = tuple([string, number])
  default     = ["a", 1]
  description = "A tuple, which no schema can say."
  why         = "for a tuple"
}

option "any-thing" {
  type        = any
  default     = null
  description = "Anything, under a name with a hyphen."
  why         = "for any"
}

option "count" {
  type        = number
  default     = 1
  description = "An option with a name that Terraform has taken."
  why         = "for a reserved name"
}

validation {
  condition     = option.level == "info" || option.insights
  error_message = "Errors alone are of no use without Container Insights."
}

variable "name" {
  type        = string
  description = "Name of the application."
}

variable "key" {
  type        = string
  description = "Key that nobody may know."
  sensitive   = true
}

component "logs" {
  template = "log-group"
  with = {
    name     = var.name
    days     = option.days
    insights = option.insights
    labels   = merge(option.labels, { team = option.team, level = option.level, count = tostring(option.count) })
    extra    = concat(option.groups, [for r in option.rules : "${r.name}-${r.days}"], [for z in option.zones : tostring(z)], option.limits == null ? [] : ["${option.limits.cpu}-${option.limits.alarm.high}"])
  }
}

profile "dev" {
  description = "Short."
  options     = { days = 1 }
}
