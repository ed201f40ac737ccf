variable "name" {
  description = "Name of the system, in front of the name of the bucket."
  type        = string
  nullable    = false
}
