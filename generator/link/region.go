package link

import (
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/home"
	"github.com/bpgen/bpgen/generator/specialise"
)

// regionCode is the shape of a region's name. Which there are changes every year, so
// a name that bpgen does not know is no error.
var regionCode = regexp.MustCompile(`^[a-z]{2,}(-[a-z]+)+-[0-9]+$`)

// region decides where a component stands; the zero region is that of the module.
func (l *linker) region(p *part) specialise.Region {
	if p.Region == nil {
		return specialise.Region{}
	}
	rng := p.Region.Range()
	r := l.early(p.Region, "Region depends on a component", "The region of a component is chosen before components are linked; it may use only options.")
	v := r.Val
	switch {
	case r.Err != nil:
		l.diags = append(l.diags, r.Err)
		return specialise.Region{}
	case !r.Known():
		l.errorf(rng, "Region is unknown", "The region of a component must be known at render time; use options, not variables.")
		return specialise.Region{}
	case v.IsNull():
		return specialise.Region{}
	case v.Type() != cty.String || !regionCode.MatchString(v.AsString()):
		l.errorf(rng, "Not a region", "%s is not a region code. Use one such as %q, or null for the module's region.", specialise.Literal(v), home.Regions()[0].Code)
		return specialise.Region{}
	}
	l.misspelt(p, v.AsString())
	if l.in.Schemas != nil && specialise.Regional(p.tmpl, l.in.Schemas) == nil {
		l.diags = append(l.diags, diag.Warning(rng, "Region without effect", "Nothing in the template %q belongs to a region, so \"region\" has no effect here. Remove it.", p.tmpl.Name))
		return specialise.Region{}
	}
	out := specialise.Region{Name: v.AsString(), Note: p.RegionNote}
	if l.major() == "5" {
		// Who reads the name of the configuration knows the region; so do the examples
		// and tests that are rendered.
		out.Alias = "aws." + strings.ReplaceAll(out.Name, "-", "_")
	}
	return out
}

// misspelt warns about a region that is not known, when one with a similar name is.
func (l *linker) misspelt(p *part, region string) {
	var known []string
	for _, r := range home.Regions() {
		if r.Code == region {
			return
		}
		known = append(known, r.Code)
	}
	if near := diag.Nearest(region, known); len(near) > 0 {
		l.diags = append(l.diags, diag.Warning(p.Region.Range(), "Unknown region", "bpgen does not know the region %q. Did you mean %s?", region, diag.Quoted(near, "or")))
	}
}

// configurations returns the requirements of a component, with the provider
// configuration that leads to its region.
func (l *linker) configurations(p *part) []specialise.Requirement {
	alias := p.input.Region.Alias
	if alias == "" || l.in.Layout != Nested && !p.comp.Elsewhere {
		return p.comp.Providers
	}
	return slices.Concat(p.comp.Providers, []specialise.Requirement{{Name: "aws", Aliases: []string{alias}, Range: p.Region.Range()}})
}

// inRegion puts what is in a file of a child module into the region of its component,
// where blocks take it themselves; a configuration of the provider is passed to the
// whole module instead.
func (l *linker) inRegion(p *part, text string) string {
	if p.input.Region.Name == "" || p.input.Region.Alias != "" {
		return text
	}
	f, diags := guard.Printed([]byte(text))
	if diags.HasErrors() {
		return text // vet reports it where it is written
	}
	var at []int
	for _, b := range f.Body.(*hclsyntax.Body).Blocks {
		blocks := hclsyntax.Blocks{b}
		if b.Type == "check" {
			blocks = b.Body.Blocks
		}
		for _, b := range blocks {
			if p.input.Region.Takes(b, l.in.Schemas) && b.Body.Attributes["region"] == nil && (b.Body.Attributes["provider"] == nil || specialise.Default(b.Body.Attributes["provider"])) {
				at = append(at, b.OpenBraceRange.End.Byte, b.CloseBraceRange.Start.Byte)
			}
		}
	}
	for i := len(at) - 2; i >= 0; i -= 2 {
		text = text[:at[i]] + "\n" + p.input.Region.Argument() + "\n" + text[at[i]:at[i+1]] + "\n" + text[at[i+1]:]
	}
	return text
}
