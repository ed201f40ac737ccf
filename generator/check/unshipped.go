package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/diag"
)

// An Unshipped is a run of a template's tests that no rendered module has.
type Unshipped struct {
	Run      string
	Template string
	Range    hcl.Range
	Why      string // a clause
}

// shippedRuns returns the names of the runs in a rendered module.
func shippedRuns(res generator.Result) map[string]bool {
	out := map[string]bool{}
	for name, f := range res.Sources {
		body, ok := f.Body.(*hclsyntax.Body)
		if !ok || !strings.HasPrefix(name, "tests/") {
			continue
		}
		for _, b := range body.Blocks {
			if b.Type == "run" && len(b.Labels) == 1 {
				out[b.Labels[0]] = true
			}
		}
	}
	return out
}

// unshippedRuns returns the runs that are in no outcome.
func (c *checker) unshippedRuns(outcomes []outcome) []Unshipped {
	var out []Unshipped
	shipped := func(name string) bool {
		return slices.ContainsFunc(outcomes, func(o outcome) bool { return o.runs[name] })
	}
	for _, t := range c.own() {
		for _, run := range runs(t) {
			var users []*blueprint.Component
			for _, comp := range c.bp.Components {
				if c.templates[comp] == t && !comp.Foreign {
					users = append(users, comp)
				}
			}
			if !slices.ContainsFunc(users, func(comp *blueprint.Component) bool { return shipped(shippedAs(comp, run)) }) {
				out = append(out, Unshipped{Run: run.Labels[0], Template: t.Name, Range: run.DefRange(), Why: c.whyUnshipped(users[0], run)})
			}
		}
	}
	return out
}

// whyUnshipped says what keeps a run out of the modules.
func (c *checker) whyUnshipped(comp *blueprint.Component, run *hclsyntax.Block) string {
	given := map[string]bool{}
	for _, a := range comp.With {
		given[a.Name] = true
	}
	var set []string
	for _, b := range run.Body.Blocks {
		if b.Type != "variables" {
			continue
		}
		for name := range b.Body.Attributes {
			if given[name] {
				set = append(set, name)
			}
		}
	}
	if slices.Sort(set); len(set) > 0 {
		return fmt.Sprintf("it sets %s, which the component %q gives", diag.Quoted(set, "and"), comp.Name)
	}
	if run.Body.Attributes["expect_failures"] != nil {
		return "what it expects to fail is not in the module"
	}
	return "none of its assertions is about what is left in the module"
}
