variable "name" {
  type        = string
  description = "Name of the policy."
}

variable "bucket_arn" {
  type        = string
  description = "ARN of the bucket."
}
