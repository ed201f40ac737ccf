package template

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/diag"
)

// override lays the override files over the others, in the order of their names,
// as Terraform does: an argument takes the place of the one of its name, nested
// blocks take the place of those of their type, a lifecycle is merged argument by
// argument. The files are as if they had been written so.
func (t *Template) override() hcl.Diagnostics {
	var diags hcl.Diagnostics
	slices.SortFunc(t.overrides, func(a, b *File) int { return cmp.Compare(a.Name, b.Name) })
	for _, over := range t.overrides {
		o := overlay{t: t, over: over, changes: map[*File][]change{}}
		for _, b := range over.Body.Blocks {
			o.block(b)
		}
		if diags = append(diags, o.diags...); o.diags.HasErrors() {
			return diags
		}
		diags = append(diags, o.write()...)
		t.Formatted = false
	}
	return diags
}

// An overlay is one override file on its way into the others.
type overlay struct {
	t       *Template
	over    *File
	changes map[*File][]change
	diags   hcl.Diagnostics
}

// A change puts text in the place of a part of a file.
type change struct {
	Span
	text string
}

func (o *overlay) errorf(rng hcl.Range, summary, format string, args ...any) {
	o.diags = append(o.diags, diag.Error(rng, summary, format, args...))
}

func (o *overlay) block(b *hclsyntax.Block) {
	switch b.Type {
	case "locals":
		for _, a := range SortedAttributes(b.Body) {
			if base, attr := o.t.findLocal(a.Name); attr != nil {
				o.replace(base, attr, a)
			} else {
				o.missing(a.NameRange, "local value", a.Name)
			}
		}
	case "terraform":
		if base, found := o.t.findBlock(b); found != nil {
			o.merge(base, found, b)
		} else {
			o.add(o.t.Files[0], len(o.t.Files[0].Src), "\n"+o.text(b.Range().Start.Byte, b.CloseBraceRange.End.Byte)+"\n")
		}
	case "variable", "output", "resource", "data", "ephemeral", "module":
		if base, found := o.t.findBlock(b); found != nil {
			o.merge(base, found, b)
		} else {
			o.missing(b.DefRange(), b.Type, strings.Join(b.Labels, "."))
		}
	default:
		o.errorf(b.DefRange(), "Not allowed in an override file", "Terraform does not allow %s blocks in override files. Move this one to a file with another name.", b.Type)
	}
}

func (o *overlay) missing(rng hcl.Range, what, name string) {
	o.errorf(rng, "Nothing to override", "An override file changes what other files declare, and the template %q has no %s %q. Declare it in a file with another name, or rename this file.", o.t.Name, what, name)
}

// findLocal returns a local value and the file that it stands in.
func (t *Template) findLocal(name string) (*File, *hclsyntax.Attribute) {
	for _, f := range t.Files {
		for _, b := range f.Body.Blocks {
			if a := b.Body.Attributes[name]; b.Type == "locals" && a != nil {
				return f, a
			}
		}
	}
	return nil, nil
}

// findBlock returns the block of the same type and labels.
func (t *Template) findBlock(b *hclsyntax.Block) (*File, *hclsyntax.Block) {
	for _, f := range t.Files {
		for _, other := range f.Body.Blocks {
			if other.Type == b.Type && slices.Equal(other.Labels, b.Labels) {
				return f, other
			}
		}
	}
	return nil, nil
}

// merge lays the block b over one of another file.
func (o *overlay) merge(f *File, base, b *hclsyntax.Block) {
	var more []string
	for _, a := range SortedAttributes(b.Body) {
		switch was := base.Body.Attributes[a.Name]; {
		case a.Name == "depends_on":
			o.errorf(a.NameRange, "Not allowed in an override file", "Terraform does not let an override file change depends_on.")
		case was != nil:
			o.replace(f, was, a)
		default:
			more = append(more, o.text(a.SrcRange.Start.Byte, a.SrcRange.End.Byte))
		}
	}
	gone := map[string]bool{}
	for _, n := range b.Body.Blocks {
		switch was := nested(base, n.Type); {
		case n.Type == "validation" || n.Type == "precondition" || n.Type == "postcondition":
			o.errorf(n.DefRange(), "Not allowed in an override file", "Terraform does not let an override file change %s blocks.", n.Type)
		case (n.Type == "lifecycle" || n.Type == "required_providers") && was != nil:
			o.merge(f, was, n)
		default:
			gone[blockKind(n)] = true
			more = append(more, o.text(n.TypeRange.Start.Byte, n.CloseBraceRange.End.Byte))
		}
	}
	for _, n := range base.Body.Blocks {
		if gone[blockKind(n)] {
			o.changes[f] = append(o.changes[f], change{Span{n.TypeRange.Start.Byte, n.CloseBraceRange.End.Byte}, ""})
		}
	}
	if len(more) > 0 {
		o.extend(f, base, strings.Join(more, "\n\n"))
	}
}

// extend adds lines at the end of a block, which is opened if it is written on
// one line.
func (o *overlay) extend(f *File, b *hclsyntax.Block, lines string) {
	for _, a := range b.Body.Attributes {
		if a.NameRange.Start.Line == b.OpenBraceRange.Start.Line {
			o.add(f, b.OpenBraceRange.End.Byte, "\n")
			break
		}
	}
	o.add(f, b.CloseBraceRange.Start.Byte, "\n"+lines+"\n")
}

// blockKind names the type of a nested block, also of one that is made by dynamic.
func blockKind(b *hclsyntax.Block) string {
	if b.Type == "dynamic" && len(b.Labels) == 1 {
		return b.Labels[0]
	}
	return b.Type
}

func nested(b *hclsyntax.Block, typ string) *hclsyntax.Block {
	for _, n := range b.Body.Blocks {
		if n.Type == typ {
			return n
		}
	}
	return nil
}

func (o *overlay) text(start, end int) string { return string(o.over.Src[start:end]) }

func (o *overlay) replace(f *File, was, a *hclsyntax.Attribute) {
	rng, with := was.Expr.Range(), a.Expr.Range()
	o.changes[f] = append(o.changes[f], change{Span{rng.Start.Byte, rng.End.Byte}, o.text(with.Start.Byte, with.End.Byte)})
}

func (o *overlay) add(f *File, at int, text string) {
	o.changes[f] = append(o.changes[f], change{Span{at, at}, text})
}

// write makes the changes and parses what comes of them.
func (o *overlay) write() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for i, f := range o.t.Files {
		changes := o.changes[f]
		if len(changes) == 0 {
			continue
		}
		slices.SortStableFunc(changes, func(a, b change) int { return cmp.Compare(a.Start, b.Start) })
		var src []byte
		at := 0
		for _, c := range changes {
			src = append(append(src, f.Src[at:c.Start]...), c.text...)
			at = c.End
		}
		merged, d := o.t.parse(append(src, f.Src[at:]...), f.Path)
		diags = append(diags, d...)
		o.t.Files[i] = merged
	}
	return diags
}
