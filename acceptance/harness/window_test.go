package harness

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/bpgen/bpgen/generator/schema"
)

// entry is a field that is an entry of a map, its key behind or before its value.
func entry(number protowire.Number, key string, keyLast bool) []byte {
	name := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), key)
	about := protowire.AppendString(protowire.AppendTag(nil, 9, protowire.BytesType), "schema of "+key)
	value := protowire.AppendBytes(protowire.AppendTag(nil, 2, protowire.BytesType), about)
	body := append(append([]byte{}, name...), value...)
	if keyLast {
		body = append(append([]byte{}, value...), name...)
	}
	return protowire.AppendBytes(protowire.AppendTag(nil, number, protowire.BytesType), body)
}

// TestWindowKeepsTypes: of an answer with schemas the types that are asked for stay, and
// all that is not a schema of a type.
func TestWindowKeepsTypes(t *testing.T) {
	t.Parallel()
	provider := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), "provider")
	functions := entry(7, "arn_parse", false)
	answer := string(provider)
	for _, name := range []string{"aws_vpc", "aws_lb"} {
		for _, number := range []protowire.Number{2, 3, 8} {
			answer += string(entry(number, name, name == "aws_lb"))
		}
	}
	answer += string(functions)
	got, err := newView([]string{"aws_lb", "aws_other"}).narrow([]byte(answer))
	if err != nil {
		t.Fatal(err)
	}
	for want, times := range map[string]int{"provider": 1, "aws_vpc": 0, "schema of aws_lb": 3, "arn_parse": 2} {
		if n := strings.Count(string(got), want); n != times {
			t.Errorf("%q stands there %d times, not %d", want, n, times)
		}
	}
	if all, err := newView([]string{"aws_lb", "aws_vpc"}).narrow([]byte(answer)); err != nil || string(all) != answer {
		t.Errorf("with all types it is another answer: %v", err)
	}
	for _, broken := range []string{answer[:len(answer)-1], "\x12\x02\x08", "\x12\x02\x10\x01", "\x12\x00"} {
		if _, err := newView(nil).narrow([]byte(broken)); err == nil {
			t.Errorf("%q is taken", broken)
		}
	}
}

// TestViewRoundTrip: what a view leaves out comes back empty, and what it shows
// stays as it is, whichever way blocks nest.
func TestViewRoundTrip(t *testing.T) {
	t.Parallel()
	provider, ok := schema.For("5")
	if !ok {
		t.Fatal("no schema")
	}
	block, ok := provider.Type(schema.KindResource, "aws_lb_target_group")
	if !ok {
		t.Fatal("no target group")
	}
	v := newView([]string{"aws_lb_target_group", "health_check"})
	narrow := map[string]cty.Value{}
	for name, ty := range v.prune(block).ImpliedType().AttributeTypes() {
		narrow[name] = cty.NullVal(ty)
	}
	narrow["name"] = cty.StringVal("web")
	check := map[string]cty.Value{}
	for name, ty := range v.prune(block.Blocks["health_check"].Block).ImpliedType().AttributeTypes() {
		check[name] = cty.NullVal(ty)
	}
	check["path"] = cty.UnknownVal(cty.String)
	narrow["health_check"] = cty.ListVal([]cty.Value{cty.ObjectVal(check)})
	value := cty.ObjectVal(narrow)
	wide := v.widen(value, block)
	if !wide.Type().Equals(block.ImpliedType()) {
		t.Fatalf("the whole type is not that of the schema: %#v", wide.Type())
	}
	if s := wide.GetAttr("stickiness"); s.IsNull() || s.LengthInt() != 0 {
		t.Errorf("what is not shown is %#v", s)
	}
	if back := v.narrowValue(wide, block); !back.RawEquals(value) {
		t.Errorf("there and back gives %#v", back)
	}
}
