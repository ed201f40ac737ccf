// Package rerender is what a render has to know of the one before it: the options
// that a manifest holds, what of them changes, and which data a change of the
// module would take away.
//
// It takes the bytes of a manifest, a blueprint and the files before and after, and
// returns inputs for resolve, changes and losses. A manifest may have been written
// by anybody: its options go through resolve like those of a user. It does not
// touch the operating system.
package rerender

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/render"
	"github.com/bpgen/bpgen/generator/resolve"
)

// Source is where an option comes from that nobody gives anew.
const Source = "the manifest"

// A Past is what the manifest of a directory says of the render before.
type Past struct {
	render.Manifest

	// Name is how diagnostics call the manifest, and File what they show of it.
	Name string
	File *hcl.File

	options []resolve.Input // all of them, with their places
}

// Read reads a manifest that stands somewhere under a name.
func Read(src []byte, name string) (*Past, hcl.Diagnostics) {
	m, err := render.ParseManifest(src)
	var newer *render.NewerError
	switch {
	case errors.As(err, &newer):
		return nil, unusable("%q was written by a newer bpgen: it has format %d, and this bpgen reads format %d. Render the module with that version or a newer one.", name, newer.Format, newer.Known)
	case err != nil && truncated(err):
		return nil, unusable("%q is truncated. %s", name, restore)
	case err != nil:
		return nil, unusable("%q is not a manifest that bpgen wrote: %s. %s", name, plain(src, err), restore)
	}
	p := &Past{Manifest: m, Name: name, File: &hcl.File{Bytes: src}}
	file, diags := guard.ParseJSON(src, name)
	if diags.HasErrors() {
		return nil, diags
	}
	attrs, diags := file.Body.JustAttributes()
	if diags.HasErrors() || attrs["options"] == nil {
		return nil, unusable("%q is not a manifest that bpgen wrote: it contains no options. %s", name, restore)
	}
	pairs, diags := hcl.ExprMap(attrs["options"].Expr)
	if diags.HasErrors() {
		return nil, unusable("%q is not a manifest that bpgen wrote: its options are not an object. %s", name, restore)
	}
	for _, pair := range pairs {
		key, d := pair.Key.Value(nil)
		value, more := pair.Value.Value(nil)
		if d = append(d, more...); d.HasErrors() || key.Type() != cty.String || key.IsNull() || !budget.Sane(value) {
			return nil, unusable("%q is not a manifest that bpgen wrote: one of its options cannot be read. %s", name, restore)
		}
		rng := pair.Value.Range()
		p.options = append(p.options, resolve.Input{Name: key.AsString(), Value: value, Source: Source, Range: &rng, Soft: true})
	}
	return p, nil
}

const restore = "It records the module's options and the files that bpgen wrote. " +
	"Restore it from version control, or remove it and pass all options again: bpgen then treats every file as one that it did not write, and --force overwrites those that the module needs."

func unusable(format string, args ...any) hcl.Diagnostics {
	return hcl.Diagnostics{diag.Error(hcl.Range{}, "Manifest cannot be used", format, args...)}
}

// truncated says whether an error is that of JSON that ends too early.
func truncated(err error) bool {
	var syntax *json.SyntaxError
	return errors.As(err, &syntax) && strings.HasPrefix(syntax.Error(), "unexpected end")
}

// plain says what is wrong with a manifest, and where.
func plain(src []byte, err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("line %d is not JSON: %s", line(src, syntax.Offset), syntax)
	case errors.As(err, &kind):
		return fmt.Sprintf("line %d has a value of a different type than bpgen writes there", line(src, kind.Offset))
	}
	return "blueprint, options or format are missing"
}

func line(src []byte, offset int64) int {
	return 1 + bytes.Count(src[:min(max(offset, 0), int64(len(src)))], []byte{'\n'})
}

// Kept returns the options of the manifest that hold on. It holds values and not
// who chose them, so all hold that the profile of then and the defaults do not lead
// to now: what was a default stays, though the blueprint has another by now. A
// profile that is given anew beats them. Options that the blueprint has no more are
// warned of.
func (p *Past) Kept(bp *blueprint.Blueprint, profile string) ([]resolve.Input, hcl.Diagnostics) {
	options := map[string]*blueprint.Option{}
	for _, o := range resolve.Options(bp) {
		options[o.Name] = o
	}
	beaten := map[string]cty.Value{}
	if i := find(bp, profile); i >= 0 && profile != p.Profile {
		beaten = bp.Profiles[i].Options
	}
	now := p.otherwise(bp)
	var out []resolve.Input
	var diags hcl.Diagnostics
	for _, in := range p.options {
		in, d := resolve.Renamed(bp, in)
		diags = append(diags, d...)
		o := options[in.Name]
		_, isBeaten := beaten[in.Name]
		switch {
		case in.Value.IsNull(), isBeaten: // Null is an option that was not given.
		case o == nil:
			diags = append(diags, diag.Warning(*in.Range, "Option removed", "The module was rendered with the option %q by version %s of the blueprint %q. Version %s no longer has it, so it has no effect; bpgen show %s lists the options.",
				in.Name, p.Version, p.Blueprint, bp.Version, p.Blueprint))
		case !same(o, in.Value, now[in.Name]):
			out = append(out, in)
		}
	}
	return out, diags
}

// Was returns the options of the manifest that the blueprint still has: what the
// module was rendered with.
func (p *Past) Was(bp *blueprint.Blueprint) []resolve.Input {
	return slices.DeleteFunc(p.named(bp), func(in resolve.Input) bool {
		return !slices.ContainsFunc(resolve.Options(bp), func(o *blueprint.Option) bool { return o.Name == in.Name })
	})
}

// named returns the options of the manifest under the names that the blueprint has for
// them now.
func (p *Past) named(bp *blueprint.Blueprint) []resolve.Input {
	out := make([]resolve.Input, len(p.options))
	for i, in := range p.options {
		out[i], _ = resolve.Renamed(bp, in) // Kept warns of it.
	}
	return out
}

// find returns the place of a profile in a blueprint, -1 without.
func find(bp *blueprint.Blueprint, profile string) int {
	return slices.IndexFunc(bp.Profiles, func(p *blueprint.Profile) bool { return p.Name == profile })
}

// otherwise returns the value that every option has when nobody gives one.
func (p *Past) otherwise(bp *blueprint.Blueprint) map[string]cty.Value {
	choices, _ := resolve.Resolve(bp, nil, p.Profile) // What has no default must be given, and has no value here.
	out := map[string]cty.Value{}
	for _, c := range choices {
		out[c.Option.Name] = c.Value
	}
	return out
}

// same says whether a value of the manifest is the value of an option.
func same(o *blueprint.Option, was, is cty.Value) bool {
	v, err := convert.Convert(was, o.Type)
	return err == nil && is != cty.NilVal && v.RawEquals(is)
}

// Judge returns what is to be said of a module that is rendered again by another
// version of its blueprint, or with a profile that is gone.
func (p *Past) Judge(bp *blueprint.Blueprint, profile string) hcl.Diagnostics {
	var diags hcl.Diagnostics
	if older(bp.Version, p.Version) {
		diags = append(diags, diag.Warning(hcl.Range{}, "Older blueprint", "The module was rendered by version %s of the blueprint %q, but this bpgen has the older version %s: the changes in between are undone. Use the newer bpgen, or check with --diff first.",
			p.Version, p.Blueprint, bp.Version))
	}
	if profile != "" && profile == p.Profile && find(bp, profile) < 0 {
		diags = append(diags, diag.Error(hcl.Range{}, "Profile removed", "The module was rendered with the profile %q, which version %s of the blueprint %q no longer has. Choose another with --profile NAME, or none with --profile \"\".", profile, bp.Version, p.Blueprint))
	}
	return diags
}

// older says whether one version is older than another.
func older(a, b string) bool {
	x, errX := version.NewSemver(a)
	y, errY := version.NewSemver(b)
	return errX == nil && errY == nil && x.LessThan(y)
}

// Mend adds to what is wrong with options of the manifest how to go on.
func (p *Past) Mend(diags hcl.Diagnostics) hcl.Diagnostics {
	out := slices.Clone(diags)
	for i, d := range diags {
		if d.Severity != hcl.DiagError || d.Subject == nil || d.Subject.Filename != p.Name {
			continue
		}
		c := *d
		c.Detail += "\n\nThe module was rendered with this value by version " + p.Version + ". Give another with --set, or return to the defaults of all options with --reset-options."
		out[i] = &c
	}
	return out
}

// A Change is what differs between two renders of a module. To is "" for an option
// that is gone.
type Change struct {
	Name   string `json:"name"` // of an option, or blueprint, version, profile, layout
	From   string `json:"from"`
	To     string `json:"to"`
	Source string `json:"source,omitempty"` // where an option's value comes from
}

// A Present is the render that is under way.
type Present struct {
	Blueprint *blueprint.Blueprint
	Choices   []resolve.Choice
	Profile   string
	Layout    string
}

// Changes lists what changes from one render to the next: the version first, then
// options in the order of the blueprint, then those that are gone.
func (p *Past) Changes(to Present) []Change {
	var out []Change
	add := func(name, from, to string) {
		if from != to {
			out = append(out, Change{Name: name, From: from, To: to})
		}
	}
	add("blueprint", p.Blueprint, to.Blueprint.Name)
	add("version", p.Version, to.Blueprint.Version)
	add("layout", p.Layout, to.Layout)
	add("profile", orNone(p.Profile), orNone(to.Profile))
	known := map[string]bool{}
	options := p.named(to.Blueprint)
	for _, c := range to.Choices {
		known[c.Option.Name] = true
		i := slices.IndexFunc(options, func(in resolve.Input) bool { return in.Name == c.Option.Name })
		switch {
		case i < 0 && c.Source == "default":
			// A new option that nobody chose says nothing about the old module.
		case i < 0:
			out = append(out, Change{c.Option.Name, "(new option)", c.Show(to.Blueprint), c.Source})
		case !same(c.Option, options[i].Value, c.Value):
			was := options[i].Value
			if v, err := convert.Convert(was, c.Option.Type); err == nil {
				was = v
			}
			out = append(out, Change{c.Option.Name, resolve.Say(to.Blueprint, c.Option.Name, was), c.Show(to.Blueprint), c.Source})
		}
	}
	for _, in := range options {
		if !known[in.Name] && p.Blueprint == to.Blueprint.Name {
			out = append(out, Change{Name: in.Name, From: resolve.Say(to.Blueprint, in.Name, in.Value)})
		}
	}
	return out
}

func orNone(profile string) string {
	if profile == "" {
		return "none"
	}
	return profile
}
