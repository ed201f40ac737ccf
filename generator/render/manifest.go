package render

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/visible"
)

// ManifestPath is where a rendering lists its files, so that a later one knows
// which of them were edited by hand.
const ManifestPath = ".bpgen/manifest.json"

// manifestFormat counts the changes of the manifest that a reader must know.
const manifestFormat = 1

// A Manifest says what a rendering was made of.
type Manifest struct {
	Format    int                        `json:"format"`
	Blueprint string                     `json:"blueprint"`
	Version   string                     `json:"version"` // of the blueprint
	Layout    string                     `json:"layout"`
	Profile   string                     `json:"profile,omitempty"`
	Options   map[string]json.RawMessage `json:"options"`           // all of them, with what the profile chose
	Foreign   []string                   `json:"foreign,omitempty"` // addresses of what comes from somebody else's modules
	Files     map[string]string          `json:"files"`             // sha256 by path
}

// ParseManifest reads the manifest of a rendering, of this bpgen or an older one.
func ParseManifest(b []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return Manifest{}, fmt.Errorf("%s cannot be read: %w", ManifestPath, err)
	}
	switch {
	case m.Format > manifestFormat:
		return Manifest{}, fmt.Errorf("%s has the format %d of a newer bpgen; this one reads %d", ManifestPath, m.Format, manifestFormat)
	case m.Format < 1 || m.Blueprint == "" || m.Options == nil:
		return Manifest{}, fmt.Errorf("%s is not a manifest that bpgen wrote", ManifestPath)
	}
	return m, nil
}

// manifest returns the manifest of the files added so far. JSON objects are
// written in order of their keys.
func (r *renderer) manifest() []byte {
	m := Manifest{
		Format:    manifestFormat,
		Blueprint: r.Blueprint.Name,
		Version:   r.Blueprint.Version,
		Layout:    string(r.Module.Layout),
		Profile:   r.Profile,
		Foreign:   r.Module.Foreign,
		Options:   map[string]json.RawMessage{},
		Files:     map[string]string{},
	}
	for _, c := range r.Choices {
		v, _ := c.Value.UnmarkDeep()
		text, err := ctyjson.Marshal(v, v.Type())
		if err != nil {
			r.diags = append(r.diags, diag.Bug(c.Option.Range, "The value of the option %q has no form in JSON: %s.", c.Option.Name, err))
			continue
		}
		m.Options[c.Option.Name] = text
	}
	for _, f := range r.set.Files() {
		m.Files[f.Path] = f.SHA256()
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(m); err != nil {
		r.diags = append(r.diags, diag.Bug(hcl.Range{}, "The manifest has no form in JSON: %s.", err))
	}
	return visible.JSON(out.Bytes())
}
