package proof

import (
	"math/big"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
)

// Parse reads the proofs of a file. All that is wrong with them is reported at
// once; a proof with a fault is left out.
func Parse(src []byte, filename string) ([]*Proof, hcl.Diagnostics) {
	file, diags := guard.Parse(src, filename)
	body, ok := file.Body.(*hclsyntax.Body)
	if diags.HasErrors() || !ok {
		return nil, diags
	}
	for _, a := range lang.Attributes(body) {
		diags = append(diags, diag.Error(a.NameRange, "Argument outside a block", "The file may contain only blocks proof \"<id>\" { ... } and waive \"<id>\" { reason = \"...\" }."))
	}
	var out []*Proof
	for _, b := range body.Blocks {
		if b.Type != "proof" && b.Type != "waive" || len(b.Labels) != 1 {
			diags = append(diags, diag.Error(b.DefRange(), "Not a proof", "The file may contain only blocks proof \"<id>\" { ... } and waive \"<id>\" { reason = \"...\" }."))
			continue
		}
		p := &parser{}
		proof := p.either(b)
		rng := b.Range()
		proof.Text = string(src[rng.Start.Byte:rng.End.Byte])
		diags = append(diags, p.diags...)
		if !p.diags.HasErrors() {
			out = append(out, proof)
		}
	}
	return out, diags
}

type parser struct{ diags hcl.Diagnostics }

func (p *parser) errorf(rng hcl.Range, summary, format string, args ...any) {
	p.diags = append(p.diags, diag.Error(rng, summary, format, args...))
}

// either reads a proof, or why there is none.
func (p *parser) either(b *hclsyntax.Block) *Proof {
	if b.Type == "proof" {
		return p.proof(b)
	}
	out := &Proof{ID: b.Labels[0], Range: b.DefRange()}
	p.only(b, "reason")
	if a := b.Body.Attributes["reason"]; a != nil {
		out.Waived = p.text(a.Expr)
	} else if !p.diags.HasErrors() {
		p.errorf(out.Range, "Waiver without a reason", "Say why the entry %q does not apply: reason = \"...\".", out.ID)
	}
	return out
}

func (p *parser) proof(b *hclsyntax.Block) *Proof {
	out := &Proof{ID: b.Labels[0], Range: b.DefRange()}
	for _, a := range lang.Attributes(b.Body) {
		switch a.Name {
		case "given":
			out.Given = p.values(a)
		case "options":
			out.Options = p.values(a)
		case "profile":
			out.Profile = p.text(a.Expr)
		case "duty":
			out.Duty = p.text(a.Expr)
		default:
			p.errorf(a.NameRange, "Unknown argument", "A proof has the arguments options, given, profile and duty, and blocks.%s", hint(a.Name, "options", "given", "profile", "duty"))
		}
	}
	for _, inner := range b.Body.Blocks {
		if inner.Type == "either" && len(inner.Labels) == 0 {
			out.Either = append(out.Either, p.claims(inner.Body.Blocks))
			for _, a := range lang.Attributes(inner.Body) {
				p.errorf(a.NameRange, "Unknown argument", "The block \"either\" may contain only blocks.")
			}
			continue
		}
		out.Claims = append(out.Claims, p.claims(hclsyntax.Blocks{inner})...)
	}
	if len(out.All()) == 0 && !p.diags.HasErrors() {
		p.errorf(out.Range, "Proof of nothing", "The proof of %q requires nothing.", out.ID)
	}
	if out.Duty != "" && !slices.ContainsFunc(out.All(), isHuman) && !p.diags.HasErrors() {
		p.errorf(out.Range, "Duty without instructions", "The argument \"duty\" says why people have to do it, so the proof of %q needs a block \"human\" that says where it is documented.", out.ID)
	}
	return out
}

// values reads an argument that names values.
func (p *parser) values(a *hclsyntax.Attribute) map[string]cty.Value {
	v, diags := budget.Constant(a.Expr)
	p.diags = append(p.diags, diags...)
	if diags.HasErrors() {
		return nil
	}
	if !v.Type().IsObjectType() || v.IsNull() || !v.IsWhollyKnown() || v.LengthInt() == 0 {
		p.errorf(a.Expr.Range(), "Not named values", "The argument %[1]s must be an object that is not empty: %[1]s = { <name> = <value> }.", a.Name)
		return nil
	}
	return v.AsValueMap()
}

func hint(name string, of ...string) string {
	return diag.Suggest(diag.Nearest(name, of))
}

var claims = []string{"some", "every", "no", "file", "human", "rule", "either"}

func (p *parser) claims(blocks hclsyntax.Blocks) []Claim {
	var out []Claim
	for _, b := range blocks {
		switch b.Type {
		case "some", "every", "no":
			out = append(out, p.object(b))
		case "file":
			out = append(out, p.file(b))
		case "human":
			out = append(out, p.human(b))
		case "rule":
			out = append(out, p.rule(b))
		default:
			p.errorf(b.TypeRange, "Unknown kind of claim", "A proof has no block %q; it has %s.%s", b.Type, diag.Quoted(claims, "and"), hint(b.Type, claims...))
		}
	}
	return out
}

// object reads a claim about resources and the like: some "aws_vpc" { ... },
// some "data" "aws_iam_policy_document" { ... }, some "variable" "name" { ... }.
func (p *parser) object(b *hclsyntax.Block) Claim {
	out := &Object{Quantifier: Quantifier(b.Type), Block: "resource", Range: b.DefRange()}
	switch {
	case len(b.Labels) == 1:
		out.Type = b.Labels[0]
	case len(b.Labels) == 2 && b.Labels[0] == "data":
		out.Block, out.Type = "data", b.Labels[1]
	case len(b.Labels) == 2 && (b.Labels[0] == "variable" || b.Labels[0] == "output"):
		out.Block, out.Name = b.Labels[0], b.Labels[1]
	default:
		p.errorf(out.Range, "Unknown kind of object", "Write %[1]s \"<type>\", %[1]s \"data\" \"<type>\", %[1]s \"variable\" \"<name>\" or %[1]s \"output\" \"<name>\".", b.Type)
		return out
	}
	shapes := p.shapes(out.Block, out.Type, out.Range)
	if shapes != nil {
		out.Pattern = p.pattern(b.Body, shapes, out.Type)
	}
	return out
}

func (p *parser) file(b *hclsyntax.Block) Claim {
	out := &File{Range: b.DefRange(), Glob: p.label(b)}
	if _, err := path.Match(out.Glob, ""); err != nil {
		p.errorf(out.Range, "Not a file pattern", "%q is not a file pattern: %v.", out.Glob, err)
	}
	p.only(b, "matches", "lacks")
	out.Matches, out.Lacks = p.expression(b, "matches"), p.expression(b, "lacks")
	if out.Matches == nil && out.Lacks == nil && !p.diags.HasErrors() {
		p.errorf(out.Range, "Proof of nothing", "Set what the file must contain: matches = \"...\", or must not contain: lacks = \"...\".")
	}
	return out
}

func (p *parser) human(b *hclsyntax.Block) Claim {
	out := &Human{Range: b.DefRange(), Path: p.label(b)}
	p.only(b, "heading", "says")
	if a := b.Body.Attributes["heading"]; a != nil {
		out.Heading = p.text(a.Expr)
	}
	if out.Says = p.expression(b, "says"); (out.Says == nil || out.Heading == "") && !p.diags.HasErrors() {
		p.errorf(out.Range, "Proof of nothing", "Name the section and what it says: heading = \"...\", says = \"...\". A heading alone proves nothing.")
	}
	return out
}

func (p *parser) rule(b *hclsyntax.Block) Claim {
	out := &Rule{Range: b.DefRange(), ID: p.label(b)}
	for _, a := range lang.Attributes(b.Body) {
		p.errorf(a.NameRange, "Unknown argument", "A rule has the blocks turn, remove and add.")
	}
	for _, c := range b.Body.Blocks {
		out.Changes = append(out.Changes, p.change(c))
	}
	if len(out.Changes) == 0 && !p.diags.HasErrors() {
		p.errorf(out.Range, "Proof of nothing", "Say what breaks the entry, so that the rule can be tested: turn \"<type>\" { ... }, remove \"<type>\" { ... } or add { text = ... }.")
	}
	return out
}

// change reads what breaks a module: turn "aws_x" { where { ... } arg = value },
// remove "aws_x" { where { ... } } or add { text = <<EOT ... EOT }.
func (p *parser) change(b *hclsyntax.Block) Change {
	out := Change{Do: b.Type, Range: b.DefRange()}
	if b.Type == "add" {
		p.only(b, "text")
		if a := b.Body.Attributes["text"]; a != nil {
			out.Text = p.text(a.Expr)
		}
		return out
	}
	if b.Type != "turn" && b.Type != "remove" {
		p.errorf(b.TypeRange, "Unknown change", "A rule is tried with turn, remove and add, not with %q.", b.Type)
		return out
	}
	out.Type = p.label(b)
	shapes := p.shapes("resource", out.Type, out.Range)
	for _, inner := range b.Body.Blocks {
		if inner.Type != "where" {
			p.errorf(inner.DefRange(), "Unknown block", "A change can contain only the block \"where\", in which an argument of a nested block, such as \"default_action.type\", cannot be named yet.")
			continue
		}
		if shapes != nil {
			out.Where = p.pattern(inner.Body, shapes, out.Type)
		}
	}
	attrs := lang.Attributes(b.Body)
	if b.Type == "remove" && len(attrs) > 0 || b.Type == "turn" && len(attrs) != 1 {
		p.errorf(out.Range, "Not one change", "The block \"turn\" must name one argument with its new value, and the block \"remove\" must name none.")
		return out
	}
	for _, a := range attrs {
		if _, diags := budget.Constant(a.Expr); diags.HasErrors() {
			p.diags = append(p.diags, diags...)
			continue
		}
		if shapes != nil && !slices.ContainsFunc(shapes, func(s shape) bool { return s.settable(a.Name) }) {
			p.unknown(a.NameRange, out.Type, a.Name, shapes)
		}
		v, _ := budget.Constant(a.Expr)
		out.Name, out.Value = a.Name, written(v)
	}
	return out
}

func (p *parser) label(b *hclsyntax.Block) string {
	if len(b.Labels) != 1 {
		p.errorf(b.DefRange(), "Wrong labels", "Write %s \"...\" with one label.", b.Type)
		return ""
	}
	return b.Labels[0]
}

// only reports arguments and blocks that a block does not have.
func (p *parser) only(b *hclsyntax.Block, names ...string) {
	for _, a := range lang.Attributes(b.Body) {
		if !slices.Contains(names, a.Name) {
			p.errorf(a.NameRange, "Unknown argument", "The block %s has no argument %q; it has %s.%s", b.Type, a.Name, diag.Quoted(names, "and"), hint(a.Name, names...))
		}
	}
	for _, inner := range b.Body.Blocks {
		p.errorf(inner.DefRange(), "Unknown block", "The block %s has no blocks.", b.Type)
	}
}

func (p *parser) text(x hclsyntax.Expression) string {
	v, diags := budget.Constant(x)
	p.diags = append(p.diags, diags...)
	if diags.HasErrors() {
		return ""
	}
	if v.Type() != cty.String || v.IsNull() || !v.IsKnown() || strings.TrimSpace(v.AsString()) == "" {
		p.errorf(x.Range(), "Not a string", "This must be a string.")
		return ""
	}
	return v.AsString()
}

// expression reads a regular expression, which must not take everything.
func (p *parser) expression(b *hclsyntax.Block, name string) *regexp.Regexp {
	a := b.Body.Attributes[name]
	if a == nil {
		return nil
	}
	return p.compile(a.Expr)
}

func (p *parser) compile(x hclsyntax.Expression) *regexp.Regexp {
	s := p.text(x)
	if s == "" {
		return nil
	}
	re, err := regexp.Compile("(?s)" + s)
	if err != nil {
		p.errorf(x.Range(), "Not a regular expression", "%q is not a regular expression: %v.", s, err)
		return nil
	}
	if re.MatchString("") {
		p.errorf(x.Range(), "Pattern that matches everything", "%q matches every text, so it proves nothing.", s)
		return nil
	}
	return re
}

// pattern reads the demands on a body, each of which the schema must know.
func (p *parser) pattern(body *hclsyntax.Body, shapes []shape, where string) *Pattern {
	out := &Pattern{}
	for _, a := range lang.Attributes(body) {
		if !slices.ContainsFunc(shapes, func(s shape) bool { return s.settable(a.Name) || s.nested(a.Name) != nil }) {
			p.unknown(a.NameRange, where, a.Name, shapes)
			continue
		}
		if m := p.matcher(a.Expr); m != nil {
			out.Args = append(out.Args, Argument{a.Name, m, a.NameRange})
		}
	}
	for _, b := range body.Blocks {
		if len(b.Labels) > 0 {
			p.errorf(b.DefRange(), "Wrong labels", "A nested block has no labels.")
			continue
		}
		if b.Type == "where" {
			out.Which = p.pattern(b.Body, shapes, where)
			continue
		}
		var inner []shape
		for _, s := range shapes {
			if n := s.nested(b.Type); n != nil {
				inner = append(inner, n)
			}
		}
		if len(inner) == 0 {
			p.unknown(b.TypeRange, where, b.Type, shapes)
			continue
		}
		out.Blocks = append(out.Blocks, Nested{b.Type, p.pattern(b.Body, inner, where+"."+b.Type), b.TypeRange})
	}
	return out
}

func (p *parser) unknown(rng hcl.Range, where, name string, shapes []shape) {
	for _, s := range shapes {
		if s.computed(name) {
			p.errorf(rng, "Path that cannot be set", "%s.%s is computed by AWS and cannot be configured, so it proves nothing.", where, name)
			return
		}
	}
	var names []string
	for _, s := range shapes {
		names = append(names, s.names()...)
	}
	slices.Sort(names)
	p.errorf(rng, "Unknown path", "%s has no argument or block %q in the schema of the AWS provider.%s", where, name, hint(name, slices.Compact(names)...))
}

var matchers = []string{"one_of", "not", "prefix", "matches", "absent", "set", "at_least", "at_most", "contains", "json", "refers_to"}

// matcher reads what an argument must be: a constant, or a call of a matcher.
func (p *parser) matcher(x hclsyntax.Expression) Matcher {
	switch e := x.(type) {
	case *hclsyntax.FunctionCallExpr:
		return p.call(e)
	case *hclsyntax.TupleConsExpr:
		return exactly{p.all(e.Exprs)}
	case *hclsyntax.ObjectConsExpr:
		out := keys{}
		for _, item := range e.Items {
			k, diags := budget.Constant(item.KeyExpr)
			p.diags = append(p.diags, diags...)
			m := p.matcher(item.ValueExpr)
			if diags.HasErrors() || m == nil || k.Type() != cty.String {
				continue
			}
			out.names, out.of = append(out.names, k.AsString()), append(out.of, m)
		}
		return out
	}
	v, diags := budget.Constant(x)
	p.diags = append(p.diags, diags...)
	if diags.HasErrors() || !v.IsWhollyKnown() {
		return nil
	}
	return equals{v}
}

func (p *parser) all(xs []hclsyntax.Expression) []Matcher {
	var out []Matcher
	for _, x := range xs {
		if m := p.matcher(x); m != nil {
			out = append(out, m)
		}
	}
	return out
}

func (p *parser) call(e *hclsyntax.FunctionCallExpr) Matcher {
	wrong := func(want string) Matcher {
		p.errorf(e.Range(), "Wrong use of a matcher", "Write %s.", want)
		return nil
	}
	switch n := len(e.Args); e.Name {
	case "one_of", "contains":
		if n == 0 {
			return wrong(e.Name + "(a, b)")
		}
		if e.Name == "one_of" {
			return oneOf{p.all(e.Args)}
		}
		return contains{p.all(e.Args)}
	case "absent", "set":
		if n != 0 {
			return wrong(e.Name + "()")
		}
		if e.Name == "set" {
			return set{}
		}
		return absent{}
	case "not", "json", "prefix", "matches", "at_least", "at_most", "refers_to":
		if n != 1 {
			return wrong(e.Name + "(x)")
		}
		return p.unary(e.Name, e.Args[0])
	}
	p.errorf(e.NameRange, "Unknown matcher", "There is no matcher %q; there are %s.%s", e.Name, diag.Quoted(matchers, "and"), hint(e.Name, matchers...))
	return nil
}

func (p *parser) unary(name string, arg hclsyntax.Expression) Matcher {
	switch name {
	case "not", "json":
		m := p.matcher(arg)
		switch {
		case m == nil:
			return nil
		case name == "not":
			return not{m}
		}
		return inJSON{m}
	case "prefix":
		if s := p.text(arg); s != "" {
			return prefix{s}
		}
		return nil
	case "matches":
		if re := p.compile(arg); re != nil {
			return matches{re}
		}
		return nil
	case "refers_to":
		return p.reference(arg)
	}
	v, diags := budget.Constant(arg)
	p.diags = append(p.diags, diags...)
	if diags.HasErrors() {
		return nil
	}
	if v.Type() != cty.Number || v.IsNull() || !v.IsKnown() {
		p.errorf(arg.Range(), "Not a number", "%s takes a number.", name)
		return nil
	}
	return bound{new(big.Float).Set(v.AsBigFloat()), name == "at_least"}
}

// reference reads what an argument must refer to: "aws_x", "aws_x.<name or
// attribute>", "data.aws_x", "var.<name>".
func (p *parser) reference(arg hclsyntax.Expression) Matcher {
	s := p.text(arg)
	if s == "" {
		return nil
	}
	block, typ := "resource", s
	if rest, ok := strings.CutPrefix(s, "data."); ok {
		block, typ = "data", rest
	}
	typ, _, _ = strings.Cut(typ, ".")
	if typ != "var" && p.shapes(block, typ, arg.Range()) == nil {
		return nil
	}
	return refersTo{s}
}

// written returns a value as code.
func written(v cty.Value) string { return string(hclwrite.TokensForValue(v).Bytes()) }
