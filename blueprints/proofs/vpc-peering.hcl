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
