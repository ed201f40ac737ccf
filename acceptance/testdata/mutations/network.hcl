# Ways in which network can lose a safe default, in addition to those that follow from the notes. mutation_data_test.go says how they are written.

# So many of them must be noticed by a rule of vet or a shipped test.
at_least = 53

# What TestFlatEqualsNestedCanFail breaks in the flat module alone, and how the difference to the nested one begins.
differences = [
  { set = aws_subnet.network_public.map_public_ip_on_launch, to = true, plan = "aws_subnet.network_public[0]: map_public_ip_on_launch: nested false, flat true" },
]

# What nothing notices of those that follow from the notes, by the object, the argument and what is put in its place.
survivors = {
  "aws_vpc_peering_connection.peering.peer_owner_id: \"turned over\"" = "what is not set is made up by the mock, and OpenTofu lets no mock give a value to an argument that the code has"
  "aws_vpc_peering_connection.peering.peer_region: \"turned over\""   = "what is not set is made up by the mock, and OpenTofu lets no mock give a value to an argument that the code has"
}

rendering "default" {
  mutations = [
    { set = aws_subnet.network_public.map_public_ip_on_launch, to = true },
    { set = aws_route_table_association.network_app.route_table_id, to = aws_route_table.network_public.id },
    { set = aws_route_table_association.network_datastore.route_table_id, to = aws_route_table.network_public.id },
    { set = aws_vpc_security_group_ingress_rule.network_endpoints.cidr_ipv4, to = "0.0.0.0/0" },
    { set = aws_flow_log.network.traffic_type, to = "REJECT" },
    { remove = aws_flow_log.network },
    { remove = aws_cloudwatch_log_group.network_flow_log.retention_in_days },
  ]
}

rendering "peers" {
  options = { peering = "both" }

  mutations = [
    { edit = aws_vpc_peering_connection.peering.lifecycle.precondition.condition, old = "== 0", new = ">= 0" },
    { set = aws_vpc_peering_connection.peering.auto_accept, to = true },
    { remove = aws_vpc_peering_connection.peering.peer_owner_id },
    { remove = aws_vpc_peering_connection.peering.peer_region },
    { remove = aws_vpc_peering_connection.peering.tags },
    { set = aws_route.peering.destination_cidr_block, to = "0.0.0.0/0" },
    { set = aws_route.peering.route_table_id, to = aws_route_table.network_public.id },
    { set = aws_vpc_peering_connection_options.peering.requester.allow_remote_vpc_dns_resolution, to = false },
    { edit = aws_vpc_peering_connection_accepter.accepted_peering.lifecycle.precondition.condition, old = "== 0", new = ">= 0" },
    { set = aws_route.accepted_peering.destination_cidr_block, to = "0.0.0.0/0" },
    { set = aws_route.accepted_peering.route_table_id, to = aws_route_table.network_datastore.id },
    { set = aws_vpc_peering_connection_options.accepted_peering.accepter.allow_remote_vpc_dns_resolution, to = false },
  ]
}

rendering "hub" {
  options = { transit_gateway = "new", vpn = true }

  mutations = [
    { set = aws_ec2_transit_gateway.transit_gateway.auto_accept_shared_attachments, to = "enable" },
    { set = aws_ec2_transit_gateway.transit_gateway.default_route_table_propagation, to = "disable" },
    { set = aws_ec2_transit_gateway.transit_gateway.vpn_ecmp_support, to = "disable" },
    { set = aws_ram_resource_share.transit_gateway.allow_external_principals, to = true },
    { set = aws_ram_principal_association.transit_gateway.principal, to = "999999999999" },
    { set = aws_ec2_transit_gateway_vpc_attachment_accepter.transit_gateway.transit_gateway_attachment_id, to = "tgw-attach-00000000000000000" },
    { set = aws_route.attachment.destination_cidr_block, to = "0.0.0.0/0" },
    { set = aws_route.attachment.route_table_id, to = aws_route_table.network_datastore.id },
    { remove = aws_vpn_connection.vpn.preshared_key_storage },
    { set = aws_vpn_connection.vpn.tunnel1_ike_versions, to = ["ikev1", "ikev2"] },
    { set = aws_vpn_connection.vpn.tunnel2_ike_versions, to = ["ikev1"] },
    { set = aws_vpn_connection.vpn.tunnel1_phase1_dh_group_numbers, to = [2] },
    { remove = aws_vpn_connection.vpn.tunnel2_phase2_dh_group_numbers },
    { set = aws_vpn_connection.vpn.tunnel2_phase1_encryption_algorithms, to = ["AES128"] },
    { remove = aws_vpn_connection.vpn.tunnel1_phase2_integrity_algorithms },
    { set = aws_vpn_connection.vpn.tunnel1_log_options.cloudwatch_log_options.log_enabled, to = false },
    { remove = aws_vpn_connection.vpn.tunnel2_log_options },
    { remove = aws_cloudwatch_log_group.vpn.retention_in_days },
  ]
}

rendering "services" {
  options = { endpoint_service = "both" }

  mutations = [
    { set = aws_vpc_endpoint_service_allowed_principal.endpoint_service.principal_arn, to = "*" },
    { set = aws_vpc_endpoint_connection_accepter.endpoint_service.vpc_endpoint_id, to = "vpce-00000000000000000" },
    { set = aws_lb.balancer.load_balancer_type, to = "application" },
    { set = aws_lb.balancer.subnets, to = aws_subnet.network_public[*].id },
    { set = aws_lb.balancer.enable_deletion_protection, to = false },
    { remove = aws_lb.balancer.enforce_security_group_inbound_rules_on_private_link_traffic },
    { set = aws_lb.balancer.enable_cross_zone_load_balancing, to = false },
    { remove = aws_lb.balancer.security_groups },
    { set = aws_vpc_security_group_egress_rule.balancer_targets.cidr_ipv4, to = "0.0.0.0/0" },
    { set = aws_vpc_security_group_egress_rule.balancer_targets.ip_protocol, to = "-1" },
    { set = aws_vpc_security_group_ingress_rule.endpoint_client.cidr_ipv4, to = "0.0.0.0/0" },
    { set = aws_vpc_security_group_ingress_rule.endpoint_client.from_port, to = 0 },
    { set = aws_vpc_endpoint.endpoint_client.security_group_ids, to = [aws_security_group.network_endpoints.id] },
    { set = aws_vpc_endpoint.endpoint_client.private_dns_enabled, to = true },
  ]
}

rendering "out" {
  options = { outbound = "both", network_acl = true }

  mutations = [
    { set = aws_nat_gateway.network.subnet_id, to = aws_subnet.network_app[0].id },
    { set = aws_route.network_app_nat.destination_cidr_block, to = "10.0.0.0/8" },
    { set = aws_network_acl.network_datastore.ingress.from_port, to = 0 },
  ]
}
