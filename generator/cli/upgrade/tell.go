package upgrade

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/merge"
	"github.com/bpgen/bpgen/generator/rerender"
	"github.com/bpgen/bpgen/generator/upgrade"
	"github.com/bpgen/bpgen/generator/write"
)

// tell ends the command: with the documents that were asked for, and the worst of
// the exit codes. An error is worse than conflicts.
func tell(f *shell.Factory, opts *Options, all []*outcome) error {
	code := shell.OK
	for _, o := range all {
		if c := o.code(); c == shell.Failed || code == shell.OK {
			code = c
		}
	}
	if opts.Report != "" {
		if _, err := write.File(opts.Report, []byte(markdown(all)), func([]byte) error { return nil }); err != nil {
			return fmt.Errorf("the report cannot be written: %w", err)
		}
	}
	if opts.JSON {
		doc := document{Modules: []module{}}
		for _, o := range all {
			doc.Modules = append(doc.Modules, o.module(opts))
		}
		if err := f.WriteJSON(doc); err != nil {
			return err
		}
	}
	return shell.Exit(code)
}

// text tells people what became of a module.
func (o *outcome) text(f *shell.Factory, opts *Options) {
	if err := f.Report(o.sources, o.diags); err != nil {
		return
	}
	if o.err != nil {
		f.Tell(columns.Cell{Text: "Error:", Paint: f.IO.ErrStyle().Red}, columns.Plain(" "+o.err.Error()))
		return
	}
	o.foretell(f)
	if opts.Diff {
		f.IO.Out.Write([]byte(o.report.Diff())) //nolint:errcheck // There is nobody to tell.
	}
	if opts.DryRun {
		for _, part := range []struct {
			word  string
			names []string
		}{{"create", o.report.Created}, {"change", o.report.Changed}, {"delete", o.report.Deleted}} {
			for _, name := range part.names {
				fmt.Fprintf(f.IO.Out, "%s  %s\n", part.word, name) //nolint:errcheck // There is nobody to tell.
			}
		}
	}
	o.conflicts(f, opts)
	o.lost(f)
	f.Tell(columns.Plain(o.summary(opts)))
}

// foretell says which options change, and what was followed and guessed.
func (o *outcome) foretell(f *shell.Factory) {
	if len(o.changes) > 0 {
		f.Tell(columns.Plain("Changes to the module in "), columns.Cell{Text: o.dir, Paint: f.IO.ErrStyle().Bold}, columns.Plain(":"))
	}
	for _, c := range o.changes {
		to := c.To
		if to == "" {
			to = "(option removed)"
		}
		f.Tell(columns.Plain(fmt.Sprintf("  %s: %s -> %s", c.Name, c.From, to)))
	}
	for _, r := range o.plan.Renames {
		f.Note(fmt.Sprintf("%s is now called %s, and references follow", r.From, r.To))
	}
	if o.now != nil && len(o.now.Guessed) > 0 {
		f.Note(fmt.Sprintf("the module was rendered before bpgen kept what it renders, so it is not known how these edited files were rendered, and each difference is a conflict: %s", strings.Join(o.now.Guessed, ", ")))
	}
	if len(o.plan.Gone) > 0 {
		f.Note(fmt.Sprintf("removed by hand, changed by the new version, and left out: %s", strings.Join(o.plan.Gone, ", ")))
	}
	for _, address := range o.plan.Kept {
		f.Note(fmt.Sprintf("%s is no longer in the module; removed.tf lets Terraform forget it and not destroy it", address))
	}
}

// conflicts lists what is left to decide, or was decided.
func (o *outcome) conflicts(f *shell.Factory, opts *Options) {
	list := o.plan.Conflicts
	if len(list) == 0 {
		list = o.plan.Decided
	}
	for i, c := range list {
		if i == diag.Most {
			f.Say("... and %d more.\n", len(list)-i)
			break
		}
		c.Path = filepath.ToSlash(filepath.Join(o.dir, filepath.FromSlash(c.Path)))
		if !o.written || len(o.plan.Decided) > 0 {
			c.Start = 0 // Nothing has markers.
		}
		f.Tell(columns.Plain(c.String()))
	}
	if n := len(o.plan.Decided); n > 0 {
		f.Tell(columns.Plain(fmt.Sprintf("%s decided in favour of %s.", conflicted(n), opts.Conflict)))
	}
}

// lost lists the objects whose data nobody allowed to go.
func (o *outcome) lost(f *shell.Factory) {
	if len(o.refused) == 0 {
		return
	}
	var b strings.Builder
	b.WriteString("\nThe upgraded module drops or replaces objects that hold data, and applying it would destroy them:\n")
	for _, l := range o.refused {
		fmt.Fprintf(&b, "  %s: %s\n", l.Address, l.Why)
	}
	b.WriteString("\nBack up what you need first. To continue, add\n ")
	dropped := false
	for _, l := range o.refused {
		b.WriteString(" --allow-destroy " + shell.Quote(l.Address))
		dropped = dropped || l.Dropped
	}
	if dropped && o.what == "upgraded" {
		b.WriteString("\nor, so that Terraform forgets dropped objects and does not destroy them,\n  --keep-objects")
	}
	f.Tell(columns.Plain(b.String()))
}

// summary is the last line about a module.
func (o *outcome) summary(opts *Options) string {
	dir := shell.Quote(o.dir)
	if o.now == nil {
		return ""
	}
	from, to := title(o.now.Past.Blueprint, o.now.Past.Version), ""
	if o.bp != nil {
		to = title(o.bp.Name, o.bp.Version)
	}
	n, between := len(o.plan.Conflicts), " to "+to
	if from != to {
		between = " from " + from + between
	}
	switch {
	case len(o.refused) > 0 && !opts.dry():
		return fmt.Sprintf("Nothing was written to %q.", o.dir)
	case n > 0 && opts.Conflict == string(upgrade.Fail) && !opts.dry():
		return fmt.Sprintf("%s; nothing was written to %q.", conflicted(n), o.dir)
	case o.what == "aborted":
		return fmt.Sprintf("%s is again as it was before the upgrade.", o.dir)
	case o.what == "continued":
		return fmt.Sprintf("The upgrade of %s is complete.", o.dir)
	case opts.dry() && !o.report.Drift():
		return fmt.Sprintf("%s is up to date with %s.", o.dir, to)
	case opts.dry():
		return fmt.Sprintf("%s is not up to date with %s: %s, %s.", o.dir, to, counts(o.report, "to "), conflicted(n))
	case n > 0:
		return fmt.Sprintf("The upgrade of %s%s is not complete: %s. Choose between the versions and remove the markers; then run bpgen upgrade --continue %s, or go back with bpgen upgrade --abort %s.", o.dir, between, conflicted(n), dir, dir)
	case !o.report.Drift():
		return fmt.Sprintf("%s is up to date with %s.", o.dir, to)
	}
	return fmt.Sprintf("Upgraded %s%s: %s.", o.dir, between, counts(o.report, ""))
}

func title(name, version string) string { return strings.TrimSpace(name + " " + version) }

// counts says what happened to files, or, with "to ", what would; those that stay as
// they are go without saying.
func counts(r write.Report, to string) string {
	r.Unchanged = nil
	return shell.Counts(r, to)
}

// conflicted is "no conflicts", "1 conflict" or "2 conflicts".
func conflicted(n int) string {
	if n == 0 {
		return "no conflicts"
	}
	return shell.Count(n, "conflict")
}

// document is what --json prints.
type document struct {
	Modules []module `json:"modules"`
}

type module struct {
	Dir         string                `json:"dir"`
	Blueprint   string                `json:"blueprint,omitempty"`
	From        string                `json:"from,omitempty"` // versions
	To          string                `json:"to,omitempty"`
	Written     bool                  `json:"written"`
	Changes     []rerender.Change     `json:"changes,omitempty"`
	Conflicts   []upgrade.Conflict    `json:"conflicts"`
	Decided     []upgrade.Conflict    `json:"decided,omitempty"` // by --conflict
	Renames     []merge.Rename        `json:"renames,omitempty"`
	Losses      []rerender.Loss       `json:"losses"` // objects with data that would go, and nobody allowed
	Kept        []string              `json:"kept_objects,omitempty"`
	Gone        []string              `json:"left_out,omitempty"` // files that were removed by hand
	Report      *write.Report         `json:"report,omitempty"`
	Diff        string                `json:"diff,omitempty"`
	Error       string                `json:"error,omitempty"`
	Diagnostics []diag.JSONDiagnostic `json:"diagnostics"`
}

func (o *outcome) module(opts *Options) module {
	m := module{
		Dir: o.dir, Written: o.written, Changes: o.changes, Conflicts: upgrade.List(o.plan.Conflicts), Renames: o.plan.Renames,
		Losses: append([]rerender.Loss{}, o.refused...), Kept: o.plan.Kept, Gone: o.plan.Gone, Diagnostics: diag.JSON(o.diags),
	}
	if len(o.plan.Decided) > 0 {
		m.Decided = upgrade.List(o.plan.Decided)
	}
	if o.now != nil {
		m.Blueprint, m.From = o.now.Past.Blueprint, o.now.Past.Version
	}
	if o.bp != nil {
		m.To = o.bp.Version
	}
	if o.err != nil {
		m.Error = o.err.Error()
		return m
	}
	if !o.diags.HasErrors() {
		o.report.Normalise()
		m.Report = &o.report
		if opts.Diff {
			m.Diff = o.report.Diff()
		}
	}
	return m
}

// markdown is the report for a pull request.
func markdown(all []*outcome) string {
	var b strings.Builder
	b.WriteString("# Upgrade\n")
	for _, o := range all {
		fmt.Fprintf(&b, "\n## %s\n\n", code(o.dir))
		if o.err != nil {
			b.WriteString("Failed: " + code(firstLine(o.err)) + "\n")
			continue
		}
		if o.diags.HasErrors() || o.now == nil {
			b.WriteString("Failed; see what bpgen printed.\n")
			continue
		}
		section := func(title string, lines []string) {
			if len(lines) > 0 {
				fmt.Fprintf(&b, "\n%s:\n\n- %s\n", title, strings.Join(lines, "\n- "))
			}
		}
		from, to := title(o.now.Past.Blueprint, o.now.Past.Version), ""
		if o.bp != nil {
			to = ", to " + code(title(o.bp.Name, o.bp.Version))
		}
		fmt.Fprintf(&b, "From %s%s: %s.\n", code(from), to, orNothing(counts(o.report, "")))
		var changes, conflicts, losses, kept []string
		for _, c := range o.changes {
			changes = append(changes, fmt.Sprintf("%s: %s to %s", code(c.Name), code(c.From), code(c.To)))
		}
		for _, c := range append(o.plan.Conflicts, o.plan.Decided...) {
			conflicts = append(conflicts, fmt.Sprintf("%s: %s", code(strings.TrimSuffix(c.Path+": "+c.Address, ": ")), c.Reason))
		}
		for _, l := range o.plan.Losses {
			losses = append(losses, code(l.Address)+": "+l.Why)
		}
		for _, address := range o.plan.Kept {
			kept = append(kept, code(address))
		}
		section("Options and versions", changes)
		section("Conflicts", conflicts)
		var gone []string
		for _, name := range o.plan.Gone {
			gone = append(gone, code(name))
		}
		section("Removed by hand, changed by the new version, and left out", gone)
		section("Objects that hold data and would be destroyed", losses)
		section("Objects that Terraform forgets and does not destroy", kept)
	}
	return b.String()
}

func orNothing(text string) string {
	if text == "" {
		return "nothing changes"
	}
	return text
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// code writes a text as code in Markdown.
func code(text string) string {
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + strings.ReplaceAll(text, "\n", " ") + fence
}
