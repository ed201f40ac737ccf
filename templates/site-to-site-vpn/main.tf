# The router at the other end, which uses BGP.
resource "aws_customer_gateway" "this" {
  type       = "ipsec.1"
  ip_address = var.customer_gateway.address
  bgp_asn    = var.customer_gateway.asn

  tags = { Name = var.name } # notes: tags.name resources without a name get this tag

  lifecycle {
    precondition {
      condition     = var.customer_gateway.asn != var.transit_gateway_asn
      error_message = "The router has the BGP ASN ${var.customer_gateway.asn}, and so does the transit gateway. Give one of them a different one."
    }
  }
}

# Two tunnels to two of AWS's addresses, so that one can fail or be maintained.
# notes: vpc.connectivity-vpc-to-on-premises connects an office or a data centre to the VPCs
resource "aws_vpn_connection" "this" {
  type                  = "ipsec.1"
  customer_gateway_id   = aws_customer_gateway.this.id
  transit_gateway_id    = var.transit_gateway_id
  preshared_key_storage = "SecretsManager" # why: the keys of the tunnels stay out of the state

  tunnel1_ike_versions                 = ["ikev2"]
  tunnel1_phase1_encryption_algorithms = ["AES256-GCM-16"]
  tunnel1_phase1_integrity_algorithms  = ["SHA2-384", "SHA2-512"]
  tunnel1_phase1_dh_group_numbers      = [19, 20, 21] # why: AWS also accepts 1024-bit groups unless told otherwise
  tunnel1_phase2_encryption_algorithms = ["AES256-GCM-16"]
  tunnel1_phase2_integrity_algorithms  = ["SHA2-384", "SHA2-512"]
  tunnel1_phase2_dh_group_numbers      = [19, 20, 21]

  tunnel1_log_options {
    cloudwatch_log_options {
      log_enabled       = true
      log_group_arn     = aws_cloudwatch_log_group.this.arn
      log_output_format = "json"
    }
  }

  tunnel2_ike_versions                 = ["ikev2"]
  tunnel2_phase1_encryption_algorithms = ["AES256-GCM-16"]
  tunnel2_phase1_integrity_algorithms  = ["SHA2-384", "SHA2-512"]
  tunnel2_phase1_dh_group_numbers      = [19, 20, 21]
  tunnel2_phase2_encryption_algorithms = ["AES256-GCM-16"]
  tunnel2_phase2_integrity_algorithms  = ["SHA2-384", "SHA2-512"]
  tunnel2_phase2_dh_group_numbers      = [19, 20, 21]

  tunnel2_log_options {
    cloudwatch_log_options {
      log_enabled       = true
      log_group_arn     = aws_cloudwatch_log_group.this.arn
      log_output_format = "json"
    }
  }

  tags = { Name = var.name }
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by default; a customer-managed key would only cost money
resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by default; a customer-managed key would only cost money
  name              = "/aws/vendedlogs/${var.name}/vpn" # why: below this prefix AWS needs no policy for each group
  retention_in_days = var.log_retention_days
}
