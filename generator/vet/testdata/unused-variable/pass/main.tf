variable "name" {
  type = string

  validation {
    condition     = var.name != var.other
    error_message = "The names are equal."
  }
}

variable "other" {
  type    = string
  default = "y"
}

variable "aws_provider" {
  type    = string
  default = "6"
}

resource "aws_eip" "main" {
  domain = "vpc"
  # bpgen:if var.aws_provider == "6"
  region = "us-east-1"
  tags   = { Name = var.name }
}
