proof "route53.external-registrar" {
  human "runbooks/dns-domain.md" {
    heading = "Make the zone public"
    says    = "name servers.*registrar|registrar.*name servers"
  }
}
