package module

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/write"
)

// A model is the resource as Terraform has it.
type model struct {
	ID         types.String  `tfsdk:"id"`
	Path       types.String  `tfsdk:"path"`
	Blueprint  types.String  `tfsdk:"blueprint"`
	Options    types.Dynamic `tfsdk:"options"`
	Profile    types.String  `tfsdk:"profile"`
	Layout     types.String  `tfsdk:"layout"`
	OnConflict types.String  `tfsdk:"on_conflict"`
	Version    types.String  `tfsdk:"version"`
	Files      types.Map     `tfsdk:"files"`
	Manifest   types.String  `tfsdk:"manifest_sha256"`
}

// conflict is what the configuration wants done with files in the way.
func (m model) conflict() write.Conflict { return write.Conflict(m.OnConflict.ValueString()) }

// put sets what depends on the files that stand, or will stand, in the folder.
// The map holds the manifest, too.
func (m *model) put(files map[string]string) {
	m.Manifest = types.StringNull()
	values := map[string]attr.Value{}
	for name, sum := range files {
		if name == write.ManifestPath {
			m.Manifest = types.StringValue(sum)
			continue
		}
		values[name] = types.StringValue(sum)
	}
	m.Files = types.MapValueMust(types.StringType, values)
}

// files is the inverse of put.
func (m model) files() map[string]string {
	out := map[string]string{}
	for name, v := range m.Files.Elements() {
		if s, ok := v.(types.String); ok {
			out[name] = s.ValueString()
		}
	}
	if s := m.Manifest.ValueString(); s != "" {
		out[write.ManifestPath] = s
	}
	return out
}

// sums returns the sha256 of the files of a set by path.
func sums(set fileset.Set) map[string]string {
	out := map[string]string{}
	for _, f := range set.Files() {
		out[f.Path] = f.SHA256()
	}
	return out
}

// differ lists the paths at which two trees differ.
func differ(a, b map[string]string) []string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	maps.DeleteFunc(all, func(name, _ string) bool { return a[name] == b[name] })
	return sorted(all)
}

// A record is what the provider keeps in the state for itself.
type record struct {
	Token    string `json:"token"`    // tells this resource from others; Terraform does not say which it asks about
	Manifest string `json:"manifest"` // sha256 of the manifest that it wrote last
	Parents  int    `json:"parents"`  // how many folders above the module's it made
}

// recordKey is the record's key in the private state.
const recordKey = "bpgen"

// newRecord is the record of a resource that begins.
func newRecord() record { return record{Token: rand.Text()} }

// keeper is the private state of a request.
type keeper interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// storer is the private state of a response.
type storer interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// recall returns the record of a resource; the zero one when there is none.
func recall(ctx context.Context, from keeper) (record, diag.Diagnostics) {
	var r record
	b, diags := from.GetKey(ctx, recordKey)
	if diags.HasError() || b == nil {
		return r, diags
	}
	if err := json.Unmarshal(b, &r); err != nil {
		diags.AddError("Cannot read state", "bpgen's private data in the state cannot be read: "+err.Error())
	}
	return r, diags
}

// orOf returns the record, or, for a resource that lost it, one made of its state.
// Terraform drops the record when the provider is killed in an update and keeps
// the state before that: it says which manifest the resource wrote last, so the
// module is told from a stranger's as before. The token follows from the state, so
// that the resource is the same one each time it is asked about.
func (r record) orOf(state model) record {
	if r.Token == "" {
		r.Manifest = state.Manifest.ValueString()
		r.Token = fileset.Digest([]byte(state.Path.ValueString() + "\x00" + r.Manifest))
	}
	return r
}

// store keeps a record.
func (r record) store(ctx context.Context, to storer) diag.Diagnostics {
	b, err := json.Marshal(r)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Cannot write state", err.Error())}
	}
	return to.SetKey(ctx, recordKey, b)
}

// digest returns the sha256 of bytes; "" for none.
func digest(b []byte) string {
	if b == nil {
		return ""
	}
	return fileset.Digest(b)
}
