package upgrade

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/baseline"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/merge"
	"github.com/bpgen/bpgen/generator/render"
	"github.com/bpgen/bpgen/generator/visible"
)

// The parts of the archive of a pending upgrade.
const (
	manifestPart = "manifest.json"
	createdPart  = "created.json"
	indexPart    = "index"
	beforePart   = "before/"
	renderedPart = "rendered/"
)

// A Pending is an upgrade that waits for decisions.
type Pending struct {
	Manifest []byte      // of the new rendering
	Rendered fileset.Set // the new rendering
	Before   fileset.Set // the files that the upgrade changed or removed, as they were
	Created  []string    // the files that were not there
	Index    []byte      // for the version control system; nil for none
}

func newPending(in Input, merged, theirs fileset.Set) Pending {
	p := Pending{Rendered: theirs, Created: []string{}}
	p.Manifest, _ = in.Theirs.Get(render.ManifestPath)
	for _, f := range in.Ours.Files() {
		if now, ok := merged.Get(f.Path); !ok || !bytes.Equal(now, f.Bytes) {
			p.Before.Add(f.Path, f.Bytes) //nolint:errcheck // The set has taken this path.
		}
	}
	for _, f := range merged.Files() {
		if _, ok := in.Ours.Get(f.Path); !ok {
			p.Created = append(p.Created, f.Path)
		}
	}
	return p
}

// pack returns the archive of a pending upgrade.
func (p Pending) pack() ([]byte, hcl.Diagnostics) {
	created, err := json.Marshal(p.Created)
	var all fileset.Set
	err = errors.Join(err, all.Add(manifestPart, p.Manifest), all.Add(createdPart, created), all.Add(indexPart, p.Index))
	for prefix, set := range map[string]fileset.Set{beforePart: p.Before, renderedPart: p.Rendered} {
		for _, f := range set.Files() {
			err = errors.Join(err, all.Add(prefix+f.Path, f.Bytes))
		}
	}
	if err != nil {
		return nil, hcl.Diagnostics{diag.Error(hcl.Range{}, "Upgrade cannot be kept", "What is needed to continue the upgrade later cannot be packed: %s.", err)}
	}
	b, err := baseline.Pack(all)
	if err != nil {
		return nil, hcl.Diagnostics{diag.Error(hcl.Range{}, "Upgrade cannot be kept", "What is needed to continue the upgrade later cannot be packed: %s.", err)}
	}
	return b, nil
}

// Unpack reads the archive of a pending upgrade, which anybody may have written.
func Unpack(src []byte) (Pending, error) {
	all, err := baseline.Unpack(src)
	if err != nil {
		return Pending{}, err
	}
	var p Pending
	for _, f := range all.Files() {
		if name, ok := strings.CutPrefix(f.Path, beforePart); ok {
			err = errors.Join(err, p.Before.Add(name, f.Bytes))
		} else if name, ok := strings.CutPrefix(f.Path, renderedPart); ok {
			err = errors.Join(err, p.Rendered.Add(name, f.Bytes))
		}
	}
	created, _ := all.Get(createdPart)
	p.Manifest, _ = all.Get(manifestPart)
	p.Index, _ = all.Get(indexPart)
	if err := errors.Join(err, json.Unmarshal(created, &p.Created)); err != nil {
		return Pending{}, errors.New("it is not what bpgen wrote")
	}
	m, err := render.ParseManifest(p.Manifest)
	if err != nil {
		return Pending{}, err
	}
	if digest, err := baseline.Digest(p.Rendered); err != nil || digest != m.Base {
		return Pending{}, &baseline.DigestError{Want: m.Base, Got: digest}
	}
	return p, nil
}

// Continue returns the plan that ends an upgrade: ours is the module with all
// conflicts solved.
func (p Pending) Continue(ours fileset.Set) (Plan, hcl.Diagnostics) {
	before := ours
	for _, f := range p.Before.Files() {
		before = with(before, f.Path, f.Bytes)
	}
	for _, name := range p.Created {
		before = with(before, name, nil)
	}
	plan := Plan{Base: &p.Rendered, Losses: Losses(before, ours)}
	for _, f := range ours.Files() {
		plan.Files.Add(f.Path, f.Bytes) //nolint:errcheck // The set has taken this path.
	}
	if err := plan.Files.Add(render.ManifestPath, p.Manifest); err != nil {
		return Plan{}, hcl.Diagnostics{diag.Error(hcl.Range{}, "File cannot be written", "In the upgraded module %s.", err)}
	}
	return plan, nil
}

// Abort returns the plan that takes an upgrade back: manifest and base are those
// that stand.
func (p Pending) Abort(ours fileset.Set, manifest []byte, base *fileset.Set) (Plan, hcl.Diagnostics) {
	plan := Plan{Base: base, Remove: p.Created}
	out := ours
	for _, f := range p.Before.Files() {
		out = with(out, f.Path, f.Bytes)
	}
	for _, name := range p.Created {
		out = with(out, name, nil)
	}
	var diags hcl.Diagnostics
	for _, f := range slices.Concat(out.Files(), []fileset.File{{Path: render.ManifestPath, Bytes: manifest}}) {
		if err := plan.Files.Add(f.Path, f.Bytes); err != nil {
			diags = append(diags, diag.Error(hcl.Range{}, "File cannot be written", "In the module as it was %s.", err))
		}
	}
	return plan, diags
}

// A Conflict is an item that both sides changed, as programs read it.
type Conflict struct {
	Path    string `json:"path"`
	Start   int    `json:"start,omitempty"` // line of the first marker; 0 when the file has none
	End     int    `json:"end,omitempty"`
	Address string `json:"address,omitempty"`
	Reason  string `json:"reason"`
	Base    string `json:"base"`
	Ours    string `json:"ours"`
	Theirs  string `json:"theirs"`
}

// List returns conflicts as programs read them.
func List(conflicts []merge.Conflict) []Conflict {
	out := []Conflict{}
	for _, c := range conflicts {
		out = append(out, Conflict(c))
	}
	return out
}

// A document is what the file of conflicts holds.
type document struct {
	Format    int        `json:"format"`
	Conflicts []Conflict `json:"conflicts"`
}

func conflictList(conflicts []merge.Conflict) ([]byte, hcl.Diagnostics) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(document{1, List(conflicts)}); err != nil {
		return nil, hcl.Diagnostics{diag.Bug(hcl.Range{}, "The conflicts cannot be written as JSON: %s.", err)}
	}
	return visible.JSON(out.Bytes()), nil
}

// Conflicts reads the file of conflicts, which anybody may have written.
func Conflicts(src []byte) ([]Conflict, error) {
	var d document
	if err := json.Unmarshal(src, &d); err != nil {
		return nil, err
	}
	return d.Conflicts, nil
}
