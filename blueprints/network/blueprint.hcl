blueprint "network" {
  version = "1.0.0"
  summary = join("", [
    "A VPC with public, app and datastore tiers over ${option.zones == 2 ? "two" : "three"} zones",
    option.peering == "none" && option.transit_gateway == "none" && option.endpoint_service == "none" ? "" : ", connected to other networks through ",
    join(" and ", compact([
      option.peering == "none" ? "" : "peering",
      option.transit_gateway == "none" ? "" : option.vpn ? "a transit gateway with a VPN" : "a transit gateway",
      option.endpoint_service == "none" ? "" : "an endpoint service",
    ])),
    ".",
  ])
  systems = ["region", "tags", "transit-gateway", "vpc", "vpc-endpoint", "vpc-endpoint-service", "vpc-peering"]
}

# Options

include "network" {
  with = {
    endpoints = option.containers ? ["ecr.api", "ecr.dkr", "logs", "ssm"] : []
    app_addresses = sum([
      var.app_addresses,
      option.transit_gateway == "none" ? 0 : 1,
      contains(["consume", "both"], option.endpoint_service) ? length(var.endpoint_services) : 0,
    ])
  }
  omit = ["network"] # this is what the blueprint is for
}

option "containers" {
  type        = bool
  default     = true
  when        = option.outbound != "nat-gateway"
  otherwise   = false
  description = "Create the interface endpoints that containers need: ECR, CloudWatch Logs and Parameter Store."
  notes       = ["ecs-fargate.vpc-endpoint-set"]
}

option "peering" {
  type        = string
  one_of      = ["none", "request", "accept", "both"]
  default     = "none"
  description = "Connect the VPC to individual other VPCs through peering: request connections (request), accept those that others request (accept), or both."
  why         = "only the company knows which networks belong together"
}

option "transit_gateway" {
  type        = string
  one_of      = ["none", "new", "existing"]
  default     = "none"
  description = "Connect the VPC to many others through a transit gateway: a new one, which other accounts may share (new), or an existing one (existing)."
  why         = "it is billed per attachment and hour, and peering connects a few networks for less"
}

option "vpn" {
  type        = bool
  default     = false
  when        = option.transit_gateway == "new"
  description = "Connect an office or a data centre to the transit gateway through a Site-to-Site VPN."
  notes       = ["vpc.connectivity-vpc-to-on-premises"]
}

option "endpoint_service" {
  type        = string
  one_of      = ["none", "provide", "consume", "both"]
  default     = "none"
  description = "Connect networks through individual services, even if their ranges overlap: offer one from here (provide), call those of others (consume), or both."
  why         = "most services are called from their own network"
}

# Variables that several components share

variable "name" {
  description = "Name of the network, and prefix of every resource name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name)) && !can(regex("--|^(aws|ssm|sg-|internal-)", var.name))
    error_message = "The name must be 3 to 20 lower-case letters, digits and single hyphens, start with a letter and not end with a hyphen. AWS reserves names that start with aws, ssm, sg- or internal-."
  }
}

variable "app_addresses" {
  description = "Number of addresses that the applications need in each app subnet at full scale, while tasks are being replaced. The plan fails if they do not fit."
  type        = number
  default     = 0 # why: only the owners of the applications know
  nullable    = false

  validation {
    condition     = var.app_addresses >= 0 && floor(var.app_addresses) == var.app_addresses
    error_message = "The number of addresses must be a whole number, 0 or more."
  }
}

variable "transit_gateway_id" {
  description = "Transit gateway that the VPC is attached to."
  type        = string

  validation {
    condition     = can(regex("^tgw-[0-9a-f]{8,17}$", var.transit_gateway_id))
    error_message = "The transit gateway must be named by its ID, tgw-...."
  }
}

variable "transit_gateway_asn" {
  description = "BGP ASN of the transit gateway. No network that it reaches through a VPN may have the same one."
  type        = number
  default     = 64512 # why: AWS's own default, a private number
  nullable    = false
}

variable "endpoint_services" {
  description = "Endpoint services to call, by name: the service's name, com.amazonaws.vpce.<region>.vpce-svc-<id>, its port, its region if it differs, and private_dns = true once its owner has proved ownership of the domain under which it is then called."
  type = map(object({
    service_name = string
    port         = optional(number, 443)
    region       = optional(string)
    private_dns  = optional(bool, false)
  }))
  nullable = false
}

variable "log_retention_days" {
  description = "Retention of the logs, in days."
  type        = number
  default     = 365 # why: faults and attacks are often found months later; audits cover a year
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "The retention must be a number of days that CloudWatch Logs supports, such as 7, 14, 30, 90, 180, 365 or 731."
  }
}

# Components

component "peering" {
  template = "peering"
  when     = contains(["request", "both"], option.peering)
  with = {
    name            = var.name
    vpc_id          = component.network.vpc_id
    cidr_blocks     = [var.vpc_cidr]
    route_table_ids = component.network.app_route_table_ids
  }
  expose = { peers = "peers" }
}

component "accepted_peering" {
  template = "peering-accepter"
  file     = "accepted-peering.tf"
  when     = contains(["accept", "both"], option.peering)
  with = {
    name            = var.name
    cidr_blocks     = [var.vpc_cidr]
    route_table_ids = component.network.app_route_table_ids
  }
  expose = { peerings = "accepted_peerings" }
}

component "transit_gateway" {
  template = "transit-gateway"
  file     = "transit-gateway.tf"
  when     = option.transit_gateway == "new"
  with     = { name = var.name, asn = var.transit_gateway_asn }
  expose   = { shared_with = "shared_with", accepted_attachments = "accepted_attachments" }
}

component "attachment" {
  template = "transit-gateway-attachment"
  file     = "transit-gateway.tf"
  when     = option.transit_gateway != "none"
  with = {
    name               = var.name
    transit_gateway_id = option.transit_gateway == "new" ? component.transit_gateway.transit_gateway_id : var.transit_gateway_id
    vpc_id             = component.network.vpc_id
    subnet_ids         = component.network.app_subnet_ids
    route_table_ids    = component.network.app_route_table_ids
  }
  expose = { routes = "transit_gateway_routes", accepted = "transit_gateway_accepted" }
}

component "vpn" {
  template = "site-to-site-vpn"
  when     = option.vpn
  with = {
    name                = var.name
    transit_gateway_id  = component.transit_gateway.transit_gateway_id
    transit_gateway_asn = var.transit_gateway_asn
    log_retention_days  = var.log_retention_days
  }
  expose = { customer_gateway = "customer_gateway" }
}

component "balancer" {
  template = "internal-balancer"
  file     = "endpoint-service.tf"
  when     = contains(["provide", "both"], option.endpoint_service)
  with = {
    name           = var.name
    vpc_id         = component.network.vpc_id
    vpc_cidr_block = component.network.vpc_cidr_block
    subnet_ids     = component.network.app_subnet_ids
  }
  expose = {
    port                = "service_port"
    target_type         = "service_target_type"
    target_port         = "service_target_port"
    targets             = "service_targets"
    health_check        = "service_health_check"
    deletion_protection = "deletion_protection"
  }
}

component "endpoint_service" {
  template = "endpoint-service"
  file     = "endpoint-service.tf"
  when     = contains(["provide", "both"], option.endpoint_service)
  with = {
    name              = var.name
    load_balancer_arn = component.balancer.arn
  }
  expose = {
    consumers          = "endpoint_consumers"
    accepted_endpoints = "accepted_endpoints"
    regions            = "service_regions"
    private_dns_name   = "service_private_dns_name"
  }
}

component "endpoint_client" {
  template = "endpoint-client"
  file     = "endpoint-client.tf"
  when     = contains(["consume", "both"], option.endpoint_service)
  with = {
    name           = var.name
    vpc_id         = component.network.vpc_id
    vpc_cidr_block = component.network.vpc_cidr_block
    subnet_ids     = component.network.app_subnet_ids
    services       = var.endpoint_services
  }
}

# Outputs

output "network" {
  description = "Everything that a module deployed into the network needs: pass it on as its variable network."
  value       = component.network.network
}

output "nat_alarms" {
  description = "Metrics of the NAT gateways to monitor, by gateway: namespace, dimensions and the threshold of each alarm."
  value       = component.network.alarms
  when        = option.outbound != "vpc-endpoints"
}

output "peering_ids" {
  description = "IDs of the requested connections, by peer, for the owners who accept them."
  value       = component.peering.connection_ids
  when        = contains(["request", "both"], option.peering)
}

output "accepted_peering_ids" {
  description = "IDs of the accepted connections, by peer."
  value       = component.accepted_peering.connection_ids
  when        = contains(["accept", "both"], option.peering)
}

output "transit_gateway_id" {
  description = "ID of the transit gateway, for other VPCs."
  value       = component.transit_gateway.transit_gateway_id
  when        = option.transit_gateway == "new"
}

output "transit_gateway_share_arn" {
  description = "Resource share through which other accounts see the transit gateway; null if there are none."
  value       = component.transit_gateway.resource_share_arn
  when        = option.transit_gateway == "new"
}

output "transit_gateway_attachment_id" {
  description = "ID of the VPC's attachment, for the owner of the transit gateway, who accepts it."
  value       = component.attachment.attachment_id
  when        = option.transit_gateway != "none"
}

output "vpn_connection_id" {
  description = "ID of the VPN connection, to download the router's configuration."
  value       = component.vpn.connection_id
  when        = option.vpn
}

output "vpn_tunnel_addresses" {
  description = "AWS's addresses of the two tunnels, for the router and its firewall."
  value       = component.vpn.tunnel_addresses
  when        = option.vpn
}

output "vpn_key_secret_arn" {
  description = "Secret with the keys of both tunnels, to set up the router."
  value       = component.vpn.key_secret_arn
  when        = option.vpn
}

output "vpn_alarms" {
  description = "Metrics of the tunnels to monitor: namespace, dimensions and the threshold of each alarm."
  value       = component.vpn.alarms
  when        = option.vpn
}

output "endpoint_service_name" {
  description = "Name of the endpoint service, which consumers put into their endpoint."
  value       = component.endpoint_service.service_name
  when        = contains(["provide", "both"], option.endpoint_service)
}

output "endpoint_service_id" {
  description = "ID of the endpoint service, to see who requests a connection."
  value       = component.endpoint_service.service_id
  when        = contains(["provide", "both"], option.endpoint_service)
}

output "endpoint_service_domain_verification" {
  description = "TXT record that proves ownership of the domain of service_private_dns_name; empty if there is none."
  value       = component.endpoint_service.domain_verification
  when        = contains(["provide", "both"], option.endpoint_service)
}

output "service_target_group_arn" {
  description = "Target group of the service, for ECS or whatever else registers targets."
  value       = component.balancer.target_group_arn
  when        = contains(["provide", "both"], option.endpoint_service)
}

output "service_security_group_id" {
  description = "Security group of the service's load balancer, which the targets must allow."
  value       = component.balancer.security_group_id
  when        = contains(["provide", "both"], option.endpoint_service)
}

output "service_alarms" {
  description = "Metrics of the service's targets to monitor: namespace, dimensions and the threshold of each alarm."
  value       = component.balancer.alarms
  when        = contains(["provide", "both"], option.endpoint_service)
}

output "endpoint_dns_names" {
  description = "Names under which other networks' services are called, by service: the first of each covers all zones."
  value       = component.endpoint_client.dns_names
  when        = contains(["consume", "both"], option.endpoint_service)
}

output "endpoint_ids" {
  description = "IDs of the endpoints, by service, for the owners who accept them."
  value       = component.endpoint_client.endpoint_ids
  when        = contains(["consume", "both"], option.endpoint_service)
}

# Profiles: the values that differ by environment

profile "dev" {
  description = "Cheap and easy to throw away."

  values = {
    name = "example-dev" # why: names are unique in an account, and two environments may share one

    deletion_protection = false    # why: development environments are short-lived
    log_retention_days  = 30       # why: enough to look back a week
    nat_gateways        = "single" # why: losing outbound access with a zone is acceptable in development
  }
}

profile "stg" {
  description = "Like production."

  values = {
    name = "example-stg" # why: names are unique in an account, and two environments may share one

    deletion_protection = true # why: deleting the load balancer cuts off its consumers
    log_retention_days  = 90   # why: covers the tests of several releases
  }
}

profile "prd" {
  description = "Production."

  values = {
    name = "example-prd" # why: names are unique in an account, and two environments may share one

    deletion_protection = true # why: deleting the load balancer cuts off its consumers
    log_retention_days  = 365  # why: a fault or an attack is often found months later
  }
}

example {
  values = {
    name                 = "example"
    peers                = { billing = { vpc_id = "vpc-0123456789abcdef1", cidr_blocks = ["10.201.0.0/16"] } }
    accepted_peerings    = { orders = { id = "pcx-0123456789abcdef0", cidr_blocks = ["10.202.0.0/16"] } }
    transit_gateway_id   = "tgw-0123456789abcdef0"
    shared_with          = ["210987654321"]
    accepted_attachments = { partner = "tgw-attach-0123456789abcdef0" }
    customer_gateway     = { address = "203.0.113.10" }
    endpoint_consumers   = ["arn:aws:iam::210987654321:root"]
    endpoint_services    = { billing = { service_name = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0" } }
  }
}
