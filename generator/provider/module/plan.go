package module

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/rerender"
	"github.com/bpgen/bpgen/generator/write"
)

// ModifyPlan renders the module and says of each file what it will be. With
// options that are not known yet the files are not known either.
func (m *Module) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if m.session == nil {
		return // Nothing is known without a provider that is configured.
	}
	rec, diags := recall(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	var plan model
	var prior *model
	if !req.State.Raw.IsNull() {
		prior = &model{}
		resp.Diagnostics.Append(req.State.Get(ctx, prior)...)
		rec = rec.orOf(*prior) // Read has done so, unless the state was not refreshed.
	}
	if req.Plan.Raw.IsNull() {
		if prior != nil && !resp.Diagnostics.HasError() {
			resp.Diagnostics.Append(m.session.planDestroy(*prior, rec)...)
		}
		return
	}
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...); resp.Diagnostics.HasError() {
		return
	}

	p := planner{Session: m.session, plan: &plan, prior: prior, rec: rec}
	resp.Diagnostics.Append(p.run(ctx)...)
	if p.replace {
		resp.RequiresReplace.Append(path.Root(attrPath))
	}
	for name, v := range map[string]any{attrID: plan.ID, attrVersion: plan.Version, attrFiles: plan.Files, attrManifest: plan.Manifest} {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(name), v)...)
	}
}

// A planner plans one module.
type planner struct {
	*Session
	plan    *model
	prior   *model // nil for one that is to be created
	rec     record
	at      place
	moves   bool // to another folder
	replace bool // Terraform must destroy it and create it anew
}

func (p *planner) run(ctx context.Context) (diags diag.Diagnostics) {
	p.plan.ID, p.plan.Version, p.plan.Manifest = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	p.plan.Files = types.MapUnknown(types.StringType)

	diags.Append(p.locate()...)
	req, given, known, d := p.plan.request(ctx)
	if diags.Append(d...); diags.HasError() {
		return diags
	}
	if !known {
		diags.Append(p.check(*p.plan, req, given)...)
		return diags
	}
	res, d := p.render(ctx, req, given)
	if diags.Append(d...); diags.HasError() {
		return diags
	}
	p.plan.Version = types.StringValue(res.Blueprint.Version)

	report, err := write.Compare(p.at.dir, res.Files, write.Options{OnConflict: p.plan.conflict()})
	if err != nil {
		p.plan.put(sums(res.Files))
		diags.Append(p.obstacle("Directory cannot be used", err.Error())...)
		return diags
	}
	if write.Unfinished(p.at.dir) != nil {
		p.plan.put(sums(res.Files)) // What stands there now says nothing; Read has told of it.
		return diags
	}
	p.plan.put(report.After())
	manifest, _ := res.Files.Get(write.ManifestPath)
	diags.Append(p.judge(report, manifest, p.switched(ctx, req, report))...)
	return diags
}

// locate finds the planned folder and claims it.
func (p *planner) locate() (diags diag.Diagnostics) {
	if p.plan.Path.IsUnknown() {
		p.replace = p.prior != nil // As Terraform's own attributes do.
		return nil
	}
	var err error
	if p.at, err = p.place(p.plan.Path.ValueString()); err != nil {
		diags.AddAttributeError(path.Root(attrPath), "Path not allowed", sentence(err))
		return diags
	}
	p.plan.ID = types.StringValue(p.at.id)
	mine := claim{real: p.at.real, token: p.rec.Token, stage: holds, path: p.plan.Path.ValueString()}
	if p.prior == nil && p.rec.Token == "" {
		mine.stage = creates
	}
	claims := []claim{mine}
	if p.prior != nil {
		if old, err := filepath.Abs(p.prior.Path.ValueString()); err != nil || old != p.at.dir {
			p.moves, p.replace = true, true
			if there, err := p.place(p.prior.Path.ValueString()); err == nil {
				claims = append(claims, claim{real: there.real, token: p.rec.Token, stage: leaves, path: p.prior.Path.ValueString()})
			}
		}
	}
	for _, c := range claims {
		if other, found := p.claim(c); found {
			diags.AddAttributeError(path.Root(attrPath), "Two modules in one directory", other.why(c))
			return diags
		}
	}
	return nil
}

// judge says what stands in the way of a plan.
func (p *planner) judge(report write.Report, manifest []byte, unseen []rerender.Loss) diag.Diagnostics {
	var diags diag.Diagnostics
	if !report.Drift() {
		return nil
	}
	on := p.plan.conflict()
	if who := stranger(report.Previous(), p.rec.Manifest, manifest); who != "" && on != write.Overwrite {
		diags.Append(p.obstacle("Directory contains another module", otherModule(p.plan.Path.ValueString(), who))...)
		return diags
	}
	edited, foreign := report.Obstacles()
	switch touched := inTheWay(report); {
	case on == write.Fail && len(edited)+len(foreign) > 0:
		diags.Append(p.obstacle("Files in the way", conflictText(p.plan.Path.ValueString(), edited, foreign))...)
	case on == write.Overwrite && len(touched) > 0:
		diags.AddWarning("Edits will be lost", list(fmt.Sprintf("on_conflict is \"overwrite\", so these files in %q, which bpgen did not write in this form, will be overwritten or removed", p.plan.Path.ValueString()), touched))
	case len(report.Kept) > 0:
		diags.AddWarning("Files will be kept", list(fmt.Sprintf("on_conflict is \"keep\", so these files in %q stay as they are, although the rendered module differs", p.plan.Path.ValueString()), report.Kept))
	}
	if losses := lost(report, unseen); len(losses) > 0 {
		diags.AddWarning("Data will be lost", list(fmt.Sprintf("This change drops or replaces objects that hold data in the module in %q, and applying that module would destroy them. Back up what you need first", p.plan.Path.ValueString()), losses))
	}
	return diags
}

// switched returns the data that goes from a module in the nested layout, whose
// files do not say it all. Where the module of before cannot be rendered any more,
// they are all that is known.
func (p *planner) switched(ctx context.Context, req generator.Request, report write.Report) []rerender.Loss {
	if req.Layout != link.Nested || !report.Drift() || report.Previous() == nil {
		return nil
	}
	past, _ := rerender.Read(report.Previous(), write.ManifestPath)
	bp, diags := p.space.Blueprint(req.Blueprint)
	if past == nil || diags.HasErrors() || past.Blueprint != req.Blueprint || past.Layout != string(link.Nested) {
		return nil
	}
	req.Layout = link.Flat
	was := req
	was.Inputs, was.Profile = past.Was(bp), ""
	before, diags := p.space.Render(ctx, was)
	if diags.HasErrors() {
		return nil
	}
	after, diags := p.space.Render(ctx, req)
	if diags.HasErrors() {
		return nil
	}
	return rerender.NestedLosses(before.Module, after.Module)
}

// lost says which objects with data a change takes away, and why.
func lost(report write.Report, unseen []rerender.Loss) []string {
	var files []rerender.File
	for _, c := range report.Changes() {
		files = append(files, rerender.File{Path: c.Path, Old: c.Old, New: c.New, Unread: c.Unread})
	}
	var out []string
	for _, l := range rerender.Join(rerender.Losses(files), unseen) {
		out = append(out, l.Address+": "+l.Why)
	}
	return out
}

// inTheWay lists the files that bpgen did not write as they are and that change.
func inTheWay(r write.Report) []string {
	return slices.DeleteFunc(slices.Sorted(slices.Values(slices.Concat(r.Edited, r.Foreign))), func(name string) bool {
		return !slices.Contains(r.Changed, name) && !slices.Contains(r.Deleted, name)
	})
}

// obstacle is an error for a module of which nothing is in the planned folder yet,
// and a warning for one that is there.
func (p *planner) obstacle(summary, detail string) diag.Diagnostics {
	if p.moves || p.prior == nil && p.rec.Token == "" {
		return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root(attrPath), summary, detail)}
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(path.Root(attrPath), summary, detail+"\n\nApplying this plan will fail.")}
}

// planDestroy claims the folder and says what will stay in it.
func (s *Session) planDestroy(prior model, rec record) (diags diag.Diagnostics) {
	at, err := s.place(prior.Path.ValueString())
	if err != nil {
		diags.AddAttributeError(path.Root(attrPath), "Path not allowed", sentence(err))
		return diags
	}
	if s.taken(at.real, rec.Token) {
		return nil // Its replacement is there already; remove leaves it in place.
	}
	mine := claim{real: at.real, token: rec.Token, stage: destroys, path: prior.Path.ValueString()}
	if other, found := s.claim(mine); found {
		diags.AddAttributeError(path.Root(attrPath), "Two modules in one directory", other.why(mine))
		return diags
	}
	stands, err := write.Inspect(at.dir, nil)
	if err != nil {
		diags.AddAttributeError(path.Root(attrPath), "Directory cannot be used", sentence(err))
		return diags
	}
	if stays := append(slices.Clone(stands.Edited), stands.Foreign...); len(stays) > 0 {
		diags.AddWarning("Files will not be removed", list(fmt.Sprintf("Destroying the module in %q removes the files that bpgen wrote and that were not edited. These files stay", prior.Path.ValueString()), stays))
	}
	return diags
}

// maxNamed is how many files a list names.
const maxNamed = 30

// list puts names below a title.
func list(title string, names []string) string {
	if len(names) > maxNamed {
		names = append(slices.Clone(names[:maxNamed]), fmt.Sprintf("... and %d more", len(names)-maxNamed))
	}
	return title + ":\n  " + strings.Join(names, "\n  ")
}

// conflictText says which files are in the way and what can be done.
func conflictText(dir string, edited, foreign []string) string {
	var parts []string
	if len(edited) > 0 {
		parts = append(parts, list(fmt.Sprintf("Files in %q that were edited by hand since bpgen wrote them", dir), edited))
	}
	if len(foreign) > 0 {
		parts = append(parts, list(fmt.Sprintf("Files in %q that bpgen did not write and that are in the way", dir), foreign))
	}
	return strings.Join(append(parts, "on_conflict is \"fail\", so nothing is written. Undo the edits or move the files away; or set on_conflict to \"keep\" to leave them as they are, or to \"overwrite\" to replace them with the rendered files. Files whose names the module does not need stay in any case."), "\n\n")
}

// otherModule says that a folder holds another module.
func otherModule(dir, who string) string {
	return fmt.Sprintf("The directory %q contains a module that this resource did not write: one with %s. It was written by another bpgen_module, in this configuration or another, or by \"bpgen render\". "+
		"Choose another path; import the module if it is the same one; or set on_conflict to \"overwrite\" to take over the directory.", dir, who)
}

// sentence makes a sentence of an error.
func sentence(err error) string {
	text := err.Error()
	if text == "" {
		return text
	}
	text = strings.ToUpper(text[:1]) + text[1:]
	if !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}

// sorted returns the keys of a map in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
