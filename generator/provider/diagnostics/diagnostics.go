// Package diagnostics turns the diagnostics of bpgen into those of Terraform.
//
// It takes hcl.Diagnostics, the sources that their ranges point into, and which
// attributes stand behind which ranges, and returns diagnostics of
// terraform-plugin-framework: at an attribute where one is to blame, else with
// file, line and snippet in the detail. It does not touch the operating system.
package diagnostics

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	tf "github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/resolve"
)

// Places says which attribute a range means.
type Places map[hcl.Range]path.Path

// Mark returns a range that means the attribute, for values that stand in no
// file that bpgen reads.
func (p Places) Mark(at path.Path) *hcl.Range {
	rng := hcl.Range{Filename: attribute + at.String(), Start: hcl.InitialPos, End: hcl.InitialPos}
	p[rng] = at
	return &rng
}

// attribute begins the name of what is no file. No file's name begins so.
const attribute = "\x00attribute "

func marked(rng hcl.Range) bool { return strings.HasPrefix(rng.Filename, attribute) }

// Profile is the attribute that names a profile, wherever there is one.
const Profile = "profile"

// Convert returns the diagnostics for Terraform. One without an attribute of its
// own is put at otherwise; path.Empty() puts it at the whole block.
func Convert(diags hcl.Diagnostics, sources map[string]*hcl.File, places Places, otherwise path.Path) tf.Diagnostics {
	var out tf.Diagnostics
	for _, d := range diag.Ready(diags) {
		at, found := place(d, places)
		if !found {
			at = otherwise
		}
		if _, ok := d.Extra.(resolve.ProfileFault); ok {
			at = path.Root(Profile)
		}
		detail := Detail(d, sources)
		switch {
		case d.Severity == hcl.DiagWarning && len(at.Steps()) == 0:
			out.AddWarning(d.Summary, detail)
		case d.Severity == hcl.DiagWarning:
			out.AddAttributeWarning(at, d.Summary, detail)
		case len(at.Steps()) == 0:
			out.AddError(d.Summary, detail)
		default:
			out.AddAttributeError(at, d.Summary, detail)
		}
	}
	return out
}

// Function returns the error of a function for the errors among the diagnostics,
// at the argument of that position; nil without errors. A function has no way to
// warn.
func Function(diags hcl.Diagnostics, sources map[string]*hcl.File, position int64) *function.FuncError {
	var texts []string
	for _, d := range diag.Ready(diags) {
		if d.Severity == hcl.DiagError {
			texts = append(texts, d.Summary+": "+Detail(d, sources))
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return function.NewArgumentFuncError(position, strings.Join(texts, "\n\n"))
}

// Detail returns the detail of a diagnostic, with file, line and snippet where it
// points into a file, and not at an attribute alone.
func Detail(d *hcl.Diagnostic, sources map[string]*hcl.File) string {
	if m, ok := d.Extra.(resolve.MissingOption); ok {
		c := *d
		c.Detail = fmt.Sprintf("The option %q has no default and was not set. Add it to the options.", m.Name)
		d = &c
	}
	if d.Subject == nil || marked(*d.Subject) {
		return d.Detail
	}
	// The writer of diag knows how to show a place; its own words are left out.
	bare := *d
	bare.Summary, bare.Detail = "", ""
	var b strings.Builder
	if err := diag.Print(&b, sources, hcl.Diagnostics{&bare}, 0, nil); err != nil {
		return d.Detail
	}
	_, shown, _ := strings.Cut(b.String(), "\n")
	return strings.TrimSpace(d.Detail + "\n\n  " + strings.TrimSpace(shown))
}

// place returns the attribute that a diagnostic is about.
func place(d *hcl.Diagnostic, places Places) (path.Path, bool) {
	if d.Subject == nil {
		return path.Empty(), false
	}
	at, ok := places[*d.Subject]
	return at, ok
}
