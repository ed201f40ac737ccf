package functions

import (
	"math/big"
	"net"
	"strings"

	"github.com/apparentlymart/go-cidr/cidr"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/gocty"
)

// The four functions are our own because those of go-cty-funcs count hosts and
// networks in machine integers and refuse octets with leading zeros, and
// Terraform does neither.

// maxExtension bounds the bits by which cidrsubnets may extend a prefix, as
// Terraform does on every machine.
const maxExtension = 32

var cidrHostFunc = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "prefix", Type: cty.String},
		{Name: "hostnum", Type: cty.Number},
	},
	Type:         function.StaticReturnType(cty.String),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		network, err := parsePrefix(args[0])
		if err != nil {
			return cty.UnknownVal(cty.String), err
		}
		num, err := wholeNumber(args[1], 1)
		if err != nil {
			return cty.UnknownVal(cty.String), err
		}
		ip, err := cidr.HostBig(network, num)
		if err != nil {
			return cty.UnknownVal(cty.String), err
		}
		return cty.StringVal(ip.String()), nil
	},
})

var cidrNetmaskFunc = function.New(&function.Spec{
	Params:       []function.Parameter{{Name: "prefix", Type: cty.String}},
	Type:         function.StaticReturnType(cty.String),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		network, err := parsePrefix(args[0])
		if err != nil {
			return cty.UnknownVal(cty.String), err
		}
		if network.IP.To4() == nil {
			return cty.UnknownVal(cty.String), function.NewArgErrorf(0, "an IPv6 network has no netmask")
		}
		return cty.StringVal(net.IP(network.Mask).String()), nil
	},
})

var cidrSubnetFunc = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "prefix", Type: cty.String},
		{Name: "newbits", Type: cty.Number},
		{Name: "netnum", Type: cty.Number},
	},
	Type:         function.StaticReturnType(cty.String),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		network, err := parsePrefix(args[0])
		if err != nil {
			return cty.UnknownVal(cty.String), err
		}
		var bits int
		if err := gocty.FromCtyValue(args[1], &bits); err != nil {
			return cty.UnknownVal(cty.String), function.NewArgError(1, err)
		}
		num, err := wholeNumber(args[2], 2)
		if err != nil {
			return cty.UnknownVal(cty.String), err
		}
		sub, err := cidr.SubnetBig(network, bits, num)
		if err != nil {
			return cty.UnknownVal(cty.String), err
		}
		return cty.StringVal(sub.String()), nil
	},
})

var cidrSubnetsFunc = function.New(&function.Spec{
	Params:       []function.Parameter{{Name: "prefix", Type: cty.String}},
	VarParam:     &function.Parameter{Name: "newbits", Type: cty.Number},
	Type:         function.StaticReturnType(cty.List(cty.String)),
	RefineResult: notNull,
	Impl: func(args []cty.Value, retType cty.Type) (cty.Value, error) {
		network, err := parsePrefix(args[0])
		if err != nil {
			return cty.UnknownVal(retType), err
		}
		start, size := network.Mask.Size()
		subnets := make([]cty.Value, 0, len(args)-1)
		var current *net.IPNet
		for i, arg := range args[1:] {
			var bits int
			if err := gocty.FromCtyValue(arg, &bits); err != nil {
				return cty.UnknownVal(retType), function.NewArgError(i+1, err)
			}
			switch {
			case bits < 1:
				return cty.UnknownVal(retType), function.NewArgErrorf(i+1, "a prefix must be extended by at least one bit")
			case bits > maxExtension:
				return cty.UnknownVal(retType), function.NewArgErrorf(i+1, "a prefix may be extended by at most %d bits", maxExtension)
			case start+bits > size:
				return cty.UnknownVal(retType), function.NewArgErrorf(i+1, "a prefix of %d bits is too long for this kind of address", start+bits)
			}
			if current == nil {
				current, _ = cidr.PreviousSubnet(network, start+bits)
			}
			next, rolledOver := cidr.NextSubnet(current, start+bits)
			if rolledOver || !network.Contains(next.IP) {
				return cty.UnknownVal(retType), function.NewArgErrorf(i+1, "%s has no address space left for another prefix of %d bits", network, start+bits)
			}
			current = next
			subnets = append(subnets, cty.StringVal(current.String()))
		}
		if len(subnets) == 0 {
			return cty.ListValEmpty(cty.String), nil
		}
		return cty.ListVal(subnets), nil
	},
})

// parsePrefix reads a CIDR prefix. Octets with leading zeros count as decimal,
// which Go's own parser refuses.
func parsePrefix(v cty.Value) (*net.IPNet, error) {
	text := v.AsString()
	if addr, length, ok := strings.Cut(text, "/"); ok && !strings.Contains(addr, ":") {
		octets := strings.Split(addr, ".")
		for i, o := range octets {
			for len(o) > 1 && o[0] == '0' {
				o = o[1:]
			}
			octets[i] = o
		}
		text = strings.Join(octets, ".") + "/" + length
	}
	_, network, err := net.ParseCIDR(text)
	if err != nil {
		return nil, function.NewArgErrorf(0, "%q is not a CIDR prefix", v.AsString())
	}
	return network, nil
}

func wholeNumber(v cty.Value, arg int) (*big.Int, error) {
	num, accuracy := v.AsBigFloat().Int(nil)
	if num == nil || accuracy != big.Exact {
		return nil, function.NewArgErrorf(arg, "must be a whole number")
	}
	return num, nil
}
