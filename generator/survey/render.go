package survey

import (
	"context"
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
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/matrix"
	"github.com/bpgen/bpgen/generator/proof"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/vet"
	"github.com/bpgen/bpgen/generator/vet/notes"
)

// renderings are a blueprint's, the default first.
type renderings struct {
	blueprint *blueprint.Blueprint
	rows      []row
}

type row struct {
	module  *proof.Module
	options string // those that differ from the defaults
	diags   hcl.Diagnostics
}

// render renders a blueprint with its sets of options.
func render(ctx context.Context, cat *catalog.Catalog, name string) (*renderings, hcl.Diagnostics) {
	bp, diags := cat.Blueprint(name)
	if diags.HasErrors() {
		return nil, diags
	}
	out := &renderings{blueprint: bp}
	sets := optionSets(bp)
	out.rows = make([]row, len(sets))
	session, example := generator.NewSession(cat), exampleOf(bp)
	var next atomic.Int64
	var workers crash.Group
	for range min(runtime.GOMAXPROCS(0), len(sets)) {
		workers.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(sets) {
					return
				}
				out.rows[i] = one(ctx, session, bp, sets[i], example)
			}
		})
	}
	workers.Wait()
	for _, r := range out.rows {
		if diags = append(diags, r.diags...); r.diags.HasErrors() {
			break // the others may say the same
		}
	}
	return out, diags
}

// optionSets returns the defaults, each single other value, and rows that hold every
// pair of values. What holds with one other option is told by that one.
func optionSets(bp *blueprint.Blueprint) []matrix.Row {
	options := resolve.Options(bp)
	axes, allowed := matrix.Axes(options, nil), matrix.Allowed(bp, options)
	pairs, _ := matrix.Pairwise(axes, allowed)
	if len(pairs) == 0 {
		return nil
	}
	out := []matrix.Row{pairs[0]}
	for _, a := range axes {
		for _, v := range a.Values[1:] {
			r := maps.Clone(pairs[0])
			r[a.Name] = v
			if allowed(r) {
				out = append(out, r)
			}
		}
	}
	return append(out, pairs[1:]...)
}

func one(ctx context.Context, session *generator.Session, bp *blueprint.Blueprint, options matrix.Row, example map[string]cty.Value) row {
	var in []resolve.Input
	var differ []string
	for _, o := range resolve.Options(bp) {
		v, ok := options[o.Name]
		if !ok || o.Default != cty.NilVal && o.Default.RawEquals(v) {
			continue
		}
		in = append(in, resolve.Input{Name: o.Name, Value: v, Source: "the survey"})
		differ = append(differ, o.Name+"="+resolve.Show(v))
	}
	res, diags := session.Generate(ctx, generator.Request{Blueprint: bp.Name, Inputs: in})
	var faults hcl.Diagnostics
	for _, d := range diags {
		if d.Severity == hcl.DiagError {
			faults = append(faults, d)
		}
	}
	if len(faults) > 0 || res.Module == nil {
		return row{diags: faults}
	}
	account := proof.Account{Values: example, Region: resolve.HomeOf(res.Choices).Region()}
	judge := func(files []fileset.File) []string { return rules(ctx, files, res.Choices) }
	return row{module: proof.Load(ctx, res.Files.Files(), account, guard.Parse, judge), options: strings.Join(differ, " ")}
}

// rules returns the names of the rules that find something in files.
func rules(ctx context.Context, files []fileset.File, choices []resolve.Choice) []string {
	opts := vet.Options{Home: resolve.HomeOf(choices).Zone, Formatted: true, Rules: notes.Rules()}
	for _, c := range choices {
		switch {
		case c.Value.Type() != cty.String || !c.Value.IsKnown() || c.Value.IsNull():
		case c.Option.Name == resolve.AWSProvider:
			opts.Major = c.Value.AsString()
		case c.Option.Name == resolve.Target:
			opts.Target = c.Value.AsString()
		}
	}
	var out []string
	for _, d := range vet.Run(ctx, files, opts).Findings {
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

// deviation returns the blueprint's deviation from an entry, nil for none.
func (s *renderings) deviation(id string) *blueprint.Deviation {
	for _, d := range s.blueprint.Deviations {
		if slices.Contains(d.Notes, id) {
			return d
		}
	}
	return nil
}

// judge finds the first rendering in which a proof holds. What people do counts for
// runbooks and facts, and elsewhere where the proof says why nobody else can.
func (s *renderings) judge(e ledger.Entry, p *proof.Proof) Entry {
	out := Entry{Entry: e, Way: Missing, Proof: p, Blueprint: s.blueprint.Name}
	tried := false
	for i, r := range s.rows {
		if p.Checked() {
			if tried && rulesAlone(p) || !reaches(r.module, p) {
				continue
			}
			tried = true
		}
		f := r.module.Holds(p)
		if i == 0 {
			out.Reason = f.Why
		}
		if !f.Holds {
			if out.Reason == "" || nearer(f.Why, out.Reason) {
				out.Reason = f.Why
			}
			continue
		}
		if p.ByHand() && e.Kind != "runbook" && e.Kind != "fact" && p.Duty == "" {
			out.Reason = "a runbook says it, which counts for runbooks, facts and what the proof calls a duty of people"
			return out
		}
		out.Places, out.Options, out.Reason = f.Places, r.options, p.Duty
		switch {
		case p.ByHand():
			out.Way = ByHand
		case p.Checked():
			out.Way = Checked
		case i == 0 && len(p.Given) == 0 && p.Profile == "":
			out.Way = Rendered
		default:
			out.Way = Offered
		}
		return out
	}
	return out
}

// rulesAlone says whether nothing but rules has a part in a proof: what one module
// shows of them the next one shows as well.
func rulesAlone(p *proof.Proof) bool {
	return !slices.ContainsFunc(p.All(), func(c proof.Claim) bool { _, ok := c.(*proof.Rule); return !ok })
}

// nearer says whether a reason tells more than that something is not there at all.
func nearer(why, than string) bool {
	bare := func(s string) bool {
		return strings.HasPrefix(s, "there is no") || strings.HasPrefix(s, "no ") || strings.HasPrefix(s, "the module has no")
	}
	return bare(than) && !bare(why)
}

// reaches says whether a module has what a proof about rules changes: trying them
// takes time.
func reaches(m *proof.Module, p *proof.Proof) bool {
	for _, c := range p.All() {
		r, ok := c.(*proof.Rule)
		if !ok {
			continue
		}
		for _, change := range r.Changes {
			if change.Type != "" && !m.Has("resource", change.Type) {
				return false
			}
		}
	}
	return true
}
