// Package show is the command "bpgen show": what a blueprint offers and what
// it is made of.
package show

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/spf13/cobra"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/cli/choose"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/iostreams"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
)

// Options are what the flags say.
type Options struct {
	Blueprint string
	Choose    choose.Flags
	JSON      bool
}

// NewCmd returns the command. runF takes the place of the work in tests.
func NewCmd(f *shell.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	opts := &Options{}
	cmd := &cobra.Command{
		Use:   "show NAME",
		Short: "Show a blueprint's options, components, variables and links",
		Long: `Show a blueprint's options and components. Variables, outputs and links reflect
the options you pass.`,
		Example:           "  bpgen show ecs-fargate\n  bpgen show ecs-fargate --set cdn=false --json",
		Args:              shell.OneName,
		ValidArgsFunction: choose.Names(f, &opts.Choose.Dirs),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.Blueprint = args[0]
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return run(cmd.Context(), f, opts)
		},
	}
	opts.Choose.Add(cmd, f)
	cmd.Flags().BoolVar(&opts.JSON, "json", false, "print JSON")
	return cmd
}

type document struct {
	Name        string                `json:"name"`
	Version     string                `json:"version"`
	Summary     string                `json:"summary"`
	Systems     []string              `json:"systems"`
	Options     []option              `json:"options"`
	Profiles    []profile             `json:"profiles"`
	Components  []component           `json:"components"`
	Variables   []variable            `json:"variables,omitempty"`
	Outputs     []output              `json:"outputs,omitempty"`
	Links       []edge                `json:"links,omitempty"`
	Diagnostics []diag.JSONDiagnostic `json:"diagnostics"`
}

type option struct {
	Name        string          `json:"name"`
	Type        string          `json:"type"`
	Default     json.RawMessage `json:"default,omitempty"` // missing: the option must be given
	Value       json.RawMessage `json:"value,omitempty"`
	Source      string          `json:"source,omitempty"`
	OneOf       []string        `json:"one_of,omitempty"`
	Description string          `json:"description"`
	Notes       []string        `json:"notes,omitempty"`
	Why         string          `json:"why,omitempty"`

	shownDefault, shownValue string
}

type profile struct {
	Name        string            `json:"name"`
	Description string            `json:"description,omitempty"`
	Options     map[string]string `json:"options"`
	Values      []string          `json:"values"`
}

type component struct {
	Name     string `json:"name"`
	Template string `json:"template"`
	File     string `json:"file"`
	When     string `json:"when,omitempty"`
	InUse    *bool  `json:"in_use,omitempty"` // missing when the options do not lead to a module
}

type variable struct {
	Name        string   `json:"name"`
	Type        string   `json:"type"`
	Required    bool     `json:"required"`
	Default     string   `json:"default,omitempty"`
	Description string   `json:"description"`
	Allowed     string   `json:"allowed,omitempty"`
	Notes       []string `json:"notes,omitempty"`
	Why         string   `json:"why,omitempty"`
	Component   string   `json:"component,omitempty"`
}

type output struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Sensitive   bool   `json:"sensitive,omitempty"`
}

type edge struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Output string `json:"output"`
}

func run(ctx context.Context, f *shell.Factory, opts *Options) error {
	p, err := opts.Choose.Preview(ctx, f, opts.Blueprint)
	if err != nil {
		return err
	}
	doc, err := describe(p)
	if err != nil {
		return err
	}
	// The options are worth showing even when the chosen ones lead nowhere:
	// that is how one finds out which must be given.
	if opts.JSON {
		if err := f.WriteJSON(doc); err != nil {
			return err
		}
	} else {
		if err := write(f, doc, !p.Diags.HasErrors()); err != nil {
			return err
		}
		if err := f.Report(p.Sources, p.Diags); err != nil && !onlyMissing(p.Diags) {
			return err
		}
	}
	if p.Diags.HasErrors() && !onlyMissing(p.Diags) {
		return shell.Exit(shell.Failed)
	}
	return nil
}

// onlyMissing says whether all that is wrong is that an option was not given.
func onlyMissing(diags hcl.Diagnostics) bool {
	for _, d := range diags {
		if d.Severity == hcl.DiagError && d.Summary != "Missing option" {
			return false
		}
	}
	return true
}

func describe(p *choose.Preview) (*document, error) {
	bp := p.Blueprint
	doc := &document{
		Name: bp.Name, Version: bp.Version, Summary: bp.Summary, Systems: append([]string{}, bp.Systems...),
		Options: []option{}, Profiles: []profile{}, Components: []component{}, Diagnostics: diag.JSON(p.Diags),
	}
	for _, o := range resolve.Options(bp) {
		d, err := describeOption(bp, o, p.Result.Choices)
		if err != nil {
			return nil, err
		}
		doc.Options = append(doc.Options, d)
	}
	for _, pr := range bp.Profiles {
		d := profile{Name: pr.Name, Description: pr.Description, Options: map[string]string{}, Values: []string{}}
		for name, v := range pr.Options {
			d.Options[name] = resolve.Say(bp, name, v)
		}
		for _, v := range pr.Values {
			d.Values = append(d.Values, v.Name)
		}
		doc.Profiles = append(doc.Profiles, d)
	}
	for _, c := range bp.Components {
		doc.Components = append(doc.Components, component{Name: c.Name, Template: c.Template, File: c.File, When: text(bp, c.When)})
	}
	if m := p.Result.Module; m != nil && !p.Diags.HasErrors() {
		doc.describeModule(m)
	}
	return doc, nil
}

func describeOption(bp *blueprint.Blueprint, o *blueprint.Option, choices []resolve.Choice) (option, error) {
	d := option{Name: o.Name, Type: typeexpr.TypeString(o.Type), Description: o.Description, Notes: o.Notes, Why: o.Why}
	for _, v := range o.OneOf {
		d.OneOf = append(d.OneOf, resolve.Say(bp, o.Name, v))
	}
	if len(d.OneOf) == 0 && o.Type == cty.Bool {
		d.OneOf = []string{"true", "false"}
	}
	var err error
	if o.Default != cty.NilVal {
		d.shownDefault = resolve.Say(bp, o.Name, o.Default)
		if d.Default, err = resolve.JSON(bp, o.Name, o.Default); err != nil {
			return d, err
		}
	}
	for _, c := range choices {
		if c.Option.Name == o.Name && c.Value.IsWhollyKnown() && c.Value != cty.NilVal {
			d.Source, d.shownValue = c.Source, resolve.Say(bp, o.Name, c.Value)
			if d.Value, err = resolve.JSON(bp, o.Name, c.Value); err != nil {
				return d, err
			}
		}
	}
	return d, nil
}

// describeModule adds what only the linked module tells.
func (doc *document) describeModule(m *link.Module) {
	for i, c := range doc.Components {
		used := slices.ContainsFunc(m.Parts, func(part link.Part) bool { return part.Name == c.Name })
		doc.Components[i].InUse = &used
	}
	for _, v := range m.Variables {
		def := shell.Literal(v.Value)
		if def == "" {
			def = shell.OneLine(v.Default)
		}
		doc.Variables = append(doc.Variables, variable{v.Name, oneLine(v.Type), v.Required, def, v.Description, v.Allowed, v.Notes, v.Why, v.Component})
	}
	for _, o := range m.Outputs {
		doc.Outputs = append(doc.Outputs, output{o.Name, o.Description, o.Sensitive})
	}
	for _, e := range m.Edges {
		doc.Links = append(doc.Links, edge{e.From, e.To, e.Output})
	}
}

// text is an expression as the blueprint writes it.
func text(bp *blueprint.Blueprint, e hclsyntax.Expression) string {
	if e == nil || bp.File == nil {
		return ""
	}
	return oneLine(string(bytes.TrimSpace(e.Range().SliceBytes(bp.File.Bytes))))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// write shows a document to a person.
func write(f *shell.Factory, doc *document, linked bool) error {
	p := page{style: f.IO.OutStyle()}
	fmt.Fprintf(&p.out, "%s %s\n", p.style.Bold(doc.Name), doc.Version)
	if doc.Summary != "" {
		fmt.Fprintln(&p.out, doc.Summary)
	}
	p.options(doc.Options)
	p.profiles(doc.Profiles)
	if err := p.components(doc.Components); err != nil {
		return err
	}
	if linked {
		if err := p.module(doc); err != nil {
			return err
		}
	}
	_, err := f.IO.Out.Write(p.out.Bytes())
	return err
}

// A page is what write puts together before it is shown.
type page struct {
	out   bytes.Buffer
	style iostreams.Style
}

func (p *page) title(s string) { fmt.Fprintf(&p.out, "\n%s\n", p.style.Bold(s)) }

func (p *page) options(options []option) {
	p.title("Options (--set name=value, or name: value in a file for --options)")
	for _, o := range options {
		head := o.Name + "  " + p.style.Dim(o.Type)
		if o.Default == nil {
			head += "  must be given"
		} else {
			head += "  default " + o.shownDefault
		}
		if o.Source != "" && o.Source != "default" {
			head += "  " + p.style.Bold("now "+o.shownValue) + p.style.Dim(" from "+o.Source)
		}
		fmt.Fprintln(&p.out, "  "+head)
		if o.Description != "" {
			fmt.Fprintln(&p.out, "      "+oneLine(o.Description))
		}
		if len(o.OneOf) > 0 {
			fmt.Fprintln(&p.out, "      one of "+strings.Join(o.OneOf, ", "))
		}
		if o.Why != "" {
			fmt.Fprintln(&p.out, p.style.Dim("      why: "+oneLine(o.Why)))
		}
		if len(o.Notes) > 0 {
			fmt.Fprintln(&p.out, p.style.Dim("      notes: "+strings.Join(o.Notes, ", ")))
		}
	}
}

func (p *page) profiles(profiles []profile) {
	if len(profiles) == 0 {
		return
	}
	p.title("Profiles (--profile name)")
	for _, pr := range profiles {
		var parts []string
		if len(pr.Options) > 0 {
			var set []string
			for name, v := range pr.Options {
				set = append(set, name+"="+v)
			}
			slices.Sort(set)
			parts = append(parts, "options "+strings.Join(set, " "))
		} else {
			parts = append(parts, "sets no options")
		}
		if len(pr.Values) > 0 {
			parts = append(parts, fmt.Sprintf("envs/%s.tfvars with %s", pr.Name, strings.Join(pr.Values, ", ")))
		}
		line := "  " + pr.Name
		if pr.Description != "" {
			line += "  " + oneLine(pr.Description)
		}
		fmt.Fprintln(&p.out, line)
		if len(parts) > 0 {
			fmt.Fprintln(&p.out, p.style.Dim("      "+strings.Join(parts, "; ")))
		}
	}
}

func (p *page) components(components []component) error {
	p.title("Components")
	var rows [][]string
	for _, c := range components {
		row := []string{c.Name, "template " + c.Template, c.File, ""}
		if c.When != "" {
			row[3] = "when " + c.When
		}
		if c.InUse != nil && !*c.InUse {
			row[3] += " (not used)"
		}
		rows = append(rows, row)
	}
	return shell.Table(&p.out, "  ", rows)
}

// module shows the module that the options lead to. What it has none of has no
// heading.
func (p *page) module(doc *document) error {
	if err := p.variables(doc.Variables); err != nil {
		return err
	}
	if len(doc.Outputs) > 0 {
		p.title("Outputs of the module")
		var rows [][]string
		for _, o := range doc.Outputs {
			rows = append(rows, []string{o.Name, oneLine(o.Description)})
		}
		if err := shell.Table(&p.out, "  ", rows); err != nil {
			return err
		}
	}
	if len(doc.Links) > 0 {
		p.title("Links")
		for _, e := range doc.Links {
			fmt.Fprintf(&p.out, "  %s uses %s.%s\n", e.To, e.From, e.Output)
		}
	}
	return nil
}

// shortType is how long a type may be to stand in the row of its variable; a longer
// one has a line of its own below.
const shortType = 32

func (p *page) variables(variables []variable) error {
	if len(variables) == 0 {
		return nil
	}
	p.title("Variables of the module (set where the module is used)")
	var rows [][]string
	for _, v := range variables {
		def := "default " + shell.Clip(v.Default, 60)
		if v.Required {
			def = "required"
		}
		kind := v.Type
		if len(kind) > shortType {
			kind, _, _ = strings.Cut(kind, "(")
		}
		rows = append(rows, []string{v.Name, kind, def})
	}
	var table bytes.Buffer
	if err := shell.Table(&table, "  ", rows); err != nil {
		return err
	}
	i := 0
	for line := range strings.Lines(table.String()) {
		p.out.WriteString(line)
		if v := variables[i]; len(v.Type) > shortType {
			fmt.Fprintln(&p.out, "      "+v.Type)
		}
		i++
	}
	return nil
}
