mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                       = "example"
  vpc_id                     = "vpc-0123456789abcdef0"
  subnet_ids                 = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  endpoint_security_group_id = "sg-0123456789abcdef2"
  database_security_group_id = "sg-0123456789abcdef3"
  port                       = 3306
}

run "is_no_way_in_from_the_internet" {
  command = apply

  assert {
    condition     = !aws_instance.this.associate_public_ip_address && aws_instance.this.metadata_options[0].http_tokens == "required" && aws_instance.this.root_block_device[0].encrypted
    error_message = "The bastion must have no public address, protect its credentials and encrypt its disk."
  }

  assert {
    condition     = data.aws_ami.this.owners == tolist(["amazon"]) && contains(flatten([for filter in data.aws_ami.this.filter : filter.values if filter.name == "root-device-type"]), "ebs") && aws_instance.this.ami == data.aws_ami.this.id
    error_message = "The image must be the vendor's own, with a volume as its root device."
  }

  assert {
    condition     = aws_instance.this.vpc_security_group_ids == toset([aws_security_group.this.id]) && aws_vpc_security_group_egress_rule.database.referenced_security_group_id == var.database_security_group_id && aws_vpc_security_group_ingress_rule.database.ip_protocol == "tcp"
    error_message = "The bastion must have its own group, which may connect to the database."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.database.referenced_security_group_id == aws_security_group.this.id && aws_vpc_security_group_ingress_rule.database.security_group_id == var.database_security_group_id && aws_vpc_security_group_ingress_rule.database.from_port == var.port && aws_vpc_security_group_ingress_rule.database.to_port == var.port
    error_message = "The database must allow the bastion on its own port only."
  }

  assert {
    condition     = endswith(aws_iam_role_policy_attachment.this.policy_arn, ":policy/AmazonSSMManagedInstanceCore") && aws_instance.this.iam_instance_profile == aws_iam_instance_profile.this.name
    error_message = "The role must have the permissions that Session Manager needs."
  }

  assert {
    condition     = jsondecode(aws_iam_policy.connect.policy).Statement[0].Action == "ssm:StartSession" && alltrue([for arn in jsondecode(aws_iam_policy.connect.policy).Statement[0].Resource : endswith(arn, "/${aws_instance.this.id}") || endswith(arn, ":document/AWS-StartPortForwardingSessionToRemoteHost")]) && jsondecode(aws_iam_policy.connect.policy).Statement[0].Condition.BoolIfExists["ssm:SessionDocumentAccessCheck"] == "true"
    error_message = "People must be able to open a tunnel through the bastion, but not a shell."
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_egress_rule.internet : rule.from_port == 443 && rule.to_port == 443])
    error_message = "Only HTTPS may go out to the internet."
  }

  assert {
    condition     = aws_instance.this.ami == data.aws_ami.this.id && aws_instance.this.vpc_security_group_ids == toset([aws_security_group.this.id])
    error_message = "The bastion must run Amazon's image, in a security group of its own."
  }
}
