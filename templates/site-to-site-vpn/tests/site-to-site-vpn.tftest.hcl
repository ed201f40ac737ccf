mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                = "example"
  transit_gateway_id  = "tgw-0123456789abcdef0"
  transit_gateway_asn = 64512
  customer_gateway    = { address = "203.0.113.10" }
  log_retention_days  = 90
}

run "joins_the_office" {
  command = apply

  assert {
    condition     = aws_vpn_connection.this.customer_gateway_id == aws_customer_gateway.this.id && aws_customer_gateway.this.ip_address == var.customer_gateway.address && aws_customer_gateway.this.bgp_asn == tostring(var.customer_gateway.asn) && aws_vpn_connection.this.transit_gateway_id == var.transit_gateway_id && aws_vpn_connection.this.vpn_gateway_id == null
    error_message = "The VPN must lead from the router to the transit gateway."
  }

  assert {
    condition     = aws_vpn_connection.this.preshared_key_storage == "SecretsManager"
    error_message = "The keys of the tunnels must not be in the state."
  }

  assert {
    condition     = aws_vpn_connection.this.tunnel1_ike_versions == toset(["ikev2"]) && aws_vpn_connection.this.tunnel2_ike_versions == toset(["ikev2"])
    error_message = "Both tunnels must refuse IKEv1."
  }

  assert {
    condition     = alltrue([for algorithms in [aws_vpn_connection.this.tunnel1_phase1_encryption_algorithms, aws_vpn_connection.this.tunnel1_phase2_encryption_algorithms, aws_vpn_connection.this.tunnel2_phase1_encryption_algorithms, aws_vpn_connection.this.tunnel2_phase2_encryption_algorithms] : algorithms == toset(["AES256-GCM-16"])])
    error_message = "Both tunnels must encrypt with AES-256-GCM."
  }

  assert {
    condition     = alltrue([for algorithms in [aws_vpn_connection.this.tunnel1_phase1_integrity_algorithms, aws_vpn_connection.this.tunnel1_phase2_integrity_algorithms, aws_vpn_connection.this.tunnel2_phase1_integrity_algorithms, aws_vpn_connection.this.tunnel2_phase2_integrity_algorithms] : algorithms == toset(["SHA2-384", "SHA2-512"])])
    error_message = "Both tunnels must refuse SHA-1."
  }

  assert {
    condition     = alltrue([for groups in [aws_vpn_connection.this.tunnel1_phase1_dh_group_numbers, aws_vpn_connection.this.tunnel1_phase2_dh_group_numbers, aws_vpn_connection.this.tunnel2_phase1_dh_group_numbers, aws_vpn_connection.this.tunnel2_phase2_dh_group_numbers] : groups == toset([19, 20, 21])])
    error_message = "Both tunnels must refuse 1024-bit groups."
  }

  assert {
    condition     = alltrue([for options in [aws_vpn_connection.this.tunnel1_log_options[0].cloudwatch_log_options[0], aws_vpn_connection.this.tunnel2_log_options[0].cloudwatch_log_options[0]] : options.log_enabled && options.log_group_arn == aws_cloudwatch_log_group.this.arn]) && aws_cloudwatch_log_group.this.retention_in_days == var.log_retention_days
    error_message = "Both tunnels must log, and the log must be kept as long as configured."
  }

  assert {
    condition     = output.alarms["vpn"].dimensions == { VpnId = aws_vpn_connection.this.id } && output.alarms["vpn"].metrics["TunnelState"].threshold == 1
    error_message = "The module must say that both tunnels are to be monitored."
  }
}

run "refuses_a_private_address" {
  command = plan

  variables {
    customer_gateway = { address = "192.168.1.1" }
  }

  expect_failures = [var.customer_gateway]
}

run "refuses_one_number_for_both_ends" {
  command = plan

  variables {
    customer_gateway    = { address = "203.0.113.10", asn = 64600 }
    transit_gateway_asn = 64600
  }

  expect_failures = [aws_customer_gateway.this]
}
