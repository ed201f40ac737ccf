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
		resp.Diagnostics.AddError("Provider cannot be used", fmt.Sprintf("The provider passed a %T where the resource needs a session. This is a bug in bpgen; please report it.", req.ProviderData))
		return
	}
	m.session = s
}

// ready says whether the provider is configured, which Terraform sees to.
func (m *Module) ready(diags *diag.Diagnostics) bool {
	if m.session == nil {
		diags.AddError("Provider not configured", "bpgen_module needs a configured provider. This is a bug in bpgen or Terraform; please report it.")
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
		MarkdownDescription: "A module rendered from a blueprint into a directory. It is written the way `bpgen render` does: completely or not at all, never through a symbolic link, and never over manual edits unless `on_conflict` allows it. " +
			"Terraform reads the modules of a configuration before it applies, so use the directory from another configuration, or commit it.",
		Attributes: map[string]schema.Attribute{
			attrPath: schema.StringAttribute{Required: true, Validators: filled,
				MarkdownDescription: "Directory of the module, relative to the working directory. It must be inside the working directory or one of the provider's `allowed_paths`, with symbolic links resolved. Changing it creates a new module and removes the old one, as `terraform destroy` would."},
			attrBlueprint: schema.StringAttribute{Required: true, Validators: filled,
				MarkdownDescription: "Name of the blueprint; `data \"bpgen_blueprints\"` lists them."},
			attrOptions: schema.DynamicAttribute{Optional: true,
				MarkdownDescription: "Options by name, such as `{ cdn = false }`. Options that are not set take the profile's value, or the default. They are stored in the files and in the state, so they must not contain secrets."},
			attrProfile: schema.StringAttribute{Optional: true, Validators: filled,
				MarkdownDescription: "Profile of the blueprint whose option values are used; `options` take precedence."},
			attrLayout: schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString(string(link.Flat)), Validators: oneOf(string(link.Flat), string(link.Nested)),
				MarkdownDescription: "Shape of the module: `flat`, or `nested` child modules. Default: `flat`."},
			attrOnConflict: schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString(string(write.Fail)), Validators: oneOf(string(write.Fail), string(write.Overwrite), string(write.Keep)),
				MarkdownDescription: "What to do with files that were edited by hand since bpgen wrote them, and with files that bpgen did not write: those whose names the module needs, and those that existed before the first render. " +
					"`fail` (default): write nothing, and name them in the error. `overwrite`: replace them with the rendered files; files whose names the module does not need stay. `keep`: leave them as they are and write all others. " +
					"In every case, missing files are written again, and other files that are not in the way stay as they are."},
			attrID: schema.StringAttribute{Computed: true,
				MarkdownDescription: "The cleaned path, relative to the working directory if it is inside it."},
			attrVersion: schema.StringAttribute{Computed: true,
				MarkdownDescription: "Version of the blueprint that the files are rendered from."},
			attrFiles: schema.MapAttribute{Computed: true, ElementType: types.StringType,
				MarkdownDescription: "The module's files: SHA-256 by path. After a refresh it shows files that were changed or deleted by hand. The manifest is not included."},
			attrManifest: schema.StringAttribute{Computed: true,
				MarkdownDescription: "The SHA-256 of `.bpgen/manifest.json`, which lists the files and the options behind them."},
		},
	}
}
