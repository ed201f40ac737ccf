proof "route53.external-registrar" {
  human "runbooks/dns-domain.md" {
    heading = "Let the world find the zone"
    says    = "name servers.*registrar|registrar.*name servers"
  }
}
