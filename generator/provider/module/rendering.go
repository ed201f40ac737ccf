package module

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/provider/diagnostics"
	"github.com/bpgen/bpgen/generator/provider/options"
	"github.com/bpgen/bpgen/generator/render"
)

// request reads what to render. Its second result says whether all that decides
// the files is known.
func (m model) request(ctx context.Context) (generator.Request, options.Given, bool, diag.Diagnostics) {
	given, diags := options.Read(ctx, m.Options, path.Root(attrOptions))
	known := given.Known()
	for _, v := range []interface{ IsUnknown() bool }{m.Path, m.Blueprint, m.Profile, m.Layout, m.OnConflict} {
		known = known && !v.IsUnknown()
	}
	return generator.Request{
		Blueprint: m.Blueprint.ValueString(), Inputs: given.Inputs, Profile: m.Profile.ValueString(), Layout: link.Layout(m.Layout.ValueString()),
	}, given, known, diags
}

// render renders the module.
func (s *Session) render(ctx context.Context, req generator.Request, given options.Given) (generator.Result, diag.Diagnostics) {
	res, found := s.space.Render(ctx, req)
	return res, diagnostics.Convert(found, res.Sources, given.Places, s.otherwise(req))
}

// check says what is wrong with a request of which not all is known.
func (s *Session) check(m model, req generator.Request, given options.Given) diag.Diagnostics {
	if m.Blueprint.IsUnknown() || m.Profile.IsUnknown() {
		return nil
	}
	return diagnostics.Convert(s.space.Check(req), s.space.Catalog().Sources(), given.Places, s.otherwise(req))
}

// otherwise is the attribute at which to say what is about no option in
// particular.
func (s *Session) otherwise(req generator.Request) path.Path {
	bp, diags := s.space.Catalog().Blueprint(req.Blueprint)
	switch {
	case diags.HasErrors():
		return path.Root(attrBlueprint)
	case req.Profile != "" && !slices.ContainsFunc(bp.Profiles, func(p *blueprint.Profile) bool { return p.Name == req.Profile }):
		return path.Root(attrProfile)
	}
	return path.Root(attrOptions)
}

// stranger says in words which other module a manifest is of, when it is neither
// the one that the resource wrote last nor one of the same blueprint and options
// as ours; "" when it is none.
func stranger(manifest []byte, last string, ours []byte) string {
	if manifest == nil || digest(manifest) == last {
		return ""
	}
	theirs, err := render.ParseManifest(manifest)
	if err != nil {
		return err.Error()
	}
	mine, err := render.ParseManifest(ours)
	if err != nil {
		return err.Error()
	}
	var with []string
	for _, name := range sorted(theirs.Options) {
		if value, ok := mine.Options[name]; theirs.Blueprint != mine.Blueprint || !ok || string(value) != string(theirs.Options[name]) {
			with = append(with, fmt.Sprintf("%q", name)) // not the value, which nobody has looked at
		}
	}
	if theirs.Blueprint == mine.Blueprint && theirs.Layout == mine.Layout && theirs.Profile == mine.Profile && len(with) == 0 {
		return ""
	}
	text := fmt.Sprintf("blueprint = %q, layout = %q", theirs.Blueprint, theirs.Layout)
	if theirs.Profile != "" {
		text += fmt.Sprintf(", profile = %q", theirs.Profile)
	}
	if len(with) > 0 {
		text += ", and other values of the options " + strings.Join(with, ", ")
	}
	return text
}
