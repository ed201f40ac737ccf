package blueprint

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/lang"
)

// applies reads under which other options an option has a meaning, and adds the
// validation that follows: elsewhere it has the value otherwise.
func (p *parser) applies(o *Option, when, otherwise *hclsyntax.Attribute, defaults *typeexpr.Defaults) {
	if when == nil {
		if otherwise != nil {
			p.errorf(otherwise.NameRange, "Argument without effect", "\"otherwise\" is the value of the option %q where \"when\" is false, but the option has no \"when\". Add one, or remove \"otherwise\".", o.Name)
		}
		return
	}
	o.When, o.Otherwise = when.Expr, o.Default
	if otherwise != nil {
		o.Otherwise = p.valueOf(o, otherwise, defaults)
	}
	if o.Otherwise == cty.NilVal {
		if otherwise == nil {
			p.errorf(when.NameRange, "Missing argument", "The option %q needs a default or \"otherwise\": the value that it has where \"when\" is false.", o.Name)
		}
		o.When = nil
		return
	}
	o.Validations = append(o.Validations, implied(o))
}

// implied returns the validation that an option has no other value than otherwise
// where it does not apply.
func implied(o *Option) *Validation {
	rng := o.When.Range()
	own := &hclsyntax.ScopeTraversalExpr{Traversal: hcl.Traversal{hcl.TraverseRoot{Name: "option", SrcRange: rng}, hcl.TraverseAttr{Name: o.Name, SrcRange: rng}}, SrcRange: rng}
	same := &hclsyntax.BinaryOpExpr{LHS: own, Op: hclsyntax.OpEqual, RHS: &hclsyntax.LiteralValueExpr{Val: o.Otherwise, SrcRange: rng}, SrcRange: rng}
	return &Validation{
		Condition:    &hclsyntax.BinaryOpExpr{LHS: o.When, Op: hclsyntax.OpLogicalOr, RHS: same, SrcRange: rng},
		ErrorMessage: &hclsyntax.LiteralValueExpr{Val: cty.StringVal("The option " + o.Name + " has no meaning with these options."), SrcRange: rng},
		Range:        rng,
	}
}

// order sorts the options so that each comes after those that its when looks at,
// and reports circles.
func (p *parser) order() {
	byName := map[string]*Option{}
	for _, o := range p.bp.Options {
		byName[o.Name] = o
	}
	const open, done = 1, 2
	state := map[*Option]int{}
	var visit func(o *Option, trail []string) bool
	visit = func(o *Option, trail []string) bool {
		trail = append(trail, o.Name)
		switch state[o] {
		case done:
			return true
		case open:
			circle := trail[slices.Index(trail, o.Name) : len(trail)-1]
			if len(circle) == 1 {
				p.errorf(o.When.Range(), "Cycle between options", "Whether the option %q applies depends on the option itself. Use other options in \"when\".", o.Name)
			} else {
				p.errorf(o.When.Range(), "Cycle between options", "Whether each of these options applies depends on the others: %s. Break the cycle: remove \"when\" from one of them.", diag.Quoted(circle, "and"))
			}
			return false
		}
		state[o] = open
		if o.When != nil {
			for _, ref := range lang.Variables(o.When) {
				if ref.RootName() != "option" {
					p.errorf(ref.SourceRange(), "Condition uses more than options", "The condition \"when\" of an option may use only option.<name>, not %q.", ref.RootName())
				}
				if of := byName[Step(ref, 1)]; ref.RootName() == "option" && of != nil && !visit(of, trail) {
					o.When = nil
					break
				}
			}
		}
		state[o] = done
		p.bp.decided = append(p.bp.decided, o)
		return true
	}
	for _, o := range p.bp.Options {
		visit(o, nil)
	}
}

// Decided returns the options in the order in which they are decided: each after
// those that say whether it has a meaning.
func (b *Blueprint) Decided() []*Option { return b.decided }
