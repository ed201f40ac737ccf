// Package vet reads a tree of Terraform files and says what is wrong in it,
// without a provider and without a plan.
//
// It takes files in memory, rendered by bpgen or written by anyone, and returns
// findings as hcl.Diagnostics whose Extra is a Finding: each belongs to a named
// Rule, has a source range, and says what is wrong, why, and how to mend it.
// Every folder that holds .tf files is a module of its own; a module's calls of
// other folders of the tree are followed. It never touches the operating
// system, runs nothing of the module, and reports everything at once, sorted.
//
// Stage 1 (stage1.go) is about each file: it parses and is formatted. Stage 2
// is about modules: what they declare (module.go), that arguments and blocks
// fit the schema (body.go), that expressions refer to what exists and have a
// fitting type (infer.go, reference.go), that calls fit the called module
// (call.go), that nothing is unused. Rules given in Options that implement
// Checker run after both, on the same modules; those of package notes are
// stage 3.
package vet

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/memo"
)

// Options adjust a run.
type Options struct {
	// Major is the major version of hashicorp/aws to check against, "5" or
	// "6". When empty each module's required_providers decide.
	Major string
	// Home is the time zone of the users, for rules about windows and places; ""
	// is home.Default.
	Home string
	// Target is the program that runs the module: "terraform", "opentofu" or "both".
	// "" is not known, and then all that any of the two knows is right.
	Target string
	// Rules are further rules. Those that implement Checker are run; the
	// others are only known by name, so that ignore comments may name them.
	Rules []Rule
	// Formatted says that the caller has just formatted every file itself, so
	// that vet need not do it again to compare. That comparison is more than half of a run's time.
	Formatted bool
	// Parse takes the place of the parser, for a caller that keeps what was
	// parsed; nil is guard.Parse. What it returns is not changed.
	Parse func(src []byte, name string) (*hcl.File, hcl.Diagnostics)
	// Cache keeps what was found in a block by itself, for runs on files that share
	// blocks; nil keeps nothing.
	Cache *Cache
}

// A Cache keeps what hangs on the text of a block alone. It is safe for concurrent
// use and bounded.
type Cache struct {
	refused memo.Texts[int] // see refusing
}

// A Result is what a run found.
type Result struct {
	// Findings are sorted; the Extra of each is a Finding.
	Findings hcl.Diagnostics
	// Sources hold every file that was parsed, also those with errors, for
	// snippets.
	Sources map[string]*hcl.File
	// Modules are the folders that hold .tf files, sorted by folder.
	Modules []*Module
}

// NotChecked returns how many blocks there are of each type whose provider vet has
// no schema of: of these it looks at references and expressions alone.
func (r Result) NotChecked() map[string]int {
	out := map[string]int{}
	for _, m := range r.Modules {
		for _, res := range m.Resources {
			if local := m.providerOf(res); res.Schema == nil && local != "terraform" && !m.isAWS(local) {
				out[res.Type]++
			}
		}
	}
	return out
}

// MaxFindings is how many findings a run keeps; the rest are counted.
const MaxFindings = 20_000

// Run vets a tree of files. Paths are slash-separated and relative to the
// tree's root; files of other kinds are not looked at.
func Run(ctx context.Context, files []fileset.File, opts Options) Result {
	r := &runner{
		opts:    opts,
		files:   slices.Clone(files),
		sources: map[string]*hcl.File{},
		modules: map[string]*Module{},
	}
	slices.SortFunc(r.files, func(a, b fileset.File) int { return strings.Compare(a.Path, b.Path) })

	r.read(ctx)
	each(ctx, r.sorted, r.declare)
	each(ctx, r.sorted, func(m *Module) {
		m.Schema = r.provider(m)
		r.connect(m)
	})
	each(ctx, r.sorted, r.selfCalls)
	each(ctx, r.sorted, r.callees)
	each(ctx, r.sorted, r.check)
	each(ctx, r.tests, r.checkTest)
	each(ctx, r.values, r.checkValues)
	r.bundles()
	for _, rule := range opts.Rules {
		if c, ok := rule.(Checker); ok {
			each(ctx, r.sorted, func(m *Module) {
				c.Check(m, func(d *hcl.Diagnostic) { r.report(rule, r.dirOf(d, m), d) })
			})
		}
	}
	r.ignore()
	if r.omitted > 0 {
		r.diags = append(r.diags, diag.Error(hcl.Range{}, "Too many findings", "There are more than %d findings; %d were omitted. Fix the first ones and run vet again.", MaxFindings, r.omitted))
	}
	return Result{Findings: diag.Sort(r.diags), Sources: r.sources, Modules: r.sorted}
}

// each does something with every item until the context ends.
func each[T any](ctx context.Context, items []T, do func(T)) {
	for _, item := range items {
		if ctx.Err() != nil {
			return
		}
		do(item)
	}
}

// A runner is the state of one run.
type runner struct {
	opts    Options
	files   []fileset.File
	sources map[string]*hcl.File
	modules map[string]*Module
	sorted  []*Module
	tests   []*source // .tftest.hcl and .tfmock.hcl
	values  []*source // .tfvars
	diags   hcl.Diagnostics
	omitted int // findings beyond MaxFindings
}

// report adds a finding of a rule.
func (r *runner) report(rule Rule, dir string, d *hcl.Diagnostic) {
	d.Severity = hcl.DiagWarning
	if rule.Severity() == SeverityError {
		d.Severity = hcl.DiagError
	}
	if len(r.diags) >= MaxFindings {
		r.omitted++
		return
	}
	d.Extra = Finding{Rule: rule, Module: dir}
	r.diags = append(r.diags, d)
}

// dirOf returns the directory of the module that a rule's finding is in, which need not
// be that at which the rule looks.
func (r *runner) dirOf(d *hcl.Diagnostic, m *Module) string {
	if d.Subject != nil && r.modules[dirOf(d.Subject.Filename)] != nil {
		return dirOf(d.Subject.Filename)
	}
	return m.Dir
}

// find adds a finding of one of the rules of stages 1 and 2.
func (r *runner) find(rule Rule, rng hcl.Range, summary, format string, args ...any) {
	r.report(rule, dirOf(rng.Filename), diag.Error(rng, summary, format, args...))
}

func dirOf(file string) string {
	if dir := path.Dir(file); dir != "." {
		return dir
	}
	return ""
}

// owner returns the module that a file next to modules, such as
// tests/x.tftest.hcl or envs/prd.tfvars, belongs to: the nearest folder upwards
// that holds .tf files.
func (r *runner) owner(file string) *Module {
	for dir := dirOf(file); ; dir = dirOf(dir) {
		if m, ok := r.modules[dir]; ok {
			return m
		}
		if dir == "" {
			return nil
		}
	}
}
