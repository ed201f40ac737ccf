variable "id" {
  description = "Route53 hosted zone of the domain name."
  type        = string

  validation {
    condition     = can(regex("^Z[A-Z0-9]{7,31}$", var.id))
    error_message = "The hosted zone must be named by its ID, Z followed by 7 to 31 capital letters and digits, such as Z0123456789ABCDEFGHIJ."
  }
}
