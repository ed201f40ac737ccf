variable "days" {
  type    = number
  default = 7

  validation {
    condition     = var.days > 0
    error_message = "At least one day."
  }
}

# What another variable says is not known here.
variable "longer" {
  type    = number
  default = 0

  validation {
    condition     = var.longer > var.days
    error_message = "Longer than days."
  }
}

variable "size" {
  type    = object({ app = optional(number, 2) })
  default = {}

  validation {
    condition     = var.size.app == 2 && can(regex("^[0-9]+$", var.size.app))
    error_message = "Two."
  }
}

# It must be given, which the message says.
variable "name" {
  type = string

  validation {
    condition     = var.name != ""
    error_message = "A name."
  }
}

# So must these.
variable "channel" {
  type    = string
  default = null

  validation {
    condition     = var.channel != null
    error_message = "A channel."
  }
}

variable "team" {
  type    = string
  default = ""

  validation {
    condition     = var.team != ""
    error_message = "A team."
  }
}

output "all" {
  value = [var.channel, var.team, var.days, var.longer, var.size, var.name]
}
