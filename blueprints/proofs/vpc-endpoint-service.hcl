# A network load balancer behind the service, and many who may connect to it.
proof "vpc-endpoint-service.nlb-one-to-many" {
  options = { endpoint_service = "both" }

  some "aws_vpc_endpoint_service" {
    network_load_balancer_arns = refers_to("aws_lb.balancer")
    acceptance_required        = true
  }

  some "aws_lb" {
    load_balancer_type = "network"
    internal           = true
  }

  some "aws_vpc_endpoint_service_allowed_principal" {
    vpc_endpoint_service_id = refers_to("aws_vpc_endpoint_service.endpoint_service")
    principal_arn           = "arn:aws:iam::210987654321:root"
  }

  some "aws_vpc_endpoint" {
    where {
      service_name = matches("\\.vpce-svc-")
    }

    vpc_endpoint_type = "Interface"
    subnet_ids        = refers_to("aws_subnet.network_app")
  }
}

# The provider says it, and the consumer's variable takes nothing else.
proof "vpc-endpoint-service.service-name" {
  options = { endpoint_service = "both" }

  some "output" "endpoint_service_name" {
    value = refers_to("aws_vpc_endpoint_service.endpoint_service")
  }

  some "aws_vpc_endpoint" {
    service_name = matches("^com\\.amazonaws\\.vpce\\.[a-z0-9-]+\\.vpce-svc-[0-9a-f]+$")
  }

  some "variable" "endpoint_services" {
    validation {
      condition = matches("vpce-svc-\\[0-9a-f\\]\\{8,17\\}")
    }
  }

  human "runbooks/endpoint_service-offer.md" {
    heading = "Let someone connect"
    says    = "Give them the name of the service, `com\\.amazonaws\\.vpce\\.<region>\\.vpce-svc-<id>`"
  }
}

# An API in front of a private service is described for people: no blueprint has one.
proof "vpc-endpoint-service.api-gateway-vpc-link" {
  options = { endpoint_service = "provide" }

  human "runbooks/endpoint_service-offer.md" {
    heading = "Call it from API Gateway"
    says    = "VPC link \\(`aws_api_gateway_vpc_link`\\), which is an endpoint service as well"
  }
}
