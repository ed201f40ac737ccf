package link

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/constraint"
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
		for _, r := range l.configurations(p) {
			providers[r.Name] = append(providers[r.Name], r)
		}
	}
	if len(terraform) > 0 {
		if l.core() == "OpenTofu" {
			terraform = append(forOpenTofu(terraform), specialise.Requirement{Version: ">= " + openTofuFloor})
		}
		v.Terraform, v.TerraformNote = l.join(l.core(), terraform)
	}
	for _, name := range sortedKeys(providers) {
		if used != nil && !used[name] {
			continue
		}
		reqs := providers[name]
		p := Provider{Name: name, Source: reqs[0].Source}
		for _, r := range reqs {
			if r.Source != "" && p.Source != "" && r.Source != p.Source {
				l.errorf(r.Range, "Conflicting provider sources", "The provider %q has the source %q here, but %q in another template (%s). Use the same source in both.", name, r.Source, p.Source, reqs[0].Range)
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

// The versions from which on the two cores know what templates are written with:
// write-only arguments and ephemeral values.
const (
	terraformFloor = "1.11.0"
	openTofuFloor  = "1.10.0"
)

// core names the program that runs the module.
func (l *linker) core() string {
	if l.text(resolve.Target) == "opentofu" {
		return "OpenTofu"
	}
	return "Terraform"
}

// forOpenTofu lowers Terraform's floor to that of OpenTofu, which numbers its
// versions by itself.
func forOpenTofu(reqs []specialise.Requirement) []specialise.Requirement {
	out := slices.Clone(reqs)
	for i, r := range out {
		if set, err := constraint.Parse(r.Version); err == nil {
			lowered := set.Lowered(terraformFloor, openTofuFloor).String()
			if lowered != set.String() {
				out[i].Version, out[i].Note = lowered, ""
			}
		}
	}
	return out
}

// join intersects version constraints. The note is that of the lower bound that
// won.
func (l *linker) join(what string, reqs []specialise.Requirement) (joined, note string) {
	var sets []constraint.Set
	var from []specialise.Requirement
	seen := map[string]bool{} // most templates say the same
	for _, r := range reqs {
		if r.Version == "" || seen[r.Version] {
			continue
		}
		set, err := constraint.Parse(r.Version)
		if err != nil {
			l.errorf(r.Range, "Not a version constraint", "%s. Write comparisons such as \">= 1.2, < 2.0\".", err)
			continue
		}
		seen[r.Version] = true
		sets, from = append(sets, set), append(from, r)
	}
	all := constraint.Join(sets...)
	floor := all.Floor()
	for i, s := range sets {
		if floor != "" && s.Floor() == floor {
			note = from[i].Note
			break
		}
	}
	if conflict := constraint.Conflict(sets...); conflict != nil {
		l.conflict(what, conflict, sets, from)
	}
	return all.String(), note
}

// conflict reports constraints that no version satisfies, at the last of them that
// a template makes.
func (l *linker) conflict(what string, conflict, sets []constraint.Set, from []specialise.Requirement) {
	var texts []string
	var rng hcl.Range
	for _, c := range conflict {
		texts = append(texts, c.String())
		for i, s := range sets {
			if s.String() == c.String() && from[i].Range.Filename != "" {
				rng = from[i].Range
			}
		}
	}
	l.errorf(rng, "Conflicting version constraints", "No version of %s satisfies %s. Change the constraint of the template, or choose a different value for the option aws_provider or target.", what, diag.Quoted(texts, "and"))
}
