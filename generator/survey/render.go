package survey

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/crash"
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/matrix"
	"github.com/bpgen/bpgen/generator/proof"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/vet"
)

// renderings are a blueprint's, the default first.
type renderings struct {
	blueprint  *blueprint.Blueprint
	deviations []*deviation.Deviation // with any options
	proofs     Book
	rows       []row
	named      map[string]int // the row of a set of options that a proof names, by its key
}

type row struct {
	module  *proof.Module
	options string // those that differ from the defaults
	diags   hcl.Diagnostics
	told    hcl.Diagnostics // what rules of the notes find, as warnings
	sources map[string]*hcl.File
}

// render renders a blueprint with its defaults and with the options that proofs name,
// and where it is to be wide with each single other value of an option as well.
func render(ctx context.Context, cat *catalog.Catalog, name string, proofs Book, wide bool) (*renderings, hcl.Diagnostics) {
	bp, diags := cat.Blueprint(name)
	if diags.HasErrors() {
		return nil, diags
	}
	out := &renderings{blueprint: bp, deviations: cat.Deviations(bp), proofs: proofs, named: map[string]int{}}
	sets := out.sets(wide)
	out.rows = make([]row, len(sets))
	session := generator.NewSession(cat)
	var next atomic.Int64
	var workers crash.Group
	for range min(runtime.GOMAXPROCS(0), len(sets)) {
		workers.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(sets) {
					return
				}
				out.rows[i] = one(ctx, session, bp, sets[i])
			}
		})
	}
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return nil, hcl.Diagnostics{diag.Error(hcl.Range{}, "Interrupted", "The survey was interrupted: %v.", err)}
	}
	return out, append(append(diags, out.rows[0].diags...), out.rows[0].told...)
}

// sets returns the sets of options to render with, each once, and notes which of
// them belong to proofs. A set with an option that the blueprint does not have is
// none of its own.
func (s *renderings) sets(wide bool) []matrix.Row {
	options := resolve.Options(s.blueprint)
	out := []matrix.Row{{}}
	s.named[key(nil)] = 0
	add := func(set matrix.Row) {
		if _, ok := s.named[key(set)]; !ok {
			s.named[key(set)] = len(out)
			out = append(out, set)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.proofs)) {
		if p := s.proofs[id]; s.foreign(p) == "" {
			add(p.Options)
		}
	}
	if !wide {
		return out
	}
	allowed := matrix.Allowed(s.blueprint, options)
	for _, a := range matrix.Axes(options, nil) {
		for _, v := range a.Values[1:] {
			if set := (matrix.Row{a.Name: v}); allowed(set) {
				add(set)
			}
		}
	}
	return out
}

// key tells sets of options apart.
func key(set map[string]cty.Value) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(set)) {
		b.WriteString(name + "=" + resolve.Show(set[name]) + " ")
	}
	return strings.TrimSpace(b.String())
}

// foreign returns the name of an option of a proof that the blueprint does not have.
func (s *renderings) foreign(p *proof.Proof) string {
	for _, name := range slices.Sorted(maps.Keys(p.Options)) {
		if !slices.ContainsFunc(resolve.Options(s.blueprint), func(o *blueprint.Option) bool { return o.Name == name }) {
			return name
		}
	}
	return ""
}

func one(ctx context.Context, session *generator.Session, bp *blueprint.Blueprint, set matrix.Row) row {
	var in []resolve.Input
	for _, name := range slices.Sorted(maps.Keys(set)) {
		in = append(in, resolve.Input{Name: name, Value: set[name], Source: "the survey"})
	}
	res, diags := session.Generate(ctx, generator.Request{Blueprint: bp.Name, Inputs: in})
	var faults, told hcl.Diagnostics
	for _, d := range diags {
		f, _ := vet.FindingOf(d)
		switch _, noted := f.Rule.(vet.Noted); {
		case d.Severity != hcl.DiagError:
		case noted: // the proofs say what else it breaks
			warning := *d
			warning.Severity = hcl.DiagWarning
			told = append(told, &warning)
		default:
			faults = append(faults, d)
		}
	}
	if len(faults) > 0 || res.Module == nil || len(res.Files.Files()) == 0 {
		return row{diags: faults, options: key(set), sources: res.Sources}
	}
	return row{module: Open(ctx, bp, res.Choices, res.Files.Files()), options: key(set), told: told, sources: res.Sources}
}

// rules returns the names of the rules that find something in files.
func rules(ctx context.Context, files []fileset.File, choices []resolve.Choice) []string {
	var out []string
	for _, d := range vet.Run(ctx, files, generator.VetOptions(choices)).Findings {
		if f, ok := vet.FindingOf(d); ok {
			out = append(out, f.Rule.ID())
		}
	}
	return out
}

// exampleOf returns the values of a blueprint's example that are written out.
func exampleOf(bp *blueprint.Blueprint) map[string]cty.Value {
	out := map[string]cty.Value{}
	if bp.Example == nil {
		return out
	}
	for _, v := range bp.Example.Values {
		if value, diags := budget.Constant(v.Expr); !diags.HasErrors() {
			out[v.Name] = value
		}
	}
	return out
}

// deviation returns the deviation of the blueprint or of a template of its from an
// entry, nil for none.
func (s *renderings) deviation(id string) *deviation.Deviation {
	for _, d := range s.deviations {
		if slices.Contains(d.Notes, id) {
			return d
		}
	}
	return nil
}

// judge says whether a proof holds in the rendering that it is about: that with the
// options that it names, or the default one. What people do counts for runbooks and
// facts, and elsewhere where the proof says why nobody else can.
func (s *renderings) judge(e ledger.Entry, p *proof.Proof) Entry {
	out := Entry{Entry: e, Way: Missing, Proof: p, Blueprint: s.blueprint.Name}
	if name := s.foreign(p); name != "" {
		out.Reason = fmt.Sprintf("the blueprint has no option %q, which the proof names", name)
		return out
	}
	r := s.rows[s.named[key(p.Options)]]
	out.Options = r.options
	if r.module == nil {
		out.Reason = "the options of the proof are rejected"
		return out
	}
	judged := Judge(e, p, r.module)
	judged.Blueprint, judged.Options = out.Blueprint, out.Options
	if judged.Way == Missing && !r.module.Holds(p).Holds {
		judged.Reason += s.elsewhere(p)
	}
	return judged
}

// Judge says whether a proof holds in a module, which is rendered with the options that
// it names or has been changed since, and in which way that counts.
func Judge(e ledger.Entry, p *proof.Proof, m *proof.Module) Entry {
	out := Entry{Entry: e, Way: Missing, Proof: p}
	f := m.Holds(p)
	switch {
	case !f.Holds:
		out.Reason = f.Why
		return out
	case p.ByHand() && e.Kind != "runbook" && e.Kind != "fact" && p.Duty == "":
		out.Reason = "a runbook says so, which counts only for runbooks, facts and what the proof calls a duty"
		return out
	}
	out.Places, out.Reason = f.Places, p.Duty
	switch {
	case p.ByHand():
		out.Way = ByHand
	case p.Checked():
		out.Way = Checked
	case len(p.Options) == 0 && len(p.Given) == 0 && p.Profile == "":
		out.Way = Rendered
	default:
		out.Way = Offered
	}
	return out
}

// elsewhere says with which other options a proof holds that names none.
func (s *renderings) elsewhere(p *proof.Proof) string {
	if len(p.Options) > 0 || p.Checked() {
		return ""
	}
	for _, r := range s.rows[1:] {
		if r.module != nil && r.module.Holds(p).Holds {
			return fmt.Sprintf("; with %s it holds, so the proof may name these options", r.options)
		}
	}
	return ""
}
