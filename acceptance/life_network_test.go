package acceptance

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/acceptance/harness/emulator"
	"github.com/bpgen/bpgen/generator/matrix"
)

// livesOfNetwork are the option sets of network that are led through their lives. None
// shares a transit gateway, for moto does not know which permissions a share has, and
// none offers a service, for it forgets who may ask for one.
func livesOfNetwork() []life {
	text, on := cty.StringVal, cty.True
	only, other := []string{harness.Terraform}, &neighbour{}
	return []life{
		{name: "default", cores: harness.Cores(), region: homeRegion, options: matrix.Row{}, before: alone, steps: []step{
			firstApply(nil, nil),
			option("network ACL, NAT", matrix.Row{"network_acl": on, "outbound": text("both")}, `aws_network_acl\.|aws_nat_gateway\.|aws_eip\.|aws_route\.`, `aws_vpc_endpoint\.network_s3`),
			option("transit gateway", matrix.Row{"transit_gateway": text("new")}, `aws_ec2_transit_gateway|aws_route\.attachment`, ``),
			variable("other values", map[string]any{"log_retention_days": 180}, `aws_cloudwatch_log_group\.|`+untagged),
			newer("a newer template", templateEdit{"network/main.tf", `description       = "HTTPS from the VPC"`, `description       = "HTTPS from inside"`}, `aws_vpc_security_group_ingress_rule\.network_endpoints|`+untagged),
			destroyed(),
		}},
		{name: "peers", cores: only, region: "eu-west-1", options: matrix.Row{"peering": text("request")}, before: other.settle, steps: []step{
			firstApply(nil, nil),
			{name: "another range of the peer", do: func(v *living) error {
				return v.set(map[string]any{"peers": other.peers("10.201.0.0/16", "10.203.0.0/16")})
			}, creates: `aws_route\.peering`},
			{name: "accepts another", options: matrix.Row{"peering": text("both")}, do: other.asks, creates: `aws_vpc_peering_connection_accepter\.|aws_vpc_peering_connection_options\.accepted_peering|aws_route\.accepted_peering`},
			{name: "ends it", do: func(v *living) error { return v.set(map[string]any{"accepted_peerings": map[string]any{}}) }, deletes: `aws_vpc_peering_connection_accepter\.|aws_vpc_peering_connection_options\.accepted_peering|aws_route\.accepted_peering`},
			{name: "the other VPC goes", do: other.leaves, quiet: true},
			destroyed(),
		}},
		{name: "hub", cores: only, region: "us-west-2", options: matrix.Row{"transit_gateway": text("new"), "vpn": on, "outbound": text("nat-gateway"), "zones": cty.NumberIntVal(2)}, before: alone, steps: []step{
			firstApply(nil, nil),
			destroyed(),
		}},
	}
}

// untagged is what is tagged again each time, for moto forgets the tags.
const untagged = `aws_ec2_transit_gateway_vpc_attachment\.`

// alone has the module share its transit gateway with nobody.
func alone(v *living) error {
	v.values["shared_with"], v.values["accepted_attachments"] = json.RawMessage("[]"), json.RawMessage("{}")
	return nil
}

// A neighbour is someone else in the same account, with a VPC that the module asks for
// a connection, and one that asks the module for one.
type neighbour struct{ vpc, asking, connection string }

// settle makes the VPC, and names it to the module.
func (n *neighbour) settle(v *living) error {
	var err error
	if n.vpc, err = v.ec2("CreateVpc", url.Values{"CidrBlock": {"10.201.0.0/16"}}, vpcID); err != nil {
		return err
	}
	v.values["peers"], err = json.Marshal(n.peers("10.201.0.0/16"))
	return err
}

// peers is the value of the module's variable, with the ranges of the neighbour.
func (n *neighbour) peers(ranges ...string) any {
	return map[string]any{"other": map[string]any{"vpc_id": n.vpc, "cidr_blocks": ranges}}
}

// asks makes a VPC that asks for a connection to the module's, and names it to the module.
func (n *neighbour) asks(v *living) error {
	var err error
	if n.asking, err = v.ec2("CreateVpc", url.Values{"CidrBlock": {"10.202.0.0/16"}}, vpcID); err != nil {
		return err
	}
	outputs, err := v.r.Outputs()
	if err != nil {
		return err
	}
	own, _ := outputs["vpc_id"].(string)
	if n.connection, err = v.ec2("CreateVpcPeeringConnection", url.Values{"VpcId": {n.asking}, "PeerVpcId": {own}}, peeringID); err != nil {
		return err
	}
	return v.set(map[string]any{"accepted_peerings": map[string]any{"orders": map[string]any{"id": n.connection, "cidr_blocks": []string{"10.202.0.0/16"}}}})
}

// leaves deletes what asked, as its owner would.
func (n *neighbour) leaves(v *living) error {
	if _, err := v.ec2("DeleteVpcPeeringConnection", url.Values{"VpcPeeringConnectionId": {n.connection}}, done); err != nil {
		return err
	}
	_, err := v.ec2("DeleteVpc", url.Values{"VpcId": {n.asking}}, answered)
	return err
}

var (
	vpcID     = regexp.MustCompile(`<vpcId>(vpc-[0-9a-f]+)</vpcId>`)
	answered  = regexp.MustCompile(`<(DeleteVpcResponse)`)
	done      = regexp.MustCompile(`<return>(true)</return>`)
	peeringID = regexp.MustCompile(`<vpcPeeringConnectionId>(pcx-[0-9a-f]+)</vpcPeeringConnectionId>`)
)

// ec2 calls EC2, and returns what the answer has in the group of a pattern.
func (v *living) ec2(action string, arguments url.Values, want *regexp.Regexp) (string, error) {
	arguments.Set("Action", action)
	arguments.Set("Version", "2016-11-15")
	a := v.aws.Router.Do(emulator.Inquiry{Service: "ec2", Region: v.life.region, Form: arguments})
	found := want.FindSubmatch(a.Body)
	if a.Status != 200 || found == nil {
		return "", fmt.Errorf("%s: %d %s", action, a.Status, a.Body)
	}
	return string(found[1]), nil
}
