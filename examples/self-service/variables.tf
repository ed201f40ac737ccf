variable "services" {
  description = "The services that teams have asked for, by name. What is left out takes the default of the blueprint."
  type = map(object({
    cdn             = optional(bool)
    database        = optional(string)
    cache           = optional(string)
    scheduled_tasks = optional(bool)
  }))
  default = {
    shop    = { database = "aurora-postgresql" }
    reports = { cdn = false, database = "postgresql", cache = "none", scheduled_tasks = true }
  }
}

variable "environments" {
  description = "The environments that each service gets, by name, with what is decided for all services alike."
  type = map(object({
    zones    = number
    alarms   = bool
    pipeline = string
  }))
  default = {
    dev = { zones = 2, alarms = false, pipeline = "external" }
    prd = { zones = 3, alarms = true, pipeline = "external" }
  }
}

variable "network" {
  description = "Range that every module takes a /23 of."
  type        = string
  default     = "10.200.0.0/16"
}
