// Package show is the command "bpgen template show": what a template takes, what
// it gives and what is in it.
package show

import (
	"context"
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/spf13/cobra"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/secret"
	"github.com/bpgen/bpgen/generator/template"
)

// Options are what the flags say.
type Options struct {
	Template string
	Dirs     []string
	JSON     bool
}

// NewCmd returns the command. runF takes the place of the work in tests.
func NewCmd(f *shell.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	opts := &Options{}
	cmd := &cobra.Command{
		Use:   "show NAME",
		Short: "Show the variables, outputs and files of a template",
		Long: `Show the variables that a component can set in "with", and the outputs that other
components can use. A module in a subdirectory of a source tree is named with
that subdirectory: terraform-aws-iam//modules/iam-role.`,
		Example: "  bpgen template show network\n  bpgen template show bucket --blueprint-dir platform --json",
		Args: func(cmd *cobra.Command, args []string) error {
			switch len(args) {
			case 0:
				return shell.Usage("which template? Write %s NAME; bpgen template list shows the names", cmd.CommandPath())
			case 1:
				return nil
			}
			return shell.Usage("%s takes one template, but got %d arguments", cmd.CommandPath(), len(args))
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return names(f, opts.Dirs)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.Template = args[0]
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return run(f, opts)
		},
	}
	shell.AddDirs(cmd, &opts.Dirs)
	cmd.Flags().BoolVar(&opts.JSON, "json", false, "print JSON")
	return cmd
}

// names completes the name of a template.
func names(f *shell.Factory, dirs []string) ([]string, cobra.ShellCompDirective) {
	silent := *f
	silent.IO = f.IO.Silent()
	cat, err := silent.Catalog(dirs)
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var out []string
	for _, name := range cat.Templates() {
		text := name
		if t, diags := cat.Template(name, hcl.Range{}); !diags.HasErrors() && t.Summary != "" {
			text = cobra.CompletionWithDesc(name, t.Summary)
		}
		out = append(out, text)
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

type document struct {
	Name       string      `json:"name"`
	Summary    string      `json:"summary"`
	Variables  []variable  `json:"variables"`
	Outputs    []output    `json:"outputs"`
	Deviations []departure `json:"deviations,omitempty"`
	Files      []string    `json:"files"`
	Tests      []string    `json:"tests"`
	Others     []string    `json:"other_files"`
	Mocks      []mock      `json:"mocks,omitempty"`
}

type variable struct {
	Name        string          `json:"name"`
	Type        string          `json:"type"`
	Required    bool            `json:"required"`
	Default     json.RawMessage `json:"default,omitempty"`
	Description string          `json:"description"`
	Allowed     string          `json:"allowed,omitempty"`
	Decides     bool            `json:"decided_when_rendered"`
	Sensitive   bool            `json:"sensitive,omitempty"`
	Notes       []string        `json:"notes,omitempty"`
	Why         string          `json:"why,omitempty"`

	shownDefault string
}

type output struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Sensitive   bool   `json:"sensitive,omitempty"`
}

// A departure says where the template differs from the notes.
type departure struct {
	Name     string   `json:"name"`
	Notes    []string `json:"notes"`
	Rendered string   `json:"rendered"`
	Reason   string   `json:"reason"`
	Restore  string   `json:"restore"`
}

// A mock says what the tests take for values of a type that the provider decides.
// What another template says of the same must agree with it.
type mock struct {
	Kind   string   `json:"kind"` // "mock_resource" or "mock_data"
	Type   string   `json:"type"`
	Values []string `json:"values"` // as they are written
}

// mocks lists the mocks of a template.
func mocks(t *template.Template) []mock {
	var out []mock
	for _, m := range t.MockValues() {
		one := mock{Kind: m.Kind, Type: m.Type, Values: []string{}}
		if a := m.Block.Body.Attributes["defaults"]; a != nil {
			object, _ := a.Expr.(*hclsyntax.ObjectConsExpr)
			for i := 0; object != nil && i < len(object.Items); i++ {
				rng := hcl.RangeBetween(object.Items[i].KeyExpr.Range(), object.Items[i].ValueExpr.Range())
				one.Values = append(one.Values, shell.OneLine(string(rng.SliceBytes(m.File.Src))))
			}
		}
		out = append(out, one)
	}
	return out
}

func run(f *shell.Factory, opts *Options) error {
	cat, err := f.Catalog(opts.Dirs)
	if err != nil {
		return err
	}
	t, diags := cat.Template(opts.Template, hcl.Range{})
	if err := f.Report(cat.Sources(), diags); err != nil {
		return err
	}
	doc, err := describe(t)
	if err != nil {
		return err
	}
	if opts.JSON {
		return f.WriteJSON(doc)
	}
	return write(f, doc)
}

func describe(t *template.Template) (document, error) {
	doc := document{Name: t.Name, Summary: t.Summary, Variables: []variable{}, Outputs: []output{}, Files: []string{}, Tests: []string{}, Others: []string{}}
	for _, v := range t.Variables {
		d := link.Describe(v)
		out := variable{
			Name: v.Name, Type: shell.OneLine(d.Type), Required: d.Required, Description: d.Description, Allowed: d.Allowed, Decides: t.Decides(v.Name),
			Sensitive: d.Sensitive, Notes: d.Notes, Why: d.Why,
		}
		if !d.Required {
			out.shownDefault = shell.OneLine(d.Default)
			value, _ := v.Default.UnmarkDeep()
			if v.Sensitive && secret.Bears(value) {
				out.shownDefault, value = secret.Hidden, cty.StringVal(secret.Hidden)
			}
			var err error
			if out.Default, err = ctyjson.Marshal(value, value.Type()); err != nil {
				return doc, err
			}
		}
		doc.Variables = append(doc.Variables, out)
	}
	for _, o := range t.Outputs {
		doc.Outputs = append(doc.Outputs, output{o.Name, description(o), o.Sensitive})
	}
	for _, d := range t.Deviations {
		doc.Deviations = append(doc.Deviations, departure{d.Name, d.Notes, d.Rendered, d.Reason, d.Restore})
	}
	for _, file := range t.Files {
		doc.Files = append(doc.Files, file.Name)
	}
	for _, file := range t.Tests {
		doc.Tests = append(doc.Tests, path.Join("tests", file.Name))
	}
	for _, a := range t.Assets {
		doc.Others = append(doc.Others, a.Path)
	}
	slices.Sort(doc.Others)
	doc.Mocks = mocks(t)
	return doc, nil
}

func description(o *template.Output) string {
	a := o.Block.Body.Attributes["description"]
	if a == nil {
		return ""
	}
	v, diags := budget.Constant(a.Expr)
	if diags.HasErrors() || v.IsNull() || v.Type() != cty.String {
		return ""
	}
	return strings.Join(strings.Fields(v.AsString()), " ")
}

// Below what they belong to, lines stand behind this.
const below = "      "

// write shows a document to a person.
func write(f *shell.Factory, doc document) error {
	p := f.Page()
	p.Flow("", "", columns.Cell{Text: doc.Name, Paint: p.Style.Bold})
	if doc.Summary != "" {
		p.Line("", doc.Summary)
	}
	if len(doc.Variables) > 0 {
		p.Title("Variables (a component sets them in \"with\")")
	}
	for _, v := range doc.Variables {
		def := "default " + v.shownDefault
		if v.Required {
			def = "required"
		}
		p.Flow("  ", below, columns.Cell{Text: v.Name}, columns.Cell{Text: v.Type, Paint: p.Style.Dim}, columns.Cell{Text: def})
		for _, line := range v.details() {
			p.Line(below, line)
		}
		if v.Why != "" {
			p.Dim(below, "why: "+v.Why)
		}
		if len(v.Notes) > 0 {
			p.Dim(below, "notes: "+strings.Join(v.Notes, ", "))
		}
	}
	if len(doc.Outputs) > 0 {
		p.Title("Outputs (component.<name>.<output>)")
		var rows [][]columns.Cell
		for _, o := range doc.Outputs {
			rows = append(rows, columns.Cells(o.Name, o.Description))
		}
		p.Table("  ", rows)
	}
	if len(doc.Deviations) > 0 {
		p.Title("Deviations from the notes")
		for _, d := range doc.Deviations {
			p.Flow("  ", below, columns.Cell{Text: d.Name}, columns.Cell{Text: strings.Join(d.Notes, ", "), Paint: p.Style.Dim})
			p.Line(below, d.Rendered)
			p.Line(below, d.Reason)
		}
	}
	doc.writeMocks(p)
	for _, group := range []struct {
		name  string
		files []string
	}{{"Files", doc.Files}, {"Tests", doc.Tests}, {"Other files", doc.Others}} {
		if len(group.files) == 0 {
			continue
		}
		p.Title(group.name)
		for _, name := range group.files {
			p.Line("  ", name)
		}
	}
	return p.Write()
}

// writeMocks shows what the template mocks in tests.
func (doc document) writeMocks(p *shell.Page) {
	if len(doc.Mocks) > 0 {
		p.Title("Mocks (tests of all templates of a module share them)")
	}
	for _, m := range doc.Mocks {
		p.Flow("  ", below, columns.Cell{Text: m.Kind, Paint: p.Style.Dim}, columns.Cell{Text: m.Type})
		for _, v := range m.Values {
			p.Line(below, v)
		}
	}
}

// details are the lines about a variable below its first.
func (v *variable) details() []string {
	var out []string
	add := func(text string) {
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			out = append(out, text)
		}
	}
	add(v.Description)
	add(v.Allowed)
	switch {
	case v.Decides && v.Required:
		add("Evaluated at render time: set it to a constant or an option.")
	case v.Decides:
		add("Evaluated at render time: set it to a constant or an option, or leave it to use its default.")
	}
	if v.Sensitive {
		add("Sensitive.")
	}
	return out
}
