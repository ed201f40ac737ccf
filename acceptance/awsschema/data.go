package awsschema

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/schema"
)

// read answers a data source: what the configuration does not set is made up,
// but for IAM policies, which are rendered from their statements.
func (s *server) read(typeName string, b *schema.Block, config cty.Value) (cty.Value, error) {
	m := s.maker(schema.KindData, typeName, b, config)
	out := config.AsValueMap()
	if typeName == "aws_iam_policy_document" {
		pretty, minified, err := renderPolicy(config)
		if err != nil {
			return cty.NilVal, err
		}
		sum := sha256.Sum256([]byte(minified))
		out["json"] = cty.StringVal(pretty)
		out["minified_json"] = cty.StringVal(minified)
		out["id"] = cty.StringVal(hex.EncodeToString(sum[:5]))
		return cty.ObjectVal(out), nil
	}
	for _, name := range slices.Sorted(maps.Keys(b.Attributes)) {
		if a := b.Attributes[name]; a.Computed && out[name].IsNull() {
			out[name] = m.value("", name, a)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.Blocks)) {
		nb := b.Blocks[name]
		if v := out[name]; nb.Nesting == schema.NestingList || nb.Nesting == schema.NestingSet {
			out[name] = mapElements(nb, v, cty.NilVal, func(a *schema.Attribute, attr string, v, _ cty.Value) cty.Value {
				if a.Computed && v.IsNull() {
					return m.byName(name+".", attr, a.Type, !a.Optional)
				}
				return v
			})
		}
	}
	return cty.ObjectVal(out), nil
}

// validationOptions returns the DNS records that prove the domains of an ACM
// certificate. The real provider knows the domains while it plans and the
// records afterwards, so for_each over domain_name works in one run. The record
// of a domain is the same in every region and for its wildcard, as in AWS.
func validationOptions(certificate cty.Value, planning bool) cty.Value {
	elem := cty.Object(map[string]cty.Type{
		"domain_name": cty.String, "resource_record_name": cty.String,
		"resource_record_type": cty.String, "resource_record_value": cty.String,
	})
	sans := attr(certificate, "subject_alternative_names")
	if !attr(certificate, "domain_name").IsKnown() || !attr(certificate, "validation_method").IsKnown() ||
		planning && !sans.IsNull() && sans.IsKnown() && !sans.IsWhollyKnown() {
		return cty.UnknownVal(cty.Set(elem))
	}
	names := stringsOf(certificate, "subject_alternative_names")
	if d := text(certificate, "domain_name"); d != "" && !slices.Contains(names, d) {
		names = append(names, d)
	}
	if text(certificate, "validation_method") != "DNS" || len(names) == 0 {
		return cty.SetValEmpty(elem)
	}
	var options []cty.Value
	for _, name := range names {
		option := map[string]cty.Value{
			"domain_name":          cty.StringVal(name),
			"resource_record_name": cty.UnknownVal(cty.String), "resource_record_type": cty.UnknownVal(cty.String),
			"resource_record_value": cty.UnknownVal(cty.String),
		}
		if !planning {
			base := strings.TrimPrefix(name, "*.")
			sum := sha256.Sum256([]byte("acm " + base))
			h := hex.EncodeToString(sum[:])
			option["resource_record_name"] = cty.StringVal("_" + h[:32] + "." + base + ".")
			option["resource_record_type"] = cty.StringVal("CNAME")
			option["resource_record_value"] = cty.StringVal("_" + h[32:] + ".acm-validations.aws.")
		}
		options = append(options, cty.ObjectVal(option))
	}
	return cty.SetVal(options)
}
