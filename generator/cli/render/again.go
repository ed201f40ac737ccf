package render

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/cli/standing"
	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/rerender"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/write"
)

// standing is the blueprint of the module that would be rendered again, "" when
// there is none.
func (opts *Options) standing() string {
	manifest, err := write.Manifest(standing.Place(cmp.Or(opts.Out, ".")))
	if err != nil || manifest == nil {
		return ""
	}
	past, _ := rerender.Read(manifest, write.ManifestPath) // only a guess of what is being typed
	if past == nil {
		return ""
	}
	return past.Blueprint
}

// recall reads what the directory says of the render before, and fills in what the
// flags leave open: the blueprint, the layout and the profile.
func (o *outcome) recall(opts *Options) error {
	o.name, o.layout, o.profile = opts.Blueprint, opts.Layout, opts.Choose.Profile
	var err error
	if o.manifest, err = write.Manifest(standing.Place(o.dir)); err != nil {
		return err
	}
	if o.manifest == nil {
		if o.name == "" {
			return shell.Usage("which blueprint? Write bpgen render NAME; bpgen list shows the names. Without a name, bpgen renders the module in the directory again, but %q contains none that bpgen wrote", o.dir)
		}
		o.layout = orFlat(o.layout)
		return nil
	}
	shown := filepath.ToSlash(filepath.Join(o.dir, write.ManifestPath))
	past, diags := rerender.Read(o.manifest, shown)
	if o.diags = append(o.diags, diags...); past == nil {
		return nil
	}
	o.sources[shown] = past.File
	if o.name == "" {
		o.name = past.Blueprint
	}
	o.past = past
	if past.Blueprint != o.name {
		if !opts.Force {
			return fmt.Errorf("nothing was written: %q contains a module of the blueprint %q, not of %q. Choose another directory with --out, or use --force to replace the module", o.dir, past.Blueprint, o.name)
		}
		o.layout = orFlat(o.layout)
		return nil
	}
	if o.layout == "" {
		o.layout = orFlat(past.Layout)
	}
	if o.profile == "" && !opts.NoProfile && !opts.Reset {
		o.profile = past.Profile
	}
	return nil
}

func orFlat(layout string) string {
	if layout != string(link.Nested) {
		return string(link.Flat)
	}
	return layout
}

// again says whether a module of the same blueprint stands in the directory.
func (o *outcome) again() bool { return o.past != nil && o.past.Blueprint == o.name }

// keep puts the options of the render before in front of those that are given now,
// which beat them.
func (o *outcome) keep(cat *catalog.Catalog, given []resolve.Input, opts *Options) []resolve.Input {
	if !o.again() {
		return given
	}
	bp, diags := cat.Blueprint(o.name)
	if diags.HasErrors() {
		if opts.Blueprint == "" && !slices.Contains(cat.Blueprints(), o.name) {
			o.err = fmt.Errorf("%q contains a module of the blueprint %q, which does not come with bpgen: pass its directory with --blueprint-dir or BPGEN_PATH", o.dir, o.name)
		}
		return given // What else is wrong with it, the render says.
	}
	o.diags = append(o.diags, o.past.Judge(bp, o.profile)...)
	if opts.Reset {
		return given
	}
	kept, diags := o.past.Kept(bp, o.profile)
	o.diags = append(o.diags, diags...)
	return append(kept, given...)
}

// changed notes what differs from the render before.
func (o *outcome) changed() {
	if o.past != nil && o.result.Blueprint != nil {
		o.changes = o.past.Changes(rerender.Present{Blueprint: o.result.Blueprint, Choices: o.result.Choices, Profile: o.profile, Layout: o.layout})
	}
}

// errMeanwhile says that what was read of the directory is true no more.
var errMeanwhile = errors.New("another render wrote to the directory in the meantime; nothing was written: try again")

// A lossError says that data would go.
type lossError struct {
	dir    string
	losses []rerender.Loss
}

// Error names what would go, and the flags that allow it.
func (e *lossError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "nothing was written to %q: the new module drops or replaces objects that hold data, and applying it would destroy them\n\n%s\nBack up what you need first. To continue, add\n ", e.dir, lines(e.losses))
	for _, l := range e.losses {
		b.WriteString(" --allow-destroy " + shell.Quote(l.Address))
	}
	return b.String()
}

func lines(losses []rerender.Loss) string {
	var b strings.Builder
	for _, l := range losses {
		fmt.Fprintf(&b, "  %s: %s\n", l.Address, l.Why)
	}
	return b.String()
}

// allows is asked under the writer's lock, before anything is written: the
// directory is still what was read, and no data goes that nobody allowed to go.
func (o *outcome) allows(opts *Options) func(write.Report) error {
	return func(r write.Report) error {
		if !bytes.Equal(r.Previous(), o.manifest) {
			return errMeanwhile
		}
		if losses := o.lost(r, opts.AllowDestroy); len(losses) > 0 {
			return &lossError{o.dir, losses}
		}
		return nil
	}
}

// switched notes the data that goes from a module in the nested layout, whose files
// do not say it all. Where the module of before cannot be linked any more, they are
// all that is known.
func (o *outcome) switched(ctx context.Context, f *shell.Factory, cat *catalog.Catalog, inputs []resolve.Input) {
	nested := string(link.Nested)
	if !o.again() || len(o.changes) == 0 || o.layout != nested || o.past.Layout != nested {
		return
	}
	preview := f.Preview
	if preview == nil {
		preview = f.Generate
	}
	flat := generator.Request{Catalog: cat, Blueprint: o.name, Layout: link.Flat, Inputs: o.past.Was(o.result.Blueprint)}
	before, diags := preview(ctx, flat)
	if diags.HasErrors() {
		return
	}
	flat.Inputs, flat.Profile = inputs, o.profile
	if after, diags := preview(ctx, flat); !diags.HasErrors() {
		o.unseen = rerender.NestedLosses(before.Module, after.Module)
	}
}

// lost lists the data that goes, without what may go.
func (o *outcome) lost(r write.Report, allowed []string) []rerender.Loss {
	var files []rerender.File
	for _, c := range r.Changes() {
		files = append(files, rerender.File{Path: c.Path, Old: c.Old, New: c.New, Unread: c.Unread})
	}
	return slices.DeleteFunc(rerender.Join(rerender.Losses(files), o.unseen), func(l rerender.Loss) bool { return slices.Contains(allowed, l.Address) })
}

// foretell says, before it is done, which options change.
func (o *outcome) foretell(f *shell.Factory, opts *Options) {
	if opts.JSON || o.told {
		return
	}
	o.told = true
	style := f.IO.ErrStyle()
	if len(o.changes) > 0 {
		f.Tell(columns.Plain("Changes to the module in "), columns.Cell{Text: o.dir, Paint: style.Bold}, columns.Plain(":"))
	}
	for _, c := range o.changes {
		to := c.To
		if to == "" {
			to = "(option removed)"
		}
		change := []columns.Cell{columns.Plain(fmt.Sprintf("  %s: %s -> %s", c.Name, c.From, to))}
		if c.Source != "" {
			change = append(change, columns.Plain(" "), columns.Cell{Text: "(" + c.Source + ")", Paint: style.Dim})
		}
		f.Tell(change...)
	}
	if opts.Reset && !o.again() {
		f.Note(fmt.Sprintf("--reset-options has no effect: %q contains no module of this blueprint", o.dir))
	}
	if bp := o.result.Blueprint; bp != nil && opts.Choose.Profile != "" {
		if i := slices.IndexFunc(bp.Profiles, func(p *blueprint.Profile) bool { return p.Name == opts.Choose.Profile }); i >= 0 && len(bp.Profiles[i].Options) == 0 {
			f.Note(fmt.Sprintf("the profile %q sets no options, so the module is the same without it; pass its values to plan with -var-file envs/%s.tfvars", bp.Profiles[i].Name, bp.Profiles[i].Name))
		}
	}
}

// missed says which files were gone that the manifest lists, and what becomes of
// them.
func (o *outcome) missed(f *shell.Factory, dry bool) {
	if !o.again() {
		return
	}
	gone := slices.DeleteFunc(slices.Clone(o.report.Created), func(name string) bool { return o.past.Files[name] == "" })
	is, then := "is", ""
	if len(gone) > 1 {
		is = "are"
	}
	if !dry {
		then = " and " + is + " written again"
	}
	switch {
	case len(gone) == 0:
	case len(gone) == len(o.past.Files):
		f.Note(fmt.Sprintf("%q contained a manifest but none of the files it lists: the manifest was copied from another directory, or the module was deleted. Its options are used", o.dir))
	default:
		f.Note(fmt.Sprintf("%d of %s that bpgen wrote to %q %s missing%s: %s", len(gone), shell.Count(len(o.past.Files), "file"), o.dir, is, then, some(gone)))
	}
}

// beside names the files of others in one line.
func (o *outcome) beside(f *shell.Factory) {
	if names := o.report.Bystanders(); len(names) > 0 {
		f.Tell(columns.Plain("Left alone (not written by bpgen): " + some(names)))
	}
}

// mostInLine is how many files a line names.
const mostInLine = 8

func some(names []string) string {
	if more := len(names) - mostInLine; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:mostInLine], ", "), more)
	}
	return strings.Join(names, ", ")
}

// mend adds to the diagnostics what helps where options come from the manifest.
func (o *outcome) mend(diags hcl.Diagnostics) hcl.Diagnostics {
	if !o.again() {
		return diags
	}
	return o.past.Mend(diags)
}
