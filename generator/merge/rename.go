package merge

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/lang"
)

// A Rename says that what had one address in base has another in theirs. Addresses
// are those of references, such as aws_subnet.app, data.aws_vpc.main, module.web,
// local.name or var.name, and output.name for outputs.
type Rename struct {
	Dir      string // of the module; "" is the root of the tree
	From, To string
}

// Moved returns the renames that a version announces itself, by blocks moved, where
// base has the old address and the version the new one.
func Moved(base, version fileset.Set) []Rename {
	had, has := blocksOf(base), blocksOf(version)
	var said []Rename
	for _, dir := range slices.Sorted(maps.Keys(has)) {
		moves := has[dir].moves
		for _, from := range slices.Sorted(maps.Keys(moves)) {
			said = append(said, Rename{Dir: dir, From: from, To: last(moves, from)})
		}
	}
	return applying(said, had, has)
}

// last follows a chain of moves to its end. One that comes back to where it began ends
// there, for it says nothing.
func last(moves map[string]string, from string) string {
	to := moves[from]
	for range len(moves) {
		next, ok := moves[to]
		if !ok {
			break
		}
		to = next
	}
	return to
}

// Applying returns those of renames that took place between two versions: base has the
// old address and not the new one, and the version has the new one and not the old.
func Applying(renames []Rename, base, version fileset.Set) []Rename {
	return applying(renames, blocksOf(base), blocksOf(version))
}

func applying(renames []Rename, had, has map[string]*declared) []Rename {
	return slices.DeleteFunc(slices.Clone(renames), func(r Rename) bool {
		old, now := had[r.Dir], has[r.Dir]
		return old == nil || now == nil || !old.addresses[r.From] || now.addresses[r.From] || !now.addresses[r.To] || old.addresses[r.To]
	})
}

// declared is what a module declares and moves.
type declared struct {
	addresses map[string]bool
	moves     map[string]string
}

func blocksOf(set fileset.Set) map[string]*declared {
	out := map[string]*declared{}
	for _, f := range set.Files() {
		if path.Ext(f.Path) != ".tf" {
			continue
		}
		text, _ := plain(f.Bytes)
		parsed, diags := guard.Parse([]byte(text), f.Path)
		body, ok := parsed.Body.(*hclsyntax.Body)
		if diags.HasErrors() || !ok {
			continue
		}
		dir := dirOf(f.Path)
		if out[dir] == nil {
			out[dir] = &declared{map[string]bool{}, map[string]string{}}
		}
		out[dir].read(body)
	}
	return out
}

func (d *declared) read(body *hclsyntax.Body) {
	for _, b := range body.Blocks {
		if b.Type != "moved" {
			for _, a := range declares(b) {
				d.addresses[a] = true
			}
			continue
		}
		from, to := whole(b.Body.Attributes["from"]), whole(b.Body.Attributes["to"])
		if from != "" && to != "" {
			d.moves[from] = to
		}
	}
}

// whole returns the address that an argument of moved names, when that is all of a
// block and no instance of it.
func whole(a *hclsyntax.Attribute) string {
	if a == nil {
		return ""
	}
	x, ok := a.Expr.(*hclsyntax.ScopeTraversalExpr)
	if !ok {
		return ""
	}
	ref, ok := lang.Refer(x.Traversal)
	if !ok || ref.Steps != len(x.Traversal) {
		return ""
	}
	return ref.Address()
}

// declares returns the addresses that a block declares.
func declares(b *hclsyntax.Block) []string {
	switch labels := strings.Join(b.Labels, "."); b.Type {
	case "resource":
		return []string{labels}
	case "variable":
		return []string{"var." + labels}
	case "data", "ephemeral", "module", "output":
		return []string{b.Type + "." + labels}
	case "locals":
		var out []string
		for name := range b.Body.Attributes {
			out = append(out, "local."+name)
		}
		return out
	}
	return nil
}

func dirOf(p string) string {
	if dir := path.Dir(p); dir != "." {
		return dir
	}
	return ""
}

// rename carries versions over to the addresses of another: labels, references,
// values of variables, and the arguments of calls within the tree.
func (m *merger) rename(renames []Rename, versions ...int) (diags hcl.Diagnostics) {
	byDir := map[string]map[string]string{}
	for _, r := range renames {
		if err := r.check(); err != nil {
			return hcl.Diagnostics{diag.Error(hcl.Range{}, "Unusable rename", "%s cannot become %s: %s.", r.From, r.To, err)}
		}
		dir := strings.Trim(path.Clean("/"+r.Dir), "/")
		if byDir[dir] == nil {
			byDir[dir] = map[string]string{}
		}
		byDir[dir][r.From] = r.To
	}
	for _, dir := range slices.Sorted(maps.Keys(byDir)) {
		for _, v := range versions {
			diags = append(diags, m.carry(v, dir, byDir[dir])...)
		}
	}
	return diags
}

// check says what is wrong with a rename.
func (r Rename) check() error {
	from, to := strings.Split(r.From, "."), strings.Split(r.To, ".")
	kind := func(parts []string) string {
		switch parts[0] {
		case "var", "local", "module", "output", "data", "ephemeral":
			return parts[0]
		}
		return "resource"
	}
	switch want := map[string]int{"data": 3, "ephemeral": 3}[kind(from)]; {
	case kind(from) != kind(to):
		return fmt.Errorf("one is a %s and the other a %s", kind(from), kind(to))
	case len(from) != max(want, 2), len(to) != max(want, 2):
		return fmt.Errorf("an address is written like aws_subnet.app, var.name, local.name, output.name, module.name or data.aws_vpc.main")
	}
	for _, part := range append(from, to...) {
		if !lang.Identifier(part) {
			return fmt.Errorf("%q is not a name", part)
		}
	}
	return nil
}

// carry renames in one version. An address that stands there already is left to the
// merge, which then has two blocks to tell apart.
func (m *merger) carry(v int, dir string, names map[string]string) (diags hcl.Diagnostics) {
	taken := map[string]bool{}
	for p, f := range m.files {
		if f.in[v] != nil && path.Ext(p) == ".tf" && dirOf(p) == dir {
			if body := parsed(f, v); body != nil {
				for _, b := range body.Blocks {
					for _, a := range declares(b) {
						taken[a] = true
					}
				}
			}
		}
	}
	names = maps.Clone(names)
	for _, from := range slices.Sorted(maps.Keys(names)) {
		if to := names[from]; taken[to] && names[to] == "" && taken[from] {
			diags = append(diags, diag.Warning(hcl.Range{}, "Rename left out", "%s of the module has both %s and %s, so the first was not renamed to the second. Decide which one stays.", sentence[v], from, to))
			delete(names, from)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(m.files)) {
		f := m.files[p]
		if f.in[v] == nil || !ofTerraform(p) {
			continue
		}
		body := parsed(f, v)
		if body == nil {
			continue
		}
		c := &carrier{text: f.in[v].text, dir: dir, names: names}
		c.file(p, body)
		f.in[v] = c.applied(f.in[v])
	}
	return diags
}

func parsed(f *file, v int) *hclsyntax.Body {
	file, diags := guard.Parse([]byte(f.in[v].text), f.path)
	body, ok := file.Body.(*hclsyntax.Body)
	if diags.HasErrors() || !ok {
		return nil
	}
	return body
}

// A carrier renames in one file.
type carrier struct {
	text  string
	dir   string
	names map[string]string
	edits []edit
}

type edit struct {
	start, end int
	text       string
}

// file renames in a file according to what it has to do with the module.
func (c *carrier) file(p string, body *hclsyntax.Body) {
	switch ext := path.Ext(p); {
	case ext == ".tfvars" && inside(dirOf(p), c.dir):
		c.arguments(body, "var.")
	case ext == ".hcl" && strings.HasSuffix(p, ".tftest.hcl") && inside(dirOf(p), c.dir):
		c.references(body)
		c.tests(body)
	case (ext == ".tf" || ext == ".tofu") && dirOf(p) == c.dir:
		c.module(body)
	case ext == ".tf" || ext == ".tofu":
		c.callers(p, body)
	}
}

// inside says whether a directory is another or lies in it.
func inside(dir, of string) bool {
	return dir == of || of == "" || strings.HasPrefix(dir, of+"/")
}

// module renames declarations and references. Blocks moved and removed speak of
// addresses as they were; Terraform follows a chain of them.
func (c *carrier) module(body *hclsyntax.Body) {
	for _, b := range body.Blocks {
		switch b.Type {
		case "moved", "removed":
			continue
		case "locals":
			c.arguments(b.Body, "local.")
		case "resource", "data", "ephemeral":
			prefix := ""
			if b.Type != "resource" {
				prefix = b.Type + "."
			}
			if len(b.Labels) == 2 {
				if to := c.names[prefix+b.Labels[0]+"."+b.Labels[1]]; to != "" {
					parts := strings.Split(strings.TrimPrefix(to, prefix), ".")
					c.label(b, 0, parts[0])
					c.label(b, 1, parts[1])
				}
			}
		case "variable", "module", "output":
			kind := map[string]string{"variable": "var."}[b.Type]
			if kind == "" {
				kind = b.Type + "."
			}
			if len(b.Labels) == 1 {
				if to := c.names[kind+b.Labels[0]]; to != "" {
					c.label(b, 0, strings.TrimPrefix(to, kind))
				}
			}
		}
		c.references(b)
	}
}

func (c *carrier) label(b *hclsyntax.Block, i int, to string) {
	if at := b.LabelRanges[i]; b.Labels[i] != to {
		text := to
		if c.text[at.Start.Byte] == '"' {
			text = `"` + to + `"`
		}
		c.edits = append(c.edits, edit{at.Start.Byte, at.End.Byte, text})
	}
}

// arguments renames the arguments of a body whose names are those of variables or
// local values.
func (c *carrier) arguments(body *hclsyntax.Body, kind string) {
	for _, a := range lang.Attributes(body) {
		if to := c.names[kind+a.Name]; to != "" {
			c.edits = append(c.edits, edit{a.NameRange.Start.Byte, a.NameRange.End.Byte, strings.TrimPrefix(to, kind)})
		}
	}
}

// references renames what the references below a node name.
func (c *carrier) references(n hclsyntax.Node) {
	for _, t := range lang.Traversals(n, nil) {
		if ref, ok := lang.Refer(t); ok {
			c.reference(t, ref)
		}
	}
}

func (c *carrier) reference(t hcl.Traversal, ref lang.Reference) {
	to := c.names[ref.Address()]
	if to == "" || ref.Steps > len(t) {
		return
	}
	parts := strings.Split(to, ".")
	steps := t[:ref.Steps]
	for i := 1; i <= min(len(parts), len(steps)); i++ {
		c.step(steps[len(steps)-i], parts[len(parts)-i])
	}
}

// step renames one step of a reference. Its range may begin with the dot.
func (c *carrier) step(step hcl.Traverser, to string) {
	var was string
	switch s := step.(type) {
	case hcl.TraverseRoot:
		was = s.Name
	case hcl.TraverseAttr:
		was = s.Name
	}
	end := step.SourceRange().End.Byte
	if start := end - len(was); was != "" && was != to && start >= 0 && c.text[start:end] == was {
		c.edits = append(c.edits, edit{start, end, to})
	}
}

// tests renames the values of variables in a test file.
func (c *carrier) tests(body *hclsyntax.Body) {
	for _, b := range body.Blocks {
		switch b.Type {
		case "variables":
			c.arguments(b.Body, "var.")
		case "run":
			if !slices.ContainsFunc(b.Body.Blocks, func(in *hclsyntax.Block) bool { return in.Type == "module" }) {
				c.tests(b.Body)
			}
		}
	}
}

// callers renames the arguments of calls of the module, and the outputs that are
// read from them.
func (c *carrier) callers(p string, body *hclsyntax.Body) {
	calls := map[string]bool{}
	for _, b := range body.Blocks {
		if b.Type != "module" || len(b.Labels) != 1 || c.source(p, b) != c.dir {
			continue
		}
		calls[b.Labels[0]] = true
		c.arguments(b.Body, "var.")
	}
	if len(calls) == 0 {
		return
	}
	for _, t := range lang.Traversals(body, nil) {
		ref, ok := lang.Refer(t)
		if !ok || ref.Kind != lang.Module || !calls[ref.Name] {
			continue
		}
		for _, step := range t[ref.Steps:] {
			if a, ok := step.(hcl.TraverseAttr); ok {
				if to := c.names["output."+a.Name]; to != "" {
					c.step(a, strings.TrimPrefix(to, "output."))
				}
				break
			}
		}
	}
}

// source returns the directory of the tree that a call names; "none" for another.
func (c *carrier) source(p string, b *hclsyntax.Block) string {
	const none = "/"
	a := b.Body.Attributes["source"]
	if a == nil {
		return none
	}
	v, diags := a.Expr.Value(nil)
	if diags.HasErrors() || !v.IsKnown() || v.IsNull() || v.Type().FriendlyName() != "string" {
		return none
	}
	if s := v.AsString(); strings.HasPrefix(s, "./") || strings.HasPrefix(s, "../") {
		if dir := path.Join(dirOf(p), s); dir != "." {
			return dir
		}
		return ""
	}
	return none
}

// applied returns a version with the edits made.
func (c *carrier) applied(v *version) *version {
	if len(c.edits) == 0 {
		return v
	}
	sort.Slice(c.edits, func(i, j int) bool { return c.edits[i].start < c.edits[j].start })
	var b strings.Builder
	at := 0
	for _, e := range c.edits {
		if e.start < at {
			continue // the same reference, found twice
		}
		b.WriteString(c.text[at:e.start])
		b.WriteString(e.text)
		at = e.end
	}
	b.WriteString(c.text[at:])
	text := b.String()
	// Names of other lengths move what stands behind them.
	if string(ir.Format([]byte(c.text))) == c.text {
		text = string(ir.Format([]byte(text)))
	}
	return &version{bytes: v.style.apply(text), text: text, style: v.style}
}
