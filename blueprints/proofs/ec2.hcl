proof "ec2.root-device-ebs" {
  options = { bastion = true }

  every "data" "aws_ami" {
    filter {
      where {
        name = "root-device-type"
      }

      values = ["ebs"]
    }
  }

  every "aws_instance" {
    root_block_device {
      encrypted = true
    }
  }
}

proof "ec2.root-device-not-instance-store" {
  options = { bastion = true }

  every "data" "aws_ami" {
    filter {
      where {
        name = "root-device-type"
      }

      values = ["ebs"]
    }
  }
}
