// Package module is the resource bpgen_module: a rendered module in a folder.
//
// It takes a configuration and a Session, which the provider begins when it is
// configured, and returns plans, states and diagnostics of
// terraform-plugin-framework. It has no way of its own to render or to write:
// modules come from workspace.Render and go to the disk through package write,
// as those of the command line do.
//
// # What the state says of files
//
// The attribute files holds the sha256 of each file by its path, not its
// content. So a plan shows one line for each file that comes, changes or goes,
// and an edit by hand shows as a change of that very file; a state with a few
// dozen modules stays small; and what somebody writes into a file, be it a
// secret, never gets into the state. The content is what the blueprint's data
// source has.
//
// # What stands in the way
//
// What is wrong with a module that is not there yet is an error of its plan. For
// one that is there a plan warns, and applying it is refused: Terraform plans a
// configuration before it destroys it, and an edit by hand must not keep anybody
// from that.
package module

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/write"
)

// The names of the attributes.
const (
	attrID         = "id"
	attrPath       = "path"
	attrBlueprint  = "blueprint"
	attrOptions    = "options"
	attrProfile    = "profile"
	attrLayout     = "layout"
	attrOnConflict = "on_conflict"
	attrVersion    = "version"
	attrFiles      = "files"
	attrManifest   = "manifest_sha256"
)

// Module is the resource. One value serves one request.
type Module struct{ session *Session }

var (
	_ resource.ResourceWithConfigure   = (*Module)(nil)
	_ resource.ResourceWithModifyPlan  = (*Module)(nil)
	_ resource.ResourceWithImportState = (*Module)(nil)
)

// New returns the resource. The provider's ResourceData must be a *Session.
func New() resource.Resource { return &Module{} }

// Metadata names the resource.
func (m *Module) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_module"
}

// Configure takes the session.
func (m *Module) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	if req.ProviderData == nil {
		return // Terraform asks before the provider is configured, to validate.
	}
	s, ok := req.ProviderData.(*Session)
	if !ok {
		resp.Diagnostics.AddError("Provider not usable", fmt.Sprintf("The provider hands out a %T where the resource needs a session. This is an error in bpgen; please report it.", req.ProviderData))
		return
	}
	m.session = s
}

// ready says whether the provider is configured, which Terraform sees to.
func (m *Module) ready(diags *diag.Diagnostics) bool {
	if m.session == nil {
		diags.AddError("Provider not configured", "bpgen_module needs a provider that is configured. This is an error in bpgen or Terraform; please report it.")
	}
	return m.session != nil
}

// Schema lists the attributes.
func (m *Module) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	filled := []validator.String{stringvalidator.LengthAtLeast(1)}
	oneOf := func(values ...string) []validator.String {
		return []validator.String{stringvalidator.OneOf(values...)}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A module rendered from a blueprint into a folder, written by the same safe writer as `bpgen render`: all of it or nothing, never over a symbolic link, never over an edit by hand unless told to. " +
			"Terraform reads the modules of a configuration before it applies, so use the folder from another configuration, or commit it.",
		Attributes: map[string]schema.Attribute{
			attrPath: schema.StringAttribute{Required: true, Validators: filled,
				MarkdownDescription: "Folder of the module, relative to the working directory. It must lie below that, or below one of the provider's `allowed_paths`, symbolic links followed. Another folder is another module: the old one is removed as by `terraform destroy`."},
			attrBlueprint: schema.StringAttribute{Required: true, Validators: filled,
				MarkdownDescription: "Name of the blueprint; `data \"bpgen_blueprints\"` lists them."},
			attrOptions: schema.DynamicAttribute{Optional: true,
				MarkdownDescription: "Choices by the name of the option, such as `{ cdn = false }`. What is missing takes the profile's value, or the default. They stand in the files and in the state, so they are no place for secrets."},
			attrProfile: schema.StringAttribute{Optional: true, Validators: filled,
				MarkdownDescription: "Profile of the blueprint whose options hold unless `options` says otherwise."},
			attrLayout: schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString(string(link.Flat)), Validators: oneOf(string(link.Flat), string(link.Nested)),
				MarkdownDescription: "Shape of the module: `flat`, or `nested` child modules. Default: `flat`."},
			attrOnConflict: schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString(string(write.Fail)), Validators: oneOf(string(write.Fail), string(write.Overwrite), string(write.Keep)),
				MarkdownDescription: "What becomes of files that were edited by hand since bpgen wrote them, and of files of others that have a name which the module needs, or that stood there before the first render. " +
					"`fail` (default): nothing is written, and the error names them. `overwrite`: the rendered file is taken; files of others stay unless the module needs their names. `keep`: they stay as they are, and all others are written. " +
					"A file that is missing is written again, and files of others that are in nobody's way stay as they are, in any case."},
			attrID: schema.StringAttribute{Computed: true,
				MarkdownDescription: "The path without detours, relative to the working directory where it lies below that."},
			attrVersion: schema.StringAttribute{Computed: true,
				MarkdownDescription: "Version of the blueprint that the files are rendered from."},
			attrFiles: schema.MapAttribute{Computed: true, ElementType: types.StringType,
				MarkdownDescription: "The module's files: sha256 by path. A file that was changed or deleted by hand shows here after a refresh. The manifest is not among them."},
			attrManifest: schema.StringAttribute{Computed: true,
				MarkdownDescription: "The sha256 of `.bpgen/manifest.json`, which lists the files and the options behind them."},
		},
	}
}
