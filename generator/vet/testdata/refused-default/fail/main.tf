variable "window" {
  type    = string
  default = "sun:02:00-sun:03:00"

  validation {
    condition     = length(var.window) > 0
    error_message = "A window."
  }

  validation {
    condition     = !startswith(var.window, "sun:")
    error_message = "Not on a Sunday."
  }
}

variable "size" {
  type    = object({ app = optional(number, 2) })
  default = {}

  validation {
    condition     = var.size.app > 2
    error_message = "More than two."
  }
}

output "all" {
  value = [var.window, var.size]
}
