package render

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/bpgen/bpgen/generator/baseline"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/visible"
)

// ManifestPath is where a rendering lists its files, so that a later one knows
// which of them were edited by hand.
const ManifestPath = baseline.Directory + "/manifest.json"

// manifestFormat counts the changes of the manifest that a reader must know. Format 2
// has a base beside it; format 1 is read as well.
const manifestFormat = 2

// A Manifest says what a rendering was made of.
type Manifest struct {
	Format    int    `json:"format"`
	Blueprint string `json:"blueprint"`
	Version   string `json:"version"` // of the blueprint
	Layout    string `json:"layout"`
	Profile   string `json:"profile,omitempty"`
	Origin
	Options map[string]json.RawMessage `json:"options"`           // all of them, with what the profile chose
	Foreign []string                   `json:"foreign,omitempty"` // addresses of what comes from somebody else's modules
	Base    string                     `json:"base,omitempty"`    // digest of the files as rendered, which are kept beside the manifest
	Files   map[string]string          `json:"files"`             // sha256 by path
}

// An Origin says where a rendering comes from. It decides nothing of what is in the
// files.
type Origin struct {
	Source    string `json:"source,omitempty"`    // of the blueprint, as bpgen.hcl names it; "" for one that comes with bpgen
	Digest    string `json:"digest,omitempty"`    // of the blueprint's files and those of its templates; "" for one that comes with bpgen
	Generator string `json:"generator,omitempty"` // the version of bpgen, if it is a release
}

// List makes the manifest that of files. What bpgen keeps for itself is not listed.
func (m *Manifest) List(set fileset.Set) error {
	files := baseline.Of(set)
	for _, f := range files.Files() {
		m.Files[f.Path] = f.SHA256()
	}
	var err error
	m.Base, err = baseline.Digest(files)
	return err
}

// A NewerError is of a manifest in a format that this bpgen does not know.
type NewerError struct{ Format, Known int }

// Error says which format it has.
func (e *NewerError) Error() string {
	return fmt.Sprintf("%s has format %d, from a newer bpgen; this one reads format %d", ManifestPath, e.Format, e.Known)
}

// ParseManifest reads the manifest of a rendering, of this bpgen or an older one.
func ParseManifest(b []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return Manifest{}, fmt.Errorf("%s cannot be read: %w", ManifestPath, err)
	}
	switch {
	case m.Format > manifestFormat:
		return Manifest{}, &NewerError{m.Format, manifestFormat}
	case m.Format < 1 || m.Blueprint == "" || m.Options == nil:
		return Manifest{}, fmt.Errorf("%s is not a manifest that bpgen wrote", ManifestPath)
	}
	return m, nil
}

// NewManifest returns the manifest of a module that has no files yet.
func NewManifest(bp *blueprint.Blueprint, choices []resolve.Choice, profile string, layout link.Layout) (Manifest, hcl.Diagnostics) {
	var diags hcl.Diagnostics
	m := Manifest{
		Format:    manifestFormat,
		Blueprint: bp.Name,
		Version:   bp.Version,
		Layout:    string(layout),
		Profile:   profile,
		Options:   map[string]json.RawMessage{},
		Files:     map[string]string{},
	}
	for _, c := range choices {
		v, _ := c.Value.UnmarkDeep()
		text, err := ctyjson.Marshal(v, v.Type())
		if err != nil {
			diags = append(diags, diag.Bug(c.Option.Range, "The value of the option %q cannot be written as JSON: %s.", c.Option.Name, err))
			continue
		}
		m.Options[c.Option.Name] = text
	}
	return m, diags
}

// Bytes returns the manifest as it is written. JSON objects are in the order of
// their keys.
func (m Manifest) Bytes() ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(m)
	return visible.JSON(out.Bytes()), err
}

// manifest returns the manifest of the files added so far.
func (r *renderer) manifest() []byte {
	m, diags := NewManifest(r.Blueprint, r.Choices, r.Profile, r.Module.Layout)
	r.diags = append(r.diags, diags...)
	m.Foreign, m.Origin = r.Module.Foreign, r.Origin
	err := m.List(r.set)
	var b []byte
	if err == nil {
		b, err = m.Bytes()
	}
	if err != nil {
		r.diags = append(r.diags, diag.Bug(hcl.Range{}, "The manifest cannot be written as JSON: %s.", err))
	}
	return b
}
