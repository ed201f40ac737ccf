proof "security-group.source-security-group-id" {
  every "aws_vpc_security_group_ingress_rule" {
    where {
      security_group_id = refers_to("aws_security_group.service")
    }

    referenced_security_group_id = refers_to("aws_security_group.load_balancer")
    cidr_ipv4                    = absent()
  }
}

proof "security-group.app-ec2-source" {
  every "aws_vpc_security_group_ingress_rule" {
    where {
      security_group_id = refers_to("aws_security_group.service")
    }

    referenced_security_group_id = refers_to("aws_security_group.load_balancer")
  }
}

# The task replaces the notes' instance.
proof "security-group.app-ec2-http" {
  every "aws_vpc_security_group_ingress_rule" {
    where {
      security_group_id = refers_to("aws_security_group.service")
    }

    ip_protocol                  = "tcp"
    from_port                    = 80
    to_port                      = 80
    referenced_security_group_id = refers_to("aws_security_group.load_balancer")
  }
}

proof "security-group.efs-source" {
  options = { file_system = true }

  every "aws_vpc_security_group_ingress_rule" {
    where {
      security_group_id = refers_to("aws_security_group.files")
    }

    referenced_security_group_id = refers_to("aws_security_group.service")
    cidr_ipv4                    = absent()
  }

  every "aws_efs_mount_target" {
    security_groups = refers_to("aws_security_group.files")
  }
}

proof "security-group.efs-nfs" {
  options = { file_system = true }

  every "aws_vpc_security_group_ingress_rule" {
    where {
      security_group_id = refers_to("aws_security_group.files")
    }

    ip_protocol                  = "tcp"
    from_port                    = 2049
    to_port                      = 2049
    referenced_security_group_id = refers_to("aws_security_group.service")
  }

  some "aws_vpc_security_group_ingress_rule" {
    security_group_id = refers_to("aws_security_group.files")
  }
}

proof "security-group.rds-source" {
  every "aws_vpc_security_group_ingress_rule" {
    where {
      security_group_id = refers_to("aws_security_group.database")
    }

    referenced_security_group_id = refers_to("aws_security_group.service")
    cidr_ipv4                    = absent()
  }
}

proof "security-group.rds-mysql" {
  every "aws_vpc_security_group_ingress_rule" {
    where {
      security_group_id = refers_to("aws_security_group.database")
    }

    ip_protocol                  = "tcp"
    from_port                    = 3306
    to_port                      = 3306
    referenced_security_group_id = refers_to("aws_security_group.service")
  }
}

proof "security-group.redis-source" {
  every "aws_vpc_security_group_ingress_rule" {
    where {
      security_group_id = refers_to("aws_security_group.cache")
    }

    referenced_security_group_id = refers_to("aws_security_group.service")
    cidr_ipv4                    = absent()
  }
}

proof "security-group.redis-tcp" {
  every "aws_vpc_security_group_ingress_rule" {
    where {
      security_group_id = refers_to("aws_security_group.cache")
    }

    ip_protocol                  = "tcp"
    from_port                    = 6379
    to_port                      = 6379
    referenced_security_group_id = refers_to("aws_security_group.service")
  }
}

proof "security-group.alb-behind-cloudfront-waf" {
  every "aws_cloudfront_distribution" {
    web_acl_id = refers_to("aws_wafv2_web_acl")
  }

  every "aws_wafv2_web_acl" {
    scope = "CLOUDFRONT"
  }
}

# Departed: no bastion, and no port for SSH.
proof "security-group.app-ec2-ssh-from-bastion" {
  no "aws_vpc_security_group_ingress_rule" {
    from_port = 22
  }

  no "aws_instance" {
  }
}

proof "security-group.bastion-ssh" {
  no "aws_vpc_security_group_ingress_rule" {
    from_port = 22
  }

  no "aws_instance" {
  }
}

# Departed: only CloudFront reaches the load balancer, which has no public address.
proof "security-group.alb-source" {
  every "aws_lb" {
    internal = true
  }

  every "aws_vpc_security_group_ingress_rule" {
    where {
      security_group_id = refers_to("aws_security_group.load_balancer")
    }

    prefix_list_id = refers_to("data.aws_ec2_managed_prefix_list")
    cidr_ipv4      = absent()
    cidr_ipv6      = absent()
  }
}

# Its owner says who may reach it: there is no default that is open to everyone.
proof "security-group.alb-without-cloudfront" {
  options = { cdn = false }

  every "aws_vpc_security_group_ingress_rule" {
    where {
      security_group_id = refers_to("aws_security_group.load_balancer")
    }

    cidr_ipv4 = "203.0.113.0/24"
    cidr_ipv6 = absent()
  }

  some "variable" "load_balancer_ingress_cidr_blocks" {
    default = absent()
  }
}

# Departed: only HTTPS, and only from CloudFront.
proof "security-group.alb-http" {
  no "aws_vpc_security_group_ingress_rule" {
    security_group_id = refers_to("aws_security_group.load_balancer")
    from_port         = 80
  }
}

proof "security-group.alb-https" {
  every "aws_vpc_security_group_ingress_rule" {
    where {
      security_group_id = refers_to("aws_security_group.load_balancer")
    }

    ip_protocol    = "tcp"
    from_port      = 443
    to_port        = 443
    prefix_list_id = refers_to("data.aws_ec2_managed_prefix_list")
  }
}

# Departed: by port and destination.
proof "security-group.egress-all" {
  every "aws_vpc_security_group_egress_rule" {
    ip_protocol = "tcp"
    from_port   = set()
    cidr_ipv4   = absent()
  }
}
