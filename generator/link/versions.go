package link

import (
	"slices"
	"strings"

	version "github.com/hashicorp/go-version"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/specialise"
)

// versions joins the version constraints of all components with those of the
// options aws_provider and target. Providers that are not in used are left out,
// unless used is nil.
func (l *linker) versions(order []*part, used map[string]bool) Versions {
	var v Versions
	var terraform []specialise.Requirement
	providers := map[string][]specialise.Requirement{}
	for _, p := range order {
		terraform = append(terraform, p.comp.Terraform...)
		for _, r := range p.comp.Providers {
			providers[r.Name] = append(providers[r.Name], r)
		}
	}
	if len(terraform) > 0 {
		if l.text(resolve.Target) == "opentofu" {
			terraform = slices.DeleteFunc(terraform, func(r specialise.Requirement) bool { return r.Version == ">= 1.11.0" })
			terraform = append(terraform, specialise.Requirement{Version: ">= 1.10.0"})
		}
		v.Terraform, v.TerraformNote = l.join("required_version", terraform)
	}
	for _, name := range sortedKeys(providers) {
		if used != nil && !used[name] {
			continue
		}
		reqs := providers[name]
		p := Provider{Name: name, Source: reqs[0].Source}
		for _, r := range reqs {
			if r.Source != "" && p.Source != "" && r.Source != p.Source {
				l.errorf(r.Range, "Two sources for a provider", "The provider %q comes from %q here, and from %q in another template (%s). Make them equal.", name, r.Source, p.Source, reqs[0].Range)
			}
			if p.Source == "" {
				p.Source = r.Source
			}
			for _, a := range r.Aliases {
				if !slices.Contains(p.Aliases, a) {
					p.Aliases = append(p.Aliases, a)
				}
			}
		}
		slices.Sort(p.Aliases)
		if p.Source == "hashicorp/aws" {
			reqs = append(reqs, awsMajor(l.major()))
		}
		p.Version, p.Note = l.join(name, reqs)
		v.Providers = append(v.Providers, p)
	}
	return v
}

// awsMajor returns the constraint of a major version of the AWS provider.
func awsMajor(major string) specialise.Requirement {
	if major == "5" {
		return specialise.Requirement{Version: ">= 5.100, < 6.0"}
	}
	return specialise.Requirement{Version: ">= 6.0, < 7.0"}
}

// major returns the chosen major version of the AWS provider.
func (l *linker) major() string { return l.text(resolve.AWSProvider) }

func (l *linker) text(option string) string {
	v, ok := l.options[option]
	if !ok || v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
		return ""
	}
	return v.AsString()
}

// join intersects version constraints: the highest lower and the lowest upper
// bound stay. Other operators are kept as they are. The note is that of the
// bound that won.
func (l *linker) join(what string, reqs []specialise.Requirement) (constraint, note string) {
	var low, high *version.Version
	var lowText, highText string
	var others []string
	seen := map[string]bool{} // most templates say the same
	for _, r := range reqs {
		if r.Version == "" || seen[r.Version] {
			continue
		}
		if _, err := version.NewConstraint(r.Version); err != nil {
			l.diags = append(l.diags, diag.Error(r.Range, "Not a version constraint", "%q is not a version constraint: %s.", r.Version, err))
			continue
		}
		seen[r.Version] = true
		for part := range strings.SplitSeq(r.Version, ",") {
			part = strings.TrimSpace(part)
			switch {
			case strings.HasPrefix(part, ">="):
				if v, err := version.NewVersion(strings.TrimSpace(part[2:])); err == nil && (low == nil || v.GreaterThan(low)) {
					low, lowText, note = v, part, r.Note
				}
			case strings.HasPrefix(part, "<") && !strings.HasPrefix(part, "<="):
				if v, err := version.NewVersion(strings.TrimSpace(part[1:])); err == nil && (high == nil || v.LessThan(high)) {
					high, highText = v, part
				}
			case !slices.Contains(others, part):
				others = append(others, part)
			}
		}
	}
	if low != nil && high != nil && !low.LessThan(high) {
		rng := hcl.Range{}
		if len(reqs) > 0 {
			rng = reqs[0].Range
		}
		l.diags = append(l.diags, diag.Error(rng, "Versions do not fit", "The templates and options together ask for %s of %s and %s, which no version is.", lowText, what, highText))
	}
	var parts []string
	for _, p := range append([]string{lowText, highText}, others...) {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", "), note
}
