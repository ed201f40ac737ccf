package validate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// A look says what is wrong with an argument.
type look func(v *validator, a *hclsyntax.Attribute)

// A spec is what the language allows in a block.
type spec struct {
	labels   int
	single   bool            // it stands once in what is around it
	open     bool            // further arguments and blocks are a provider's
	attrs    map[string]look // nil: any expression
	required []string
	blocks   map[string]*spec
	more     func(v *validator, b *hclsyntax.Block)
}

// reserved are the names that a variable must not have.
var reserved = []string{"source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"}

var (
	condition  = &spec{attrs: map[string]look{"condition": nil, "error_message": nil}, required: []string{"condition", "error_message"}}
	anything   = &spec{open: true}
	connection = &spec{open: true, single: true}

	provisioner = &spec{labels: 1, open: true, attrs: map[string]look{"when": keyword("create", "destroy"), "on_failure": keyword("continue", "fail")},
		blocks: map[string]*spec{"connection": connection}}

	lifecycle = &spec{single: true,
		attrs: map[string]look{
			"create_before_destroy": constant(cty.Bool), "prevent_destroy": nil, "destroy": nil, "enabled": nil,
			"ignore_changes": ignored, "replace_triggered_by": triggers,
		},
		blocks: map[string]*spec{"precondition": condition, "postcondition": condition, "action_trigger": anything},
	}

	object = &spec{labels: 2, open: true, more: repeated,
		attrs:  map[string]look{"count": nil, "for_each": nil, "depends_on": references, "provider": provider},
		blocks: map[string]*spec{"lifecycle": lifecycle, "connection": connection, "provisioner": provisioner},
	}
	source = &spec{labels: 2, open: true, more: repeated,
		attrs:  map[string]look{"count": nil, "for_each": nil, "depends_on": references, "provider": provider},
		blocks: map[string]*spec{"lifecycle": lifecycle},
	}
)

// module holds the blocks of a module's files.
var module = map[string]*spec{
	"terraform": {
		attrs: map[string]look{"required_version": constraint, "experiments": nil},
		blocks: map[string]*spec{
			"required_providers": {open: true, more: requiredProviders}, "provider_meta": {labels: 1, open: true},
			"backend": {labels: 1, open: true}, "cloud": anything, "encryption": anything,
		},
	},
	"variable": {labels: 1,
		attrs: map[string]look{
			"type": nil, "default": nil, "description": constant(cty.String), "deprecated": constant(cty.String),
			"sensitive": constant(cty.Bool), "nullable": constant(cty.Bool), "ephemeral": constant(cty.Bool), "const": constant(cty.Bool),
		},
		blocks: map[string]*spec{"validation": condition},
		more: func(v *validator, b *hclsyntax.Block) {
			if slices.Contains(reserved, b.Labels[0]) {
				v.errorf(b.LabelRanges[0], "Reserved name", "Terraform does not allow a variable called %q, because the name has a meaning in module blocks. Choose another name.", b.Labels[0])
			}
		},
	},
	"output": {labels: 1, required: []string{"value"},
		attrs: map[string]look{
			"value": nil, "description": constant(cty.String), "deprecated": constant(cty.String), "type": nil,
			"sensitive": constant(cty.Bool), "ephemeral": constant(cty.Bool), "depends_on": references,
		},
		blocks: map[string]*spec{"precondition": condition},
	},
	"locals": {open: true, more: noBlocks},
	"module": {labels: 1, open: true, required: []string{"source"},
		attrs: map[string]look{
			"source": nil, "version": nil, "providers": nil, "count": nil, "for_each": nil, "depends_on": references,
		},
		blocks: map[string]*spec{"lifecycle": lifecycle},
		more: func(v *validator, b *hclsyntax.Block) {
			repeated(v, b)
			noBlocks(v, b)
		},
	},
	"resource": object, "ephemeral": object, "data": source,
	"moved": {attrs: map[string]look{"from": address, "to": address}, required: []string{"from", "to"}},
	"removed": {attrs: map[string]look{"from": address}, required: []string{"from"},
		blocks: map[string]*spec{"lifecycle": lifecycle, "connection": connection, "provisioner": provisioner}},
	"import": {attrs: map[string]look{"to": address, "id": nil, "identity": nil, "provider": provider, "for_each": nil}, required: []string{"to"},
		more: func(v *validator, b *hclsyntax.Block) {
			if id, identity := b.Body.Attributes["id"], b.Body.Attributes["identity"]; (id == nil) == (identity == nil) {
				v.errorf(b.DefRange(), "Nothing to import", "An import block must have either id or identity.")
			}
		}},
	"check": {labels: 1, blocks: map[string]*spec{"assert": condition, "data": checked},
		more: func(v *validator, b *hclsyntax.Block) {
			if !slices.ContainsFunc(b.Body.Blocks, func(n *hclsyntax.Block) bool { return n.Type == "assert" }) {
				v.errorf(b.DefRange(), "Nothing to check", "A check block must have at least one assert block.")
			}
		}},
}

// checked is the data source of a check.
var checked = &spec{labels: 2, open: true, single: true, attrs: map[string]look{"depends_on": references, "provider": provider}}

// tests holds the blocks of a test file.
var tests = map[string]*spec{
	"run": {labels: 1,
		attrs: map[string]look{
			"command": keyword("plan", "apply"), "expect_failures": expected, "providers": nil, "state_key": nil, "parallel": nil,
			"skip_cleanup": nil,
		},
		blocks: map[string]*spec{
			"variables": {open: true, single: true, more: noBlocks}, "assert": condition, "plan_options": anything, "backend": {labels: 1, open: true},
			"module":            {single: true, attrs: map[string]look{"source": nil, "version": nil}, required: []string{"source"}},
			"override_resource": anything, "override_data": anything, "override_module": anything,
		},
	},
	"variables": {open: true, single: true, more: noBlocks},
	"provider":  {labels: 1, open: true}, "mock_provider": {labels: 1, open: true}, "test": anything,
	"override_resource": anything, "override_data": anything, "override_module": anything,
}

// noBlocks refuses nested blocks that no spec names.
func noBlocks(v *validator, b *hclsyntax.Block) {
	for _, n := range b.Body.Blocks {
		if n.Type != "lifecycle" || b.Type != "module" {
			v.errorf(n.TypeRange, "Unknown block", "A %s block can contain only arguments, and %q is a block.", b.Type, n.Type)
		}
	}
}

// constraint looks at a version constraint.
func constraint(v *validator, a *hclsyntax.Attribute) {
	if val, ok := v.constant(a, cty.String); ok && !val.IsNull() {
		v.version(a.Expr.Range(), val.AsString())
	}
}

func (v *validator) version(rng hcl.Range, text string) {
	if _, err := version.NewConstraint(text); err != nil {
		v.errorf(rng, "Not a version constraint", "%q is not a version constraint; write one such as \">= 1.11\".", text)
	}
}

// requiredProviders looks at the entries of required_providers: a constraint, or
// an object of a source, a version and aliases.
func requiredProviders(v *validator, b *hclsyntax.Block) {
	noBlocks(v, b)
	for _, name := range sortedKeys(b.Body.Attributes) {
		a := b.Body.Attributes[name]
		items, diags := hcl.ExprMap(a.Expr)
		if diags.HasErrors() {
			constraint(v, a)
			continue
		}
		for _, item := range items {
			v.requirement(item)
		}
	}
}

func (v *validator) requirement(item hcl.KeyValuePair) {
	key := hcl.ExprAsKeyword(item.Key)
	switch key {
	case "configuration_aliases":
		list, diags := hcl.ExprList(item.Value)
		if diags.HasErrors() {
			v.errorf(item.Value.Range(), "Not a list", "configuration_aliases must be a list of provider configurations, such as [aws.us_east_1].")
		}
		for _, x := range list {
			if ref, diags := hcl.AbsTraversalForExpr(x); diags.HasErrors() || len(ref) != 2 || !named(ref[1]) {
				v.errorf(x.Range(), "Not a provider configuration", "configuration_aliases lists provider configurations, such as aws.us_east_1.")
			}
		}
	case "source", "version":
		x, ok := item.Value.(hclsyntax.Expression)
		if !ok {
			return
		}
		val, ok := v.constant(&hclsyntax.Attribute{Name: key, Expr: x}, cty.String)
		if ok && !val.IsNull() && key == "version" {
			v.version(x.Range(), val.AsString())
		}
	default:
		v.errorf(item.Key.Range(), "Unknown argument", "A required provider can only have source, version and configuration_aliases.")
	}
}

// address looks at an address of a resource or a module.
func address(v *validator, a *hclsyntax.Attribute) {
	ref, diags := hcl.AbsTraversalForExpr(a.Expr)
	if diags.HasErrors() {
		// import takes a key that is computed: aws_s3_bucket.this[each.key].
		if x, ok := a.Expr.(*hclsyntax.IndexExpr); ok {
			ref, diags = hcl.AbsTraversalForExpr(x.Collection)
		}
	}
	if diags.HasErrors() || !isAddress(ref) {
		v.errorf(a.Expr.Range(), "Not an address", "%s must be the address of a resource or a module, such as aws_s3_bucket.this.", a.Name)
	}
}

// isAddress says whether a reference is the address of a resource or a module,
// with or without a key: module.a[0].data.aws_x.y["k"].
func isAddress(ref hcl.Traversal) bool {
	steps := []hcl.Traverser(ref)
	name := func() string { // of the next step, which it takes
		if len(steps) == 0 {
			return ""
		}
		step := steps[0]
		steps = steps[1:]
		switch s := step.(type) {
		case hcl.TraverseRoot:
			return s.Name
		case hcl.TraverseAttr:
			return s.Name
		}
		return ""
	}
	key := func() {
		if len(steps) > 0 && indexed(steps[0]) {
			steps = steps[1:]
		}
	}
	first := name()
	for first == "module" {
		if name() == "" {
			return false
		}
		if key(); len(steps) == 0 {
			return true
		}
		first = name()
	}
	if first == "data" || first == "ephemeral" {
		first = name()
	}
	if first == "" || name() == "" {
		return false
	}
	key()
	return len(steps) == 0
}

// expected looks at expect_failures.
func expected(v *validator, a *hclsyntax.Attribute) {
	list, diags := hcl.ExprList(a.Expr)
	if diags.HasErrors() {
		v.errorf(a.Expr.Range(), "Not a list", "expect_failures must be a literal list of references.")
		return
	}
	for _, x := range list {
		if ref, diags := hcl.AbsTraversalForExpr(x); diags.HasErrors() || len(ref) < 2 || !named(ref[1]) {
			v.errorf(x.Range(), "Not a reference", "expect_failures lists what is expected to fail, such as var.name or check.health.")
		}
	}
}

func convertible(val cty.Value, t cty.Type) (cty.Value, error) { return convert.Convert(val, t) }

// article returns a kind of block with an article, and called the same at the
// beginning of a sentence.
func article(kind string) string {
	word := "a"
	if strings.ContainsRune("aeiou", rune(kind[0])) {
		word = "an"
	}
	return word + " " + kind + " block"
}

func called(kind string) string { return "A" + article(kind)[1:] }

func plural(n int, what string) string {
	switch n {
	case 0:
		return "no " + what
	case 1:
		return "one " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
