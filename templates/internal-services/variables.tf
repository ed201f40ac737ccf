variable "name" {
  description = "Name of the system, and prefix of the services."
  type        = string
}

variable "services" {
  description = "Services by name, under which others call them: the tag of the image, null while there is none; the port it listens on; the size of a task; the minimum and maximum number of tasks; its environment variables; those whose values are secret, null for the parameter /<name>/<service>/<VARIABLE> or the ARN of another parameter or of a secret; the user it runs as; and the directories that it may write to, with their size in MiB."
  type = map(object({
    image_tag      = optional(string)                       # why: its repository is created with it, and is empty at first
    port           = optional(number, 8080)                 # why: a port that does not require root
    cpu            = optional(number, 256)                  # why: the smallest size
    memory         = optional(number, 512)                  # why: the smallest size
    min            = optional(number, 2)                    # why: the loss of a zone causes no outage
    max            = optional(number, 4)                    # why: twice the minimum
    environment    = optional(map(string), {})              # why: only the application knows its variables
    secrets        = optional(map(string), {})              # why: only the application knows its variables
    user           = optional(string)                       # why: the image defines its user
    writable_paths = optional(map(number), { "/tmp" = 64 }) # why: the directory that almost every program writes to
  }))
  default  = {} # why: only the owner of the application knows its services
  nullable = false

  validation {
    condition     = alltrue([for key, service in var.services : can(regex("^[a-z][a-z0-9-]{0,19}$", key)) && service.min >= 1 && service.min <= service.max])
    error_message = "A service name must have up to 20 lower-case letters, digits and hyphens, and the numbers of tasks must satisfy 1 <= min <= max."
  }
}

variable "cluster_arn" {
  description = "ARN of the ECS cluster."
  type        = string
}

variable "cluster_name" {
  description = "Name of the ECS cluster."
  type        = string
}

variable "namespace_arn" {
  description = "ARN of the Service Connect namespace."
  type        = string
}

variable "prerequisites" {
  description = "Resources that must exist before the first task starts and until the last one has stopped. Only the order matters, not the values."
  type        = any
  default     = [] # why: standalone services need nothing else
}

variable "architecture" {
  description = "CPU architecture of the tasks, X86_64 or ARM64."
  type        = string
  default     = "X86_64" # why: most images and build machines still use it
  nullable    = false
}

variable "disposable" {
  description = "Allow the repositories to be deleted with the images in them."
  type        = bool
  default     = false # why: what is deleted by mistake must be recoverable
  nullable    = false
}

variable "execution_role_name" {
  description = "Name of the task execution role, which gets access to the secrets outside /<name>/."
  type        = string
}

variable "execution_role_arn" {
  description = "ARN of the task execution role, which reads the parameters below /<name>/."
  type        = string
}

variable "log_group_name" {
  description = "Name of the log group; each service writes under its own prefix."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the tasks."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets of the tasks."
  type        = list(string)
}

variable "client_security_group_id" {
  description = "Security group of the public service."
  type        = string
}

variable "outbound" {
  description = "How tasks reach AWS services and the internet: vpc-endpoints, nat-gateway or both."
  type        = string
  default     = "vpc-endpoints" # notes: ecs-fargate.outbound-prefer-vpc-endpoint endpoints rather than NAT
  nullable    = false
}

variable "given_network" {
  description = "True if the network is not created by this module. Then the rule that allows the tasks to reach its VPC endpoints is created here."
  type        = bool
  default     = false # why: a network created with the tasks allows them itself
  nullable    = false
}

variable "endpoint_security_group_id" {
  description = "Security group of the VPC endpoints. Null without endpoints."
  type        = string
  default     = null # why: not used without VPC endpoints
}

variable "s3_prefix_list_id" {
  description = "Prefix list of the S3 gateway endpoint. Null without endpoints."
  type        = string
  default     = null # why: not used without VPC endpoints
}

variable "dynamodb_prefix_list_ids" {
  description = "Prefix list of the DynamoDB gateway endpoint. Empty without it."
  type        = list(string)
  default     = [] # why: only for an application that calls DynamoDB
  nullable    = false
}
