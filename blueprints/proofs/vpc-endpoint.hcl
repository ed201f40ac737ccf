# Departed: that of DynamoDB is added by hand.
proof "vpc-endpoint.type" {
  every "aws_vpc_endpoint" {
    where {
      service_name = matches("\\.(s3|dynamodb)$")
    }

    vpc_endpoint_type = "Gateway"
  }

  every "aws_vpc_endpoint" {
    where {
      service_name = not(matches("\\.(s3|dynamodb)$"))
    }

    vpc_endpoint_type = "Interface"
  }

  some "aws_vpc_endpoint" {
    service_name = matches("\\.s3$")
  }
}

proof "vpc-endpoint.interface-is-eni" {
  every "aws_vpc_endpoint" {
    where {
      vpc_endpoint_type = "Interface"
    }

    subnet_ids          = refers_to("aws_subnet.network_app")
    security_group_ids  = refers_to("aws_security_group.network_endpoints")
    private_dns_enabled = true
  }
}

proof "vpc-endpoint.gateway-by-route-table" {
  every "aws_vpc_endpoint" {
    where {
      vpc_endpoint_type = "Gateway"
    }

    route_table_ids = refers_to("aws_route_table.network_app")
    subnet_ids      = absent()
  }
}
