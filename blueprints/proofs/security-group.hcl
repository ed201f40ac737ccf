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

# The task takes the place of the notes' instance.
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

waive "security-group.efs-source" {
  reason = "The architecture has no file system; a runbook says how one is added, with this source."
}

waive "security-group.efs-nfs" {
  reason = "The architecture has no file system; a runbook says how one is added, with this port."
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
