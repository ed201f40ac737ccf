proof "efs.mount-target-same-subnet-as-client" {
  options = { file_system = true }

  every "aws_efs_mount_target" {
    subnet_id = refers_to("aws_subnet.network_app")
  }

  every "aws_ecs_service" {
    network_configuration {
      subnets = refers_to("aws_subnet.network_app")
    }
  }
}

proof "efs.sg-allow-nfs-from-ec2" {
  options = { file_system = true }

  every "aws_efs_mount_target" {
    security_groups = refers_to("aws_security_group.files")
  }

  some "aws_vpc_security_group_ingress_rule" {
    security_group_id            = refers_to("aws_security_group.files")
    referenced_security_group_id = refers_to("aws_security_group.service")
    ip_protocol                  = "tcp"
    from_port                    = 2049
    to_port                      = 2049
  }
}

waive "efs.provisioned-when-credits-fall" {
  reason = "The file system's throughput is elastic, so there are no credits to run out of."
}
