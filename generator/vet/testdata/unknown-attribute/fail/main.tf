resource "aws_eks_cluster" "main" {
  name     = "x"
  role_arn = "arn:aws:iam::111111111111:role/x"

  vpc_config {
    subnet_ids = ["subnet-1", "subnet-2"]
  }
}

resource "aws_acm_certificate" "main" {
  domain_name = "example.com"
}

variable "settings" {
  type    = object({ name = string, extra = optional(object({ size = number })) })
  default = { name = "x" }
}

locals {
  tags  = { Name = "x", Port = 80 }
  certs = [aws_acm_certificate.main]
}

output "cluster" {
  value = {
    arn     = aws_eks_cluster.main.ar
    vpc     = aws_eks_cluster.main.vpc_config.vpc_id
    subnets = aws_eks_cluster.main.vpc_config[0].subnets
    splat   = aws_eks_cluster.main.vpc_config[*].subnets
    deep    = aws_eks_cluster.main.name.first
    set     = aws_acm_certificate.main.domain_validation_options[0].resource_record_name
    setname = aws_acm_certificate.main.domain_validation_options.resource_record_name
    size    = var.settings.extra.sizes
    name    = var.settings.nam
    zero    = var.settings.name[0]
    tag     = local.tags.Nam
    each    = [for c in local.certs : c.arns]
    string  = [for t in [local.tags] : t][0]["Naem"]
    list    = aws_eks_cluster.main.vpc_config["first"]
    digits  = aws_eks_cluster.main.vpc_config["0"].vpc_id
    one     = one(aws_eks_cluster.main.vpc_config).vpcid
  }
}
