proof "ami.official-vendor" {
  options = { bastion = true }

  every "data" "aws_ami" {
    owners = ["amazon"]
  }

  every "aws_instance" {
    ami = refers_to("data.aws_ami")
  }
}
