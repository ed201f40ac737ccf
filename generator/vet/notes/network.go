package notes

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/vet"
)

const vpcDocs = "https://docs.aws.amazon.com/vpc/latest/"

// network are the rules about addresses, subnets, routes and security groups.
var network = []*rule{
	{
		id: "vpc-cidr-private", defaults: true, severity: mend, title: "VPC outside the private ranges",
		why:   "Addresses outside RFC 1918 belong to others, who become unreachable from the VPC.",
		notes: []string{"vpc.cidr-rfc1918"}, link: vpcDocs + "userguide/vpc-cidr-blocks.html",
		check: each("aws_vpc", matches("cidr_block", func(s string) bool {
			p, err := netip.ParsePrefix(s)
			return err == nil && p.Addr().Is4() && !privateRange(p)
		}), "The addresses of %s are not in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16. Use a range within one of these."),
	},
	{
		id: "subnet-inside-vpc", severity: fault, title: "Subnet outside its VPC",
		why:   "AWS refuses a subnet outside the VPC's address range.",
		notes: []string{"vpc.cidr-holds-all-subnets"}, link: vpcDocs + "userguide/subnet-sizing.html",
		check: func(f *finder) {
			for _, s := range f.of("aws_subnet") {
				inner, ok := s.prefix()
				vpcs, whole := s.reach("vpc_id", "aws_vpc")
				if !ok || !whole || len(vpcs) != 1 {
					continue
				}
				outer, ok := vpcs[0].prefix()
				if ok && !holds(outer, inner) && vpcs[0].unused("aws_vpc_ipv4_cidr_block_association", "vpc_id") {
					f.find(s.rng, "%s has %s, which is not within %s of %s.", s.name(), inner, outer, vpcs[0].name())
				}
			}
		},
	},
	{
		id: "peered-vpcs-apart", severity: fault, title: "Peered VPCs overlap",
		why:   "Traffic between VPCs with overlapping addresses cannot be routed.",
		notes: []string{"vpc.cidr-no-overlap-between-applications", "vpc.connectivity-overlapping-cidr", "vpc-peering.cidr-all-different", "vpc-peering.ipv6-does-not-help"},
		link:  vpcDocs + "peering/invalid-peering-configurations.html",
		check: peeredApart,
	},
	{
		id: "subnet-addresses", defaults: true, severity: mend, title: "Too few addresses in the subnets",
		why:   "Load balancers, endpoints and tasks cannot be created without free addresses.",
		notes: []string{"vpc.min-addresses-alb", "vpc.min-addresses-autoscaling", "vpc.min-addresses-vpc-endpoint", "vpc.min-addresses-ecs-eks", "vpc.min-addresses-lambda"},
		link:  vpcDocs + "userguide/subnet-sizing.html", check: addresses,
	},
	{
		id: "nat-gateway-in-public-subnet", severity: fault, title: "NAT Gateway in a private subnet",
		why:   "A NAT Gateway reaches the internet through the Internet Gateway of its own subnet.",
		notes: []string{"vpc.nat-gateway-in-public-subnet", "vpc.public-subnet-holds-nat"}, link: vpcDocs + "userguide/vpc-nat-gateway.html",
		check: each("aws_nat_gateway", both(isNotPrivateNAT, either(in("subnet_id", viaNAT), in("subnet_id", nowhere))),
			"The subnet of %s has no route to an Internet Gateway, so traffic through the NAT Gateway cannot leave. Put it in a public subnet."),
	},
	{
		id: "internet-gateway-attached", severity: fault, title: "Internet Gateway without a VPC",
		why:   "An Internet Gateway only works for the VPC that it is attached to.",
		notes: []string{"vpc.internet-gateway-on-vpc"}, link: vpcDocs + "userguide/VPC_Internet_Gateway.html",
		check: each("aws_internet_gateway", both(absent("vpc_id"), unused("aws_internet_gateway_attachment", "internet_gateway_id")),
			"%s is not attached to a VPC. Set vpc_id."),
	},
	{
		id: "nacl-both-directions", severity: fault, title: "Network ACL with rules for one direction only",
		why:   "Network ACLs are stateless: without rules for return traffic nothing gets through.",
		notes: []string{"vpc.nacl-both-directions"}, link: vpcDocs + "userguide/vpc-network-acls.html",
		check: func(f *finder) {
			for _, a := range f.of("aws_network_acl") {
				ingress, egress := a.has("ingress"), a.has("egress")
				for _, r := range a.users("aws_network_acl_rule", "network_acl_id") {
					out, known := r.value("egress")
					ingress = ingress || !r.has("egress") || !known || textOf(out) == "false"
					egress = egress || r.has("egress") && (!known || textOf(out) == "true")
				}
				if ingress != egress && f.Whole() {
					f.find(a.rng, "%s has rules for one direction only and denies all traffic in the other. Add rules for both: responses go to ports 1024-65535.", a.name())
				}
			}
		},
	},
	{
		id: "nacl-order", severity: fault, title: "Network ACL rule without effect",
		why:   "Rules are evaluated in order of their numbers, and the first match decides.",
		notes: []string{"vpc.nacl-evaluation-order"}, link: vpcDocs + "userguide/nacl-rules.html", check: naclOrder,
	},
	{
		id: "load-balancer-subnet", severity: fault, title: "Public load balancer in a private subnet",
		why:   "Requests from the internet reach only subnets with a route to the Internet Gateway.",
		notes: []string{"vpc.public-subnet-direct-requests"}, link: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
		check: each("aws_lb aws_alb", both(off("internal"), either(in("subnets", viaNAT), in("subnets", nowhere))),
			"%s faces the internet, but these subnets have no route to an Internet Gateway. Use public subnets, or set internal = true."),
	},
	{
		id: "private-subnet-private", severity: fault, title: "Public addresses behind a NAT Gateway",
		why:   "Behind a NAT Gateway a public address serves no purpose and is misleading.",
		notes: []string{"vpc.private-subnet-via-nat"}, link: vpcDocs + "userguide/vpc-nat-gateway.html",
		check: func(f *finder) {
			for _, s := range f.of("aws_subnet") {
				if at, yes := is("map_public_ip_on_launch", "true")(s); yes && f.networks().nat[s.res] {
					f.find(at, "%s routes through a NAT Gateway but assigns public addresses. Set map_public_ip_on_launch = false.", s.name())
				}
			}
		},
	},
	{
		id: "application-in-private-subnet", defaults: true, severity: mend, title: "Application in a public subnet",
		why:   "An application behind a load balancer needs no direct access from the internet.",
		notes: []string{"vpc.private-app-subnet-holds-applications", "ecs-fargate.tasks-in-private-subnet"},
		check: func(f *finder) {
			each("aws_ecs_service", either(is("network_configuration.assign_public_ip", "true"), in("network_configuration.subnets", public)),
				"The tasks of %s are exposed to the internet. Put them in private subnets, with assign_public_ip = false.")(f)
			each("aws_autoscaling_group", in("vpc_zone_identifier", public), "The instances of %s are exposed to the internet. Put them in private subnets.")(f)
		},
	},
	{
		id: "data-in-private-subnet", defaults: true, severity: fault, title: "Data store in a public subnet",
		why:   "A database in a public subnet is one wrong rule away from being open to everyone.",
		notes: []string{"vpc.private-datastore-subnet-holds-databases", "aurora.private-subnet"},
		check: func(f *finder) {
			each("aws_db_subnet_group aws_elasticache_subnet_group aws_memorydb_subnet_group aws_redshift_subnet_group", in("subnet_ids", public),
				"%s contains public subnets. Use subnets without a route to an Internet Gateway.")(f)
			each("aws_rds_cluster_instance aws_db_instance", is("publicly_accessible", "true"), "%s has a public address. Set publicly_accessible = false.")(f)
		},
	},
	{
		id: "eip-on-network-interface", severity: advice, title: "Elastic IP on an instance",
		why:   "An address on a network interface can be kept when the instance is replaced.",
		notes: []string{"vpc.eip-association-target"}, link: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html",
		check: func(f *finder) {
			each("aws_eip", given("instance"), "%s belongs to an instance. Associate it with a network interface.")(f)
			each("aws_eip_association", given("instance_id"), "%s ties the address to an instance. Use network_interface_id.")(f)
		},
	},
	{
		id: "endpoint-interface", severity: fault, title: "Interface endpoint without subnets",
		why:   "An Interface endpoint is a network interface with an address in a subnet.",
		notes: []string{"vpc-endpoint.interface-is-eni"}, link: vpcDocs + "privatelink/create-interface-endpoint.html",
		check: each("aws_vpc_endpoint", both(is("vpc_endpoint_type", "Interface"), either(given("route_table_ids"), both(absent("subnet_ids", "subnet_configuration"), unused("aws_vpc_endpoint_subnet_association", "vpc_endpoint_id")))),
			"%s is an Interface endpoint: it needs subnet_ids and has no route tables."),
	},
	{
		id: "endpoint-gateway", severity: fault, title: "Gateway endpoint without route tables",
		why:   "A Gateway endpoint works through an entry in route tables; without one it is unused.",
		notes: []string{"vpc-endpoint.gateway-by-route-table"}, link: vpcDocs + "privatelink/gateway-endpoints.html",
		check: each("aws_vpc_endpoint", both(either(is("vpc_endpoint_type", "Gateway"), absent("vpc_endpoint_type")), absent("service_network_arn", "resource_configuration_arn"),
			either(given("subnet_ids"), given("security_group_ids"), both(absent("route_table_ids"), unused("aws_vpc_endpoint_route_table_association", "vpc_endpoint_id")))),
			"%s is a Gateway endpoint: it needs route_table_ids and has neither subnets nor security groups."),
	},
	{
		id: "endpoint-private-dns", severity: mend, title: "Interface endpoint that clients cannot find",
		why:   "Without private DNS the name of the service still resolves to its public addresses.",
		notes: []string{"ecs-fargate.vpc-endpoint-ecr-api", "ecs-fargate.vpc-endpoint-ecr-dkr", "ecs-fargate.vpc-endpoint-logs", "ecs-fargate.vpc-endpoint-ssm", "ecs-fargate.vpc-endpoint-ssmmessages"},
		link:  vpcDocs + "privatelink/privatelink-access-aws-services.html",
		check: each("aws_vpc_endpoint", both(is("vpc_endpoint_type", "Interface"), begins("service_name", "com.amazonaws."), off("private_dns_enabled")),
			"%s has no private DNS name, so clients bypass it. Set private_dns_enabled = true."),
	},
	{
		id: "endpoint-service-balancer", severity: fault, title: "Endpoint service without a load balancer",
		why:   "An endpoint service needs a Network or Gateway Load Balancer in front of the service.",
		notes: []string{"vpc.connectivity-reachable-resources"}, link: vpcDocs + "privatelink/create-endpoint-service.html",
		check: each("aws_vpc_endpoint_service", either(absent("network_load_balancer_arns", "gateway_load_balancer_arns"),
			comesFrom("network_load_balancer_arns", "aws_lb", either(is("load_balancer_type", "application"), absent("load_balancer_type")))),
			"%s needs a Network Load Balancer in network_load_balancer_arns."),
	},
	{
		id: "endpoint-service-family", severity: fault, title: "Endpoint service for IPv6 without an address",
		why:   "An endpoint service supports IPv6 only if its load balancer has IPv6 addresses.",
		about: []string{"vpc.connectivity-ip-family"}, link: vpcDocs + "privatelink/create-endpoint-service.html",
		check: each("aws_vpc_endpoint_service", both(element("supported_ip_address_types", among("ipv6")), comesFrom("network_load_balancer_arns", "aws_lb", either(absent("ip_address_type"), is("ip_address_type", "ipv4")))),
			"%s supports IPv6, but its load balancer does not. Set ip_address_type = \"dualstack\" there."),
	},
	{
		id: "cross-region-connection", severity: fault, title: "Connection that cannot cross regions",
		why:   "Cross-region peering must be accepted in the other region, and a Transit Gateway serves only its own.",
		about: []string{"vpc.connectivity-cross-region"}, link: vpcDocs + "peering/create-vpc-peering-connection.html",
		check: func(f *finder) {
			each("aws_vpc_peering_connection", both(given("peer_region"), is("auto_accept", "true")), "%s connects to another region, where it must be accepted with aws_vpc_peering_connection_accepter. Remove auto_accept.")(f)
			for _, a := range f.of("aws_ec2_transit_gateway_vpc_attachment") {
				gateways, _ := a.reach("transit_gateway_id", "aws_ec2_transit_gateway")
				for _, g := range gateways {
					here, ok := a.region()
					if there, also := g.region(); ok && also && here != there {
						f.find(a.rng, "%s is in %s, but its Transit Gateway is in %s. Connect one Transit Gateway per region with aws_ec2_transit_gateway_peering_attachment.", a.name(), here, there)
					}
				}
			}
		},
	},
	{
		id: "peering-ends-at-peer", severity: fault, title: "Route through a peer",
		why:   "Peering reaches only the other VPC, not the internet or on-premises networks behind it.",
		notes: []string{"vpc.connectivity-vpc-to-on-premises"}, link: vpcDocs + "peering/vpc-peering-basics.html",
		check: func(f *finder) {
			beyond := "%s sends traffic to a peer for addresses that are not the peer's, so it is dropped there. Use a Transit Gateway to reach networks behind it."
			each("aws_route", both(given("vpc_peering_connection_id"), behindPeer("destination_cidr_block")), beyond)(f)
			each("aws_route_table", inside("route", both(given("vpc_peering_connection_id"), behindPeer("cidr_block"))), beyond)(f)
		},
	},
	{
		id: "s3-gateway-endpoint", severity: advice, title: "Traffic to S3 through the NAT Gateway",
		why:   "A Gateway endpoint for S3 is free, while a NAT Gateway charges for every gigabyte.",
		notes: []string{"ecs-fargate.outbound-prefer-vpc-endpoint"}, link: vpcDocs + "privatelink/vpc-endpoints-s3.html",
		check: func(f *finder) {
			nats := f.everywhere("aws_nat_gateway")
			if !f.first() || len(nats) == 0 || !f.Whole() || len(f.everywhere("aws_vpc")) == 0 {
				return
			}
			for _, e := range f.everywhere("aws_vpc_endpoint") {
				if a, ok := e.arg("service_name"); !ok || f.tail(a.expr) == "" || strings.HasSuffix(f.tail(a.expr), "s3") {
					return
				}
			}
			f.find(nats[0].rng, "%s carries traffic to S3, such as image layers from ECR. Add a Gateway endpoint for com.amazonaws.<region>.s3.", nats[0].name())
		},
	},
	{
		id: "security-group-source", severity: mend, title: "Rule for an address that can change",
		why:   "A security group as the source keeps working when addresses change.",
		notes: []string{"security-group.source-security-group-id"}, link: vpcDocs + "userguide/security-group-rules.html",
		check: func(f *finder) {
			for _, g := range f.of("aws_security_group") {
				for _, o := range f.openings(g) {
					refs, _ := f.refs(o.expr, o.res, 0)
					for _, r := range refs {
						if slices.Contains([]string{"private_ip", "public_ip", "private_ips", "ipv6_addresses"}, r.attr) && (r.res.Type == "aws_instance" || r.res.Type == "aws_network_interface") {
							f.find(o.at, "%s allows the current address of %s. Use its security group as the source.", g.name(), r.res.Address())
						}
					}
				}
			}
		},
	},
	{
		id: "target-behind-load-balancer", severity: mend, title: "Targets reachable without the load balancer",
		why:   "Direct access to the targets bypasses the load balancer's TLS, filters and logs.",
		about: []string{"alb.target-sg-allows-vpc-range"}, link: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-register-targets.html",
		check: func(f *finder) {
			for _, s := range f.of("aws_ecs_service") {
				if s.has("load_balancer") {
					f.openTo(s, "network_configuration.security_groups", "%s allows %s to reach targets of a load balancer. Use the load balancer's security group as the source.")
				}
			}
			for _, a := range f.of("aws_lb_target_group_attachment") {
				instances, _ := a.reach("target_id", "aws_instance")
				for _, i := range instances {
					f.openTo(i, "vpc_security_group_ids", "%s allows %s to reach targets of a load balancer. Use the load balancer's security group as the source.")
				}
			}
		},
	},
	{
		id: "load-balancer-behind-cloudfront", severity: mend, title: "Load balancer reachable without CloudFront",
		why:   "A load balancer that is open to everyone can be reached without CloudFront and its filters.",
		notes: []string{"security-group.alb-behind-cloudfront-waf"}, link: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html",
		check: func(f *finder) {
			for _, d := range f.of("aws_cloudfront_distribution") {
				balancers, _ := d.reach("origin.domain_name", "aws_lb")
				for _, lb := range balancers {
					f.openTo(lb, "security_groups", "%s allows %s to reach a load balancer behind CloudFront. Use a VPC origin, or allow only the prefix list com.amazonaws.global.cloudfront.origin-facing.")
				}
			}
		},
	},
	{
		id: "load-balancer-restricted", severity: advice, title: "Load balancer open to everyone",
		why:   "Without CloudFront and WAF the security group is the only protection.",
		notes: []string{"security-group.alb-without-cloudfront"}, link: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html",
		check: func(f *finder) {
			if len(f.everywhere("aws_cloudfront_distribution")) > 0 || !f.Whole() {
				return
			}
			for _, lb := range f.of("aws_lb") {
				if typ := lb.text("load_balancer_type"); lb.has("load_balancer_type") && typ != "application" || !lb.unused("aws_wafv2_web_acl_association", "resource_arn") {
					continue
				}
				if _, public := off("internal")(lb); public {
					f.openTo(lb, "security_groups", "%s allows %s, with neither CloudFront nor WAF in front. Allow only the users' addresses, or attach a web ACL.")
				}
			}
		},
	},
	{
		id: "database-closed", defaults: true, severity: fault, title: "Database open to foreign addresses",
		why:   "Only the application and the bastion need access to the database.",
		notes: []string{"aurora.bastion-only-access", "aurora.cluster-security-group"}, link: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.RDSSecurityGroups.html",
		check: func(f *finder) {
			for _, d := range f.of("aws_rds_cluster aws_db_instance") {
				groups, _ := d.reach("vpc_security_group_ids", "aws_security_group")
				for _, g := range groups {
					for _, o := range f.openings(g) {
						if who := f.foreign(o); who != "" {
							f.find(o.at, "%s allows %s to reach %s. Use the security groups of the application and the bastion as sources.", g.name(), who, d.name())
						}
					}
				}
			}
		},
	},
}

// begins is true when a text at the path begins with a word, other than that of an
// endpoint service of one's own.
func begins(path, word string) test {
	return func(t thing) (hcl.Range, bool) {
		a, ok := t.arg(path)
		if !ok {
			return hcl.Range{}, false
		}
		text := t.m.head(a.expr)
		return a.expr.Range(), strings.HasPrefix(text, word) && !strings.HasPrefix(text, word+"vpce.")
	}
}

// peeredApart finds joined VPCs of which any two IPv4 ranges overlap, whatever their IPv6
// ranges are, and routes to a peer for addresses of the VPC itself, which stay inside.
func peeredApart(f *finder) {
	joined := map[string][]thing{"": nil}
	for _, p := range f.of("aws_vpc_peering_connection") {
		a, _ := p.reach("vpc_id", "aws_vpc")
		b, _ := p.reach("peer_vpc_id", "aws_vpc")
		joined[p.name()] = append(a, b...)
	}
	for _, t := range f.everywhere("aws_ec2_transit_gateway_vpc_attachment") {
		if !f.first() {
			break
		}
		v, _ := t.reach("vpc_id", "aws_vpc")
		joined[""] = append(joined[""], v...)
	}
	for _, vpcs := range joined {
		for i, a := range vpcs {
			for _, b := range vpcs[:i] {
				if x, y, ok := overlap(a, b); ok && a.res != b.res {
					f.find(a.rng, "%s (%s) and %s (%s) overlap, so traffic between them cannot be routed. Give one of them another range, or share individual services through an endpoint service.", a.name(), x, b.name(), y)
				}
			}
		}
	}
	for _, r := range f.of("aws_route") {
		dest, err := netip.ParsePrefix(r.text("destination_cidr_block"))
		if err != nil || !r.has("vpc_peering_connection_id") {
			continue
		}
		for _, own := range routed(r) {
			ranges := own.ranges()
			if at := slices.IndexFunc(ranges, func(p netip.Prefix) bool { return holds(p, dest) }); at >= 0 {
				f.find(r.rng, "%s sends %s to a peer, but these are addresses of %s (%s) itself. Give one of the VPCs another range, or share individual services through an endpoint service.", r.name(), dest, own.name(), ranges[at])
			}
		}
	}
}

// overlap returns two IPv4 ranges of two VPCs that overlap.
func overlap(a, b thing) (x, y netip.Prefix, ok bool) {
	for _, x := range a.ranges() {
		for _, y := range b.ranges() {
			if x.Overlaps(y) {
				return x, y, true
			}
		}
	}
	return x, y, false
}

// ranges returns the IPv4 ranges of a VPC that are known, with those that were added to it.
func (t thing) ranges() []netip.Prefix {
	var out []netip.Prefix
	for _, owner := range append([]thing{t}, t.users("aws_vpc_ipv4_cidr_block_association", "vpc_id")...) {
		if p, ok := owner.prefix(); ok {
			out = append(out, p)
		}
	}
	return out
}

// routed returns the VPCs whose route table has a route.
func routed(route thing) []thing {
	var out []thing
	tables, _ := route.reach("route_table_id", "aws_route_table")
	for _, table := range tables {
		vpcs, _ := table.reach("vpc_id", "aws_vpc")
		out = append(out, vpcs...)
	}
	return out
}

// behindPeer is true when the range at the path is that of everything, or of none of
// the VPCs that the peering connection of the route joins.
func behindPeer(path string) test {
	return func(t thing) (hcl.Range, bool) {
		at, everything := is(path, "0.0.0.0/0")(t)
		a, ok := t.arg(path)
		dest, err := netip.ParsePrefix(t.text(path))
		connections, _ := t.reach("vpc_peering_connection_id", "aws_vpc_peering_connection")
		if everything || !ok || err != nil || len(connections) != 1 {
			return at, everything
		}
		own, whole := connections[0].reach("vpc_id", "aws_vpc")
		peers, also := connections[0].reach("peer_vpc_id", "aws_vpc")
		for _, vpc := range append(own, peers...) {
			p, known := vpc.prefix()
			if !known || p.Overlaps(dest) || !vpc.unused("aws_vpc_ipv4_cidr_block_association", "vpc_id") {
				return hcl.Range{}, false
			}
		}
		return a.expr.Range(), whole && also && len(own) > 0 && len(peers) > 0
	}
}

var isNotPrivateNAT = both(either(absent("connectivity_type"), is("connectivity_type", "public")), either(absent("availability_mode"), is("availability_mode", "zonal")))

var privateRanges = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("fc00::/7")}

func privateRange(p netip.Prefix) bool {
	return slices.ContainsFunc(privateRanges, func(r netip.Prefix) bool { return holds(r, p) })
}

func holds(outer, inner netip.Prefix) bool {
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

// widest is the longest range that a VPC can have: what is wider are several networks.
const widest = 16

// foreign says whom an opening admits that need not reach a database: addresses that
// are not private, several networks, or all of the VPC. It is "" for none.
func (f *finder) foreign(o opening) string {
	if o.vpc != "" {
		return "everything in " + o.vpc
	}
	p, err := netip.ParsePrefix(o.cidr)
	switch {
	case err != nil:
		return ""
	case everyone(o.cidr) || !privateRange(p) || p.Addr().Is4() && p.Bits() < widest:
		return o.cidr
	}
	for _, v := range f.everywhere("aws_vpc") {
		if own, ok := v.prefix(); ok && holds(p, own) {
			return o.cidr + ", everything in " + v.name() + ","
		}
	}
	return ""
}

// openTo finds the security groups at a path that admit every address.
func (f *finder) openTo(t thing, path, detail string) {
	groups, _ := t.reach(path, "aws_security_group")
	for _, g := range groups {
		for _, o := range f.openings(g) {
			if everyone(o.cidr) {
				f.find(o.at, detail, g.name(), o.cidr)
			}
		}
	}
}

// A demand is how many addresses are asked of a subnet, and what for.
type demand struct {
	count float64
	uses  []string
}

// addresses finds the subnets whose size is known and does not hold what it has to.
func addresses(f *finder) {
	subnets := f.of("aws_subnet")
	if len(subnets) == 0 {
		return
	}
	demands := f.demands()
	for _, s := range subnets {
		d := demands[s.res]
		if d == nil || d.count == 0 {
			continue
		}
		copies, known := s.copies()
		if !known {
			continue
		}
		for _, one := range copies {
			p, ok := one.prefix()
			if !ok || !p.Addr().Is4() {
				continue
			}
			if have := math.Exp2(float64(32-p.Bits())) - 5; have < d.count {
				f.find(s.rng, "%s has %g usable addresses (AWS reserves five), but %g are needed: %s. Make it larger.", s.name(), have, d.count, strings.Join(d.uses, ", "))
				break
			}
		}
	}
}

// demands are what is asked of each subnet.
type demands map[*vet.Resource]*demand

// demands adds up the addresses that are asked of each subnet.
func (f *finder) demands() demands {
	out := demands{}
	for _, lb := range f.everywhere("aws_lb aws_alb") {
		out.ask(lb, "subnets", 8, false)
	}
	for _, e := range f.everywhere("aws_vpc_endpoint") {
		copies, _ := e.copies() // or one, when their number is not known
		out.ask(e, "subnet_ids", float64(len(copies)), false)
	}
	for _, l := range f.everywhere("aws_lambda_function") {
		out.ask(l, "vpc_config.subnet_ids", 1, false)
	}
	for _, s := range f.everywhere("aws_ecs_service") {
		if tasks := f.tasks(s); tasks > 0 {
			out.ask(s, "network_configuration.subnets", tasks, true)
		}
	}
	for _, g := range f.everywhere("aws_autoscaling_group") {
		if limit, ok := g.number("max_size"); ok {
			out.ask(g, "vpc_zone_identifier", limit, true)
		}
	}
	return out
}

// ask adds the addresses that a resource wants in its subnets, in each of them or
// shared out among them.
func (d demands) ask(t thing, path string, count float64, shared bool) {
	found, whole := t.reach(path, "aws_subnet")
	if !whole {
		return
	}
	if shared {
		subnets := 0
		for _, s := range found {
			copies, _ := s.copies()
			subnets += len(copies)
		}
		count = math.Ceil(count / float64(max(1, subnets)))
	}
	for _, s := range found {
		if d[s.res] == nil {
			d[s.res] = &demand{}
		}
		d[s.res].count += count
		d[s.res].uses = append(d[s.res].uses, fmt.Sprintf("%g for %s", count, t.name()))
	}
}

// tasks is how many tasks a service may come to, or 0 when that is open.
func (f *finder) tasks(service thing) float64 {
	tasks, _ := service.number("desired_count")
	for _, t := range f.everywhere("aws_appautoscaling_target") {
		if limit, ok := t.number("max_capacity"); ok && t.leads("resource_id", service) {
			tasks = limit
		}
	}
	return tasks
}

// A naclEntry is one rule of a network ACL.
type naclEntry struct {
	thing
	number       float64
	action, cidr string
	every        bool // all protocols and ports
}

// naclOrder finds rules of network ACLs that another one forestalls.
func naclOrder(f *finder) {
	for _, acl := range f.of("aws_network_acl") {
		for _, direction := range []string{"ingress", "egress"} {
			f.forestalled(naclEntries(acl, direction))
		}
	}
}

// naclEntries returns the rules of an ACL in one direction whose numbers are
// known, those in its blocks and those in resources of their own.
func naclEntries(acl thing, direction string) []naclEntry {
	var out []naclEntry
	add := func(t thing, number, action string) {
		if n, ok := t.number(number); ok && !t.repeated() {
			out = append(out, naclEntry{t, n, t.text(action), t.text("cidr_block"), t.text("protocol") == "-1"})
		}
	}
	if blocks, open := acl.blocks(direction); !open {
		for _, b := range blocks {
			add(b, "rule_no", "action")
		}
	}
	for _, r := range acl.users("aws_network_acl_rule", "network_acl_id") {
		if out := r.text("egress") == "true"; (!r.has("egress") || r.text("egress") != "") && out == (direction == "egress") {
			add(r, "rule_number", "rule_action")
		}
	}
	return out
}

// forestalled reports the rules of one direction that share a number, and those
// that come after a rule that decides otherwise for all of their traffic.
func (f *finder) forestalled(entries []naclEntry) {
	for i, e := range entries {
		for j, before := range entries {
			switch {
			case i == j:
			case e.number == before.number && j < i:
				f.find(e.rng, "The number %g is already used by another rule in the same direction. Give each rule its own.", e.number)
			case before.number < e.number && before.every && before.action != e.action && before.cidr != "" && (before.cidr == e.cidr || before.cidr == "0.0.0.0/0"):
				f.find(e.rng, "Rule %g (%s) comes after rule %g, which already applies (%s) to all traffic for these addresses. Give it a lower number.", e.number, e.action, before.number, before.action)
			}
		}
	}
}
