// Package upgrade brings a module that people have edited to another rendering of
// its blueprint.
//
// It takes the module as it was rendered, as it is now, and as it is rendered anew,
// and returns the files to write, with what is needed to go on or to go back where
// both sides changed the same item. It decides nothing about conflicts unless told
// to. It does not touch the operating system: package write brings a plan to the
// disk.
package upgrade

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/baseline"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/merge"
	"github.com/bpgen/bpgen/generator/render"
	"github.com/bpgen/bpgen/generator/rerender"
)

// A Strategy says what becomes of an item that both sides changed.
type Strategy string

// The strategies.
const (
	Markers Strategy = "markers" // all its versions, between markers
	Ours    Strategy = "ours"    // the module's
	Theirs  Strategy = "theirs"  // the new rendering's
	Fail    Strategy = "fail"    // nothing is written
)

// Strategies lists them all.
var Strategies = []Strategy{Markers, Ours, Theirs, Fail}

// An Input is what an upgrade is made of.
type Input struct {
	Base   fileset.Set // the module as it was rendered
	Ours   fileset.Set // as it is, without what bpgen keeps for itself
	Theirs fileset.Set // as it is rendered anew, with its manifest

	Manifest []byte // that stands beside ours
	Known    bool   // the manifest has a base: where there is none, Base is what could be found

	Renames []merge.Rename // what has another name in theirs, besides what its moved blocks say
	Labels  merge.Labels

	Strategy    Strategy
	KeepObjects bool // take objects that hold data and would be dropped out of Terraform's hands instead
}

// A Plan is what has to happen to a directory.
type Plan struct {
	Files  fileset.Set  // to write, with the manifest and what bpgen keeps for itself
	Base   *fileset.Set // as it was rendered, for the writer; nil where there is none
	Remove []string     // files that go

	Conflicts []merge.Conflict // that are left to decide
	Decided   []merge.Conflict // that the strategy has decided
	Renames   []merge.Rename   // that were followed
	Losses    []rerender.Loss  // objects that hold data and would go
	Kept      []string         // addresses of those that are kept instead
	Gone      []string         // files that ours removed and theirs has changed: they stay away

	pending Pending
}

// Make returns the plan of an upgrade. With errors there is none.
func Make(in Input) (Plan, hcl.Diagnostics) {
	theirs := baseline.Of(in.Theirs)
	var plan Plan
	plan.Renames = unique(append(slices.Clone(in.Renames), merge.Moved(in.Base, theirs)...))
	res, diags := merge.Merge(merge.Input{
		Base: in.Base, Ours: in.Ours, Theirs: theirs, Labels: in.Labels,
		Renames: plan.Renames, Own: merge.Moved(in.Base, in.Ours),
	})
	if diags.HasErrors() {
		return Plan{}, diags
	}
	plan.Gone = stayGone(&res, in)
	merged := res.Files
	switch in.Strategy {
	case Ours, Theirs:
		merged, plan.Decided = decide(res, in.Ours, theirs, in.Strategy), res.Conflicts
	default:
		plan.Conflicts = res.Conflicts
	}
	// What holds markers does not parse. Until somebody decides, ours holds.
	judged := merged
	if len(plan.Conflicts) > 0 {
		judged = decide(res, in.Ours, theirs, Ours)
	}
	plan.Losses = Losses(in.Ours, judged)
	if in.KeepObjects {
		plan.keep(&merged)
	}
	diags = append(diags, plan.fill(in, merged, theirs)...)
	return plan, diags
}

// fill puts together what is to be written.
func (p *Plan) fill(in Input, merged, theirs fileset.Set) (diags hcl.Diagnostics) {
	add := func(name string, content []byte) {
		if err := p.Files.Add(name, content); err != nil {
			diags = append(diags, diag.Error(hcl.Range{Filename: name}, "File cannot be written", "In the upgraded module %s.", err))
		}
	}
	for _, f := range merged.Files() {
		add(f.Path, f.Bytes)
	}
	for _, f := range in.Ours.Files() {
		if _, ok := merged.Get(f.Path); !ok {
			p.Remove = append(p.Remove, f.Path)
		}
	}
	if len(p.Conflicts) == 0 {
		manifest, _ := in.Theirs.Get(render.ManifestPath)
		add(render.ManifestPath, manifest)
		p.Base = &theirs
		return diags
	}
	add(render.ManifestPath, in.Manifest)
	if in.Known {
		p.Base = &in.Base
	}
	p.pending = newPending(in, merged, theirs)
	return diags
}

// Suspend adds to a plan with conflicts what is needed to go on or to go back once
// they are decided. Index is what a version control system has to know to go back;
// nil where there is none.
func (p *Plan) Suspend(index []byte) hcl.Diagnostics {
	p.pending.Index = index
	pending, diags := p.pending.pack()
	list, more := conflictList(p.Conflicts)
	if diags = append(diags, more...); diags.HasErrors() {
		return diags
	}
	for name, content := range map[string][]byte{baseline.PendingPath: pending, baseline.ConflictsPath: list} {
		if err := p.Files.Add(name, content); err != nil {
			diags = append(diags, diag.Error(hcl.Range{Filename: name}, "File cannot be written", "In the upgraded module %s.", err))
		}
	}
	return diags
}

// stayGone settles the conflicts over files that ours removed as a whole and theirs
// changed, such as a runbook that nobody wants: they stay away. Code is not among
// them, for it is merged by address.
func stayGone(res *merge.Result, in Input) (gone []string) {
	res.Conflicts = slices.DeleteFunc(res.Conflicts, func(c merge.Conflict) bool {
		_, had := in.Base.Get(c.Path)
		_, has := in.Ours.Get(c.Path)
		if c.Start > 0 || !had || has {
			return false
		}
		res.Files = with(res.Files, c.Path, nil)
		gone = append(gone, c.Path)
		return true
	})
	return gone
}

func unique(renames []merge.Rename) []merge.Rename {
	slices.SortFunc(renames, func(a, b merge.Rename) int {
		return cmp.Or(strings.Compare(a.Dir, b.Dir), strings.Compare(a.From, b.From), strings.Compare(a.To, b.To))
	})
	return slices.Compact(renames)
}

// Losses returns the objects that hold data, and that a change of a module takes
// away.
func Losses(before, after fileset.Set) []rerender.Loss {
	var files []rerender.File
	for _, f := range before.Files() {
		if now, _ := after.Get(f.Path); !bytes.Equal(now, f.Bytes) {
			files = append(files, rerender.File{Path: f.Path, Old: f.Bytes, New: now})
		}
	}
	for _, f := range after.Files() {
		if _, ok := before.Get(f.Path); !ok {
			files = append(files, rerender.File{Path: f.Path, New: f.Bytes})
		}
	}
	return rerender.Losses(files)
}

// keptFile is where objects are taken out of Terraform's hands.
const keptFile = "removed.tf"

// keep takes the objects that would be dropped out of Terraform's hands instead.
// What another object takes the place of cannot be kept so.
func (p *Plan) keep(merged *fileset.Set) {
	old, _ := merged.Get(keptFile)
	text := string(old)
	left := p.Losses[:0:0]
	for _, l := range p.Losses {
		if !l.Dropped {
			left = append(left, l)
			continue
		}
		if text != "" {
			text += "\n"
		}
		text += "# Terraform forgets this object and does not destroy it. Remove this block once it is applied.\n" +
			"removed {\n  from = " + l.Address + "\n\n  lifecycle {\n    destroy = false\n  }\n}\n"
		p.Kept = append(p.Kept, l.Address)
	}
	p.Losses = left
	if len(p.Kept) > 0 {
		*merged = with(*merged, keptFile, []byte(text))
	}
}

// with returns a set in which one file has another content; nil removes it.
func with(set fileset.Set, name string, content []byte) fileset.Set {
	var out fileset.Set
	for _, f := range set.Files() {
		if f.Path != name {
			out.Add(f.Path, f.Bytes) //nolint:errcheck // The set has taken this path.
		}
	}
	if content != nil {
		out.Add(name, content) //nolint:errcheck // A name that collides is told of when the plan is filled.
	}
	return out
}

// Rendered returns the new rendering of a plan with conflicts.
func (p *Plan) Rendered() fileset.Set { return p.pending.Rendered }
