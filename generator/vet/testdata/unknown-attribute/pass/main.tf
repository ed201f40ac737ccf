resource "aws_eks_cluster" "main" {
  name     = "x"
  role_arn = "arn:aws:iam::111111111111:role/x"

  vpc_config {
    subnet_ids = ["subnet-1", "subnet-2"]
  }
}

variable "settings" {
  type    = object({ name = string, extra = optional(object({ size = number })) })
  default = { name = "x" }
}

output "cluster" {
  value = {
    vpc     = aws_eks_cluster.main.vpc_config[0].vpc_id
    issuer  = aws_eks_cluster.main.identity[0].oidc[0].issuer
    all     = aws_eks_cluster.main.vpc_config[*].subnet_ids
    first   = one(aws_eks_cluster.main.vpc_config[*].vpc_id)
    size    = try(var.settings.extra.size, 1)
    missing = try(var.settings.missing, "none")
    there   = can(var.settings.missing)
    key     = one([for k in ["x"] : { (k) = 1 }]).x

    # What fails only when its arm is taken, Terraform accepts.
    arm  = var.settings.name == "x" ? "ok" : { a = "1" }["none"]
    loop = [for k in split(",", var.settings.name) : ({ a = "1" }).none if k == "none"]
  }
}

# Members that the code spells out need not be alike where a condition guards
# what is asked of them.
locals {
  queues = { a = { name = "x", fifo = true }, b = { fifo = false } }
  plain  = { a = { fifo = true }, b = { fifo = false } }
}

resource "aws_sqs_queue" "each" {
  for_each = local.queues

  name                        = try(each.value.name, "") != "" ? each.value.name : each.key
  content_based_deduplication = each.value.fifo ? true : null
}

resource "aws_security_group" "each" {
  dynamic "ingress" {
    for_each = [{ port = 443, cidr = "10.0.0.0/8" }]
    content {
      from_port   = ingress.value.port
      to_port     = can(ingress.value.last) ? ingress.value.last : ingress.value.port
      protocol    = "tcp"
      cidr_blocks = [ingress.value.cidr]
    }
  }
}

output "spelled" {
  value = [for q in local.queues : q.nick if can(q.nick)]
}

output "spelled_alike" {
  value = [for q in local.plain : q.nick if can(q.nick)]
}
