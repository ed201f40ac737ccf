package check

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
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/crash"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/matrix"
	"github.com/bpgen/bpgen/generator/resolve"
)

// maxSearch bounds how many further renders the search for the fewest options that
// provoke a failure may cost, in all.
const maxSearch = 100

// maxVaried is how many of that many options are varied in what is rendered: 100
// of 100, fewer of more. The rows grow with the number of those that are varied,
// and the time and memory of each with the number of all.
func maxVaried(options int) int { return min(options, max(1, 10_000/max(1, options))) }

// maxForetold is how many combinations have their tests foretold. Of more, those
// that differ from the defaults in one option do: that is what decides a test as a
// rule.
const maxForetold = 32

// maxSets is how many ways to provoke one failure are told.
const maxSets = 3

// An outcome is what one render came to.
type outcome struct {
	at      point
	profile string
	failed  map[string]*hcl.Diagnostic // by identity
	warned  map[string]*hcl.Diagnostic
	order   []string        // of both
	vars    map[string]bool // variables of the module
	runs    map[string]bool // of the shipped tests
	ended   bool            // it took more than any budget
}

// render renders a covering set of combinations and reports what fails.
func (c *checker) render(ctx context.Context) {
	rows := c.rows()
	if len(rows) == 0 {
		var unknown []string
		for _, o := range c.options {
			if o.Default == cty.NilVal && len(c.samples()[o.Name]) == 0 && len(o.OneOf) == 0 && o.Type != cty.Bool {
				unknown = append(unknown, o.Name)
			}
		}
		hint := "Loosen the validations."
		if len(unknown) > 0 {
			hint = "There is no known value for " + diag.Quoted(unknown, "and") + ": add a default, one_of, or a profile that sets it."
		}
		c.warnf(c.bp.Range, "Nothing could be rendered", "The check found no combination of options that satisfies the validations, so nothing was rendered. %s", hint)
		return
	}
	profiles := slices.DeleteFunc(slices.Clone(c.bp.Profiles), func(p *blueprint.Profile) bool { return len(p.OptionRanges) == 0 })
	all := len(rows) + len(profiles)
	c.few = all <= maxForetold
	outcomes := c.all(ctx, rows, all)
	for _, o := range outcomes {
		if o.ended {
			for _, id := range o.order {
				c.diags = append(c.diags, o.failed[id])
			}
			return
		}
	}
	for _, p := range profiles {
		if ctx.Err() == nil {
			outcomes = append(outcomes, c.one(ctx, point{}, p.Name))
			c.progress(len(outcomes), all, "combinations")
		}
	}
	if ctx.Err() != nil {
		return
	}
	c.tried = len(outcomes)
	r := &reporter{checker: c, ctx: ctx, known: map[string]outcome{}, left: maxSearch}
	for _, o := range outcomes {
		if o.profile == "" {
			r.known[c.identity(o.at)] = o
		}
	}
	if !r.report(outcomes) {
		c.neverThere(outcomes)
		c.unshipped = c.unshippedRuns(outcomes)
	}
}

// rows returns the combinations to render: the defaults, every single other
// value, a set that holds every pair, and the suspects. Only the first
// maxVaried of the options are varied.
func (c *checker) rows() []point {
	axes := matrix.Axes(c.options, c.samples())
	var out []point
	seen := map[string]bool{}
	add := func(p point) {
		if id := c.identity(p); !seen[id] && len(p) == len(axes) && c.space.allowed(p) {
			seen[id] = true
			out = append(out, p)
		}
	}
	defaults := point{}
	for _, a := range axes {
		defaults[a.Name] = a.Values[0]
	}
	if len(axes) < len(c.options) {
		return nil
	}
	add(defaults)
	if len(out) == 0 && !slices.ContainsFunc(c.options, func(o *blueprint.Option) bool { return o.Default == cty.NilVal }) {
		out = append(out, defaults) // it fails, and that is an error
		seen[c.identity(defaults)] = true
	}
	varied := axes[:maxVaried(len(axes))]
	for _, a := range varied {
		for _, v := range a.Values[1:] {
			p := maps.Clone(defaults)
			p[a.Name] = v
			add(p)
		}
	}
	pairs, _ := matrix.Pairwise(varied, matrix.Allowed(c.bp, c.options))
	for _, r := range pairs {
		p := maps.Clone(defaults)
		maps.Copy(p, r)
		add(p)
	}
	if left := len(axes) - len(varied); left > 0 {
		c.warnf(c.bp.Range, "Not all options were varied", "The blueprint has %d options. The first %d were rendered with each value and every pair of values; the other %d, from %q on, only with their defaults, unless the analysis flagged a combination.",
			len(axes), len(varied), left, axes[len(varied)].Name)
	}
	for _, s := range c.suspects {
		p := maps.Clone(defaults)
		maps.Copy(p, s)
		add(p)
	}
	return out
}

// samples returns values for options that cannot be listed: what conditions
// compare them with and what profiles give them. An option that must be given
// gets something of its type.
func (c *checker) samples() map[string][]cty.Value {
	out := map[string][]cty.Value{}
	for _, o := range c.options {
		if len(o.OneOf) > 0 || o.Type == cty.Bool {
			continue
		}
		usable := func(v cty.Value) {
			if o.TypeDefaults != nil && !v.IsNull() {
				v = o.TypeDefaults.Apply(v)
			}
			conv, err := convert.Convert(v, o.Type)
			if err != nil || !conv.IsWhollyKnown() || conv.IsNull() && (o.Default == cty.NilVal || !o.Default.IsNull()) {
				return
			}
			if c.space.allowed(point{o.Name: conv}) {
				out[o.Name] = append(out[o.Name], conv)
			}
		}
		for _, p := range c.bp.Profiles {
			if v, ok := p.Options[o.Name]; ok {
				usable(v)
			}
		}
		for _, v := range c.space.values[o.Name] {
			usable(v)
		}
		if o.Default == cty.NilVal && len(out[o.Name]) == 0 {
			for _, v := range guesses {
				usable(v)
			}
			out[o.Name] = out[o.Name][:min(1, len(out[o.Name]))]
		}
	}
	return out
}

// guesses are tried in turn for an option that nothing is known of.
var guesses = []cty.Value{
	cty.NumberIntVal(1), cty.NumberIntVal(10), cty.NumberIntVal(100), cty.Zero, cty.StringVal("example"), cty.StringVal("a"), cty.StringVal("1"),
	cty.EmptyTupleVal, cty.EmptyObjectVal,
}

// identity tells points apart.
func (c *checker) identity(p point) string {
	var b strings.Builder
	for _, o := range c.options {
		b.WriteString(o.Name + "=" + literal(p[o.Name]) + "\x00")
	}
	return b.String()
}

// all renders rows side by side, which are some of total combinations, and returns
// the outcomes in their order.
func (c *checker) all(ctx context.Context, rows []point, total int) []outcome {
	out := make([]outcome, len(rows))
	var next, done atomic.Int64
	var workers crash.Group
	for range min(runtime.GOMAXPROCS(0), len(rows)) {
		workers.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(rows) {
					return
				}
				if out[i] = c.one(ctx, rows[i], ""); out[i].ended {
					next.Store(int64(len(rows))) // the next would take as long
				}
				c.progress(int(done.Add(1)), total, "combinations")
			}
		})
	}
	workers.Wait()
	return out
}

// one renders one combination, or the defaults under a profile.
func (c *checker) one(ctx context.Context, p point, profile string) outcome {
	var inputs []resolve.Input
	for _, name := range c.space.changed(p) {
		inputs = append(inputs, resolve.Input{Name: name, Value: p[name], Source: "the check"})
	}
	if profile != "" {
		// What the profile leaves open and has no default gets a sample.
		for name, values := range c.samples() {
			given := slices.ContainsFunc(c.bp.Profiles, func(pr *blueprint.Profile) bool { _, ok := pr.Options[name]; return pr.Name == profile && ok })
			if !given && c.option(name).Default == cty.NilVal && len(values) > 0 {
				inputs = append(inputs, resolve.Input{Name: name, Value: values[0], Source: "the check"})
			}
		}
	}
	res, diags := c.session.Generate(ctx, generator.Request{Blueprint: c.bp.Name, Inputs: inputs, Profile: profile, Draft: true})
	o := outcome{at: p, profile: profile, ended: budget.Ended(diags), failed: map[string]*hcl.Diagnostic{}, warned: map[string]*hcl.Diagnostic{}, vars: map[string]bool{}, runs: shippedRuns(res)}
	if res.Module != nil {
		for _, v := range res.Module.Variables {
			o.vars[v.Name] = true
		}
	}
	ours := c.cat.Sources()
	if res.Module != nil {
		diags = append(diags, res.Module.Advice...)
	}
	if !diags.HasErrors() && (c.few || len(c.space.changed(p)) <= 1) {
		diags = append(diags, c.foretold(budget.New(ctx, "the tests"), res)...)
	}
	for _, d := range diag.Sort(diags) {
		id, shown := identify(d, ours, res.Sources)
		if d.Severity == hcl.DiagError {
			o.failed[id] = shown
		} else {
			o.warned[id] = shown
		}
		o.order = append(o.order, id)
	}
	return o
}

// identify returns what tells a diagnostic apart from others over several
// renders. One about a rendered file is turned into words, since that file
// exists for one combination only.
func identify(d *hcl.Diagnostic, ours, rendered map[string]*hcl.File) (string, *hcl.Diagnostic) {
	shown := *d
	shown.EvalContext, shown.Expression = nil, nil // values of one combination
	if d.Subject == nil {
		return d.Summary + "\x00" + d.Detail, &shown
	}
	if ours[d.Subject.Filename] != nil {
		return fmt.Sprintf("%s\x00%s", d.Summary, d.Subject), &shown
	}
	shown.Subject, shown.Context = nil, nil
	shown.Detail += "\n\nIn the rendered " + d.Subject.Filename + ":"
	if f := rendered[d.Subject.Filename]; f != nil {
		lines := strings.Split(string(f.Bytes), "\n")
		if n := d.Subject.Start.Line; n >= 1 && n <= len(lines) {
			shown.Detail += "\n  " + strings.TrimSpace(lines[n-1])
		}
	}
	return d.Summary + "\x00" + shown.Detail, &shown
}

// reporter turns outcomes into diagnostics.
type reporter struct {
	*checker
	ctx   context.Context
	known map[string]outcome
	left  int // renders that may still be spent
}

// report adds one diagnostic for everything that fails and says whether
// anything does.
func (r *reporter) report(outcomes []outcome) bool {
	before := slices.Clone(r.diags)
	failed := false
	done := map[string]bool{}
	for _, o := range outcomes {
		for _, id := range o.order {
			d, isError := o.failed[id]
			if !isError {
				d = o.warned[id]
			}
			failed = failed || isError
			if done[id] || said(before, d) {
				continue
			}
			done[id] = true
			where := r.where(id, isError, outcomes)
			shown := *d
			shown.Detail = strings.TrimSpace(shown.Detail+"\n\n") + "\n\nFound with " + where + "."
			r.diags = append(r.diags, &shown)
		}
	}
	return failed
}

// said says whether reasoning has reported a fault already.
func said(before hcl.Diagnostics, d *hcl.Diagnostic) bool {
	return slices.ContainsFunc(before, func(b *hcl.Diagnostic) bool {
		if b.Severity > d.Severity { // a warning does not stand for an error
			return false
		}
		switch b.Summary {
		case "Conflicting names", "Conflicting variable names", "Conflicting file names":
			if b.Summary == d.Summary {
				return true // all of them are known already
			}
		}
		return b.Subject != nil && d.Subject != nil && b.Subject.Filename == d.Subject.Filename && b.Subject.Start.Byte == d.Subject.Start.Byte
	})
}

// where says which options provoke a diagnostic: the fewest, in up to three
// ways.
func (r *reporter) where(id string, isError bool, outcomes []outcome) string {
	has := func(o outcome) bool { return o.failed[id] != nil || !isError && o.warned[id] != nil }
	var rows []outcome
	var profiles []string
	for _, o := range outcomes {
		switch {
		case !has(o):
		case o.profile != "":
			profiles = append(profiles, o.profile)
		default:
			rows = append(rows, o)
		}
	}
	if len(rows) == 0 {
		return "the options of the profile " + diag.Quoted(profiles, "and")
	}
	slices.SortStableFunc(rows, func(a, b outcome) int { return len(r.space.changed(a.at)) - len(r.space.changed(b.at)) })
	var sets []point
	for _, o := range rows {
		covered := slices.ContainsFunc(sets, func(set point) bool {
			for name, v := range set {
				if !o.at[name].RawEquals(v) {
					return false
				}
			}
			return true
		})
		if covered || len(sets) == maxSets {
			continue
		}
		sets = append(sets, r.shrink(o.at, has))
	}
	var words []string
	for _, s := range sets {
		words = append(words, r.space.words(s))
	}
	return strings.Join(words, "; and with ")
}

// shrink returns the options of a failing point that it fails without the
// others.
func (r *reporter) shrink(p point, has func(outcome) bool) point {
	for _, name := range r.space.changed(p) {
		def := r.option(name).Default
		if def == cty.NilVal {
			continue
		}
		less := maps.Clone(p)
		less[name] = def
		if !r.space.allowed(less) {
			continue
		}
		if o, ok := r.rendered(less); ok && has(o) {
			p = less
		}
	}
	set := point{}
	for _, name := range r.space.changed(p) {
		set[name] = p[name]
	}
	return set
}

// rendered returns the outcome of a point, rendering it when that is not known
// and maxSearch allows.
func (r *reporter) rendered(p point) (outcome, bool) {
	id := r.identity(p)
	if o, ok := r.known[id]; ok {
		return o, true
	}
	if r.left == 0 || r.ctx.Err() != nil {
		return outcome{}, false
	}
	r.left--
	o := r.one(r.ctx, p, "")
	r.known[id] = o
	return o, true
}
