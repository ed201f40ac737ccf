package proof

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/schema"
)

// Derive returns the proof that follows from an entry: its value, or each of its
// values, is what the argument of that name is given. There is none where the
// entry does not say so much.
func Derive(e ledger.Entry) (*Proof, bool) {
	if e.Kind != "default" || len(e.Terraform) == 0 {
		return nil, false
	}
	values := map[string]any{}
	switch v := e.Value.(type) {
	case map[string]any:
		values = v
	case nil:
		return nil, false
	default:
		if len(e.Terraform) != 1 {
			return nil, false
		}
		values[last(e.Terraform[0])] = v
	}
	if text, ok := parameters(e, values); ok {
		return derived(e, text)
	}
	typ, _, _ := strings.Cut(e.Terraform[0], ".")
	root := &node{inner: map[string]*node{}}
	for name, v := range values {
		literal, ok := scalar(v)
		at := slices.IndexFunc(e.Terraform, func(p string) bool { return last(p) == name && strings.HasPrefix(p, typ+".") })
		if !ok || at < 0 || !root.put(typ, strings.Split(e.Terraform[at], ".")[1:], literal) {
			return nil, false
		}
	}
	quantifier := Every
	if len(root.inner) > 0 && len(root.args) == 0 {
		quantifier = Some
	}
	var b strings.Builder
	fmt.Fprintf(&b, "  %s %q {\n", quantifier, typ)
	root.write(&b, "    ")
	b.WriteString("  }\n")
	return derived(e, b.String())
}

func last(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return written(cty.StringVal(v)), true
	case bool:
		return strconv.FormatBool(v), true
	case float64:
		b, err := json.Marshal(v)
		return string(b), err == nil
	}
	return "", false
}

// parameters is the form of groups of parameters: each name has its value.
func parameters(e ledger.Entry, values map[string]any) (string, bool) {
	typ, rest, _ := strings.Cut(e.Terraform[0], ".parameter.")
	if rest != "name" || len(e.Terraform) != 2 || e.Terraform[1] != typ+".parameter.value" {
		return "", false
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(values)) {
		literal, ok := scalar(values[name])
		if !ok {
			return "", false
		}
		fmt.Fprintf(&b, "  every %q {\n    parameter {\n      name  = %q\n      value = %s\n    }\n  }\n", typ, name, literal)
	}
	return b.String(), len(values) > 0
}

// A node is a body that is being written.
type node struct {
	args  map[string]string
	inner map[string]*node
}

// put notes the value of an argument at a path that the schema knows.
func (n *node) put(typ string, path []string, literal string) bool {
	for _, p := range providers() {
		block, ok := p.Type(schema.KindResource, typ)
		for _, step := range path[:max(0, len(path)-1)] {
			if !ok || block.Blocks[step] == nil {
				ok = false
				break
			}
			block = block.Blocks[step].Block
		}
		if !ok || len(path) == 0 {
			continue
		}
		if a := block.Attributes[path[len(path)-1]]; a == nil || !a.Settable() || !a.Type.IsPrimitiveType() {
			continue
		}
		at := n
		for _, step := range path[:len(path)-1] {
			if at.inner[step] == nil {
				at.inner[step] = &node{inner: map[string]*node{}}
			}
			at = at.inner[step]
		}
		if at.args == nil {
			at.args = map[string]string{}
		}
		at.args[path[len(path)-1]] = literal
		return true
	}
	return false
}

func (n *node) write(b *strings.Builder, indent string) {
	for _, name := range slices.Sorted(maps.Keys(n.args)) {
		fmt.Fprintf(b, "%s%s = %s\n", indent, name, n.args[name])
	}
	for _, name := range slices.Sorted(maps.Keys(n.inner)) {
		fmt.Fprintf(b, "%s%s {\n", indent, name)
		n.inner[name].write(b, indent+"  ")
		fmt.Fprintf(b, "%s}\n", indent)
	}
}

func derived(e ledger.Entry, text string) (*Proof, bool) {
	proofs, diags := Parse([]byte(fmt.Sprintf("proof %q {\n%s}\n", e.ID, text)), "notes/"+e.System+".yaml")
	if diags.HasErrors() || len(proofs) != 1 {
		return nil, false
	}
	proofs[0].Derived = true
	proofs[0].Range = hcl.Range{Filename: "notes/" + e.System + ".yaml"}
	return proofs[0], true
}
