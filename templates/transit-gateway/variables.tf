variable "name" {
  description = "Name of the system, and prefix of every resource name."
  type        = string
}

variable "asn" {
  description = "BGP ASN of the gateway. No network that is reached through a VPN may have the same one."
  type        = number
  default     = 64512 # why: AWS's own default, a private number
  nullable    = false

  validation {
    condition     = var.asn >= 64512 && var.asn <= 65534 || var.asn >= 4200000000 && var.asn <= 4294967294
    error_message = "The ASN must be private: from 64512 to 65534, or from 4200000000 to 4294967294."
  }
}

variable "shared_with" {
  description = "Accounts of the organization that may attach their VPCs, or ARNs of organizational units."
  type        = list(string)
  default     = [] # why: the VPCs of the same account need no share
  nullable    = false

  validation {
    condition     = alltrue([for principal in var.shared_with : can(regex("^([0-9]{12}|arn:[a-z-]+:organizations::[0-9]{12}:(ou|organization)/.+)$", principal))])
    error_message = "Each must be an account of 12 digits, or the ARN of an organization or an organizational unit."
  }
}

variable "accepted_attachments" {
  description = "IDs of the attachments to accept from other accounts, by name."
  type        = map(string)
  default     = {} # why: nobody has requested one yet
  nullable    = false

  validation {
    condition     = alltrue([for name, id in var.accepted_attachments : can(regex("^[a-z][a-z0-9-]{0,31}$", name)) && can(regex("^tgw-attach-[0-9a-f]{8,17}$", id))])
    error_message = "Each attachment needs a name of lower-case letters, digits and hyphens, and its ID, tgw-attach-...."
  }
}
