variable "name" {
  description = "Name of the repository."
  type        = string
  nullable    = false
}

variable "images_kept" {
  description = "Number of newest images kept in the repository; older ones are deleted."
  type        = number
  default     = 30 # why: enough to roll back by weeks; what runs is never that old
  nullable    = false

  validation {
    condition     = var.images_kept >= 2 && floor(var.images_kept) == var.images_kept
    error_message = "images_kept must be a whole number, 2 or more, so that the version before the newest stays for a rollback."
  }
}

variable "disposable" {
  description = "Whether the repository may be deleted with the images in it."
  type        = bool
  default     = false # why: what is deleted by mistake must be there to restore
  nullable    = false
}
