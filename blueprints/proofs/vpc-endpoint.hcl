proof "vpc-endpoint.type" {
  given = { extra_endpoints = ["dynamodb", "sqs"] }

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

  some "aws_vpc_endpoint" {
    service_name = matches("\\.dynamodb$")
  }

  some "aws_vpc_endpoint" {
    service_name = matches("\\.sqs$")
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
