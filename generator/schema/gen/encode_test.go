package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/schema"
)

// Every nesting, flag and type that the JSON can hold, and equal blocks under
// two names.
const sample = `{"format_version": "1.0", "provider_schemas": {"registry.terraform.io/hashicorp/aws": {
  "provider": {"block": {"attributes": {"alias": {"type": "string", "optional": true}, "region": {"type": "string", "optional": true}}}},
  "resource_schemas": {
    "aws_b": {"block": {"attributes": {
      "a": {"type": "string", "required": true},
      "b": {"type": ["list", "number"], "optional": true, "computed": true, "sensitive": true},
      "c": {"type": ["map", ["set", "bool"]], "computed": true, "deprecated": true},
      "d": {"type": ["object", {"x": "dynamic", "y": ["tuple", ["string", "number"]]}], "optional": true, "write_only": true}
    }, "block_types": {
      "single": {"nesting_mode": "single", "block": {}},
      "list": {"nesting_mode": "list", "min_items": 1, "max_items": 300, "block": {"attributes": {"z": {"type": "bool", "optional": true}}}},
      "set": {"nesting_mode": "set", "block": {"block_types": {"deep": {"nesting_mode": "map", "block": {}}}}},
      "group": {"nesting_mode": "group", "block": {"attributes": {"z": {"type": "bool", "optional": true}}}}
    }}},
    "aws_a": {"block": {}}
  },
  "data_source_schemas": {"aws_b": {"block": {"attributes": {"a": {"type": "string", "computed": true}}}}},
  "ephemeral_resource_schemas": {"aws_e": {"block": {}}}
}}}`

func sampleDocument(t *testing.T, src string) *document {
	t.Helper()
	doc, err := parse(json.NewDecoder(strings.NewReader(src)))
	if err != nil {
		t.Fatal(err)
	}
	doc.version = "9.8.7"
	return doc
}

func TestRoundTrip(t *testing.T) {
	doc := sampleDocument(t, sample)
	data, err := encode(doc)
	if err != nil {
		t.Fatal(err)
	}
	if err := verify(doc, string(data)); err != nil {
		t.Fatal(err)
	}
	p, err := schema.Open(string(data))
	if err != nil {
		t.Fatal(err)
	}
	b, _ := p.Type(schema.KindResource, "aws_b")
	if n := b.Blocks["list"]; n.MinItems != 1 || n.MaxItems != 300 || n.Block != b.Blocks["group"].Block {
		t.Errorf("list = %+v; equal blocks are to be one", n)
	}
	if want := cty.Object(map[string]cty.Type{"x": cty.DynamicPseudoType, "y": cty.Tuple([]cty.Type{cty.String, cty.Number})}); !b.Attributes["d"].Type.Equals(want) || !b.Attributes["d"].WriteOnly {
		t.Errorf("d = %+v", b.Attributes["d"])
	}
	if _, ok := p.Type(schema.KindEphemeral, "aws_e"); !ok {
		t.Error("the ephemeral type is missing")
	}
	if _, ok := p.Config().Attributes["alias"]; ok {
		t.Error("alias is Terraform's own argument")
	}
}

func TestEncodeIsReproducible(t *testing.T) {
	first, err := encode(sampleDocument(t, sample))
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		again, err := encode(sampleDocument(t, sample))
		if err != nil {
			t.Fatal(err)
		}
		if string(again) != string(first) {
			t.Fatal("two runs write different bytes")
		}
	}
}

// verify is what keeps a wrong artefact out of the tree, so it has to notice.
func TestVerifyNotices(t *testing.T) {
	data, err := encode(sampleDocument(t, sample))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new string }{
		{`"a": {"type": "string", "required": true}`, `"a": {"type": "number", "required": true}`},
		{`"a": {"type": "string", "required": true}`, `"a": {"type": "string", "optional": true}`},
		{`"max_items": 300`, `"max_items": 301`},
		{`"nesting_mode": "set"`, `"nesting_mode": "list"`},
		{`"aws_a": {"block": {}}`, `"aws_c": {"block": {}}`},
		{`,
    "aws_a": {"block": {}}`, ``},
		{`"deep": {"nesting_mode": "map"`, `"deeper": {"nesting_mode": "map"`},
		{`"region": {"type": "string"`, `"regions": {"type": "string"`},
	} {
		changed := strings.Replace(sample, c.old, c.new, 1)
		if changed == sample {
			t.Fatalf("%q is not in the sample", c.old)
		}
		if err := verify(sampleDocument(t, changed), string(data)); err == nil {
			t.Errorf("%q for %q went unnoticed", c.new, c.old)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	for name, src := range map[string]string{
		"nested type":  strings.Replace(sample, `"a": {"type": "string", "required": true}`, `"a": {"nested_type": {"nesting_mode": "single"}, "required": true}`, 1),
		"nesting mode": strings.Replace(sample, `"nesting_mode": "single"`, `"nesting_mode": "bag"`, 1),
	} {
		if _, err := encode(sampleDocument(t, src)); err == nil {
			t.Errorf("%s: encoded", name)
		}
	}
	if _, err := parse(json.NewDecoder(strings.NewReader(`{"provider_schemas": {}}`))); err == nil {
		t.Error("a document without a provider is read")
	}
}
