variable "name" {
  description = "Prefix of the role name."
  type        = string
  nullable    = false
}

variable "safe_defaults" {
  description = "Encrypt volumes, require a token for the metadata service, and block public buckets and snapshots, unless a resource says otherwise."
  type        = bool
  default     = true # why: secures what is easily forgotten
  nullable    = false
}

variable "api_gateway_logging" {
  description = "Let API Gateway write to CloudWatch Logs, for all APIs of the account in this region."
  type        = bool
  default     = true # notes: api-gateway.cloudwatch-role without it no API can write logs
  nullable    = false
}
