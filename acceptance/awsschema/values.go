package awsschema

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/bpgen/bpgen/generator/schema"
)

// A maker makes the values of one object that AWS would have answered.
type maker struct {
	kind   schema.Kind
	typ    string
	region string
	seed   string    // what the object is, as text
	obj    cty.Value // what is known of it
	block  *schema.Block
}

// settle replaces everything unknown in a planned object.
func (s *server) settle(kind schema.Kind, typeName string, b *schema.Block, planned cty.Value) cty.Value {
	m := s.maker(kind, typeName, b, planned)
	if typeName == "aws_acm_certificate" && !attr(planned, "domain_validation_options").IsWhollyKnown() {
		fields := planned.AsValueMap()
		fields["domain_validation_options"] = validationOptions(planned, false)
		planned = cty.ObjectVal(fields)
	}
	return m.fill(b, planned, "")
}

func (s *server) maker(kind schema.Kind, typeName string, b *schema.Block, obj cty.Value) *maker {
	region := cmp.Or(text(obj, "region"), s.region, "us-east-1")
	known, _ := cty.Transform(obj, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if !v.IsKnown() {
			return cty.NullVal(v.Type()), nil
		}
		return v, nil
	})
	raw, err := ctyjson.Marshal(known, known.Type())
	if err != nil {
		// The value came over the wire and holds no capsule, so it has JSON.
		panic("awsschema: " + err.Error())
	}
	return &maker{kind: kind, typ: typeName, region: region, seed: typeName + "\n" + region + "\n" + string(raw), obj: obj, block: b}
}

// fill walks an object of a block; path is "" for the object itself and else
// tells its place, so that values at two places differ.
func (m *maker) fill(b *schema.Block, v cty.Value, path string) cty.Value {
	if !v.IsKnown() || v.IsNull() || !v.Type().IsObjectType() {
		return v
	}
	out := v.AsValueMap()
	for _, name := range slices.Sorted(maps.Keys(b.Attributes)) {
		a := b.Attributes[name]
		switch v := out[name]; {
		case !v.IsKnown():
			out[name] = m.value(path, name, a)
		case !v.IsWhollyKnown():
			out[name] = m.partial(path, name, v)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.Blocks)) {
		nb := b.Blocks[name]
		v := out[name]
		if v.IsNull() {
			continue
		}
		if nb.Nesting == schema.NestingSingle || nb.Nesting == schema.NestingGroup {
			out[name] = m.fill(nb.Block, v, path+name+".")
			continue
		}
		if !v.IsKnown() || !v.CanIterateElements() || v.LengthInt() == 0 {
			continue
		}
		if v.Type().IsMapType() {
			elems := v.AsValueMap()
			for k, e := range elems {
				elems[k] = m.fill(nb.Block, e, path+name+"."+k+".")
			}
			out[name] = cty.MapVal(elems)
			continue
		}
		var elems []cty.Value
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			elems = append(elems, m.fill(nb.Block, e, fmt.Sprintf("%s%s.%d.", path, name, len(elems))))
		}
		out[name] = rebuild(v, elems)
	}
	return cty.ObjectVal(out)
}

// partial settles unknown leaves inside the value of an attribute.
func (m *maker) partial(path, name string, v cty.Value) cty.Value {
	out, err := cty.Transform(v, func(p cty.Path, v cty.Value) (cty.Value, error) {
		if v.IsKnown() {
			return v, nil
		}
		leaf := name
		for _, step := range p {
			if get, ok := step.(cty.GetAttrStep); ok {
				leaf = get.Name
			}
		}
		return m.byName(path+name+".", leaf, v.Type(), true), nil
	})
	if err != nil {
		return v
	}
	return out
}

// value makes an attribute that is unknown as a whole.
func (m *maker) value(path, name string, a *schema.Attribute) cty.Value {
	if path == "" {
		if s := m.special(name); s != cty.NilVal {
			if v, err := convert.Convert(s, a.Type); err == nil {
				return v
			}
		}
		if t, ok := answers[m.typ][name]; ok {
			return m.typed(t, a.Type)
		}
	}
	return m.byName(path, name, a.Type, !a.Optional || m.kind == schema.KindData)
}

// typed expands a template and converts the text to the attribute's type.
func (m *maker) typed(template string, ty cty.Type) cty.Value {
	if ty.IsCollectionType() && ty.ElementType() == cty.String {
		var elems []cty.Value
		for _, part := range strings.Split(template, ",") {
			elems = append(elems, cty.StringVal(m.expand(part)))
		}
		switch {
		case ty.IsListType():
			return cty.ListVal(elems)
		case ty.IsSetType():
			return cty.SetVal(elems)
		}
	}
	v, err := convert.Convert(cty.StringVal(m.expand(template)), ty)
	if err != nil {
		return cty.NullVal(ty)
	}
	return v
}

// byName makes a value that fits an attribute's name and type. What may also be
// set by the configuration (not always) and has no telling name is null or
// empty, as AWS leaves out what nobody asked for.
func (m *maker) byName(path, name string, ty cty.Type, always bool) cty.Value {
	switch {
	case ty == cty.String:
		if t := m.template(path, name); t != "" {
			return cty.StringVal(m.expand(t))
		}
		if always {
			return cty.StringVal(m.hex(8, path+name))
		}
		return cty.NullVal(ty)
	case ty == cty.Number:
		switch {
		case name == "port":
			return cty.NumberIntVal(m.port())
		case name == "revision" || strings.HasSuffix(name, "version"):
			return cty.NumberIntVal(1)
		case always:
			return cty.NumberIntVal(0)
		}
		return cty.NullVal(ty)
	case ty == cty.Bool:
		return cty.False
	case ty.IsListType() && ty.ElementType().IsObjectType() && always:
		return cty.ListVal([]cty.Value{m.object(path+name+".", ty.ElementType())})
	case ty.IsListType():
		return cty.ListValEmpty(ty.ElementType())
	case ty.IsSetType():
		return cty.SetValEmpty(ty.ElementType())
	case ty.IsMapType():
		return cty.MapValEmpty(ty.ElementType())
	case ty.IsObjectType() && always:
		return m.object(path+name+".", ty)
	}
	return cty.NullVal(ty)
}

func (m *maker) object(path string, ty cty.Type) cty.Value {
	out := map[string]cty.Value{}
	for name, aty := range ty.AttributeTypes() {
		out[name] = m.byName(path, name, aty, true)
	}
	return cty.ObjectVal(out)
}

// template returns the pattern for a string attribute of that name, "" for none.
func (m *maker) template(path, name string) string {
	top := path == ""
	salt := path + name
	switch {
	case name == "arn" && top:
		return m.arn()
	case name == "id" && top:
		return m.id()
	case name == "tags_all" || name == "description":
		return ""
	case strings.HasSuffix(name, "_arn") || name == "arn":
		stem := strings.TrimSuffix(strings.TrimSuffix(name, "arn"), "_")
		return fmt.Sprintf("arn:aws:%s:{region}:{account}:%s/{hex12:%s}", service(m.typ), dashed(cmp.Or(stem, m.stem())), salt)
	case name == "kms_key_id":
		return "arn:aws:kms:{region}:{account}:key/{uuid:" + salt + "}"
	case name == "account_id" || name == "owner_id" || name == "registry_id" || name == "owner":
		return "{account}"
	case name == "hosted_zone_id" || name == "zone_id":
		return "Z{upper20:" + salt + "}"
	case name == "availability_zone":
		return "{region}a"
	case name == "availability_zone_id":
		return "{code}-az1"
	case name == "region":
		return "{region}"
	case m.kind == schema.KindData && m.typ == "aws_route53_zone" && name == "name":
		return "example.com"
	case strings.HasSuffix(name, "_id"):
		if p := idPrefix[strings.TrimSuffix(name, "_id")]; p != "" {
			return p + "-{hex17:" + salt + "}"
		}
		if m.optional(path, name) {
			return ""
		}
		return "{hex20:" + salt + "}"
	case name == "name" && m.get("name_prefix") != "":
		return "{name_prefix}{hex10}"
	case name == "name":
		return "terraform-{hex10}"
	case name == "dns_name" || name == "domain_name" || name == "endpoint" || name == "address" || name == "fqdn" || name == "hostname" ||
		strings.HasSuffix(name, "_endpoint") || strings.HasSuffix(name, "_domain_name") || strings.HasSuffix(name, "_dns_name") || strings.HasSuffix(name, "_endpoint_address"):
		return "{hex12:" + salt + "}." + dashed(m.stem()) + ".{region}.amazonaws.com"
	case strings.HasSuffix(name, "_url") || name == "url":
		return "https://{hex12:" + salt + "}." + service(m.typ) + ".{region}.amazonaws.com"
	case name == "public_ip":
		return "203.0.113.{byte:" + salt + "}"
	case name == "private_ip":
		return "10.0.0.{byte:" + salt + "}"
	case strings.HasSuffix(name, "cidr_block"):
		return "10.0.0.0/16"
	case name == "policy" || strings.HasSuffix(name, "json"):
		return "{}"
	case name == "status" || name == "state" || strings.HasSuffix(name, "_status") || strings.HasSuffix(name, "_state"):
		return "ACTIVE"
	case strings.HasSuffix(name, "_date") || strings.HasSuffix(name, "_time") || strings.HasSuffix(name, "_at") || name == "timestamp":
		return "2026-01-01T00:00:00Z"
	case name == "etag" || strings.HasSuffix(name, "_hash"):
		return "{hex32:" + salt + "}"
	}
	return ""
}

// optional reports whether a top-level attribute may be set.
func (m *maker) optional(path, name string) bool {
	a := m.block.Attributes[name]
	return path == "" && a != nil && a.Optional && m.kind == schema.KindResource
}

func (m *maker) stem() string { return strings.TrimPrefix(m.typ, "aws_") }

// arn returns the pattern of the object's ARN.
func (m *maker) arn() string {
	svc := service(m.typ)
	name := cmp.Or(m.firstKnown(), "{hex12}")
	rest := m.stem()
	if _, after, ok := strings.Cut(rest, "_"); ok {
		rest = after
	}
	region := "{region}"
	if svc == "iam" || svc == "cloudfront" || svc == "route53" {
		region = ""
	}
	if idPrefix[m.stem()] != "" || svc == "ec2" {
		return fmt.Sprintf("arn:aws:%s:%s:{account}:%s/{id}", svc, region, dashed(rest))
	}
	return fmt.Sprintf("arn:aws:%s:%s:{account}:%s/%s", svc, region, dashed(rest), name)
}

// id returns the pattern of the object's id.
func (m *maker) id() string {
	if p := idPrefix[m.stem()]; p != "" {
		return p + "-{hex17}"
	}
	if idIsARN[m.typ] {
		return "{arn}"
	}
	if m.kind == schema.KindData && m.block.Attributes["arn"] != nil && m.firstKnown() == "" {
		return "{hex12}"
	}
	return cmp.Or(m.firstKnown(), dashed(m.stem())+"-{hex12}")
}

// firstKnown returns the name that the configuration gives the object, if any.
func (m *maker) firstKnown() string {
	for _, name := range []string{"name", "bucket", "cluster_identifier", "identifier", "replication_group_id", "family", "function_name", "role", "resource_arn", "web_acl_arn", "certificate_arn"} {
		if s := text(m.obj, name); s != "" {
			return strings.TrimPrefix(s, "/")
		}
	}
	return ""
}

// port returns the usual port of the object's engine.
func (m *maker) port() int64 {
	switch engine := text(m.obj, "engine"); {
	case strings.Contains(engine, "postgres"):
		return 5432
	case strings.Contains(engine, "mysql") || strings.Contains(engine, "maria"):
		return 3306
	case engine == "memcached":
		return 11211
	case strings.HasPrefix(m.typ, "aws_elasticache"):
		return 6379
	}
	return 443
}

// get returns a string attribute of the object, made when it is not known.
func (m *maker) get(name string) string {
	v, a := attr(m.obj, name), m.block.Attributes[name]
	if v.IsKnown() && !v.IsNull() {
		if s, err := convert.Convert(v, cty.String); err == nil && !s.IsNull() {
			return s.AsString()
		}
		return ""
	}
	if a == nil || !a.Computed || v.IsKnown() && m.kind == schema.KindResource {
		return ""
	}
	if s, err := convert.Convert(m.value("", name, a), cty.String); err == nil && !s.IsNull() {
		return s.AsString()
	}
	return ""
}

var placeholder = regexp.MustCompile(`\{([a-z_]+)([0-9]*)(?::([^{}]*))?\}`)

// expand fills a pattern: {region} {account} {code} (the region's short name),
// {hexN:salt} {upperN:salt} {uuid:salt} {byte:salt}, or an attribute's name.
func (m *maker) expand(template string) string {
	return placeholder.ReplaceAllStringFunc(template, func(p string) string {
		sub := placeholder.FindStringSubmatch(p)
		n, _ := strconv.Atoi(sub[2])
		switch word, salt := sub[1], sub[3]; word {
		case "region":
			return m.region
		case "account":
			return accountID
		case "code":
			return regionCode(m.region)
		case "hex":
			return m.hex(n, salt)
		case "upper":
			return m.upper(n, salt)
		case "uuid":
			h := m.hex(32, salt)
			return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
		case "byte":
			sum := sha256.Sum256([]byte(salt + m.seed))
			return strconv.Itoa(1 + int(sum[0])%254)
		default:
			return m.get(word + sub[2])
		}
	})
}

func (m *maker) hex(n int, salt string) string {
	sum := sha256.Sum256([]byte(salt + "\x00" + m.seed))
	return hex.EncodeToString(sum[:])[:n]
}

func (m *maker) upper(n int, salt string) string {
	sum := sha256.Sum256([]byte(salt + "\x00" + m.seed))
	return strings.ToUpper(new(big.Int).SetBytes(sum[:]).Text(36))[:n]
}

// regionCode shortens a region as AWS does: eu-west-1 to euw1.
func regionCode(region string) string {
	parts := strings.Split(region, "-")
	if len(parts) != 3 {
		return region
	}
	mid := strings.NewReplacer("north", "n", "south", "s", "east", "e", "west", "w", "central", "c").Replace(parts[1])
	return parts[0] + mid + parts[2]
}

func dashed(s string) string { return strings.ReplaceAll(s, "_", "-") }

// service returns the name that a type's service has in ARNs.
func service(typ string) string {
	stem := strings.TrimPrefix(typ, "aws_")
	for _, s := range services {
		if stem == s.prefix || strings.HasPrefix(stem, s.prefix+"_") {
			return s.name
		}
	}
	first, _, _ := strings.Cut(stem, "_")
	return first
}
