package module

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bpgen/bpgen/generator/write"
)

// Create writes the module.
func (m *Module) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	if !m.ready(&resp.Diagnostics) {
		return
	}
	var plan model
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...); resp.Diagnostics.HasError() {
		return
	}
	rec := newRecord()
	if resp.Diagnostics.Append(m.session.write(ctx, &plan, &rec)...); resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(rec.store(ctx, resp.Private)...)
}

// Update writes the module over the one that is there.
func (m *Module) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	if !m.ready(&resp.Diagnostics) {
		return
	}
	var plan, prior model
	rec, diags := recall(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...); resp.Diagnostics.HasError() {
		return
	}
	rec = rec.orOf(prior)
	if resp.Diagnostics.Append(m.session.write(ctx, &plan, &rec)...); resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(rec.store(ctx, resp.Private)...)
}

// Delete removes what bpgen wrote and nobody edited, and says what stays.
func (m *Module) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	if !m.ready(&resp.Diagnostics) {
		return
	}
	var state model
	rec, diags := recall(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(m.session.remove(ctx, state, rec.orOf(state))...)
}

// diagnosed is an error that is worded for Terraform already.
type diagnosed struct{ diag.Diagnostic }

func (d diagnosed) Error() string { return d.Detail() }

// write renders a planned module and brings it to the disk, unless that would
// lead to something else than was planned.
func (s *Session) write(ctx context.Context, plan *model, rec *record) (diags diag.Diagnostics) {
	at, err := s.place(plan.Path.ValueString())
	if err != nil {
		diags.AddAttributeError(path.Root(attrPath), "Path not allowed", sentence(err))
		return diags
	}
	req, given, _, d := plan.request(ctx)
	if diags.Append(d...); diags.HasError() {
		return diags
	}
	res, d := s.render(ctx, req, given)
	if d.HasError() { // The plan has said what else there is to say.
		return d
	}
	manifest, _ := res.Files.Get(write.ManifestPath)
	opts := write.Options{OnConflict: plan.conflict(), Check: func(r write.Report) error { return s.agrees(*plan, *rec, r, manifest) }}
	if opts.OnConflict == write.Fail {
		opts.OnConflict = write.Overwrite // agrees refuses, and only where something changes.
	}
	report, err := write.Apply(ctx, at.dir, res.Files, opts)
	var said diagnosed
	switch {
	case errors.As(err, &said):
		diags.Append(said.Diagnostic)
	case err != nil:
		diags.AddAttributeError(path.Root(attrPath), "Module not written", sentence(err))
	}
	if diags.HasError() {
		return diags
	}
	plan.ID, plan.Version = types.StringValue(at.id), types.StringValue(res.Blueprint.Version)
	plan.put(report.After())
	rec.Manifest = plan.Manifest.ValueString()
	rec.Parents = max(rec.Parents, report.Parents)
	s.wrote(at.real, rec.Token)
	return diags
}

// agrees says, under the writer's lock, whether what is about to happen is what
// was planned, and allowed.
func (s *Session) agrees(plan model, rec record, r write.Report, manifest []byte) error {
	fail := func(summary, detail string) error {
		return diagnosed{diag.NewAttributeErrorDiagnostic(path.Root(attrPath), summary, detail)}
	}
	dir := plan.Path.ValueString()
	if r.Drift() {
		if who := stranger(r.Previous(), rec.Manifest, manifest); who != "" && plan.conflict() != write.Overwrite {
			return fail("Directory contains another module", otherModule(dir, who))
		}
		if edited, foreign := r.Obstacles(); plan.conflict() == write.Fail && len(edited)+len(foreign) > 0 {
			return fail("Files in the way", conflictText(dir, edited, foreign))
		}
	}
	if plan.Files.IsUnknown() {
		return nil // Decided while applying.
	}
	if changed := differ(plan.files(), r.After()); len(changed) > 0 {
		return fail("Changed since the plan", list(fmt.Sprintf("Files in %q, or the blueprint, have changed since this was planned. Nothing was written; run plan again. Affected", dir), changed))
	}
	return nil
}

// errTaken says that a folder is another's by now.
var errTaken = errors.New("taken")

// remove takes a module away.
func (s *Session) remove(ctx context.Context, state model, rec record) (diags diag.Diagnostics) {
	shown := state.Path.ValueString()
	at, err := s.place(shown)
	if err != nil {
		diags.AddAttributeError(path.Root(attrPath), "Path not allowed", sentence(err))
		return diags
	}
	report, err := write.Remove(ctx, at.dir, write.Options{Parents: rec.Parents, Check: func(r write.Report) error {
		if b := r.Previous(); s.taken(at.real, rec.Token) || b != nil && rec.Manifest != "" && digest(b) != rec.Manifest {
			return errTaken
		}
		return nil
	}})
	switch {
	case errors.Is(err, errTaken):
		diags.AddWarning("Module left in place", fmt.Sprintf("The module in %q is not the one that this resource wrote last: another bpgen_module or \"bpgen render\" has written there since. Nothing was removed; Terraform forgets the module.", shown))
	case err != nil:
		diags.AddAttributeError(path.Root(attrPath), "Module not removed", sentence(err))
	case len(report.Kept) > 0:
		var parts string
		if len(report.Edited) > 0 {
			parts += "\n\n" + list("Edited by hand since bpgen wrote them", report.Edited)
		}
		if len(report.Foreign) > 0 {
			parts += "\n\n" + list("Not written by bpgen", report.Foreign)
		}
		diags.AddWarning("Files not removed", fmt.Sprintf("The module in %q was removed. These files were left in place.%s", shown, parts))
	}
	return diags
}
