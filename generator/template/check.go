package template

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/secret"
)

// check resolves every reference of the configuration, so that a template with
// a dangling one fails whatever the options are, and counts uses.
func (t *Template) check() hcl.Diagnostics {
	var diags hcl.Diagnostics
	var locals []string
	for n := range t.Locals {
		locals = append(locals, n)
	}
	for _, f := range t.Files {
		for _, b := range f.Body.Blocks {
			if b.Type == "terraform" || b.Type == "moved" || b.Type == "removed" {
				continue
			}
			for _, ref := range lang.Traversals(b, nil) {
				diags = append(diags, t.resolve(b, ref, locals)...)
			}
			diags = append(diags, ofItself(b)...)
		}
	}
	diags = append(diags, t.departing()...)
	diags = append(diags, t.bundles()...)
	diags = append(diags, t.calls()...)
	diags = append(diags, t.tested()...)
	return append(diags, t.localCycles()...)
}

// tested checks what the tests give to sensitive variables. They lie in the repository
// and in the rendered module, so what they give must show that it is no secret.
func (t *Template) tested() hcl.Diagnostics {
	var diags hcl.Diagnostics
	t.Tested(func(v *Variable, a *hclsyntax.Attribute) {
		if val, d := budget.Constant(a.Expr); d.HasErrors() || !secret.Bears(val) || secret.Placeholder(val) {
			return
		}
		diags = append(diags, secret.Error(a.NameRange, "Sensitive variable with a value", "The variable %q is sensitive, and its value in the test could be a real one. Use a value that is clearly fake, with the word example in it.", v.Name))
	})
	return diags
}

// Tested calls do for every value that the tests give to a sensitive variable.
func (t *Template) Tested(do func(v *Variable, a *hclsyntax.Attribute)) {
	look := func(body *hclsyntax.Body) {
		for _, b := range body.Blocks {
			if b.Type != "variables" {
				continue
			}
			for _, a := range SortedAttributes(b.Body) {
				if v := t.Variable(a.Name); v != nil && v.Sensitive {
					do(v, a)
				}
			}
		}
	}
	for _, f := range t.Tests {
		look(f.Body)
		for _, b := range f.Body.Blocks {
			if b.Type == "run" {
				look(b.Body)
			}
		}
	}
}

// readers are the functions whose first argument names a file.
var readers = map[string]bool{"file": true, "filebase64": true, "templatefile": true, "filemd5": true, "filesha1": true, "filesha256": true, "filesha512": true, "filebase64sha256": true, "filebase64sha512": true}

// calls checks the calls that need more than a value: files that must exist,
// and local values that must stay.
func (t *Template) calls() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, f := range t.Files {
		var tolerant []hcl.Range // calls in which a failure is allowed
		lang.Visit(f.Body, func(n hclsyntax.Node) {
			c, ok := n.(*hclsyntax.FunctionCallExpr)
			if !ok || len(c.Args) == 0 {
				return
			}
			if c.Name == "try" || c.Name == "can" {
				tolerant = append(tolerant, c.Range())
			}
			if ref, ok := c.Args[0].(*hclsyntax.ScopeTraversalExpr); ok && strings.TrimPrefix(c.Name, "core::") == "templatestring" {
				t.keep(ref.Traversal)
			}
			inTry := slices.ContainsFunc(tolerant, func(r hcl.Range) bool { return r.Overlaps(c.Range()) })
			if p, ok := modulePath(c.Args[0]); ok && !inTry && readers[c.Name] && !t.has(p) {
				diags = append(diags, diag.Error(c.Args[0].Range(), "File not found", "The template %q has no file %q.", t.Name, p))
			}
		})
	}
	return diags
}

// has says whether the code can read a file, whose path starts at its folder. A
// path out of the tree is for Terraform to judge.
func (t *Template) has(p string) bool {
	p = within(t.Sub, p)
	return p == "" || slices.Contains(t.Reads, p) || slices.ContainsFunc(t.Assets, func(a Asset) bool { return a.Path == p })
}

// keep marks what a call needs by name.
func (t *Template) keep(ref hcl.Traversal) {
	name, _ := lang.Step(ref, 1)
	switch ref.RootName() {
	case "local":
		if l := t.Locals[name]; l != nil {
			l.Keep = true
		}
	case "var":
		if v := t.Variable(name); v != nil {
			v.Keep = true
		}
	}
}

// modulePath returns the path that a literal "${path.module}/..." names.
func modulePath(x hclsyntax.Expression) (string, bool) {
	tpl, ok := x.(*hclsyntax.TemplateExpr)
	if !ok || len(tpl.Parts) != 2 {
		return "", false
	}
	ref, ok := tpl.Parts[0].(*hclsyntax.ScopeTraversalExpr)
	if !ok || ref.Traversal.RootName() != "path" {
		return "", false
	}
	if second, _ := lang.Step(ref.Traversal, 1); second != "module" {
		return "", false
	}
	rest, diags := budget.Constant(tpl.Parts[1])
	if diags.HasErrors() || rest.Type() != cty.String || !strings.HasPrefix(rest.AsString(), "/") {
		return "", false
	}
	return path.Clean(rest.AsString()[1:]), true
}

func (t *Template) resolve(b *hclsyntax.Block, ref hcl.Traversal, locals []string) hcl.Diagnostics {
	second, named := lang.Step(ref, 1)
	switch root := ref.RootName(); root {
	case "each", "count", "self", "path", "terraform":
		return misplaced(b, ref, second)
	case "var":
		v := t.Variable(second)
		if v == nil {
			return dangling(ref, "variable", second, t.VariableNames())
		}
		v.Uses++
	case "local":
		l, ok := t.Locals[second]
		if !ok {
			return dangling(ref, "local value", second, locals)
		}
		l.Uses++
	case "option", "component":
		return hcl.Diagnostics{diag.Error(ref.SourceRange(), "Misplaced reference", "%s.%s exists only in blueprints. A template knows only its own variables: declare one, and set it in the blueprint's \"with\".", root, second)}
	default:
		addr, _ := ObjectAddress(ref)
		if o, ok := t.Objects[addr]; ok {
			o.Uses++
			return nil
		}
		if !named {
			return hcl.Diagnostics{diag.Error(ref.SourceRange(), "Incomplete reference", "%q alone refers to nothing. A reference to a resource consists of its type and its name, as in aws_vpc.main; put strings in quotes.", root)}
		}
		if t.inCheck(b, addr) {
			return nil
		}
		var have []string
		for a := range t.Objects {
			have = append(have, a)
		}
		return hcl.Diagnostics{diag.Error(ref.SourceRange(), "Reference to an undeclared object", "The template %q declares no %s. %s", t.Name, addr, diag.DidYouMean(addr, have))}
	}
	return nil
}

// misplaced refuses a name that Terraform gives no meaning where it stands.
func misplaced(b *hclsyntax.Block, ref hcl.Traversal, second string) hcl.Diagnostics {
	known := map[string][]string{
		"each": {"key", "value"}, "count": {"index"}, "path": {"module", "root", "cwd"}, "terraform": {"workspace", "applying"},
	}
	switch root := ref.RootName(); {
	case root == "self":
		if slices.Contains([]string{"resource", "data", "ephemeral", "removed"}, b.Type) {
			return nil
		}
		return hcl.Diagnostics{diag.Error(ref.SourceRange(), "Misplaced reference", "\"self\" is the resource itself and can be used only in its provisioners and postconditions.")}
	case !slices.Contains(known[root], second):
		return hcl.Diagnostics{diag.Error(ref.SourceRange(), "Reference to nothing", "%s must be followed by %s.", root, diag.Quoted(known[root], "or"))}
	case root == "each" && b.Body.Attributes["for_each"] == nil:
		return hcl.Diagnostics{diag.Error(ref.SourceRange(), "Misplaced reference", "\"each\" can be used only in a block with for_each, and this block has none.")}
	case root == "count" && b.Body.Attributes["count"] == nil:
		return hcl.Diagnostics{diag.Error(ref.SourceRange(), "Misplaced reference", "\"count\" can be used only in a block with count, and this block has none.")}
	}
	return nil
}

// ofItself refuses an object that needs itself.
func ofItself(b *hclsyntax.Block) hcl.Diagnostics {
	var own string
	switch b.Type {
	case "resource", "data", "ephemeral", "module":
		own = Address(b.Type, b.Labels[0], b.Labels[len(b.Labels)-1])
	default:
		return nil
	}
	// What follows the object may look at it.
	rest, body := *b, *b.Body
	body.Blocks = slices.DeleteFunc(slices.Clone(body.Blocks), func(n *hclsyntax.Block) bool {
		return n.Type == "lifecycle" || n.Type == "provisioner" || n.Type == "connection"
	})
	rest.Body = &body
	for _, ref := range lang.Traversals(&rest, nil) {
		if addr, _ := ObjectAddress(ref); addr == own {
			return hcl.Diagnostics{diag.Error(ref.SourceRange(), "Reference to itself", "%s cannot refer to itself. Write the value without the reference.", own)}
		}
	}
	return nil
}

// inCheck says whether addr is a data source nested in the check block b.
func (t *Template) inCheck(b *hclsyntax.Block, addr string) bool {
	if b.Type != "check" {
		return false
	}
	return slices.ContainsFunc(b.Body.Blocks, func(n *hclsyntax.Block) bool {
		return n.Type == "data" && len(n.Labels) == 2 && Address("data", n.Labels[0], n.Labels[1]) == addr
	})
}

func dangling(ref hcl.Traversal, what, name string, have []string) hcl.Diagnostics {
	return hcl.Diagnostics{diag.Error(ref.SourceRange(), "Reference to an undeclared "+what, "The template declares no %s %q. %s", what, name, diag.DidYouMean(name, have))}
}

// ObjectAddress returns the address of the object that a traversal refers to
// and how many of its steps the address takes.
func ObjectAddress(ref hcl.Traversal) (string, int) {
	r, _ := lang.Refer(ref)
	n := 2
	switch r.Kind {
	case lang.Module:
	case lang.Data, lang.Ephemeral:
		n = 3
	case lang.Resource:
		if ref.RootName() == "resource" {
			n = 3
		}
	default:
		return Address("resource", ref.RootName(), r.Name), n
	}
	return Address(string(r.Kind), r.Type, r.Name), n
}

// localCycles reports local values that need each other.
func (t *Template) localCycles() hcl.Diagnostics {
	const (
		open = 1
		done = 2
	)
	state := map[string]int{}
	var diags hcl.Diagnostics
	var visit func(string, []string)
	visit = func(name string, trail []string) {
		trail = append(trail, name)
		if state[name] == open {
			from := slices.Index(trail, name)
			diags = append(diags, diag.Error(t.Locals[name].Attr.NameRange, "Cycle", "These local values depend on each other: %s. Break the cycle by computing one of them from something else.", diag.Quoted(trail[from:len(trail)-1], "and")))
			return
		}
		if state[name] == done {
			return
		}
		state[name] = open
		for _, ref := range lang.Variables(t.Locals[name].Attr.Expr) {
			if second, ok := lang.Step(ref, 1); ok && ref.RootName() == "local" && t.Locals[second] != nil {
				visit(second, trail)
			}
		}
		state[name] = done
	}
	for _, name := range sortedKeys(t.Locals) {
		visit(name, nil)
	}
	return diags
}

// SortedAttributes returns a body's attributes in the order of the source.
func SortedAttributes(body *hclsyntax.Body) []*hclsyntax.Attribute { return lang.Attributes(body) }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
