package replacement

import (
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/bpgen/bpgen/generator/schema"
)

// empty returns a block's attributes and blocks without values.
func empty(b *schema.Block) map[string]cty.Value {
	out := map[string]cty.Value{}
	for name, a := range b.Attributes {
		out[name] = cty.NullVal(a.Type)
	}
	for name, nb := range b.Blocks {
		out[name] = none(nb)
	}
	return out
}

// none returns what a block has as a value that is not written.
func none(nb *schema.NestedBlock) cty.Value {
	elem := nb.ImpliedType()
	switch nb.Nesting {
	case schema.NestingSet:
		return cty.SetValEmpty(elem)
	case schema.NestingMap:
		return cty.MapValEmpty(elem)
	case schema.NestingList:
		return cty.ListValEmpty(elem)
	}
	return cty.NullVal(elem)
}

// usual holds pairs of values for arguments by whose value the provider decides about
// others: what is true of an engine that does not exist is true of no module.
var usual = map[string][2]string{
	"aws_db_instance.engine":                           {"mysql", "postgres"},
	"aws_elasticache_replication_group.engine_version": {"7.0", "7.1"},
	"aws_rds_cluster.engine":                           {"aurora-mysql", "aurora-postgresql"},
	"aws_cloudwatch_metric_alarm.statistic":            {"Average", "Sum"},
	"aws_dynamodb_table.billing_mode":                  {"PROVISIONED", "PAY_PER_REQUEST"},
	"aws_dynamodb_table.read_capacity":                 {"1", "2"},
	"aws_dynamodb_table.write_capacity":                {"1", "2"},
	"aws_elasticache_cluster.engine":                   {"redis", "memcached"},
	"aws_elasticache_cluster.engine_version":           {"7.0", "7.1"},
	"aws_lb_target_group.ip_address_type":              {"ipv4", "ipv6"},
	"aws_lb_target_group.protocol_version":             {"HTTP1", "HTTP2"},
	"aws_lb_target_group.port":                         {"80", "443"},
	"aws_lb_target_group.protocol":                     {"HTTP", "HTTPS"},
	"aws_lb_target_group.target_type":                  {"ip", "instance"},
	"aws_lb_target_group.vpc_id":                       {"vpc-1", "vpc-2"},
	"aws_sns_topic.fifo_topic":                         {"true", "false"},
	"aws_sns_topic.name":                               {"value-1.fifo", "value-2.fifo"},
}

// typical puts the usual values of a type into a configuration.
func typical(typ string, config cty.Value) cty.Value {
	out := config.AsValueMap()
	for name := range out {
		if pair, ok := usual[typ+"."+name]; ok {
			out[name] = spelled(pair[0], out[name].Type())
		}
	}
	return cty.ObjectVal(out)
}

// spelled returns a value of a primitive type that a text spells.
func spelled(text string, ty cty.Type) cty.Value {
	v, err := convert.Convert(cty.StringVal(text), ty)
	if err != nil {
		return cty.NullVal(ty)
	}
	return v
}

// values returns the two values between which an argument changes.
func values(typ, at string, ty cty.Type) (one, other cty.Value) {
	if pair, ok := usual[typ+"."+at]; ok {
		return spelled(pair[0], ty), spelled(pair[1], ty)
	}
	return value(ty, 1), value(ty, 2)
}

// minimal returns a configuration with what a block requires, and with one block of
// every name of a path.
func minimal(b *schema.Block, path []string) cty.Value {
	out := empty(b)
	for name, a := range b.Attributes {
		if a.Required {
			out[name] = value(a.Type, 1)
		}
	}
	for name, nb := range b.Blocks {
		var rest []string
		on := len(path) > 0 && path[0] == name
		if on {
			rest = path[1:]
		}
		if on || nb.MinItems > 0 {
			out[name] = several(nb, minimal(nb.Block, rest))
		}
	}
	return cty.ObjectVal(out)
}

// several returns as many blocks as there must be, and one at least.
func several(nb *schema.NestedBlock, one cty.Value) cty.Value {
	switch nb.Nesting {
	case schema.NestingSet:
		return cty.SetVal([]cty.Value{one})
	case schema.NestingMap:
		return cty.MapVal(map[string]cty.Value{"k": one})
	case schema.NestingList:
		return cty.ListVal(slices.Repeat([]cty.Value{one}, max(1, nb.MinItems)))
	}
	return one
}

// value returns one of the invented values of a type, which all differ.
func value(ty cty.Type, n int64) cty.Value {
	switch {
	case ty == cty.String:
		return cty.StringVal(fmt.Sprintf("value-%d", n))
	case ty == cty.Number:
		return cty.NumberIntVal(n)
	case ty == cty.Bool:
		return cty.BoolVal(n == 1)
	case ty.IsListType():
		return cty.ListVal([]cty.Value{value(ty.ElementType(), n)})
	case ty.IsSetType():
		return cty.SetVal([]cty.Value{value(ty.ElementType(), n)})
	case ty.IsMapType():
		return cty.MapVal(map[string]cty.Value{"k": value(ty.ElementType(), n)})
	case ty.IsObjectType():
		out := map[string]cty.Value{}
		for name, inner := range ty.AttributeTypes() {
			out[name] = value(inner, n)
		}
		return cty.ObjectVal(out)
	}
	return cty.NullVal(ty)
}

// with returns an object in which an argument of the first block at a path has
// another value.
func with(obj cty.Value, path []string, name string, to cty.Value) cty.Value {
	out := obj.AsValueMap()
	if len(path) == 0 {
		out[name] = to
		return cty.ObjectVal(out)
	}
	v := out[path[0]]
	ty := v.Type()
	if v.IsNull() || !v.IsKnown() {
		return obj
	}
	if ty.IsObjectType() {
		out[path[0]] = with(v, path[1:], name, to)
		return cty.ObjectVal(out)
	}
	elems := v.AsValueSlice()
	if len(elems) == 0 {
		return obj
	}
	elems[0] = with(elems[0], path[1:], name, to)
	switch {
	case ty.IsSetType():
		out[path[0]] = cty.SetVal(elems)
	case ty.IsMapType():
		out[path[0]] = cty.MapVal(map[string]cty.Value{"k": elems[0]})
	default:
		out[path[0]] = cty.ListVal(elems)
	}
	return cty.ObjectVal(out)
}

// unknowns returns a configuration as Terraform proposes it for a new object: what
// the provider computes is unknown.
func unknowns(b *schema.Block, config cty.Value) cty.Value {
	out := config.AsValueMap()
	for name, a := range b.Attributes {
		if a.Computed && out[name].IsNull() {
			out[name] = cty.UnknownVal(a.Type)
		}
	}
	for name, nb := range b.Blocks {
		out[name] = each(out[name], func(_ int, e cty.Value) cty.Value { return unknowns(nb.Block, e) })
	}
	return cty.ObjectVal(out)
}

// propose returns a configuration as Terraform proposes it for an object that
// exists: what the provider has computed stays.
func propose(b *schema.Block, prior, config cty.Value) cty.Value {
	out, was := config.AsValueMap(), prior.AsValueMap()
	for name, a := range b.Attributes {
		if a.Computed && out[name].IsNull() {
			out[name] = was[name]
		}
	}
	for name, nb := range b.Blocks {
		var old []cty.Value
		if v := was[name]; v.IsKnown() && !v.IsNull() {
			if v.Type().IsObjectType() {
				old = []cty.Value{v}
			} else {
				old = v.AsValueSlice()
			}
		}
		out[name] = each(out[name], func(i int, e cty.Value) cty.Value {
			if i >= len(old) || old[i].IsNull() {
				return e
			}
			return propose(nb.Block, old[i], e)
		})
	}
	return cty.ObjectVal(out)
}

// each changes the objects of a block's value.
func each(v cty.Value, do func(int, cty.Value) cty.Value) cty.Value {
	if v.IsNull() || !v.IsKnown() {
		return v
	}
	ty := v.Type()
	if ty.IsObjectType() {
		return do(0, v)
	}
	if v.LengthInt() == 0 {
		return v
	}
	if ty.IsMapType() {
		out := v.AsValueMap()
		for k, e := range out {
			out[k] = do(0, e)
		}
		return cty.MapVal(out)
	}
	elems := v.AsValueSlice()
	for i, e := range elems {
		elems[i] = do(i, e)
	}
	if ty.IsSetType() {
		return cty.SetVal(elems)
	}
	return cty.ListVal(elems)
}

// invented gives a value to everything unknown in an object.
func invented(v cty.Value) cty.Value {
	out, err := cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if v.IsKnown() {
			return v, nil
		}
		return value(v.Type(), 1), nil
	})
	if err != nil {
		return v
	}
	return out
}
