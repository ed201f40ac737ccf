package render

import (
	"bytes"
	"encoding/json"

	"github.com/hashicorp/hcl/v2"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/bpgen/bpgen/generator/diag"
)

// ManifestPath is where a rendering lists its files, so that a later one knows
// which of them were edited by hand.
const ManifestPath = ".bpgen/manifest.json"

// manifestFormat counts the changes of the manifest that a reader must know.
const manifestFormat = 1

type manifest struct {
	Format    int                        `json:"format"`
	Blueprint string                     `json:"blueprint"`
	Version   string                     `json:"version"`
	Layout    string                     `json:"layout"`
	Options   map[string]json.RawMessage `json:"options"`
	Files     map[string]string          `json:"files"` // sha256 by path
}

// manifest returns the manifest of the files added so far. JSON objects are
// written in order of their keys.
func (r *renderer) manifest() []byte {
	m := manifest{
		Format:    manifestFormat,
		Blueprint: r.Blueprint.Name,
		Version:   r.Blueprint.Version,
		Layout:    string(r.Module.Layout),
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
	return out.Bytes()
}
