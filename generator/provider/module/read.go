package module

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/provider/diagnostics"
	"github.com/bpgen/bpgen/generator/render"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/write"
)

// Read finds out what stands in the folder. A module of which nothing is left is
// gone.
func (m *Module) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	if !m.ready(&resp.Diagnostics) {
		return
	}
	var state model
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	// Before the state says what stands there now: it still says what was written.
	rec, diags := recall(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if rec.Token == "" && !diags.HasError() {
		resp.Diagnostics.Append(rec.orOf(state).store(ctx, resp.Private)...)
	}
	// Reading is allowed anywhere; writing asks for the place anew.
	dir, err := filepath.Abs(state.Path.ValueString())
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root(attrPath), "Cannot read directory", sentence(err))
		return
	}
	if err := write.Unfinished(dir); err != nil { // No error: the next apply finishes it.
		resp.Diagnostics.AddAttributeWarning(path.Root(attrPath), "Directory half written", sentence(err))
	}
	stands, err := write.Inspect(dir, sorted(state.files()))
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root(attrPath), "Cannot read directory", sentence(err))
		return
	}
	if stands.Manifest == nil && len(stands.Files) == 0 {
		resp.State.RemoveResource(ctx)
		return
	}
	files := stands.Files
	if stands.Manifest != nil {
		files[write.ManifestPath] = digest(stands.Manifest)
	}
	state.put(files)
	if found, err := render.ParseManifest(stands.Manifest); err == nil {
		state.Version = types.StringValue(found.Version)
	}
	if at, err := m.session.place(state.Path.ValueString()); err == nil {
		state.ID = types.StringValue(at.id)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// ImportState takes the path of a rendered module and reads from its manifest
// what it was made of.
func (m *Module) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if !m.ready(&resp.Diagnostics) {
		return
	}
	fail := func(format string, args ...any) {
		resp.Diagnostics.AddError("Module not imported", fmt.Sprintf(format, args...))
	}
	at, err := m.session.place(req.ID)
	if err != nil {
		fail("%s", sentence(err))
		return
	}
	stands, err := write.Inspect(at.dir, nil)
	if err == nil {
		err = write.Unfinished(at.dir)
	}
	switch {
	case err != nil:
		fail("%s", sentence(err))
		return
	case !stands.Exists:
		fail("There is no directory %q. Import takes the path of a rendered module.", req.ID)
		return
	case stands.Manifest == nil:
		fail("The directory %q has no %s, so it contains no module that bpgen wrote.", req.ID, write.ManifestPath)
		return
	}
	found, err := render.ParseManifest(stands.Manifest)
	if err != nil {
		fail("%s", sentence(err))
		return
	}
	chosen, diags := m.session.chosen(found)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	state := model{
		ID: types.StringValue(at.id), Path: types.StringValue(req.ID), Blueprint: types.StringValue(found.Blueprint), Layout: types.StringValue(found.Layout),
		Version: types.StringValue(found.Version), OnConflict: types.StringValue(string(write.Fail)), Options: types.DynamicNull(), Profile: types.StringNull(),
		Files: types.MapNull(types.StringType), Manifest: types.StringNull(), // Read follows.
	}
	if found.Profile != "" {
		state.Profile = types.StringValue(found.Profile)
	}
	if len(chosen) > 0 {
		state.Options = types.DynamicValue(object(chosen))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	rec := newRecord()
	rec.Manifest = digest(stands.Manifest)
	resp.Diagnostics.Append(rec.store(ctx, resp.Private)...)
}

// chosen returns the options that a configuration must give to get what the
// manifest says: those that are neither the profile's nor the default now.
func (s *Session) chosen(found render.Manifest) (map[string]attr.Value, diag.Diagnostics) {
	bp, wrong := s.space.Catalog().Blueprint(found.Blueprint)
	if wrong.HasErrors() {
		return nil, diagnostics.Convert(wrong, s.space.Catalog().Sources(), nil, path.Empty())
	}
	base, _ := resolve.Resolve(bp, nil, found.Profile) // What has no default must be given.
	known := map[string]cty.Value{}
	options := map[string]*blueprint.Option{}
	for _, c := range base {
		known[c.Option.Name], options[c.Option.Name] = c.Value, c.Option
	}
	out := map[string]attr.Value{}
	var diags diag.Diagnostics
	for _, name := range sorted(found.Options) {
		if o := options[name]; o != nil {
			if v, err := ctyjson.Unmarshal(found.Options[name], o.Type); err == nil && v.RawEquals(known[name]) {
				continue
			}
		}
		v, err := literal(found.Options[name])
		if err != nil {
			diags.AddError("Module not imported", fmt.Sprintf("The option %q of %s cannot be read: %s.", name, write.ManifestPath, err))
			continue
		}
		if !v.IsNull() { // Null is an option that was not given.
			out[name] = v
		}
	}
	return out, diags
}

// literal returns a JSON value as Terraform reads it in a configuration: lists
// are tuples and maps are objects.
func literal(raw json.RawMessage) (attr.Value, error) {
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	return value(v)
}

func value(v any) (attr.Value, error) {
	switch v := v.(type) {
	case nil:
		return types.DynamicNull(), nil
	case bool:
		return types.BoolValue(v), nil
	case string:
		return types.StringValue(v), nil
	case json.Number:
		f, _, err := big.ParseFloat(v.String(), 10, 512, big.ToNearestEven)
		return types.NumberValue(f), err
	case []any:
		elements, kinds := []attr.Value{}, []attr.Type{}
		for _, e := range v {
			a, err := value(e)
			if err != nil {
				return nil, err
			}
			elements, kinds = append(elements, a), append(kinds, a.Type(context.Background()))
		}
		return types.TupleValueMust(kinds, elements), nil
	case map[string]any:
		elements := map[string]attr.Value{}
		for name, e := range v {
			a, err := value(e)
			if err != nil {
				return nil, err
			}
			elements[name] = a
		}
		return object(elements), nil
	}
	return nil, fmt.Errorf("%T is not an option value", v)
}

// object is an object of values.
func object(elements map[string]attr.Value) types.Object {
	kinds := map[string]attr.Type{}
	for name, v := range elements {
		kinds[name] = v.Type(context.Background())
	}
	return types.ObjectValueMust(kinds, elements)
}
