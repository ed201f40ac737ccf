# Routes on both sides: one requests, the other accepts.
proof "vpc-peering.one-to-one" {
  options = { peering = "both" }

  every "aws_vpc_peering_connection" {
    vpc_id      = refers_to("aws_vpc")
    peer_vpc_id = "vpc-0123456789abcdef1"
  }

  some "aws_route" {
    vpc_peering_connection_id = refers_to("aws_vpc_peering_connection.peering")
    destination_cidr_block    = "10.201.0.0/16"
  }

  some "aws_route" {
    vpc_peering_connection_id = refers_to("aws_vpc_peering_connection_accepter.accepted_peering")
    destination_cidr_block    = "10.202.0.0/16"
  }
}

# One peer next door and one elsewhere. Only the first is accepted from here.
proof "vpc-peering.account-and-region" {
  options = { peering = "both" }

  given = {
    peers = {
      near = { vpc_id = "vpc-0123456789abcdef1", cidr_blocks = ["10.201.0.0/16"] }
      far  = { vpc_id = "vpc-0123456789abcdef2", cidr_blocks = ["10.203.0.0/16"], account_id = "210987654321", region = "eu-west-3" }
    }
  }

  some "aws_vpc_peering_connection" {
    where {
      peer_vpc_id = "vpc-0123456789abcdef1"
    }

    peer_owner_id = absent()
    peer_region   = absent()
    auto_accept   = true
  }

  some "aws_vpc_peering_connection" {
    where {
      peer_vpc_id = "vpc-0123456789abcdef2"
    }

    peer_owner_id = "210987654321"
    peer_region   = "eu-west-3"
    auto_accept   = false
  }

  every "aws_vpc_peering_connection_accepter" {
    auto_accept = true
  }
}

# All IPv4 ranges of both sides, in the plan and in your own modules.
proof "vpc-peering.cidr-all-different" {
  options = { peering = "both" }

  every "aws_vpc_peering_connection" {
    lifecycle {
      precondition {
        condition = matches("^length\\(local\\.peering_overlaps\\[each\\.key\\]\\) == 0$")
      }
    }
  }

  every "aws_vpc_peering_connection_accepter" {
    lifecycle {
      precondition {
        condition = matches("^length\\(local\\.accepted_peering_overlaps\\[each\\.key\\]\\) == 0$")
      }
    }
  }

  rule "peered-vpcs-apart" {
    add {
      text = <<-EOT
        resource "aws_vpc" "here" {
          cidr_block = "10.96.0.0/16"
        }

        resource "aws_vpc_ipv4_cidr_block_association" "here" {
          vpc_id     = aws_vpc.here.id
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

proof "vpc-peering.ipv6-does-not-help" {
  options = { peering = "both" }

  some "variable" "peers" {
    validation {
      condition = matches("cidrnetmask\\(cidr\\)")
    }
  }

  some "variable" "accepted_peerings" {
    validation {
      condition = matches("cidrnetmask\\(cidr\\)")
    }
  }

  rule "peered-vpcs-apart" {
    add {
      text = <<-EOT
        resource "aws_vpc" "here" {
          cidr_block                       = "10.98.0.0/16"
          assign_generated_ipv6_cidr_block = true
        }

        resource "aws_vpc" "there" {
          cidr_block                       = "10.98.0.0/16"
          assign_generated_ipv6_cidr_block = true
        }

        resource "aws_vpc_peering_connection" "both" {
          vpc_id      = aws_vpc.here.id
          peer_vpc_id = aws_vpc.there.id
        }
      EOT
    }
  }
}
