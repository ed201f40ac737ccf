// Package deviation reads where a rendering departs from the notes: the blocks
// deviation of blueprints and of templates.
//
// It takes syntax and returns deviations with diagnostics. It does not know whether
// one holds under the chosen options, nor what the notes say; who renders does.
package deviation

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/lang"
)

// File is the file of a template that holds its deviations. Terraform does not read
// it.
const File = "deviations.hcl"

// A Deviation says where the rendered default differs from the notes.
type Deviation struct {
	Name     string
	Template string               // whose it is; "" for the blueprint's own
	Notes    []string             // ledger ids
	When     hclsyntax.Expression // nil: always; over options, or the variables of the template
	Rendered string               // what is rendered instead
	Reason   string               // why
	Restore  string               // how to get the notes' value back
	Profile  string               // the profile whose values alone depart; "" for the module itself
	Range    hcl.Range
}

// Departures returns by entry which of the deviations the module itself makes, or
// with the name of a profile the values of that profile: the first, if there are
// several of one entry.
func Departures(all []*Deviation, profile string) map[string]*Deviation {
	out := map[string]*Deviation{}
	for _, d := range all {
		for _, id := range d.Notes {
			if out[id] == nil && (d.Profile == "" || d.Profile == profile) {
				out[id] = d
			}
		}
	}
	return out
}

// The arguments of a deviation. One of a template knows no profiles: they are the
// blueprint's.
var (
	OfBlueprint = []string{"notes", "when", "profile", "rendered", "reason", "restore"}
	OfTemplate  = []string{"notes", "when", "rendered", "reason", "restore"}
)

// Decode reads one block, with the arguments that it may have.
func Decode(b *hclsyntax.Block, arguments []string, spend *budget.Budget) (*Deviation, hcl.Diagnostics) {
	var diags hcl.Diagnostics
	for _, a := range lang.Attributes(b.Body) {
		if !slices.Contains(arguments, a.Name) {
			diags = append(diags, diag.Error(a.NameRange, "Unknown argument", "A deviation block has no argument %q. %s", a.Name, diag.DidYouMean(a.Name, arguments)))
		}
	}
	for _, n := range b.Body.Blocks {
		diags = append(diags, diag.Error(n.TypeRange, "Unknown block", "A deviation block has no nested block %q. %s", n.Type, diag.DidYouMean(n.Type, arguments)))
	}
	a := b.Body.Attributes
	d := &Deviation{Name: b.Labels[0], Range: b.DefRange()}
	if a["when"] != nil {
		d.When = a["when"].Expr
	}
	for name, to := range map[string]*string{"profile": &d.Profile, "rendered": &d.Rendered, "reason": &d.Reason, "restore": &d.Restore} {
		text, more := spend.Text(a[name])
		*to, diags = text, append(diags, more...)
	}
	notes, more := spend.Texts(a["notes"])
	d.Notes, diags = notes, append(diags, more...)
	for _, need := range []string{"reason", "restore"} {
		if a[need] == nil {
			diags = append(diags, diag.Error(b.DefRange(), "Missing argument", "The deviation %q needs %s: readers must be able to see why it differs and how to restore the notes' value.", d.Name, need))
		}
	}
	return d, diag.Sort(diags)
}

// Parse reads the file of a template.
func Parse(body *hclsyntax.Body, template string, spend *budget.Budget) ([]*Deviation, hcl.Diagnostics) {
	var out []*Deviation
	var diags hcl.Diagnostics
	for _, a := range lang.Attributes(body) {
		diags = append(diags, diag.Error(a.NameRange, "Argument outside a block", "%s contains only deviation blocks, so %q means nothing here.", File, a.Name))
	}
	for _, b := range body.Blocks {
		switch {
		case b.Type != "deviation":
			diags = append(diags, diag.Error(b.TypeRange, "Unknown block", "%s contains only deviation blocks, not %q.", File, b.Type))
		case len(b.Labels) != 1:
			diags = append(diags, diag.Error(b.DefRange(), "Wrong number of labels", "A deviation block takes one label, its name."))
		default:
			d, more := Decode(b, OfTemplate, spend)
			diags = append(diags, more...)
			d.Template = template
			out = append(out, d)
		}
	}
	return out, append(diags, Doubles(out)...)
}

// Doubles reports deviations that have the name of one before them: the blueprint and
// its templates share one set of names.
func Doubles(all []*Deviation) hcl.Diagnostics {
	var diags hcl.Diagnostics
	first := map[string]*Deviation{}
	for _, d := range all {
		if f := first[d.Name]; f == nil {
			first[d.Name] = d
		} else {
			diags = append(diags, diag.Error(d.Range, "Duplicate deviation", "There is already a deviation %q%s, at %s. Rename or remove one of them.", d.Name, owner(f, d), f.Range))
		}
	}
	return diags
}

// owner says whose the first of two is, where it is not the owner of the second.
func owner(first, second *Deviation) string {
	switch {
	case first.Template == second.Template:
		return ""
	case first.Template == "":
		return " of the blueprint"
	}
	return " of the template \"" + first.Template + "\""
}
