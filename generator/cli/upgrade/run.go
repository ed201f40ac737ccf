package upgrade

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/cli/choose"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/cli/standing"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/merge"
	"github.com/bpgen/bpgen/generator/render"
	"github.com/bpgen/bpgen/generator/rerender"
	"github.com/bpgen/bpgen/generator/upgrade"
	"github.com/bpgen/bpgen/generator/write"
)

func run(ctx context.Context, f *shell.Factory, opts *Options) error {
	cat, err := f.Catalog(opts.Choose.Dirs)
	if err != nil {
		return err
	}
	dirs := opts.Dirs
	if len(dirs) == 0 {
		dirs = []string{"."}
	}
	var all []*outcome
	for _, dir := range dirs {
		o := attempt(ctx, f, cat, opts, dir)
		if all = append(all, o); !opts.JSON {
			o.text(f, opts)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return tell(f, opts, all)
}

// attempts is how often an upgrade begins again when somebody writes in between.
const attempts = 3

// attempt works on one module until nobody comes in between.
func attempt(ctx context.Context, f *shell.Factory, cat *catalog.Catalog, opts *Options, dir string) *outcome {
	for i := 1; ; i++ {
		o := &outcome{dir: dir, what: verb(opts), sources: map[string]*hcl.File{}}
		o.do(ctx, f, cat, opts)
		if !errors.Is(o.err, errMeanwhile) || i == attempts {
			return o
		}
	}
}

// An outcome is what became of one module.
type outcome struct {
	dir  string
	what string // upgraded, continued or aborted
	now  *standing.Module
	bp   *blueprint.Blueprint // of the new rendering

	changes []rerender.Change
	plan    upgrade.Plan
	refused []rerender.Loss // that nobody allowed
	report  write.Report
	written bool

	diags   hcl.Diagnostics
	sources map[string]*hcl.File
	err     error
}

func verb(opts *Options) string {
	switch {
	case opts.Continue:
		return "continued"
	case opts.Abort:
		return "aborted"
	}
	return "upgraded"
}

// code is the exit code for one module.
func (o *outcome) code() shell.Code {
	var unresolved *standing.UnresolvedError
	switch {
	case o.what == "continued" && errors.As(o.err, &unresolved):
		return shell.Findings
	case o.err != nil || o.diags.HasErrors():
		return shell.Failed
	case len(o.plan.Conflicts) > 0 || len(o.refused) > 0:
		return shell.Findings
	}
	return shell.OK
}

// do works on one module.
func (o *outcome) do(ctx context.Context, f *shell.Factory, cat *catalog.Catalog, opts *Options) {
	if o.err = write.Finish(ctx, o.dir, f.Note); o.err != nil {
		return
	}
	if opts.Continue || opts.Abort {
		o.end(ctx, f, opts)
		return
	}
	if o.err = standing.Resolved(o.dir); o.err != nil {
		return
	}
	if !o.read(ctx) {
		return
	}
	res, ok := o.rendered(ctx, f, cat, opts)
	if !ok {
		return
	}
	var diags hcl.Diagnostics
	o.plan, diags = upgrade.Make(upgrade.Input{
		Base: o.now.Base, Ours: o.now.Files, Theirs: res.Files, Manifest: o.now.Manifest, Known: o.now.Known,
		Labels:   merge.Labels{Ours: "ours, edited by hand", Base: "base, " + title(o.now.Past.Blueprint, o.now.Past.Version), Theirs: "theirs, " + title(o.now.Past.Blueprint, res.Blueprint.Version)},
		Renames:  rerender.Renames(res.Module, o.now.Base, res.Files),
		Strategy: upgrade.Strategy(opts.Conflict), KeepObjects: opts.KeepObjects,
	})
	for _, file := range o.now.Files.Files() {
		o.sources[file.Path] = &hcl.File{Bytes: file.Bytes}
	}
	if o.diags = append(o.diags, diags...); diags.HasErrors() {
		return
	}
	o.write(ctx, f, opts)
}

// read reads the module, and says whether that succeeded.
func (o *outcome) read(ctx context.Context) bool {
	var diags hcl.Diagnostics
	o.now, diags, o.err = standing.Read(ctx, o.dir, "bpgen upgrade")
	o.diags = append(o.diags, diags...)
	if o.now != nil {
		o.sources[o.now.Past.Name] = o.now.Past.File
	}
	return o.now != nil
}

// rendered renders the module again.
func (o *outcome) rendered(ctx context.Context, f *shell.Factory, cat *catalog.Catalog, opts *Options) (res generator.Result, ok bool) {
	past := o.now.Past
	if !slices.Contains(cat.Blueprints(), past.Blueprint) {
		o.err = fmt.Errorf("%q contains a module of the blueprint %q, which bpgen does not have: pass its directory with --blueprint-dir or BPGEN_PATH", o.dir, past.Blueprint)
		return res, false
	}
	given, sources, diags := opts.Choose.Inputs()
	o.diags = append(o.diags, diags...)
	bp, diags := cat.Blueprint(past.Blueprint)
	if o.diags = append(o.diags, diags...); o.diags.HasErrors() {
		o.sources = merged(cat.Sources(), o.sources, choose.Veil(bp, given, sources))
		return res, false
	}
	if opts.To != "" && opts.To != bp.Version {
		o.err = fmt.Errorf("nothing was written to %q: bpgen has version %s of the blueprint %q, not %s. Take the release of bpgen that has it, or pass a directory with it by --blueprint-dir", o.dir, bp.Version, bp.Name, opts.To)
		return res, false
	}
	profile := opts.Choose.Profile
	if profile == "" {
		profile = past.Profile
	}
	judged := past.Judge(bp, profile)
	if opts.To != "" { // What was asked for needs no warning.
		judged = slices.DeleteFunc(judged, func(d *hcl.Diagnostic) bool { return d.Severity == hcl.DiagWarning })
	}
	kept, diags := past.Kept(bp, profile)
	inputs := append(kept, given...)
	o.diags = append(append(o.diags, judged...), diags...)
	if !o.diags.HasErrors() {
		done := f.IO.Progress("Rendering " + bp.Name).Done
		res, diags = f.Generate(ctx, generator.Request{
			Catalog: cat, Blueprint: bp.Name, Inputs: inputs, Profile: profile, Layout: link.Layout(past.Layout), Origin: render.Origin{Generator: f.Release},
		})
		done()
		o.diags = append(o.diags, past.Mend(diags)...)
	}
	o.sources = merged(cat.Sources(), o.sources, choose.Veil(bp, inputs, sources), res.Sources)
	switch {
	case o.diags.HasErrors():
		return res, false
	case ctx.Err() != nil:
		o.err = errors.New("interrupted; nothing was written")
		return res, false
	}
	o.recollect(ctx, f, cat, res.Blueprint)
	o.bp = res.Blueprint
	o.changes = past.Changes(rerender.Present{Blueprint: res.Blueprint, Choices: res.Choices, Profile: profile, Layout: past.Layout})
	return res, true
}

// recollect finds out how files were rendered of a module that has no base: by git,
// and by rendering it with the options that it had. What the manifest has the sum of
// is how a file was rendered.
func (o *outcome) recollect(ctx context.Context, f *shell.Factory, cat *catalog.Catalog, bp *blueprint.Blueprint) {
	if len(o.now.Guessed) == 0 {
		return
	}
	if o.now.Recall(openRepository(ctx, o.dir).versions); len(o.now.Guessed) == 0 {
		return
	}
	was, diags := f.Generate(ctx, generator.Request{
		Catalog: cat, Blueprint: bp.Name, Inputs: o.now.Past.Was(bp), Profile: o.now.Past.Profile, Layout: link.Layout(o.now.Past.Layout),
	})
	if diags.HasErrors() {
		return
	}
	o.now.Recall(func(name string) [][]byte {
		b, _ := was.Files.Get(name)
		return [][]byte{b}
	})
}

func merged(all ...map[string]*hcl.File) map[string]*hcl.File {
	out := map[string]*hcl.File{}
	for _, m := range all {
		maps.Copy(out, m)
	}
	return out
}

// write brings a plan to the disk, unless data would be lost or it was only to be
// looked at.
func (o *outcome) write(ctx context.Context, f *shell.Factory, opts *Options) {
	for _, l := range o.plan.Losses {
		if !slices.Contains(opts.AllowDestroy, l.Address) {
			o.refused = append(o.refused, l)
		}
	}
	o.bystanders()
	refused := len(o.refused) > 0 || len(o.plan.Conflicts) > 0 && opts.Conflict == string(upgrade.Fail)
	wo := write.Options{OnConflict: write.Overwrite, Base: o.plan.Base, Remove: o.plan.Remove, Notice: f.Note, Check: o.unchanged}
	if opts.dry() || refused {
		o.report, o.err = write.Compare(standing.Place(o.dir), o.plan.Files, wo)
		return
	}
	var repo *repository
	if len(o.plan.Conflicts) > 0 {
		repo = openRepository(ctx, o.dir)
		diags := o.plan.Suspend(repo.entries(paths(o.plan.Conflicts)))
		if o.diags = append(o.diags, diags...); diags.HasErrors() {
			return
		}
	}
	o.report, o.err = write.Apply(ctx, standing.Place(o.dir), o.plan.Files, wo)
	if o.written = o.err == nil && o.report.Drift(); o.written && repo != nil {
		if err := repo.mark(paths(o.plan.Conflicts), o.now.Base, o.now.Files, o.plan.Rendered()); err != nil {
			f.Note(fmt.Sprintf("the index of git does not show the conflicts: %s", err))
		}
	}
}

func paths(conflicts []merge.Conflict) []string {
	var out []string
	for _, c := range conflicts {
		out = append(out, c.Path)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// bystanders leaves files of others out of a plan that changes nothing in them.
func (o *outcome) bystanders() {
	var out fileset.Set
	for _, file := range o.plan.Files.Files() {
		was, _ := o.now.Files.Get(file.Path)
		if slices.Contains(o.now.Foreign, file.Path) && bytes.Equal(was, file.Bytes) {
			continue
		}
		out.Add(file.Path, file.Bytes) //nolint:errcheck // The plan has taken this path.
	}
	o.plan.Files = out
}

// errMeanwhile says that what was read of the directory is true no more.
var errMeanwhile = errors.New("the module changed while bpgen read it; nothing was written: try again")

// unchanged is asked under the writer's lock, before anything is written: the
// directory is still what was read.
func (o *outcome) unchanged(r write.Report) error {
	if !bytes.Equal(r.Previous(), o.now.Manifest) {
		return errMeanwhile
	}
	for _, c := range r.Changes() {
		if was, ok := o.now.Files.Get(c.Path); c.Path != write.ManifestPath && (c.Unread || !bytes.Equal(was, c.Old) || ok != (c.Old != nil)) {
			return fmt.Errorf("%w (%s)", errMeanwhile, c.Path)
		}
	}
	return nil
}

// end continues an upgrade, or takes it back.
func (o *outcome) end(ctx context.Context, f *shell.Factory, opts *Options) {
	src, err := write.Record(standing.Place(o.dir), write.UpgradePath)
	switch {
	case err != nil:
		o.err = err
		return
	case src == nil:
		o.err = fmt.Errorf("no upgrade of %q waits for decisions", o.dir)
		return
	}
	pending, err := upgrade.Unpack(src)
	if err != nil {
		o.err = fmt.Errorf("%q in %q cannot be used: %w. It holds what the upgrade needs; restore the directory from version control", write.UpgradePath, o.dir, err)
		return
	}
	if !o.read(ctx) {
		return
	}
	repo := openRepository(ctx, o.dir)
	var diags hcl.Diagnostics
	if opts.Abort {
		base := &o.now.Base
		if !o.now.Known {
			base = nil
		}
		o.plan, diags = pending.Abort(o.now.Files, o.now.Manifest, base)
	} else {
		var marks []string
		for _, file := range o.now.Files.Files() {
			marks = append(marks, standing.Marked(file.Path, file.Bytes)...)
		}
		if len(marks) > 0 {
			o.err = &standing.UnresolvedError{Dir: o.dir, Marks: marks, Pending: true}
			return
		}
		o.valid()
		o.plan, diags = pending.Continue(o.now.Files)
		for _, l := range o.plan.Losses {
			if !slices.Contains(opts.AllowDestroy, l.Address) {
				o.refused = append(o.refused, l)
			}
		}
	}
	if o.diags = append(o.diags, diags...); o.diags.HasErrors() || len(o.refused) > 0 {
		return
	}
	o.bystanders()
	o.report, o.err = write.Apply(ctx, standing.Place(o.dir), o.plan.Files, write.Options{OnConflict: write.Overwrite, Base: o.plan.Base, Remove: o.plan.Remove, Notice: f.Note, Check: o.unchanged})
	if o.written = o.err == nil; o.written {
		if err := repo.restore(pending.Index); err != nil {
			f.Note(fmt.Sprintf("the index of git could not be put back: %s", err))
		}
	}
}

// valid warns of files that do not parse, now that nothing is left to decide.
func (o *outcome) valid() {
	for _, file := range o.now.Files.Files() {
		o.sources[file.Path] = &hcl.File{Bytes: file.Bytes}
	}
	for _, d := range upgrade.Invalid(o.now.Files) {
		if d.Severity == hcl.DiagError {
			o.diags = append(o.diags, &hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: d.Summary, Detail: d.Detail, Subject: d.Subject})
		}
	}
}
