package awsschema

import (
	"maps"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/schema"
)

// plan returns the planned state of a resource from what the core proposes:
// computed values that nobody set become unknown, but for those that the real
// provider knows before it calls AWS. prior is null on creation.
func (s *server) plan(typeName string, b *schema.Block, prior, proposed cty.Value) cty.Value {
	proposed = dropWriteOnly(b, proposed)
	if !prior.IsNull() && proposed.RawEquals(prior) {
		return prior
	}
	if prior.IsNull() {
		prior = cty.NilVal
	}
	planned := markUnknown(b, proposed, prior)
	return s.knownAtPlan(typeName, planned, prior)
}

// markUnknown makes the computed nulls of a new object unknown. A null that
// the prior object already had stays: the provider has answered it before.
func markUnknown(b *schema.Block, v, prior cty.Value) cty.Value {
	return mapBlock(b, v, prior, func(a *schema.Attribute, name string, v, prior cty.Value) cty.Value {
		if a.Computed && !a.WriteOnly && v.IsKnown() && v.IsNull() && prior == cty.NilVal {
			return cty.UnknownVal(a.Type)
		}
		return v
	})
}

// dropWriteOnly nulls write-only arguments, which may stand in no plan or state.
func dropWriteOnly(b *schema.Block, v cty.Value) cty.Value {
	return mapBlock(b, v, cty.NilVal, func(a *schema.Attribute, _ string, v, _ cty.Value) cty.Value {
		if a.WriteOnly {
			return cty.NullVal(a.Type)
		}
		return v
	})
}

// mapBlock rebuilds an object of the block with f applied to every attribute at
// any depth of nested blocks. prior, where it is not cty.NilVal, walks along:
// lists and maps by index, sets by equal elements.
func mapBlock(b *schema.Block, v, prior cty.Value, f func(a *schema.Attribute, name string, v, prior cty.Value) cty.Value) cty.Value {
	if !v.IsKnown() || v.IsNull() || !v.Type().IsObjectType() {
		return v
	}
	child := func(name string) cty.Value {
		if prior == cty.NilVal || prior.IsNull() || !prior.IsKnown() {
			return cty.NilVal
		}
		return prior.GetAttr(name)
	}
	out := v.AsValueMap()
	for name, a := range b.Attributes {
		out[name] = f(a, name, out[name], child(name))
	}
	for name, nb := range b.Blocks {
		old := child(name)
		if nb.Nesting == schema.NestingSingle || nb.Nesting == schema.NestingGroup {
			if old != cty.NilVal && old.IsNull() {
				old = cty.NilVal
			}
			out[name] = mapBlock(nb.Block, out[name], old, f)
			continue
		}
		out[name] = mapElements(nb, out[name], old, f)
	}
	return cty.ObjectVal(out)
}

func mapElements(nb *schema.NestedBlock, v, prior cty.Value, f func(*schema.Attribute, string, cty.Value, cty.Value) cty.Value) cty.Value {
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return v
	}
	has := prior != cty.NilVal && prior.IsKnown() && !prior.IsNull()
	if v.Type().IsMapType() || v.Type().IsObjectType() {
		elems := v.AsValueMap()
		for k, e := range elems {
			old := cty.NilVal
			if has {
				if p, ok := prior.AsValueMap()[k]; ok {
					old = p
				}
			}
			elems[k] = mapBlock(nb.Block, e, old, f)
		}
		if len(elems) == 0 || v.Type().IsObjectType() {
			return v
		}
		return cty.MapVal(elems)
	}
	var elems []cty.Value
	i := 0
	for it := v.ElementIterator(); it.Next(); i++ {
		_, e := it.Element()
		old := cty.NilVal
		switch {
		case !has:
		case prior.Type().IsSetType():
			if e.IsWhollyKnown() && prior.HasElement(e).IsKnown() && prior.HasElement(e).True() {
				old = e
			}
		case i < prior.LengthInt():
			old = prior.Index(cty.NumberIntVal(int64(i)))
		}
		elems = append(elems, mapBlock(nb.Block, e, old, f))
	}
	return rebuild(v, elems)
}

// knownAtPlan fills in what the real provider works out while planning.
func (s *server) knownAtPlan(typeName string, planned, prior cty.Value) cty.Value {
	out := planned.AsValueMap()
	creating := prior == cty.NilVal
	if all, ok := out["tags_all"]; ok {
		out["tags_all"] = s.allTags(out["tags"], all, creating)
	}
	if v, ok := out["region"]; ok && !v.IsKnown() && s.region != "" {
		out["region"] = cty.StringVal(s.region)
	}
	if typeName == "aws_acm_certificate" {
		if creating || !out["domain_name"].RawEquals(prior.GetAttr("domain_name")) ||
			!out["subject_alternative_names"].RawEquals(prior.GetAttr("subject_alternative_names")) {
			out["domain_validation_options"] = validationOptions(cty.ObjectVal(out), true)
		}
	}
	return cty.ObjectVal(out)
}

// allTags merges the provider's default tags with the resource's own.
func (s *server) allTags(own, all cty.Value, creating bool) cty.Value {
	if own == cty.NilVal || !own.IsKnown() {
		return cty.UnknownVal(cty.Map(cty.String))
	}
	merged := map[string]cty.Value{}
	maps.Copy(merged, s.defaultTags)
	if !own.IsNull() {
		maps.Copy(merged, own.AsValueMap())
	}
	switch {
	case len(merged) > 0:
		return cty.MapVal(merged)
	case creating:
		return all // unknown, as in the real provider
	}
	return cty.MapValEmpty(cty.String)
}
