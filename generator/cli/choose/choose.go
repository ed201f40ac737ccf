// Package choose reads what the user chose: the flags --set, --options and
// --profile, and the options file in HCL, YAML or JSON.
//
// It takes flag values and returns resolve.Input values with ranges, sources
// for snippets, and diagnostics. It knows no blueprint; resolve checks names
// and types. It reads the options file and changes nothing. That is an ordinary
// file, never a pipe: it is kept beside what was rendered from it, and its name
// says in which language it is.
package choose

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/guard/disk"
	"github.com/bpgen/bpgen/generator/resolve"
)

// Flags are the choices on the command line.
type Flags struct {
	Sets    []string
	File    string
	Profile string
	Dirs    []string
}

// Add adds the flags to a command that takes the name of a blueprint.
func (c *Flags) Add(cmd *cobra.Command, f *shell.Factory) {
	c.AddFor(cmd, f, func() string { return "" })
}

// AddFor is Add for a command that can do without the name: its blueprint is then
// the one that standing names, "" for none.
func (c *Flags) AddFor(cmd *cobra.Command, f *shell.Factory, standing func() string) {
	named := func(args []string) string {
		if len(args) > 0 {
			return args[0]
		}
		return standing()
	}
	fl := cmd.Flags()
	fl.StringArrayVar(&c.Sets, "set", nil, "set one option, as `name=value` (repeatable; takes precedence over --options)")
	fl.StringVar(&c.File, "options", "", "read options from `file`: .hcl, .yaml or .json")
	fl.StringVar(&c.Profile, "profile", "", "take the option values of `name`, one of the blueprint's profiles")
	shell.AddDirs(cmd, &c.Dirs)
	shell.Complete(cmd, "set", func(_ *cobra.Command, args []string, text string) ([]string, cobra.ShellCompDirective) {
		return c.completeSet(f, named(args), text)
	})
	shell.Complete(cmd, "profile", func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		return c.completeProfile(f, named(args))
	})
	if err := cmd.MarkFlagFilename("options", "hcl", "yaml", "yml", "json"); err != nil {
		panic(err) // The flag is defined above.
	}
}

// Inputs reads the options file and then the --set flags: of two inputs for
// one option the later one wins.
func (c *Flags) Inputs() ([]resolve.Input, map[string]*hcl.File, hcl.Diagnostics) {
	var inputs []resolve.Input
	var sources map[string]*hcl.File
	var diags hcl.Diagnostics
	if c.File != "" {
		inputs, sources, diags = readFile(c.File)
	}
	sets, d := parseSets(c.Sets)
	return append(inputs, sets...), sources, append(diags, d...)
}

func parseSets(sets []string) ([]resolve.Input, hcl.Diagnostics) {
	var out []resolve.Input
	var diags hcl.Diagnostics
	seen := map[string]bool{}
	for _, s := range sets {
		name, value, ok := strings.Cut(s, "=")
		name = strings.TrimSpace(name)
		if !ok || name == "" {
			diags = append(diags, diag.Error(hcl.Range{}, "Not a setting", "--set takes name=value, such as --set cdn=false; the name or the = is missing."))
			continue
		}
		if d := guard.HCL("--set "+clip(name), []byte(value)); d.HasErrors() {
			diags = append(diags, d...)
			continue
		}
		if seen[name] {
			diags = append(diags, diag.Error(hcl.Range{}, "Duplicate option", "--set gives the option %q twice. Remove one of them.", name))
			continue
		}
		seen[name] = true
		out = append(out, resolve.Input{Name: name, Raw: value, Source: "--set"})
	}
	return out, diags
}

// clip shortens text for a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "..."
	}
	return s
}

func readFile(name string) ([]resolve.Input, map[string]*hcl.File, hcl.Diagnostics) {
	parsers := map[string]func(string, []byte) ([]resolve.Input, hcl.Diagnostics){
		".hcl": parseHCL, ".yaml": parseYAML, ".yml": parseYAML, ".json": parseJSON,
	}
	parse, ok := parsers[strings.ToLower(filepath.Ext(name))]
	if !ok {
		return nil, nil, hcl.Diagnostics{diag.Error(hcl.Range{}, "Unknown type of options file",
			"The name of an options file must end in .hcl, .yaml, .yml or .json. %q does not.", name)}
	}
	f, err := disk.Open(name)
	if err != nil {
		return nil, nil, hcl.Diagnostics{diag.Error(hcl.Range{}, "Cannot read options file", "%s.", err)}
	}
	defer f.Close() //nolint:errcheck // Read only.
	src, diags := guard.ReadAll(f, name)
	if diags.HasErrors() {
		return nil, nil, diags
	}
	// A byte order mark is not content. Blanks keep the columns of the ranges.
	if strings.HasPrefix(string(src), "\ufeff") {
		copy(src, "   ")
		if filepath.Ext(name) != ".json" && len(src) > 3 {
			src = src[3:] // Indentation means something in YAML.
		}
	}
	inputs, diags := parse(name, src)
	return inputs, map[string]*hcl.File{name: {Bytes: src}}, diags
}

// Names completes the name of a blueprint as a command's first argument.
func Names(f *shell.Factory, dirs *[]string) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		cat, ok := quiet(f, *dirs)
		if !ok {
			return nil, cobra.ShellCompDirectiveError
		}
		var out []string
		for _, name := range cat.Blueprints() {
			text := name
			if head, diags := cat.Head(name); !diags.HasErrors() && head.Summary != "" {
				text = cobra.CompletionWithDesc(name, head.Summary)
			}
			out = append(out, text)
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
}

// quiet opens the catalog without talk: a completion has nobody to talk to.
func quiet(f *shell.Factory, dirs []string) (*catalog.Catalog, bool) {
	silent := *f
	silent.IO = silent.IO.Silent()
	cat, err := silent.Catalog(dirs)
	return cat, err == nil
}

// blueprint loads the blueprint whose options are completed, nil when there is none.
func (c *Flags) blueprint(f *shell.Factory, name string) *blueprint.Blueprint {
	if name == "" {
		return nil
	}
	cat, ok := quiet(f, c.Dirs)
	if !ok {
		return nil
	}
	bp, diags := cat.Blueprint(name)
	if diags.HasErrors() {
		return nil
	}
	return bp
}

func (c *Flags) completeSet(f *shell.Factory, blueprint, text string) ([]string, cobra.ShellCompDirective) {
	none := cobra.ShellCompDirectiveNoFileComp
	bp := c.blueprint(f, blueprint)
	if bp == nil {
		return nil, none
	}
	var out []string
	name, _, hasValue := strings.Cut(text, "=")
	for _, o := range resolve.Options(bp) {
		if !hasValue {
			if !slices.ContainsFunc(c.Sets, func(s string) bool { return strings.HasPrefix(s, o.Name+"=") && s != text }) {
				out = append(out, cobra.CompletionWithDesc(o.Name+"=", o.Description))
			}
			continue
		}
		if o.Name != name {
			continue
		}
		values := o.OneOf
		if len(values) == 0 && o.Type == cty.Bool {
			values = []cty.Value{cty.True, cty.False}
		}
		if len(values) == 0 && o.Default != cty.NilVal {
			values = []cty.Value{o.Default}
		}
		for _, v := range values {
			text := fmt.Sprintf("%s=%s", name, resolve.Say(bp, name, v))
			if o.Default != cty.NilVal && v.RawEquals(o.Default) {
				text = cobra.CompletionWithDesc(text, "default")
			}
			out = append(out, text)
		}
	}
	if !hasValue {
		none |= cobra.ShellCompDirectiveNoSpace
	}
	return out, none | cobra.ShellCompDirectiveKeepOrder
}

func (c *Flags) completeProfile(f *shell.Factory, blueprint string) ([]string, cobra.ShellCompDirective) {
	none := cobra.ShellCompDirectiveNoFileComp
	bp := c.blueprint(f, blueprint)
	if bp == nil {
		return nil, none
	}
	var out []string
	for _, p := range bp.Profiles {
		out = append(out, p.Name)
	}
	return out, none
}
