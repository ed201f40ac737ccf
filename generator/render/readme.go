package render

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
)

// readme returns README.md.
func (r *renderer) readme() []byte {
	d := &document{}
	d.paragraph("# ", text(r.Blueprint.Name))
	if r.Blueprint.Summary != "" {
		d.paragraph(text(r.Blueprint.Summary))
	}
	r.architecture(d)
	r.usage(d)
	r.options(d)
	r.inputs(d)
	r.outputTable(d)
	r.deviations(d)
	r.testing(d)
	return []byte(strings.TrimRight(d.String(), "\n") + "\n")
}

func (r *renderer) architecture(d *document) {
	if len(r.Module.Parts) == 0 {
		return
	}
	d.paragraph("## Architecture")
	d.fence("mermaid", Diagram(r.Module))
	if len(r.Module.Edges) > 0 {
		d.paragraph("An arrow points from a component to one that it needs.")
	}
	var rows [][]string
	for _, p := range r.Module.Parts {
		rows = append(rows, []string{code(p.Name), code(p.File), orDash(text(p.Summary))})
	}
	d.table([]string{"Component", "File", "What it is"}, rows)
}

func (r *renderer) usage(d *document) {
	d.paragraph("## Use")
	d.paragraph("As a module, from a folder beside it:")
	call := hclwrite.NewEmptyFile()
	r.appendModule(call.Body(), "./"+r.Blueprint.Name)
	d.fence("hcl", call.Bytes())

	if r.needsAliases() {
		var aliases []string
		for _, p := range r.Module.Versions.Providers {
			for _, a := range p.Aliases {
				aliases = append(aliases, code(a))
			}
		}
		d.paragraph("It cannot be a root module itself, for it takes ", strings.Join(aliases, ", "), " from its caller.")
	} else if len(r.Module.Versions.Providers) > 0 {
		d.paragraph("As a root module, add a file with the provider and apply it in place:")
		providers := hclwrite.NewEmptyFile()
		r.appendProviders(providers.Body())
		d.fence("hcl", joinBlocks(providers.Bytes()))
	}
	if r.Blueprint.Example != nil {
		d.paragraph("[examples/complete](examples/complete/main.tf) is a root module that is ready to plan.")
	}
	if len(r.Blueprint.Profiles) == 0 {
		return
	}
	var rows [][]string
	for _, p := range r.Blueprint.Profiles {
		rows = append(rows, []string{"[" + envPath(p) + "](" + envPath(p) + ")", orDash(text(p.Description))})
	}
	d.table([]string{"Values", "For"}, rows)
}

func (r *renderer) options(d *document) {
	if len(r.Choices) == 0 {
		return
	}
	d.paragraph("## Options")
	d.paragraph("Chosen when this module was rendered. To choose again:")
	d.fence("sh", []byte(r.command()+"\n"))
	var rows [][]string
	for _, c := range r.Choices {
		rows = append(rows, []string{code(c.Option.Name), code(resolve.Show(c.Value)), text(c.Source), orDash(text(c.Option.Description))})
	}
	d.table([]string{"Option", "Value", "From", "What it decides"}, rows)
}

// command returns the command line that makes this rendering again.
func (r *renderer) command() string {
	words := []string{"bpgen", "render", r.Blueprint.Name}
	if r.Module.Layout == link.Nested {
		words = append(words, "--layout", string(r.Module.Layout))
	}
	for _, c := range r.Choices {
		if c.Option.Default == cty.NilVal || !c.Value.RawEquals(c.Option.Default) {
			words = append(words, "--set", shellQuote(c.Option.Name+"="+resolve.Show(c.Value)))
		}
	}
	return strings.Join(append(words, "--out", "."), " ")
}

// shellQuote quotes a word for a POSIX shell when it needs it.
func shellQuote(word string) string {
	plain := strings.IndexFunc(word, func(c rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=.,/:@%+", c)
	}) < 0
	if plain {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

func (r *renderer) inputs(d *document) {
	if len(r.Module.Variables) == 0 {
		return
	}
	d.paragraph("## Inputs")
	var rows [][]string
	for _, v := range r.Module.Variables {
		name := code(v.Name)
		if v.Description != "" {
			name += "<br>" + text(v.Description)
		}
		rows = append(rows, []string{name, code(orAny(inline(v.Type))), defaultCell(v), orDash(text(v.Allowed)), orDash(r.reason(v))})
	}
	d.table([]string{"Name", "Type", "Default", "Allowed", "Why this default"}, rows)
}

func orAny(typ string) string {
	if typ == "" {
		return "any"
	}
	return typ
}

// maxDefault bounds, in bytes, the defaults that the README shows.
const maxDefault = 100

func defaultCell(v link.Variable) string {
	if v.Required {
		return "required"
	}
	shown := inline(v.Default)
	switch {
	case shown == "":
		return code("null")
	case len(shown) > maxDefault:
		return "see [variables.tf](variables.tf)"
	}
	return code(shown)
}

// reason says where a default comes from.
func (r *renderer) reason(v link.Variable) string {
	var reasons []string
	for _, id := range v.Notes {
		reasons = append(reasons, text(r.explained(id)))
	}
	if v.Why != "" {
		reasons = append(reasons, text(v.Why))
	}
	return strings.Join(reasons, "<br>")
}

func (r *renderer) outputTable(d *document) {
	if len(r.Module.Outputs) == 0 {
		return
	}
	d.paragraph("## Outputs")
	var rows [][]string
	for _, o := range r.Module.Outputs {
		what := text(o.Description)
		if o.Sensitive {
			what = strings.TrimSpace(what + " Sensitive.")
		}
		rows = append(rows, []string{code(o.Name), orDash(what)})
	}
	d.table([]string{"Name", "What it is"}, rows)
}

func (r *renderer) deviations(d *document) {
	if len(r.Deviations) == 0 {
		return
	}
	d.paragraph("## Deviations from the notes")
	d.paragraph("Where the notes are out of date or unsafe, this module differs from them.")
	for _, dev := range r.Deviations {
		d.paragraph("### ", text(dev.Name))
		d.line("- Rendered: ", text(dev.Rendered))
		for _, id := range dev.Notes {
			d.line("- Instead of: ", text(r.explained(id)))
		}
		d.line("- Why: ", text(dev.Reason))
		d.paragraph("- To restore: ", text(dev.Restore))
	}
}

func (r *renderer) testing(d *document) {
	if len(r.Module.Tests) == 0 {
		return
	}
	d.paragraph("## Tests")
	d.fence("sh", []byte("terraform init && terraform test\n"))
	if len(r.Module.Versions.Providers) > 0 {
		d.paragraph("They need no credentials and make nothing: the providers are mocked. ", code("tofu"), " runs them just as well.")
	}
}
