// Package provider is the Terraform provider of bpgen: blueprints as data
// sources, a module as a resource, and functions.
//
// It takes the built-in trees and the environment and returns a provider of
// terraform-plugin-framework. It has no logic of its own: options are judged by
// resolve, modules rendered by generator.Generate, files written by package
// write. Terraform asks for schemas before it gives a configuration, so the
// blueprints that have data sources are those that come with bpgen and those of
// BPGEN_PATH.
package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bpgen/bpgen/generator/catalog"
	bpdiag "github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/platform"
	"github.com/bpgen/bpgen/generator/provider/catalogue"
	"github.com/bpgen/bpgen/generator/provider/diagnostics"
	"github.com/bpgen/bpgen/generator/provider/functions"
	"github.com/bpgen/bpgen/generator/provider/module"
	"github.com/bpgen/bpgen/generator/provider/source"
	"github.com/bpgen/bpgen/generator/provider/workspace"
)

// The arguments of the provider block.
const (
	blueprintDirs = "blueprint_dirs"
	strict        = "strict"
	allowedPaths  = "allowed_paths"
)

// Name is the provider's name, which its types begin with.
const Name = "bpgen"

// Environment is what the provider takes from where it runs.
type Environment struct {
	BuiltIn catalog.Root // blueprints and templates that come with bpgen
	Path    string       // value of BPGEN_PATH
	Version string       // of bpgen
}

// Provider is the provider. One value serves one process.
type Provider struct {
	env   Environment
	start func() started
}

// started is what is known before Terraform gives a configuration.
type started struct {
	workspace *workspace.Workspace
	types     map[string]string // data sources by blueprint
	diags     hcl.Diagnostics
}

var (
	_ provider.ProviderWithFunctions      = (*Provider)(nil)
	_ provider.ProviderWithValidateConfig = (*Provider)(nil)
)

// New returns the provider of an environment.
func New(env Environment) *Provider {
	p := &Provider{env: env}
	p.start = sync.OnceValue(func() started {
		w, diags := workspace.Open(env.BuiltIn, workspace.Settings{Folders: platform.List(env.Path)})
		s := started{workspace: w, diags: diags, types: map[string]string{}}
		for b, t := range source.Types(w.Catalog().Blueprints(), "blueprint", "blueprints") {
			s.types[b] = Name + "_" + t
		}
		return s
	})
	return p
}

// Metadata names the provider.
func (p *Provider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName, resp.Version = Name, p.env.Version
}

// Schema is that of the provider block.
func (p *Provider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Renders bpgen's blueprints (reference architectures) as plain Terraform modules.",
		Attributes: map[string]schema.Attribute{
			blueprintDirs: schema.ListAttribute{Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Directories with your own `blueprints/` and `templates/`. `bpgen_blueprint` and `bpgen_module` can use their blueprints. Blueprints in the directories of the environment variable `BPGEN_PATH` also have data sources and can be used by functions."},
			strict: schema.BoolAttribute{Optional: true,
				MarkdownDescription: "Treat warnings about a rendered module as errors. Default: `false`."},
			allowedPaths: schema.ListAttribute{Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Directories outside the working directory that `bpgen_module` may write to."},
		},
	}
}

// settings is the provider block.
type settings struct {
	Dirs    types.List `tfsdk:"blueprint_dirs"`
	Strict  types.Bool `tfsdk:"strict"`
	Allowed types.List `tfsdk:"allowed_paths"`
}

// ValidateConfig says what the blueprints of blueprint_dirs cannot have. It is
// said here and not by Configure, since a configuration that uses a data source
// which is not there gets no further.
func (p *Provider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var s settings
	resp.Diagnostics.Append(req.Config.Get(ctx, &s)...)
	if resp.Diagnostics.HasError() || s.Dirs.IsNull() || s.Dirs.IsUnknown() {
		return
	}
	var known []types.String
	resp.Diagnostics.Append(s.Dirs.ElementsAs(ctx, &known, false)...)
	var dirs []string
	for _, d := range known {
		if !d.IsUnknown() {
			dirs = append(dirs, d.ValueString())
		}
	}
	start := p.start()
	w, _ := workspace.Open(p.env.BuiltIn, workspace.Settings{Folders: p.folders(dirs)}) // Configure says what is wrong
	var without []string
	for _, name := range w.Catalog().Blueprints() {
		if !slices.Contains(start.workspace.Catalog().Blueprints(), name) {
			without = append(without, name)
		}
	}
	if len(without) == 0 {
		return
	}
	resp.Diagnostics.AddAttributeWarning(path.Root(blueprintDirs), "Blueprints without data sources of their own", fmt.Sprintf(
		"%s can be rendered by bpgen_blueprint and bpgen_module, but has no data source of its own, and functions cannot use it, because Terraform asks for the list of data sources before it reads this block. To have them, add the directory to Terraform's environment: %s.",
		bpdiag.Quoted(without, "and"), platform.Setting(dirs)))
}

// folders returns those of the environment and of the configuration.
func (p *Provider) folders(dirs []string) []platform.Folder {
	all := platform.List(p.env.Path)
	for _, d := range dirs {
		all = append(all, platform.Folder{Dir: d, From: blueprintDirs})
	}
	return all
}

// Configure opens the workspace that data sources and resources share.
func (p *Provider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var s settings
	resp.Diagnostics.Append(req.Config.Get(ctx, &s)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !req.Config.Raw.IsFullyKnown() {
		p.wait(req, resp, s)
		return
	}
	var dirs, allowed []string
	resp.Diagnostics.Append(s.Dirs.ElementsAs(ctx, &dirs, false)...)
	resp.Diagnostics.Append(s.Allowed.ElementsAs(ctx, &allowed, false)...)
	if resp.Diagnostics.HasError() {
		return
	}
	start := p.start()
	w, diags := start.workspace, start.diags
	if len(dirs)+len(allowed) > 0 || s.Strict.ValueBool() {
		w, diags = workspace.Open(p.env.BuiltIn, workspace.Settings{Folders: p.folders(dirs), Strict: s.Strict.ValueBool(), AllowedPaths: allowed})
	}
	resp.Diagnostics.Append(diagnostics.Convert(diags, nil, nil, path.Empty())...)
	resp.Diagnostics.Append(broken(w)...)
	resp.DataSourceData, resp.ResourceData = w, module.Begin(w)
}

// wait puts off what a configuration that is not known yet would decide.
func (p *Provider) wait(req provider.ConfigureRequest, resp *provider.ConfigureResponse, s settings) {
	if req.ClientCapabilities.DeferralAllowed {
		resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
		return
	}
	say := func(name string, unknown bool) {
		if unknown {
			resp.Diagnostics.AddAttributeError(path.Root(name), "Unknown during planning",
				fmt.Sprintf("%s decides what is rendered and where, so it must be known when Terraform plans. Use a variable or a local value that does not depend on a resource.", name))
		}
	}
	say(blueprintDirs, !known(s.Dirs))
	say(strict, s.Strict.IsUnknown())
	say(allowedPaths, !known(s.Allowed))
}

// known says whether a list and all that is in it is known.
func known(l types.List) bool {
	return !l.IsUnknown() && !slices.ContainsFunc(l.Elements(), func(v attr.Value) bool { return v.IsUnknown() })
}

// broken warns of blueprints that do not parse: the others work all the same.
func broken(w *workspace.Workspace) diag.Diagnostics {
	var out diag.Diagnostics
	for _, name := range w.Catalog().Blueprints() {
		_, diags := w.Catalog().Blueprint(name)
		if !diags.HasErrors() {
			continue
		}
		var texts []string
		for _, d := range bpdiag.Ready(diags) {
			if d.Severity == hcl.DiagError {
				texts = append(texts, d.Summary+": "+diagnostics.Detail(d, w.Catalog().Sources()))
			}
		}
		out.AddWarning("Blueprint cannot be used", fmt.Sprintf("The blueprint %q has errors and cannot be rendered; the others can.\n\n%s", name, strings.Join(texts, "\n\n")))
	}
	return out
}

// DataSources returns one per blueprint and those of the catalogue.
func (p *Provider) DataSources(_ context.Context) []func() datasource.DataSource {
	start := p.start()
	w := start.workspace
	out := []func() datasource.DataSource{
		func() datasource.DataSource { return catalogue.NewBlueprints(Name+"_blueprints", start.types, w) },
		func() datasource.DataSource { return catalogue.NewBlueprint(Name+"_blueprint", w) },
	}
	for _, name := range w.Catalog().Blueprints() {
		typ, ok := start.types[name]
		if !ok {
			continue
		}
		bp, _ := w.Catalog().Blueprint(name) // the data source says what is wrong with it
		out = append(out, func() datasource.DataSource { return source.New(typ, bp, w) })
	}
	return out
}

// Resources returns the module.
func (p *Provider) Resources(_ context.Context) []func() resource.Resource {
	return []func() resource.Resource{module.New}
}

// Functions returns the functions.
func (p *Provider) Functions(_ context.Context) []func() function.Function {
	return functions.All(p.start().workspace)
}
