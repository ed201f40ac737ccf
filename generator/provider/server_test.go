package provider_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/object/builtin"
	"github.com/bpgen/bpgen/generator/provider"
	"github.com/bpgen/bpgen/templates"
)

// builtIn is what the program carries.
func builtIn() catalog.Root {
	return catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS, Formatted: true, Objects: builtin.Objects()}
}

// A session is the provider as Terraform talks to it, without a process.
type session struct {
	server tfprotov6.ProviderServer
	schema *tfprotov6.GetProviderSchemaResponse
}

// start starts the provider with a BPGEN_PATH and asks for its schemas.
func start(t testing.TB, path string) *session {
	t.Helper()
	p := provider.New(provider.Environment{BuiltIn: builtIn(), Path: path, Version: "1.2.3"})
	server, err := providerserver.NewProtocol6WithError(p)()
	if err != nil {
		t.Fatal(err)
	}
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if len(schema.Diagnostics) > 0 {
		t.Fatalf("schemas: %s", said(schema.Diagnostics))
	}
	return &session{server, schema}
}

// said shows diagnostics, each as "severity path: summary: detail".
func said(diags []*tfprotov6.Diagnostic) string {
	var out []string
	for _, d := range diags {
		at := ""
		if d.Attribute != nil {
			var steps []string
			for _, s := range d.Attribute.Steps() {
				switch s := s.(type) {
				case tftypes.AttributeName:
					steps = append(steps, string(s))
				case tftypes.ElementKeyString:
					steps = append(steps, "["+string(s)+"]")
				}
			}
			at = " " + strings.Join(steps, ".")
		}
		out = append(out, strings.ToLower(d.Severity.String())+at+": "+d.Summary+": "+d.Detail)
	}
	return strings.Join(out, "\n")
}

// block builds the value of a block: what is not given is null.
func block(t testing.TB, schema *tfprotov6.Schema, given map[string]tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	typ := schema.ValueType().(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, at := range typ.AttributeTypes {
		values[name] = tftypes.NewValue(at, nil)
		if at.Is(tftypes.DynamicPseudoType) {
			values[name] = tftypes.NewValue(tftypes.DynamicPseudoType, nil)
		}
	}
	for name, v := range given {
		if _, ok := values[name]; !ok {
			t.Fatalf("there is no argument %q, only %q", name, slices.Sorted(maps.Keys(values)))
		}
		values[name] = v
	}
	v, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, values))
	if err != nil {
		t.Fatal(err)
	}
	return &v
}

// configure gives the provider its block.
func (s *session) configure(t testing.TB, given map[string]tftypes.Value) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := s.server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: block(t, s.schema.Provider, given)})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// validate validates a data source.
func (s *session) validate(t testing.TB, typ string, given map[string]tftypes.Value) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := s.server.ValidateDataResourceConfig(t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: typ, Config: block(t, s.schema.DataSourceSchemas[typ], given)})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// read reads a data source.
func (s *session) read(t testing.TB, typ string, given map[string]tftypes.Value) (map[string]tftypes.Value, []*tfprotov6.Diagnostic) {
	t.Helper()
	schema := s.schema.DataSourceSchemas[typ]
	if schema == nil {
		t.Fatalf("there is no data source %s", typ)
	}
	resp, err := s.server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: typ, Config: block(t, schema, given)})
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]tftypes.Value
	if resp.State != nil {
		v, err := resp.State.Unmarshal(schema.ValueType())
		if err != nil {
			t.Fatal(err)
		}
		if !v.IsNull() {
			out = fields(t, v)
		}
	}
	return out, resp.Diagnostics
}

// call calls a function.
func (s *session) call(t testing.TB, name string, args ...tftypes.Value) (tftypes.Value, *tfprotov6.FunctionError) {
	t.Helper()
	f := s.schema.Functions[name]
	if f == nil {
		t.Fatalf("there is no function %s", name)
	}
	var wire []*tfprotov6.DynamicValue
	for i, a := range args {
		typ := tftypes.Type(tftypes.DynamicPseudoType)
		switch {
		case i < len(f.Parameters):
			typ = f.Parameters[i].Type
		case f.VariadicParameter != nil:
			typ = f.VariadicParameter.Type
		}
		v, err := tfprotov6.NewDynamicValue(typ, a)
		if err != nil {
			t.Fatal(err)
		}
		wire = append(wire, &v)
	}
	resp, err := s.server.CallFunction(context.Background(), &tfprotov6.CallFunctionRequest{Name: name, Arguments: wire})
	if err != nil {
		t.Fatal(err)
	}
	if resp.Error != nil {
		return tftypes.Value{}, resp.Error
	}
	v, err := resp.Result.Unmarshal(f.Return.Type)
	if err != nil {
		t.Fatal(err)
	}
	return v, nil
}

// fields returns the attributes of an object or the elements of a map.
func fields(t testing.TB, v tftypes.Value) map[string]tftypes.Value {
	t.Helper()
	var out map[string]tftypes.Value
	if err := v.As(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// text returns a string; null is "(null)".
func text(t testing.TB, v tftypes.Value) string {
	t.Helper()
	var s *string
	if err := v.As(&s); err != nil {
		t.Fatal(err)
	}
	if s == nil {
		return "(null)"
	}
	return *s
}

// The values that tests give.
func str(s string) tftypes.Value         { return tftypes.NewValue(tftypes.String, s) }
func num(n float64) tftypes.Value        { return tftypes.NewValue(tftypes.Number, n) }
func yes(b bool) tftypes.Value           { return tftypes.NewValue(tftypes.Bool, b) }
func later(t tftypes.Type) tftypes.Value { return tftypes.NewValue(t, tftypes.UnknownValue) }
func strs(s ...string) tftypes.Value {
	var out []tftypes.Value
	for _, e := range s {
		out = append(out, str(e))
	}
	return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, out)
}

func obj(kv map[string]tftypes.Value) tftypes.Value {
	types := map[string]tftypes.Type{}
	for k, v := range kv {
		types[k] = v.Type()
	}
	return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, kv)
}
