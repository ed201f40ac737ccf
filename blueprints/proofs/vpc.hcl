proof "vpc.nat-gateway-in-public-subnet" {
  options = { outbound = "nat-gateway" }

  every "aws_nat_gateway" {
    subnet_id = refers_to("aws_subnet.network_public")
  }

  some "aws_route" {
    nat_gateway_id = refers_to("aws_nat_gateway")
    route_table_id = refers_to("aws_route_table.network_app")
  }
}

proof "vpc.internet-gateway-on-vpc" {
  every "aws_internet_gateway" {
    vpc_id = refers_to("aws_vpc")
  }
}

proof "vpc.nacl-both-directions" {
  options = { network_acl = true }

  every "aws_network_acl" {
    subnet_ids = refers_to("aws_subnet")

    ingress {
      action = "allow"
    }

    egress {
      action = "allow"
    }
  }
}

proof "vpc.nacl-evaluation-order" {
  options = { network_acl = true }

  every "aws_network_acl" {
    ingress {
      rule_no = 100
    }
  }

  rule "nacl-order" {
    add {
      text = <<-EOT
        resource "aws_network_acl_rule" "all" {
          network_acl_id = aws_network_acl.order.id
          rule_number    = 90
          protocol       = "-1"
          rule_action    = "allow"
          cidr_block     = "0.0.0.0/0"
        }

        resource "aws_network_acl_rule" "none" {
          network_acl_id = aws_network_acl.order.id
          rule_number    = 95
          protocol       = "tcp"
          rule_action    = "deny"
          cidr_block     = "10.0.0.0/8"
          from_port      = 22
          to_port        = 22
        }

        resource "aws_network_acl" "order" {
          vpc_id = aws_vpc.network.id
        }
      EOT
    }
  }
}

proof "vpc.public-subnet-direct-requests" {
  every "aws_route" {
    where {
      gateway_id = set()
    }

    route_table_id = refers_to("aws_route_table.network_public")
  }

  every "aws_route_table_association" {
    where {
      subnet_id = refers_to("aws_subnet.network_public")
    }

    route_table_id = refers_to("aws_route_table.network_public")
  }

  every "aws_internet_gateway" {
    vpc_id = refers_to("aws_vpc")
  }
}

proof "vpc.private-subnet-via-nat" {
  options = { outbound = "nat-gateway" }

  every "aws_route" {
    where {
      route_table_id = refers_to("aws_route_table.network_app")
    }

    nat_gateway_id = refers_to("aws_nat_gateway")
    gateway_id     = absent()
  }
}

proof "vpc.public-subnet-holds-nat" {
  options = { outbound = "nat-gateway" }

  every "aws_nat_gateway" {
    subnet_id = refers_to("aws_subnet.network_public")
  }
}

proof "vpc.private-app-subnet-holds-applications" {
  every "aws_ecs_service" {
    network_configuration {
      subnets = refers_to("aws_subnet.network_app")
    }
  }
}

proof "vpc.private-datastore-subnet-holds-databases" {
  every "aws_db_subnet_group" {
    subnet_ids = refers_to("aws_subnet.network_datastore")
  }

  every "aws_elasticache_subnet_group" {
    subnet_ids = refers_to("aws_subnet.network_datastore")
  }
}

# The network interface is that of the gateway.
proof "vpc.eip-association-target" {
  options = { outbound = "nat-gateway" }

  every "aws_eip" {
    instance = absent()
  }

  every "aws_nat_gateway" {
    allocation_id = refers_to("aws_eip")
  }
}

proof "vpc.cidr-design-procedure" {
  human "runbooks/network.md" {
    heading = "Plan the addresses"
    says    = "list.*next free block that overlaps none.*division into subnets.*Enter the new range in the list"
  }
}

proof "vpc.cidr-holds-all-subnets" {
  every "aws_subnet" {
    cidr_block = refers_to("aws_vpc.network")
  }

  every "aws_vpc" {
    lifecycle {
      precondition {
        condition = matches("network_subnet_sizes.*pow\\(2, 32 - local\\.network_prefix\\)")
      }
    }
  }
}

proof "vpc.cidr-rfc1918" {
  every "aws_vpc" {
    cidr_block = matches("^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.)")
  }

  some "variable" "vpc_cidr" {
    validation {
      condition = matches("\\^\\(10\\|172.*192\\\\\\\\.168")
    }
  }
}

proof "vpc.cidr-central-register" {
  duty = "The list belongs to the company, and is older than any module."

  human "runbooks/network.md" {
    heading = "Plan the addresses"
    says    = "list.*Enter the new range in the list"
  }
}

proof "vpc.cidr-no-overlap-between-applications" {
  every "aws_vpc" {
    lifecycle {
      precondition {
        condition = matches("network_overlaps\\) == 0")
      }
    }
  }

  some "variable" "other_cidrs" {
    default = set()
  }
}

proof "vpc.cidr-next-free-block" {
  every "aws_vpc" {
    cidr_block = "10.200.48.0/23"
  }
}

proof "vpc.cidr-size-limits" {
  some "variable" "vpc_cidr" {
    validation {
      condition = matches("/\\(1\\[6-9\\]\\|2\\[0-8\\]\\)\\$")
    }
  }
}

proof "vpc.cidr-prefix-length" {
  every "aws_vpc" {
    cidr_block = matches("/23$")
  }
}

# By the weights of the tiers, which are equal where all subnets are to be the same size.
proof "vpc.subnet-size-by-division" {
  given = {
    vpc_cidr       = "10.0.0.0/23"
    subnet_weights = { app = 1, public = 1, datastore = 1 }
  }

  every "aws_subnet" {
    cidr_block = matches("/27$")
  }
}

proof "vpc.subnet-prefix-for-vpc-16" {
  given = {
    vpc_cidr       = "10.0.0.0/16"
    subnet_weights = { app = 1, public = 1, datastore = 1 }
  }

  every "aws_subnet" {
    cidr_block = matches("/24$")
  }
}

proof "vpc.subnet-prefix-for-vpc-23" {
  given = {
    vpc_cidr       = "10.0.0.0/23"
    subnet_weights = { app = 1, public = 1, datastore = 1 }
  }

  every "aws_subnet" {
    cidr_block = matches("/27$")
  }
}

proof "vpc.min-addresses-alb" {
  every "aws_vpc" {
    lifecycle {
      precondition {
        condition = matches("network_app_needs.*<= local\\.network_subnet_sizes\\.app - 5")
      }
    }
  }

  file "network.tf" {
    matches = "\"load balancer\" += 8"
  }
}

proof "vpc.min-addresses-autoscaling" {
  rule "subnet-addresses" {
    add {
      text = <<-EOT
        resource "aws_vpc" "small" {
          cidr_block = "10.99.0.0/24"
        }

        resource "aws_subnet" "small" {
          vpc_id     = aws_vpc.small.id
          cidr_block = "10.99.0.0/28"
        }

        resource "aws_autoscaling_group" "servers" {
          min_size            = 1
          max_size            = 40
          vpc_zone_identifier = [aws_subnet.small.id]
        }
      EOT
    }
  }
}

proof "vpc.min-addresses-vpc-endpoint" {
  every "aws_vpc" {
    lifecycle {
      precondition {
        condition = matches("network_app_needs.*<= local\\.network_subnet_sizes\\.app - 5")
      }
    }
  }

  file "network.tf" {
    matches = "\"VPC endpoints\" += length\\(local\\.network_interface_endpoints\\)"
  }
}

proof "vpc.min-addresses-ecs-eks" {
  every "aws_vpc" {
    lifecycle {
      precondition {
        condition = matches("network_app_needs.*<= local\\.network_subnet_sizes\\.app - 5")
      }
    }
  }

  file "network.tf" {
    matches = "\"applications\" += 2 \\* ceil\\(var\\.service_scaling\\.max / "
  }
}

# Eleven instances just fit into the eleven addresses of a /28; with a function they
# do not.
proof "vpc.min-addresses-lambda" {
  rule "subnet-addresses" {
    add {
      text = <<-EOT
        resource "aws_vpc" "tiny" {
          cidr_block = "10.99.0.0/24"
        }

        resource "aws_subnet" "tiny" {
          vpc_id     = aws_vpc.tiny.id
          cidr_block = "10.99.0.0/28"
        }

        resource "aws_autoscaling_group" "servers" {
          min_size            = 1
          max_size            = 11
          vpc_zone_identifier = [aws_subnet.tiny.id]
        }

        resource "aws_lambda_function" "one" {
          function_name = "one"
          role          = aws_iam_role.service_task.arn

          vpc_config {
            subnet_ids         = [aws_subnet.tiny.id]
            security_group_ids = [aws_security_group.service.id]
          }
        }
      EOT
    }
  }
}

proof "vpc.connectivity-vpc-count" {
  options = { peering = "request", transit_gateway = "new", endpoint_service = "provide" }

  every "aws_vpc_peering_connection" {
    vpc_id      = refers_to("aws_vpc.network")
    peer_vpc_id = set()
  }

  every "aws_vpc_endpoint_service_allowed_principal" {
    vpc_endpoint_service_id = refers_to("aws_vpc_endpoint_service")
  }

  every "aws_ec2_transit_gateway_vpc_attachment" {
    transit_gateway_id = refers_to("aws_ec2_transit_gateway")
  }
}

# Departed: AWS has moved on.
proof "vpc.connectivity-ip-family" {
  duty = "Those who own both networks decide how they are connected."

  human "runbooks/network.md" {
    heading = "Connect the VPC to another network"
    says    = "IPv4 and IPv6 \\| yes \\| yes, since 2022 \\| yes"
  }
}

proof "vpc.connectivity-reachable-resources" {
  options = { endpoint_service = "provide" }

  every "aws_vpc_endpoint_service" {
    network_load_balancer_arns = refers_to("aws_lb")
  }

  every "aws_lb" {
    load_balancer_type = "network"
  }
}

proof "vpc.connectivity-overlapping-cidr" {
  rule "peered-vpcs-apart" {
    add {
      text = <<-EOT
        resource "aws_vpc" "here" {
          cidr_block = "10.98.0.0/16"
        }

        resource "aws_vpc" "there" {
          cidr_block = "10.98.0.0/20"
        }

        resource "aws_vpc_peering_connection" "both" {
          vpc_id      = aws_vpc.here.id
          peer_vpc_id = aws_vpc.there.id
        }
      EOT
    }
  }
}

# Departed: AWS has moved on.
proof "vpc.connectivity-cross-region" {
  duty = "Those who own both networks decide how they are connected."

  human "runbooks/network.md" {
    heading = "Connect the VPC to another network"
    says    = "Other region \\| yes \\| yes, since 2024"
  }
}

proof "vpc.connectivity-vpc-to-on-premises" {
  options = { transit_gateway = "new", vpn = true }

  every "aws_vpn_connection" {
    transit_gateway_id  = refers_to("aws_ec2_transit_gateway")
    vpn_gateway_id      = absent()
    customer_gateway_id = refers_to("aws_customer_gateway")
  }
}

# Departed with the option: without it, the VPC's own ACL allows everything.
proof "vpc.nacl-inbound-rules" {
  options = { network_acl = true }

  every "aws_network_acl" {
    ingress {
      rule_no    = 100
      action     = "allow"
      protocol   = "tcp"
      cidr_block = refers_to("aws_vpc")
    }
  }
}
