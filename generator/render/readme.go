package render

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
)

// readme returns README.md.
func (r *renderer) readme(noted bool) []byte {
	d := &document{}
	d.paragraph("# ", text(r.Blueprint.Name))
	if r.Summary != "" {
		d.paragraph(text(r.Summary))
	}
	if noted {
		d.paragraph("Comments such as ", code("# notes <id>"), " cite the notes that this module follows. ", fileLink(NotesPath), " says what these notes are, and what each entry asks for.")
	}
	r.architecture(d)
	d.Write(r.usage())
	d.Write(r.state())
	r.costs(d)
	r.options(d)
	r.inputs(d)
	r.outputTable(d)
	r.assetTables(d)
	r.deviations(d)
	r.leftOut(d)
	r.testing(d)
	// Values and words of the blueprint may hold what a terminal would obey.
	return d.finish()
}

func (r *renderer) architecture(d *document) {
	if len(r.Module.Parts) == 0 {
		return
	}
	d.paragraph("## Architecture")
	chart := Diagram(r.Module)
	d.fence("mermaid", chart)
	var legend []string
	for _, l := range []struct{ mark, meaning string }{
		{" --> ", "A solid arrow shows the path of a request."},
		{" -.-> ", "A dotted arrow points to what a component uses."},
		{" subgraph ", "A box contains what is inside the network."},
	} {
		if bytes.Contains(chart, []byte(l.mark)) {
			legend = append(legend, l.meaning)
		}
	}
	if len(legend) > 0 {
		d.paragraph(strings.Join(legend, " "))
	}
	var rows [][]string
	for _, p := range r.Module.Parts {
		rows = append(rows, []string{text(title(p.Name)), fileLink(p.File), orDash(text(p.Summary))})
	}
	d.table([]string{"Component", "File", "What it is"}, rows)
}

func fileLink(path string) string { return "[" + text(path) + "](" + path + ")" }

func (r *renderer) usage() []byte {
	d := &document{}
	d.paragraph("## Use")
	if needs := r.needs(); len(needs) > 0 {
		d.paragraph("It requires ", strings.Join(needs, " and "), ".")
	}
	if r.needsAliases() {
		d.paragraph("Call it from a root module, which passes the providers; here that is the parent directory:")
	} else {
		d.paragraph("Call it from a root module, here the parent directory:")
	}
	call := hclwrite.NewEmptyFile()
	if r.needsAliases() {
		r.appendProviders(call.Body())
	}
	r.appendModule(call.Body(), "./"+r.Blueprint.Name)
	d.fence("hcl", r.printed(call))

	profiles := r.Blueprint.Profiles
	if !r.needsAliases() && len(r.Module.Versions.Providers) > 0 {
		d.paragraph("Or apply it in place, as a root module, with a provider file:")
		providers := hclwrite.NewEmptyFile()
		r.appendProviders(providers.Body())
		d.fence("hcl", joinBlocks(r.printed(providers)))
	}
	if len(profiles) > 0 {
		var rows [][]string
		for _, p := range profiles {
			rows = append(rows, []string{fileLink(envPath(p)), orDash(text(p.Description))})
		}
		if r.needsAliases() {
			d.paragraph("The values of each environment are in a file, for use in the module block:")
		} else {
			d.paragraph("The values of each environment are in a file, for ", code(r.program()+" plan -var-file="+envPath(profiles[0])), ":")
		}
		d.table([]string{"Values", "For"}, rows)
	}
	if r.Blueprint.Example != nil {
		d.paragraph(fileLink(examplePath), " is a root module that is ready to plan.")
	}
	return d.Bytes()
}

// needs lists the versions that the module asks for.
func (r *renderer) needs() []string {
	v := r.Module.Versions
	var out []string
	if v.Terraform != "" {
		name := "Terraform or OpenTofu"
		switch r.chosen(resolve.Target) {
		case "terraform":
			name = "Terraform"
		case "opentofu":
			name = "OpenTofu"
		}
		out = append(out, name+" "+code(v.Terraform))
	}
	for _, p := range v.Providers {
		out = append(out, strings.TrimSpace("the provider "+code(p.Source)+" "+codeOrNothing(p.Version)))
	}
	return out
}

func codeOrNothing(s string) string {
	if s == "" {
		return ""
	}
	return code(s)
}

// program returns the command that applies the module.
func (r *renderer) program() string {
	if r.chosen(resolve.Target) == "opentofu" {
		return "tofu"
	}
	return "terraform"
}

// chosen returns the value of an option, "" when there is no such option.
func (r *renderer) chosen(option string) string {
	for _, c := range r.Choices {
		if c.Option.Name == option {
			return resolve.Show(c.Value)
		}
	}
	return ""
}

func (r *renderer) options(d *document) {
	if len(r.Choices) == 0 {
		return
	}
	d.paragraph("## Options")
	d.paragraph("This is version ", text(r.Blueprint.Version), " of the blueprint, rendered with these options. To render it again, or with other options, run in this directory:")
	d.fence("sh", []byte(r.command()+"\n"))
	if r.Blueprint.Own {
		d.paragraph("The blueprint does not come with bpgen: set ", code("BPGEN_PATH"), " to the directory that contains ", code("blueprints/"+r.Blueprint.Name), ", or add ", code("--blueprint-dir"), " with it.")
	}
	var rows [][]string
	for _, c := range r.Choices {
		shown := resolve.Show(c.Value)
		rows = append(rows, []string{code(c.Option.Name), code(shown), choices(c.Option), orDash(text(c.Option.Description))})
	}
	d.table([]string{"Option", "Chosen", "Choices", "Effect"}, rows)
}

// choices lists the values that an option may have.
func choices(o *blueprint.Option) string {
	values := o.OneOf
	if len(values) == 0 && o.Type == cty.Bool {
		values = []cty.Value{cty.True, cty.False}
	}
	if len(values) == 0 {
		if o.Default == cty.NilVal {
			return "—"
		}
		return code(resolve.Show(o.Default)) + " (default) or another"
	}
	var out []string
	for _, v := range values {
		shown := code(resolve.Show(v))
		if o.Default != cty.NilVal && v.RawEquals(o.Default) {
			shown += " (default)"
		}
		out = append(out, shown)
	}
	return strings.Join(out, ", ")
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
		rows = append(rows, []string{name, code(orAny(r.inline(v.Type))), r.defaultCell(v), orDash(text(v.Allowed)), orDash(r.reason(v))})
	}
	d.table([]string{"Name", "Type", "Default", "Allowed", "Why this default"}, rows)
}

// inline is the function inline, for texts that come again.
func (r *renderer) inline(src string) string {
	return r.Cache.inlined.Get(src, func() string { return inline(src) })
}

func orAny(typ string) string {
	if typ == "" {
		return "any"
	}
	return typ
}

// maxDefault bounds, in bytes, the defaults that the README shows.
const maxDefault = 100

func (r *renderer) defaultCell(v link.Variable) string {
	if v.Required {
		return "required"
	}
	shown := r.inline(v.Default)
	switch {
	case shown == "":
		return code("null")
	case len(shown) > maxDefault:
		return "see " + fileLink("variables.tf")
	}
	return code(shown)
}

// reason says where a default comes from.
func (r *renderer) reason(v link.Variable) string {
	var reasons []string
	for _, id := range v.Notes {
		if d := r.departures()[id]; d != nil {
			reasons = append(reasons, "Departs from "+noteLink(id, NotesPath)+": "+text(d.Reason))
			continue
		}
		reasons = append(reasons, r.explained(id))
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

// assetTables lists what is written beside the configuration: the runbooks, and the
// files that the module reads or that belong into another repository.
func (r *renderer) assetTables(d *document) {
	for _, kind := range []struct{ folder, heading, column, about string }{
		{"runbooks", "## Runbooks", "Runbook", "What to do by hand, with the names of this module."},
		{"files", "## Files", "File", "What the module reads, or what belongs in another repository."},
	} {
		var rows [][]string
		for _, f := range r.Module.Assets.Files() {
			if folderOf(f.Path) == kind.folder {
				rows = append(rows, []string{fileLink(f.Path), orDash(text(purpose(f)))})
			}
		}
		if len(rows) > 0 {
			d.paragraph(kind.heading)
			d.paragraph(kind.about)
			d.table([]string{kind.column, "What it is for"}, rows)
		}
	}
}

// folderOf returns the folder at the root of the module, or of the child module,
// in which a file stands.
func folderOf(path string) string {
	parts := strings.Split(path, "/")
	if len(parts) > 2 && parts[0] == "modules" {
		parts = parts[2:]
	}
	if len(parts) < 2 {
		return ""
	}
	return parts[0]
}

// purpose returns what a file says of itself at its head: the heading of
// Markdown, or its first sentence; the first sentence of a comment in anything
// else; "" where there is none, as in JSON.
func purpose(f fileset.File) string {
	markdown := strings.HasSuffix(f.Path, ".md")
	for line := range strings.Lines(string(f.Bytes)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#!") {
			continue
		}
		words := strings.TrimSpace(strings.TrimLeft(line, "#"))
		switch {
		case markdown && words != line:
			return strings.TrimSpace(strings.TrimRight(words, "#"))
		case !markdown && words == line:
			var comment bool
			if words, comment = strings.CutPrefix(line, "//"); !comment {
				return ""
			}
		}
		sentence, _, _ := strings.Cut(strings.TrimSpace(words), ". ")
		return strings.TrimSuffix(sentence, ".")
	}
	return ""
}

func (r *renderer) deviations(d *document) {
	if len(r.Deviations) == 0 {
		return
	}
	d.paragraph("## Deviations from the notes")
	d.paragraph("Where the notes are out of date or unsafe, this module differs from them.")
	for _, dev := range r.Deviations {
		d.Write(r.deviation(dev))
	}
}

func (r *renderer) deviation(dev *deviation.Deviation) []byte {
	d := &document{}
	d.paragraph("### ", text(title(dev.Name)))
	d.line("- Rendered: ", text(dev.Rendered))
	for _, id := range dev.Notes {
		d.line("- Instead of: ", r.explained(id))
	}
	d.line("- Why: ", text(dev.Reason))
	d.paragraph("- To restore: ", text(dev.Restore))
	return d.Bytes()
}

func (r *renderer) testing(d *document) {
	if len(r.Module.Tests) == 0 {
		return
	}
	d.paragraph("## Tests")
	d.fence("sh", []byte(r.program()+" init\n"+r.program()+" test\n"))
	if len(r.Module.Versions.Providers) > 0 {
		d.paragraph("They need no credentials and create nothing, because the providers are mocked.")
	}
}
