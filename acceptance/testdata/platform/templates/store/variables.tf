variable "name" {
  type        = string
  description = "Name of the store."
}

variable "kind" {
  type        = string
  default     = "disk" # why: a disk is quick
  description = "What the store is made of."
}

variable "mirror" {
  type        = bool
  default     = false # why: one store is cheaper
  description = "Whether there is a second store."
}

variable "days" {
  type        = number
  default     = 7 # why: a week is enough
  description = "Days for which data is kept."
}

variable "tags" {
  type        = list(string)
  default     = [] # why: no tag is needed
  description = "Tags of the data."
}
