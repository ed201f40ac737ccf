// Package show is the command "bpgen show": what a blueprint offers and what
// it is made of.
package show

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/spf13/cobra"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/cli/choose"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/diag"
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
	When        string          `json:"when,omitempty"` // the options under which it has a meaning; missing: always

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
	Region   string `json:"region,omitempty"`
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
	if p.Result.Summary != "" {
		doc.Summary = p.Result.Summary
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
		when, never := bp.Condition(c.When)
		if !never {
			doc.Components = append(doc.Components, component{Name: c.Name, Template: c.Template, File: c.File, When: when, Region: bp.Text(c.Region)})
		}
	}
	if m := p.Result.Module; m != nil && !p.Diags.HasErrors() {
		doc.describeModule(m)
	}
	return doc, nil
}

func describeOption(bp *blueprint.Blueprint, o *blueprint.Option, choices []resolve.Choice) (option, error) {
	when, _ := bp.Condition(o.When)
	d := option{Name: o.Name, Type: typeexpr.TypeString(o.Type), Description: o.Description, Notes: o.Notes, Why: o.Why, When: when}
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
		used := slices.ContainsFunc(m.Parts, func(part link.Part) bool { return part.Name == c.Name && part.Template == c.Template })
		doc.Components[i].InUse = &used
	}
	for _, v := range m.Variables {
		def := shell.Literal(v.Value)
		if def == "" {
			def = shell.OneLine(v.Default)
		}
		doc.Variables = append(doc.Variables, variable{v.Name, shell.OneLine(v.Type), v.Required, def, v.Description, v.Allowed, v.Notes, v.Why, v.Component})
	}
	for _, o := range m.Outputs {
		doc.Outputs = append(doc.Outputs, output{o.Name, o.Description, o.Sensitive})
	}
	for _, e := range m.Edges {
		doc.Links = append(doc.Links, edge{e.From, e.To, e.Output})
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// write shows a document to a person.
func write(f *shell.Factory, doc *document, linked bool) error {
	p := page{f.Page()}
	p.Flow("", "  ", columns.Cell{Text: doc.Name + " " + doc.Version, Paint: p.Style.Bold})
	if doc.Summary != "" {
		p.Line("", doc.Summary)
	}
	p.options(doc.Options)
	p.profiles(doc.Profiles)
	p.components(doc.Components)
	if linked {
		p.module(doc)
	}
	return p.Write()
}

// A page shows the parts of a document. A part of which there is nothing has no
// heading.
type page struct{ *shell.Page }

// Below what they belong to, lines stand behind this.
const below = "      "

func (p page) options(options []option) {
	p.Title("Options (--set name=value, or name: value in a file for --options)")
	for _, o := range options {
		cells := []columns.Cell{{Text: o.Name}, {Text: spaced(o.Type), Paint: p.Style.Dim}}
		if o.Default == nil {
			cells = append(cells, columns.Cell{Text: "required"})
		} else {
			cells = append(cells, columns.Cell{Text: "default " + o.shownDefault})
		}
		if o.Source != "" && o.Source != "default" {
			cells = append(cells, columns.Cell{Text: "now " + o.shownValue + " from " + o.Source, Paint: p.Style.Bold})
		}
		p.Flow("  ", below, cells...)
		if o.Description != "" {
			p.Line(below, oneLine(o.Description))
		}
		if len(o.OneOf) > 0 {
			p.Line(below, "one of "+strings.Join(o.OneOf, ", "))
		}
		if o.When != "" {
			p.Line(below, "only where "+o.When)
		}
		if o.Why != "" {
			p.Dim(below, "why: "+oneLine(o.Why))
		}
		if len(o.Notes) > 0 {
			p.Dim(below, "notes: "+strings.Join(o.Notes, ", "))
		}
	}
}

// spaced writes a type as Terraform formats it, so that a long one can be wrapped.
func spaced(kind string) string { return string(hclwrite.Format([]byte(kind))) }

func (p page) profiles(profiles []profile) {
	if len(profiles) == 0 {
		return
	}
	p.Title("Profiles (--profile name)")
	for _, pr := range profiles {
		parts := []string{"sets no options"}
		if len(pr.Options) > 0 {
			var set []string
			for name, v := range pr.Options {
				set = append(set, name+"="+v)
			}
			slices.Sort(set)
			parts[0] = "options " + strings.Join(set, " ")
		}
		if len(pr.Values) > 0 {
			parts = append(parts, fmt.Sprintf("envs/%s.tfvars with %s", pr.Name, strings.Join(pr.Values, ", ")))
		}
		p.Flow("  ", below, columns.Cells(pr.Name, oneLine(pr.Description))...)
		p.Dim(below, strings.Join(parts, "; "))
	}
}

func (p page) components(components []component) {
	if len(components) == 0 {
		return
	}
	p.Title("Components")
	var rows [][]columns.Cell
	for _, c := range components {
		when := ""
		if c.When != "" {
			when = "when " + c.When
		}
		if c.Region != "" {
			when = strings.TrimSpace("in " + c.Region + " " + when)
		}
		if c.InUse != nil && !*c.InUse {
			when += " (not used)"
		}
		rows = append(rows, columns.Cells(c.Name, "template "+c.Template, c.File, when))
	}
	p.Table("  ", rows)
}

// module shows the module that the options lead to.
func (p page) module(doc *document) {
	p.variables(doc.Variables)
	if len(doc.Outputs) > 0 {
		p.Title("Outputs of the module")
		var rows [][]columns.Cell
		for _, o := range doc.Outputs {
			rows = append(rows, columns.Cells(o.Name, oneLine(o.Description)))
		}
		p.Table("  ", rows)
	}
	if len(doc.Links) > 0 {
		p.Title("Links")
		for _, e := range doc.Links {
			p.Flow("  ", below, columns.Cell{Text: fmt.Sprintf("%s uses %s.%s", e.To, e.From, e.Output)})
		}
	}
}

func (p page) variables(variables []variable) {
	if len(variables) == 0 {
		return
	}
	p.Title("Variables of the module (set where the module is used)")
	var rows [][]columns.Cell
	for _, v := range variables {
		def := "default " + v.Default
		if v.Required {
			def = "required"
		}
		rows = append(rows, []columns.Cell{{Text: v.Name}, {Text: v.Type, Paint: p.Style.Dim}, {Text: def}})
	}
	p.Table("  ", rows)
}
