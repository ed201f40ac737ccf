variable "name" {
  type        = string
  description = "Name of the page."
}

variable "store_id" {
  type        = string
  default     = null # why: a page may stand alone
  description = "Id of the store."
}

variable "language" {
  type        = string
  default     = "en" # why: most read it
  description = "Language of the page."
}
