package link

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/crash"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/specialise"
)

// A unit is one top-level block of the module under construction.
type unit struct {
	specialise.Block
	file string
	part *part
}

// locals returns the local values of a locals block, and nothing of others.
func (u unit) locals() []ir.Argument {
	if u.Kind != "locals" {
		return nil
	}
	return u.Code.Arguments()
}

// sharedFile holds the data sources that several components share.
const sharedFile = "data.tf"

// variablesFile holds the module's variables.
const variablesFile = "variables.tf"

// flat assembles the specialised components into one module.
func (l *linker) flat(order []*part, outputs []output) *Module {
	m := &Module{Name: l.in.Blueprint.Name, Layout: Flat, Edges: l.uniqueEdges()}
	units := l.units()
	variables := l.variables(order)
	given := l.bindings(order)
	units = l.placeAll(order, units, variables, outputs, given)
	l.collisions(units)
	m.Versions = l.versions(order, l.usedProviders(units, variables, outputs))
	if l.diags.HasErrors() {
		return m
	}
	l.keepOrder(order, units, given)
	outRefs := l.outputRefs(outputs)
	varRefs := variableRefs(variables)
	for _, refs := range varRefs {
		for r := range refs {
			if !strings.HasPrefix(r, "var.") {
				outRefs[r] = true
			}
		}
	}
	linked := addresses(units)
	units = l.dropUnused(units, outRefs)

	used := maps.Clone(outRefs)
	for _, u := range units {
		maps.Copy(used, u.Code.References())
	}
	for _, v := range variables {
		if l.lasting(&v) {
			used["var."+v.Name] = true
		}
	}
	m.Variables = l.allowed(keepUsed(variables, varRefs, used))
	for _, o := range outputs {
		m.Outputs = append(m.Outputs, l.describeOutput(o))
	}
	m.Former = l.former(order, units, m)
	units = l.moves(units)
	m.Foreign = foreign(units)
	m.Parts = filed(l.partList(order), units)
	l.rename(m, order)
	all := m.Rename
	m.Rename = gone(slices.Clone(all), linked, addresses(units))
	m.LeftOut = l.leftOut(order, all, m.Rename)
	for _, p := range order {
		m.Advice = append(m.Advice, p.comp.Advice...)
	}
	if !l.in.Bare {
		l.assets(m, order, l.naming(order, units, outputs))
		l.tests(m, order, units)
	}
	m.print = func() {
		m.Files = l.files(units)
		l.printDeclarations(m, outputs)
	}
	return m
}

// outputRefs returns the addresses that outputs and their conditions name.
func (l *linker) outputRefs(outputs []output) map[string]bool {
	refs := map[string]bool{}
	for _, o := range outputs {
		maps.Copy(refs, l.exprRefs(o.value.Top()))
		for _, c := range o.conditions {
			maps.Copy(refs, l.named(c).addresses)
		}
	}
	return refs
}

// units lists the blocks of all components in the blueprint's order.
func (l *linker) units() []unit {
	var out []unit
	shared := map[string]bool{}
	for _, c := range l.in.Blueprint.Components {
		p := l.parts[c.Name]
		if !p.active || p.comp == nil {
			continue
		}
		if len(p.hoisted) > 0 {
			out = append(out, unit{Block: specialise.Block{Kind: "locals", Code: l.code(hoistedLocals(p.hoisted), p.Range), Origin: p.Range}, file: p.File, part: p})
		}
		for _, b := range p.comp.Blocks {
			u := unit{Block: b, file: p.File, part: p}
			if b.Shared {
				if shared[b.Address] {
					continue
				}
				shared[b.Address], u.file = true, sharedFile
			}
			out = append(out, u)
		}
	}
	return out
}

// foreign returns the addresses of the units that come from foreign templates.
func foreign(units []unit) []string {
	var out []string
	for _, u := range units {
		if u.part.Foreign && u.Address != "" {
			out = append(out, u.Address)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func hoistedLocals(hs []hoisted) string {
	var b strings.Builder
	b.WriteString("locals {\n")
	for _, h := range hs {
		b.WriteString(h.name + " = " + h.text + "\n")
	}
	b.WriteString("}\n")
	return b.String()
}

// code returns the block that a text of bpgen's own making holds.
func (l *linker) code(text string, from hcl.Range) *ir.Block {
	b, diags := ir.Parse(text)
	if diags.HasErrors() {
		l.diags = append(l.diags, diag.Bug(from, "A block that bpgen wrote does not parse: %s", diags))
		b, _ = ir.Parse("locals {\n}\n")
	}
	return b
}

// dropUnused removes local values and data sources that nothing refers to any
// more: all that is not reached from what stays in any case.
func (l *linker) dropUnused(units []unit, outRefs map[string]bool) []unit {
	used := map[string]bool{}
	behind := map[string]lang.Set{} // what a local value or data source refers to
	var reach func(refs lang.Set)
	reach = func(refs lang.Set) {
		for r := range refs {
			if !used[r] {
				used[r] = true
				reach(behind[r])
			}
		}
	}
	var roots []lang.Set
	for _, u := range units {
		switch {
		case u.Kind == "locals":
			for _, a := range u.locals() {
				behind["local."+a.Name] = a.Refs
			}
		case l.removable(u):
			behind[u.Address] = u.Code.References()
		default:
			roots = append(roots, u.Code.References())
		}
	}
	reach(outRefs)
	for _, refs := range roots {
		reach(refs)
	}
	for i := range units {
		pruneLocals(&units[i], used)
	}
	return slices.DeleteFunc(units, func(u unit) bool {
		return u.Code == nil || !used[u.Address] && l.removable(u)
	})
}

// removable says whether a block is there for those alone that refer to it.
func (l *linker) removable(u unit) bool {
	return u.Empty || u.Kind == "data" && !u.Asserts && wasUsed(u)
}

// wasUsed says whether the template itself refers to a data source. One that
// nobody ever referred to is there for its own sake.
func wasUsed(u unit) bool {
	return u.Used
}

// pruneLocals removes the local values of a block that are not used.
func pruneLocals(u *unit, used map[string]bool) {
	if u.Kind != "locals" {
		return
	}
	unused := lang.Set{}
	for _, a := range u.locals() {
		if !used["local."+a.Name] {
			unused[a.Name] = true
		}
	}
	if len(unused) == 0 {
		return
	}
	u.Code = u.Code.Without(unused)
}

// keepUsed leaves out variables that nothing refers to but themselves. It takes
// what each variable refers to, by name.
func keepUsed(vars []Variable, refs map[string]lang.Set, used map[string]bool) []Variable {
	for {
		all := maps.Clone(used)
		for _, v := range vars {
			if !used["var."+v.Name] {
				continue
			}
			for r := range refs[v.Name] {
				if r != "var."+v.Name {
					all[r] = true
				}
			}
		}
		if len(all) == len(used) {
			break
		}
		used = all
	}
	return slices.DeleteFunc(vars, func(v Variable) bool { return !used["var."+v.Name] })
}

// variableRefs returns what the validations of each variable refer to.
func variableRefs(vars []Variable) map[string]lang.Set {
	out := map[string]lang.Set{}
	for _, v := range vars {
		out[v.Name] = v.code.References()
	}
	return out
}

// collisions reports blocks that would have one address.
func (l *linker) collisions(units []unit) {
	seen := map[string]unit{}
	claim := func(addr string, u unit) {
		if addr == "" {
			return
		}
		first, twice := seen[addr]
		if !twice {
			seen[addr] = u
			return
		}
		l.errorf(u.Origin, "Conflicting names", "%s of the component %q and of the component %q would both be called %s in the rendered module. Set a different prefix for one of the components, or rename the label in one of the templates (the other one is at %s).",
			u.Kind, first.part.Name, u.part.Name, addr, first.Origin)
	}
	for _, u := range units {
		claim(u.Address, u)
		for _, a := range u.locals() {
			claim("local."+a.Name, u)
		}
	}
}

// files prints the units into the files of their components.
func (l *linker) files(units []unit) []File {
	texts := make([][]byte, len(units))
	var wg crash.Group
	step := max(1, len(units)/8)
	for from := 0; from < len(units); from += step {
		wg.Go(func() {
			for i := from; i < min(from+step, len(units)); i++ {
				texts[i] = l.print(units[i].Code)
			}
		})
	}
	wg.Wait()
	size := map[string]int{}
	for i, u := range units {
		size[u.file] += len(texts[i]) + 1
	}
	var out []File
	for i, u := range units {
		at := slices.IndexFunc(out, func(f File) bool { return f.Name == u.file })
		if at < 0 {
			out = append(out, File{Name: u.file, Body: append(make([]byte, 0, size[u.file]), texts[i]...)})
			continue
		}
		out[at].Body = append(append(out[at].Body, '\n'), texts[i]...)
	}
	return out
}

// checkFiles reports names of files that must not be written.
func (l *linker) checkFiles() {
	for _, c := range l.in.Blueprint.Components {
		if err := fileset.CheckPath(c.File); err != nil || strings.Contains(c.File, "/") || !strings.HasSuffix(c.File, ".tf") || reservedFile(c.File) {
			l.badFile(c, err)
		}
	}
}

// reservedFile says whether render writes a file of that name itself.
func reservedFile(name string) bool {
	return name == variablesFile || name == "outputs.tf" || name == "versions.tf" || fileset.Override(name)
}

func (l *linker) badFile(c *blueprint.Component, err error) {
	why := "It must be a plain file name that ends in .tf, other than variables.tf, outputs.tf and versions.tf, which bpgen writes itself."
	if err != nil {
		why = "It is unsafe: " + err.Error() + "."
	}
	rng := c.FileRange
	if rng.Filename == "" {
		rng = c.Range
	}
	l.errorf(rng, "Not a file name", "The component %q cannot be written to %q. %s", c.Name, c.File, why)
}

// describeOutput says of an output what is known without its text.
func (l *linker) describeOutput(o output) Output {
	return Output{Name: o.decl.Name, Description: o.decl.Description, Sensitive: o.sensitive}
}

// printDeclarations prints the variables, outputs, tests and mocks of a module.
func (l *linker) printDeclarations(m *Module, outputs []output) {
	for i := range m.Variables {
		m.Variables[i].Text = l.print(m.Variables[i].code)
	}
	for i, o := range outputs {
		m.Outputs[i].Text = l.tidy(outputText(o))
	}
	for i := range m.Tests {
		var runs [][]byte
		for _, run := range m.Tests[i].runs {
			runs = append(runs, l.print(run))
		}
		m.Tests[i].Body = bytes.Join(runs, []byte{'\n'})
	}
	for i := range m.Mocks {
		m.Mocks[i].Body = l.tidy(string(m.Mocks[i].Body))
	}
}

func outputText(o output) string {
	var b strings.Builder
	b.WriteString("output " + specialise.Quote(o.decl.Name) + " {\n")
	if o.decl.Description != "" {
		b.WriteString("  description = " + specialise.Quote(o.decl.Description) + "\n")
		b.WriteString("  value       = ")
	} else {
		b.WriteString("  value = ")
	}
	b.WriteString(o.value.Exact() + "\n")
	if o.sensitive {
		b.WriteString("  sensitive   = true\n")
	}
	for _, c := range o.conditions {
		b.WriteString("\n" + c + "\n")
	}
	b.WriteString("}\n")
	return b.String()
}

func (l *linker) uniqueEdges() []Edge {
	var out []Edge
	for _, e := range l.edges {
		if !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}

func (l *linker) partList(order []*part) []Part {
	var out []Part
	for _, c := range l.in.Blueprint.Components {
		if p := l.parts[c.Name]; p.active && slices.Contains(order, p) {
			out = append(out, Part{Name: p.Name, Template: p.tmpl.Name, Summary: p.tmpl.Summary, File: p.File})
		}
	}
	return out
}

// filed puts parts without a file of their own where all that they have is:
// among the variables.
func filed(parts []Part, units []unit) []Part {
	has := map[string]bool{}
	for _, u := range units {
		has[u.file] = true
	}
	for i, p := range parts {
		if !has[p.File] {
			parts[i].File = variablesFile
		}
	}
	return parts
}

// rename pairs the addresses of the two layouts.
func (l *linker) rename(m *Module, order []*part) {
	for _, p := range order {
		for _, a := range p.comp.Addresses {
			if a.Flat == "" {
				continue
			}
			nested := "module." + p.Name + "." + a.Template
			if a.Folded {
				nested += "[0]"
			}
			m.Rename = append(m.Rename, Rename{Nested: nested, Flat: a.Flat})
		}
	}
	slices.SortFunc(m.Rename, func(a, b Rename) int { return strings.Compare(a.Nested, b.Nested) })
}

func addresses(units []unit) map[string]bool {
	out := map[string]bool{}
	for _, u := range units {
		out[u.Address] = true
	}
	return out
}

// gone leaves out the data sources that were linked and that nothing reads.
func gone(rename []Rename, linked, left map[string]bool) []Rename {
	return slices.DeleteFunc(rename, func(r Rename) bool {
		return strings.HasPrefix(r.Flat, "data.") && linked[r.Flat] && !left[r.Flat]
	})
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
