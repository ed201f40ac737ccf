variable "name" {
  description = "Name of the repository."
  type        = string
  nullable    = false
}

variable "images_kept" {
  description = "Number of newest images to keep in the repository; older ones are deleted."
  type        = number
  default     = 30 # why: enough to roll back by several weeks; the running version is never that old
  nullable    = false

  validation {
    condition     = var.images_kept >= 2 && floor(var.images_kept) == var.images_kept
    error_message = "images_kept must be a whole number, 2 or more, so that the previous version is kept for a rollback."
  }
}

variable "disposable" {
  description = "Allow the repository to be deleted with the images in it."
  type        = bool
  default     = false # why: what is deleted by mistake must be recoverable
  nullable    = false
}
