package module_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bpgen/bpgen/generator/provider"
)

// A talk is what Terraform says to the provider about one bpgen_module, without
// a process.
type talk struct {
	server  tfprotov6.ProviderServer
	typ     tftypes.Object
	state   tftypes.Value // null for a resource that is not there
	private []byte
}

func converse(t *testing.T) *talk {
	t.Helper()
	p := provider.New(provider.Environment{BuiltIn: builtIn(t), Version: "test"})
	server, err := providerserver.NewProtocol6WithError(p)()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	c := &talk{server: server, typ: schemas.ResourceSchemas["bpgen_module"].ValueType().(tftypes.Object)}
	c.state = tftypes.NewValue(c.typ, nil)
	c.configure(t, schemas.Provider)
	return c
}

func (c *talk) configure(t *testing.T, schema *tfprotov6.Schema) {
	t.Helper()
	typ := schema.ValueType().(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, at := range typ.AttributeTypes {
		values[name] = tftypes.NewValue(at, nil)
	}
	config := wire(t, typ, tftypes.NewValue(typ, values))
	resp, err := c.server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: config})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, told(resp.Diagnostics))
	}
}

func wire(t *testing.T, typ tftypes.Type, v tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	d, err := tfprotov6.NewDynamicValue(typ, v)
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

// told shows diagnostics.
func told(diags []*tfprotov6.Diagnostic) string {
	var out []string
	for _, d := range diags {
		out = append(out, strings.ToLower(d.Severity.String())+": "+d.Summary+": "+d.Detail)
	}
	return strings.Join(out, "\n")
}

// values returns a configuration, and what Terraform proposes for it.
func (c *talk) values(t *testing.T, given map[string]tftypes.Value) (config, proposed tftypes.Value) {
	t.Helper()
	conf, prop := map[string]tftypes.Value{}, map[string]tftypes.Value{}
	if !c.state.IsNull() {
		if err := c.state.As(&prop); err != nil {
			t.Fatal(err)
		}
	}
	for name, at := range c.typ.AttributeTypes {
		conf[name] = tftypes.NewValue(at, nil)
		switch name {
		case "id", "version", "files", "manifest_sha256":
			if c.state.IsNull() {
				prop[name] = tftypes.NewValue(at, tftypes.UnknownValue)
			}
		case "layout":
			prop[name] = tftypes.NewValue(at, "flat")
		case "on_conflict":
			prop[name] = tftypes.NewValue(at, "fail")
		default:
			prop[name] = conf[name]
		}
	}
	maps.Copy(conf, given)
	maps.Copy(prop, given)
	return tftypes.NewValue(c.typ, conf), tftypes.NewValue(c.typ, prop)
}

// refresh reads the resource.
func (c *talk) refresh(t *testing.T) {
	t.Helper()
	resp, err := c.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: "bpgen_module", CurrentState: wire(t, c.typ, c.state), Private: c.private})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, told(resp.Diagnostics))
	}
	if c.state, err = resp.NewState.Unmarshal(c.typ); err != nil {
		t.Fatal(err)
	}
	c.private = resp.Private
}

// plan plans a configuration and says whether there is something to do.
func (c *talk) plan(t *testing.T, given map[string]tftypes.Value) (planned tftypes.Value, private []byte, changes bool, says string) {
	t.Helper()
	config, proposed := c.values(t, given)
	resp, err := c.server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "bpgen_module", PriorState: wire(t, c.typ, c.state), ProposedNewState: wire(t, c.typ, proposed), Config: wire(t, c.typ, config), PriorPrivate: c.private,
	})
	if err != nil {
		t.Fatal(err)
	}
	if planned, err = resp.PlannedState.Unmarshal(c.typ); err != nil {
		t.Fatal(err)
	}
	return planned, resp.PlannedPrivate, !planned.Equal(c.state), told(resp.Diagnostics)
}

// apply plans and applies a configuration. What is refused is returned in words.
func (c *talk) apply(t *testing.T, given map[string]tftypes.Value) string {
	t.Helper()
	planned, private, _, says := c.plan(t, given)
	if strings.Contains(says, "error: ") {
		return says
	}
	config, _ := c.values(t, given)
	resp, err := c.server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "bpgen_module", PriorState: wire(t, c.typ, c.state), PlannedState: wire(t, c.typ, planned), Config: wire(t, c.typ, config), PlannedPrivate: private,
	})
	if err != nil {
		t.Fatal(err)
	}
	if says := told(resp.Diagnostics); says != "" {
		return says
	}
	if c.state, err = resp.NewState.Unmarshal(c.typ); err != nil {
		t.Fatal(err)
	}
	c.private = resp.Private
	return ""
}

// web is a configuration of the module "site" in modules/web.
func web(options map[string]tftypes.Value) map[string]tftypes.Value {
	types := map[string]tftypes.Type{}
	for name, v := range options {
		types[name] = v.Type()
	}
	return map[string]tftypes.Value{
		"path": tftypes.NewValue(tftypes.String, "modules/web"), "blueprint": tftypes.NewValue(tftypes.String, "site"),
		"options": tftypes.NewValue(tftypes.Object{AttributeTypes: types}, options),
	}
}

// TestKilled is the life of a module whose provider is killed in an update.
// Terraform then has the state of before and nothing of what the provider keeps
// for itself. Before the provider made its record anew of that state, each further
// apply was refused as one over another module.
func TestKilled(t *testing.T) {
	archive := web(map[string]tftypes.Value{"archive": tftypes.NewValue(tftypes.Bool, true)})
	days := web(map[string]tftypes.Value{"days": tftypes.NewValue(tftypes.Number, 30)})
	tests := map[string]struct {
		meanwhile func(t *testing.T) // what became of the folder
		refresh   bool
		want      string // "" for an apply that succeeds
	}{
		"before it wrote":                     {refresh: true},
		"before it wrote, without a refresh":  {},
		"after it wrote":                      {refresh: true, meanwhile: func(t *testing.T) { other(t, archive) }},
		"after it wrote, without a refresh":   {meanwhile: func(t *testing.T) { other(t, archive) }},
		"while somebody else wrote":           {refresh: true, meanwhile: func(t *testing.T) { other(t, days) }, want: "Directory contains another module"},
		"while somebody else wrote, no fresh": {meanwhile: func(t *testing.T) { other(t, days) }, want: "Directory contains another module"},
		"while somebody edited":               {refresh: true, meanwhile: func(t *testing.T) { put(t, "modules/web/logs.tf", "# mine\n") }, want: "Files in the way"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			c := converse(t)
			if says := c.apply(t, web(nil)); says != "" {
				t.Fatal(says)
			}
			before := c.state
			if tt.meanwhile != nil {
				tt.meanwhile(t)
			}
			c = converse(t)
			c.state = before // and no private part
			if tt.refresh {
				c.refresh(t)
			}
			says := c.apply(t, archive)
			if tt.want != "" {
				if !strings.Contains(says, tt.want) {
					t.Errorf("got %q", says)
				}
				return
			}
			if says != "" {
				t.Fatalf("refused: %s", says)
			}
			if _, err := os.Stat(filepath.Join("modules", "web", "archive.tf")); err != nil {
				t.Error(err)
			}
			c.refresh(t)
			if _, _, changes, says := c.plan(t, archive); changes || says != "" {
				t.Errorf("the second plan has something to do: %s", says)
			}
		})
	}
}

// other renders a module into modules/web as another resource, or the killed
// provider, would.
func other(t *testing.T, given map[string]tftypes.Value) {
	t.Helper()
	if err := os.RemoveAll("modules"); err != nil {
		t.Fatal(err)
	}
	if says := converse(t).apply(t, given); says != "" {
		t.Fatal(says)
	}
}

// TestKilledDestroy holds that a module of somebody else stays when the resource
// that lost its record is destroyed.
func TestKilledDestroy(t *testing.T) {
	t.Chdir(t.TempDir())
	c := converse(t)
	if says := c.apply(t, web(nil)); says != "" {
		t.Fatal(says)
	}
	before := c.state
	other(t, web(map[string]tftypes.Value{"days": tftypes.NewValue(tftypes.Number, 30)}))
	c = converse(t)
	c.state = before
	c.refresh(t)
	resp, err := c.server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "bpgen_module", PriorState: wire(t, c.typ, c.state), PlannedState: wire(t, c.typ, tftypes.NewValue(c.typ, nil)),
		Config: wire(t, c.typ, tftypes.NewValue(c.typ, nil)), PlannedPrivate: c.private,
	})
	if err != nil {
		t.Fatal(err)
	}
	if says := told(resp.Diagnostics); !strings.Contains(says, "Module left in place") {
		t.Errorf("got %q", says)
	}
	if _, err := os.Stat(filepath.Join("modules", "web", "logs.tf")); err != nil {
		t.Error(err)
	}
}
