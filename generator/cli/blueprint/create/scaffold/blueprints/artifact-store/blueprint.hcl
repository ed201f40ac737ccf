blueprint "artifact-store" {
  version = "0.1.0"
  summary = "A private, encrypted and versioned S3 bucket for build artifacts."
}

# An option is a choice made when the module is rendered: what is not chosen
# leaves no trace in it.
option "expiry" {
  type        = bool
  default     = true
  description = "Delete old versions of objects after a while."
  why         = "without it a versioned bucket grows forever"
}

# A variable is a choice left to the owner of the rendered module.
variable "name" {
  type        = string
  description = "Name of the bucket; it must be unique in all of S3."

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "The name must have 3 to 63 lower-case letters, digits and hyphens."
  }
}

component "artifacts" {
  template = "bucket"
  file     = "artifacts.tf"
  with = {
    name   = var.name
    expiry = option.expiry
  }
}

# A link: what another component's template has as an output.
component "reader" {
  template = "reader"
  with = {
    name       = "${var.name}-read"
    bucket_arn = component.artifacts.arn
  }
}

output "bucket_arn" {
  value       = component.artifacts.arn
  description = "ARN of the bucket."
}

output "reader_policy_arn" {
  value       = component.reader.arn
  description = "ARN of the policy that allows reading the bucket."
}

# A profile has values for one environment, which become envs/dev.tfvars.
profile "dev" {
  description = "Cheap and easy to throw away."
  values = {
    name                  = "example-artifacts-dev" # why: names are unique in all of S3
    artifacts_expiry_days = 7                       # why: nobody goes back to last week's test build
  }
}

example {
  values = {
    name = "example-artifacts"
  }
}
