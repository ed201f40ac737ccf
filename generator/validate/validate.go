// Package validate refuses what Terraform refuses of a module or a test file
// whatever the values in it are: wrong labels, names and arguments, blocks that
// stand twice, and addresses that are none.
//
// It takes the bodies of parsed files and returns diagnostics. It looks at the
// language alone: what a provider's schema says, and what references lead to, is
// for others. What it lets through the next stages may take for granted.
package validate

import (
	"context"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/diag"
)

// Module returns what is wrong with the blocks of a module's files. Whether a
// block may stand in a module at all is for the caller to say.
func Module(files []*hclsyntax.Body) hcl.Diagnostics {
	v := newValidator()
	for _, body := range files {
		for _, b := range body.Blocks {
			if s, ok := module[b.Type]; ok {
				v.block(b, s)
			}
		}
	}
	v.once(files)
	return v.diags
}

// Labels returns the blocks of a module that Module knows, each with the number of
// its labels.
func Labels() map[string]int {
	out := map[string]int{}
	for kind, s := range module {
		out[kind] = s.labels
	}
	return out
}

// Tests returns what is wrong with the blocks of a test file.
func Tests(body *hclsyntax.Body) hcl.Diagnostics {
	v := newValidator()
	v.body(body, &spec{blocks: tests}, hcl.Range{Filename: body.SrcRange.Filename}, "A test file")
	seen := map[string]hcl.Range{}
	for _, b := range body.Blocks {
		if b.Type != "run" || len(b.Labels) != 1 {
			continue
		}
		if first, twice := seen[b.Labels[0]]; twice {
			v.errorf(b.LabelRanges[0], "Duplicate declaration", "There is a run %q already, at %s. Rename or remove one of them.", b.Labels[0], first)
		}
		seen[b.Labels[0]] = b.DefRange()
	}
	return v.diags
}

// A validator collects what is wrong.
type validator struct {
	budget *budget.Budget
	diags  hcl.Diagnostics
}

func newValidator() *validator {
	return &validator{budget: budget.New(context.Background(), "the constants of the template")}
}

func (v *validator) errorf(rng hcl.Range, summary, format string, args ...any) {
	v.diags = append(v.diags, diag.Error(rng, summary, format, args...))
}

// block looks at a block and what is in it.
func (v *validator) block(b *hclsyntax.Block, s *spec) {
	if len(b.Labels) != s.labels {
		v.errorf(b.DefRange(), "Wrong number of labels", "%s takes %s, not %d.", called(b.Type), plural(s.labels, "label"), len(b.Labels))
		return
	}
	for i, label := range b.Labels {
		if !hclsyntax.ValidIdentifier(label) {
			v.errorf(b.LabelRanges[i], "Not a valid name", "%q cannot name %s: a name starts with a letter or an underscore and consists of letters, digits, \"_\" and \"-\".", label, article(b.Type))
		}
	}
	v.body(b.Body, s, b.DefRange(), called(b.Type))
	if s.more != nil {
		s.more(v, b)
	}
}

// body looks at the arguments and blocks of a body.
func (v *validator) body(body *hclsyntax.Body, s *spec, rng hcl.Range, what string) {
	for _, name := range sortedKeys(body.Attributes) {
		a := body.Attributes[name]
		look, ok := s.attrs[name]
		switch {
		case !ok && !s.open:
			v.errorf(a.NameRange, "Unknown argument", "%s has no argument %q. %s", what, name, diag.DidYouMean(name, sortedKeys(s.attrs)))
		case look != nil:
			look(v, a)
		}
	}
	for _, name := range s.required {
		if body.Attributes[name] == nil {
			v.errorf(rng, "Missing argument", "%s needs the argument %q.", what, name)
		}
	}
	count := map[string]int{}
	for _, b := range body.Blocks {
		inner, ok := s.blocks[b.Type]
		count[b.Type]++
		switch {
		case !ok && s.open && b.Type == "dynamic":
			v.dynamic(b)
		case !ok && s.open:
		case !ok:
			v.errorf(b.TypeRange, "Unknown block", "%s has no block %q. %s", what, b.Type, diag.DidYouMean(b.Type, sortedKeys(s.blocks)))
		case inner.single && count[b.Type] == 2:
			v.errorf(b.DefRange(), "Duplicate block", "%s can have only one block %q. Merge the two.", what, b.Type)
		default:
			v.block(b, inner)
		}
	}
}

// dynamic looks at a dynamic block: one label, a for_each and a content block.
func (v *validator) dynamic(b *hclsyntax.Block) {
	content := 0
	for _, n := range b.Body.Blocks {
		if n.Type == "content" {
			content++
		} else {
			v.errorf(n.TypeRange, "Unknown block", "A dynamic block can contain only a content block, not %q.", n.Type)
		}
	}
	for _, name := range sortedKeys(b.Body.Attributes) {
		if !slices.Contains([]string{"for_each", "iterator", "labels"}, name) {
			v.errorf(b.Body.Attributes[name].NameRange, "Unknown argument", "A dynamic block has no argument %q. Put the arguments of the generated blocks in \"content\".", name)
		}
	}
	if len(b.Labels) != 1 || content != 1 || b.Body.Attributes["for_each"] == nil {
		v.errorf(b.DefRange(), "Invalid dynamic block", "A dynamic block must have one label, a for_each and one content block.")
	}
	if a := b.Body.Attributes["iterator"]; a != nil && hcl.ExprAsKeyword(a.Expr) == "" {
		v.errorf(a.Expr.Range(), "Not a name", "\"iterator\" must be a name without quotes.")
	}
}

// once looks at what a module has only one of.
func (v *validator) once(files []*hclsyntax.Body) {
	var required, stored *hclsyntax.Block
	for _, body := range files {
		for _, b := range body.Blocks {
			if b.Type != "terraform" {
				continue
			}
			for _, n := range b.Body.Blocks {
				first := &required
				switch n.Type {
				case "required_providers":
				case "backend", "cloud":
					first = &stored
				default:
					continue
				}
				if *first != nil {
					v.errorf(n.DefRange(), "Duplicate block", "A module can have only one %s block, and there is one already at %s.", n.Type, (*first).DefRange())
					continue
				}
				*first = n
			}
		}
	}
}

// repeated refuses a block that is repeated in two ways.
func repeated(v *validator, b *hclsyntax.Block) {
	count, each := b.Body.Attributes["count"], b.Body.Attributes["for_each"]
	if count != nil && each != nil {
		v.errorf(each.NameRange, "Both count and for_each", "A %s block can have count or for_each, not both.", b.Type)
	}
}

// constant returns the value of an argument that must be one, of a type.
func constant(t cty.Type) look {
	return func(v *validator, a *hclsyntax.Attribute) { v.constant(a, t) }
}

func (v *validator) constant(a *hclsyntax.Attribute, t cty.Type) (cty.Value, bool) {
	val, diags := v.budget.Constant(a.Expr)
	if diags.HasErrors() {
		v.diags = append(v.diags, diags...)
		return cty.NilVal, false
	}
	conv, err := convertible(val, t)
	switch {
	case err != nil:
		v.errorf(a.Expr.Range(), "Wrong type", "%s takes %s: %s.", a.Name, t.FriendlyName(), err)
	case !conv.IsKnown():
		v.errorf(a.Expr.Range(), "Wrong type", "%s must be %s, written as a literal.", a.Name, t.FriendlyName())
	default:
		return conv, true
	}
	return cty.NilVal, false
}

// references looks at a list of references, as depends_on takes.
func references(v *validator, a *hclsyntax.Attribute) {
	list, diags := hcl.ExprList(a.Expr)
	if diags.HasErrors() {
		v.errorf(a.Expr.Range(), "Not a list", "%s must be a literal list of references.", a.Name)
		return
	}
	for _, x := range list {
		v.reference(a.Name, x)
	}
}

// reference looks at one member of such a list. Quotes around it are of Terraform
// 0.11, which newer ones still take.
func (v *validator) reference(name string, x hcl.Expression) {
	if t, ok := x.(*hclsyntax.TemplateExpr); ok && t.IsStringLiteral() {
		return
	}
	if _, diags := hcl.AbsTraversalForExpr(x); diags.HasErrors() {
		v.errorf(x.Range(), "Not a reference", "%s can contain only references, such as aws_s3_bucket.this, not values.", name)
	}
}

// ignored looks at ignore_changes: all, or a list of the block's own arguments.
func ignored(v *validator, a *hclsyntax.Attribute) {
	if hcl.ExprAsKeyword(a.Expr) == "all" {
		return
	}
	list, diags := hcl.ExprList(a.Expr)
	if diags.HasErrors() {
		v.errorf(a.Expr.Range(), "Not a list", "ignore_changes must be a literal list of arguments, or all.")
		return
	}
	for _, x := range list {
		if t, ok := x.(*hclsyntax.TemplateExpr); ok && t.IsStringLiteral() {
			continue
		}
		if _, diags := hcl.RelTraversalForExpr(x); diags.HasErrors() {
			v.errorf(x.Range(), "Not an argument", "ignore_changes lists arguments of the block, such as tags.")
		}
	}
}

// triggers looks at replace_triggered_by: references, also to instances.
func triggers(v *validator, a *hclsyntax.Attribute) {
	if _, diags := hcl.ExprList(a.Expr); diags.HasErrors() {
		v.errorf(a.Expr.Range(), "Not a list", "replace_triggered_by must be a literal list of references.")
	}
}

// keyword looks at an argument that is one word of some.
func keyword(words ...string) look {
	return func(v *validator, a *hclsyntax.Attribute) {
		word := hcl.ExprAsKeyword(a.Expr)
		if t, ok := a.Expr.(*hclsyntax.TemplateExpr); ok && word == "" && t.IsStringLiteral() {
			if val, ok := v.constant(a, cty.String); ok {
				word = val.AsString()
			}
		}
		if !slices.Contains(words, word) {
			v.errorf(a.Expr.Range(), "Not a valid value", "%s takes %s.", a.Name, diag.Quoted(words, "or"))
		}
	}
}

// provider looks at a reference to a provider configuration.
func provider(v *validator, a *hclsyntax.Attribute) {
	if t, ok := a.Expr.(*hclsyntax.TemplateExpr); ok && t.IsStringLiteral() {
		return
	}
	ref, diags := hcl.AbsTraversalForExpr(a.Expr)
	if diags.HasErrors() || len(ref) > 3 || len(ref) == 3 && !indexed(ref[2]) || len(ref) > 1 && !named(ref[1]) {
		v.errorf(a.Expr.Range(), "Not a provider configuration", "provider must be the name of a provider, optionally with an alias, such as aws.us_east_1.")
	}
}

func named(step hcl.Traverser) bool   { _, ok := step.(hcl.TraverseAttr); return ok }
func indexed(step hcl.Traverser) bool { _, ok := step.(hcl.TraverseIndex); return ok }
