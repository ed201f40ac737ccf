// Package write puts a rendered tree on the disk. It is the only package of
// bpgen that changes files.
//
// It takes a folder and a fileset.Set and returns a Report. It never follows a
// symbolic link out of the folder, never removes a file that bpgen did not
// write, and never overwrites a hand edit unless told to. Apply writes, Compare
// says what Apply would do, Inspect says what stands there, Remove takes away
// what was written and not edited since.
//
// # Old tree or new tree
//
// A folder that does not exist yet is built beside its place and renamed into
// it. A folder that exists is built anew beside its place, with hard links to
// everything that stays (unchanged files, terraform's state and plugins, files
// of others under --force), and the two folders are exchanged by one system
// call. So a kill at any moment leaves the old tree or the new one.
//
// Where that cannot be (another operating system, a mount point, a file system
// without hard links, or a folder in which this process stands, which must not
// vanish under the user's shell), the new files are staged inside the folder,
// a journal of what is to happen is written, and then each file is renamed into
// place, the manifest last. That is said beforehand. A kill then leaves every
// single file whole; Unfinished says so until the next run has finished what the
// journal says. What a killed run leaves behind is cleaned up by the next one.
//
// # What is believed
//
// Nothing on the disk is reached by name twice: the folder above is opened once,
// and all else goes through its handle (target.go). Leftovers of a killed run are
// used only where they prove that bpgen made them here (work.go). A manifest is
// believed of a file whose content it knows, and never of a state, of version
// control or of what is hidden. Files are looked at before they are read.
//
// Nothing is synced to the platter: that is for a power cut, after which a
// render can be repeated, and it costs ten times the write itself.
package write

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bpgen/bpgen/generator/fileset"
)

// ManifestPath is where a rendered tree lists the files that bpgen wrote.
const ManifestPath = bpgenDir + "/manifest.json"

// A Conflict says what becomes of files that bpgen would have to overwrite and
// did not write, or that somebody edited since. Files of others that are in
// nobody's way are kept in any case.
type Conflict string

const (
	// Fail writes nothing at all. It is what "" means, too.
	Fail Conflict = "fail"
	// Overwrite takes the rendered file for them.
	Overwrite Conflict = "overwrite"
	// Keep leaves them as they are and writes the others. The manifest goes on
	// to say of them what it said before, so that later runs know them as edited,
	// or as files of others.
	Keep Conflict = "keep"
)

// Options of Apply, Compare and Remove.
type Options struct {
	// OnConflict is for Apply and Compare; Remove never takes away what
	// somebody edited.
	OnConflict Conflict

	// Base are the files as they were rendered, where the set is not what was
	// rendered; nil is the set. They are kept beside a manifest that has their digest.
	Base *fileset.Set

	// Remove names files that go whatever was made of them.
	Remove []string

	// Check is called under the lock with what is about to happen, before
	// anything changes. Its error is returned as it is and stops the work.
	Check func(Report) error

	// Notice is called with a line for the user, without a newline, when the work
	// waits for another process, goes a way that an interrupt can leave half done,
	// or comes across leftovers that it does not touch. Nil is nobody.
	Notice func(text string)

	// Parents is for Remove: how many of the folders above the output folder go
	// with it, innermost first, when nothing else is in them.
	Parents int
}

// A Report says what was done, or, from Compare, what would be done. All paths
// are slash-separated, relative to the folder, and sorted.
type Report struct {
	Created   []string `json:"created"`
	Changed   []string `json:"changed"`
	Deleted   []string `json:"deleted"`
	Unchanged []string `json:"unchanged"`
	Edited    []string `json:"edited"`  // written by bpgen, changed by hand since
	Foreign   []string `json:"foreign"` // not written by bpgen

	// Colliding are the foreign files that have the name of a file of the set.
	Colliding []string `json:"colliding"`

	// Kept are the edited and foreign files that stay though the set says
	// otherwise. Files that the set does not have any more and that somebody edited
	// are among them in any case.
	Kept []string `json:"kept,omitempty"`

	// Parents is how many folders above the output folder Apply made.
	Parents int `json:"-"`

	diffs    []diff
	after    map[string]string
	previous []byte
}

// After returns the sha256 of every file of the module once the work is done, by
// path: those of the set, and what is kept in the place of one. The manifest is
// in it as ManifestPath; what else bpgen keeps for itself is not.
func (r Report) After() map[string]string { return maps.Clone(r.after) }

// Previous returns the manifest that stood in the folder; nil when no render
// was there.
func (r Report) Previous() []byte { return r.previous }

// Obstacles returns what a render without Overwrite refuses to touch: what was
// edited, and files of others. Where bpgen has written before, only those are in
// the way whose names the module needs; a directory that is filled without it may
// be meant for something else altogether.
func (r Report) Obstacles() (edited, foreign []string) {
	if r.previous == nil {
		return r.Edited, r.Foreign
	}
	return r.Edited, r.Colliding
}

// Bystanders returns the files of others that are in nobody's way.
func (r Report) Bystanders() []string {
	_, inTheWay := r.Obstacles()
	return slices.DeleteFunc(slices.Clone(r.Foreign), func(name string) bool { return slices.Contains(inTheWay, name) })
}

// A Change is a file before and after; nil is a file that is not there.
type Change struct {
	Path     string
	Old, New []byte
	Unread   bool // the old file is too large to be held
}

// Changes returns the files that differ, sorted by path.
func (r Report) Changes() []Change {
	out := make([]Change, 0, len(r.diffs))
	for _, d := range r.diffs {
		out = append(out, Change{Path: d.path, Old: d.old, New: d.new, Unread: d.big})
	}
	slices.SortFunc(out, func(a, b Change) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// Drift says whether the folder differs from the set.
func (r Report) Drift() bool { return len(r.Created)+len(r.Changed)+len(r.Deleted) > 0 }

// Normalise makes every list non-nil, so that JSON shows [] and not null.
func (r *Report) Normalise() {
	for _, list := range []*[]string{&r.Created, &r.Changed, &r.Deleted, &r.Unchanged, &r.Edited, &r.Foreign, &r.Colliding} {
		if *list == nil {
			*list = []string{}
		}
	}
}

// A RefusedError says why a folder was left alone; Overwrite would go on.
type RefusedError struct {
	Dir     string
	Edited  []string // files edited by hand since the last render
	Foreign []string // files that bpgen did not write
	Again   bool     // bpgen has written there before
	Strange bool     // half of what it wrote, or more, is not as it was
	Reason  string   // anything else
}

// Error lists every file that is in the way.
func (e *RefusedError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "nothing was written to %s", quote(e.Dir))
	if e.Reason != "" {
		fmt.Fprintf(&b, ": %s", e.Reason)
	}
	list := func(title string, names []string) {
		if len(names) > 0 {
			fmt.Fprintf(&b, "\n\n%s:\n  %s", title, strings.Join(names, "\n  "))
		}
	}
	list("Files edited by hand since the last render", e.Edited)
	foreign := e.Foreign
	if len(foreign) > maxForeign {
		foreign = append(slices.Clone(foreign[:maxForeign]), "... and more")
	}
	title := "Files that bpgen did not write"
	if e.Again {
		title += ", with names that the module needs"
	}
	list(title, foreign)
	b.WriteString("\n\n")
	switch {
	case e.Again && len(e.Foreign) > 0:
		b.WriteString("Rename these files, or use --force to overwrite them.")
		if len(e.Edited) > 0 {
			b.WriteString(" --force overwrites the edits as well; see them with --diff.")
		}
	case len(e.Edited) > 0:
		b.WriteString("See the edits with --diff. Merge them with bpgen upgrade, or use --force to overwrite them.")
		if e.Strange {
			b.WriteString("\nHalf or more of the files do not match the manifest: it may belong to another directory. If so, restore the right one.")
		}
	default:
		b.WriteString("Choose another directory, or use --force; files that bpgen did not write are kept unless the module needs their names.")
	}
	return b.String()
}

const maxForeign = 20

// Apply makes the folder dir hold exactly set, besides files of others. It
// writes nothing when nothing differs. With an error the folder is as before.
func Apply(ctx context.Context, dir string, set fileset.Set, opts Options) (Report, error) {
	return (&applier{}).apply(ctx, dir, set, opts)
}

// Compare says what Apply would do and changes nothing. What Apply would refuse
// is in the report, not an error.
func Compare(dir string, set fileset.Set, opts Options) (Report, error) {
	t, err := locate(dir)
	if err != nil {
		return Report{}, err
	}
	at, err := t.open()
	if err != nil {
		return Report{}, unreadable(t.shown, err)
	}
	defer at.close()
	p, err := scan(at, set, opts)
	if err != nil {
		return Report{}, unreadable(t.shown, err)
	}
	return p.report, nil
}

// applier carries what one run needs, and the hooks of tests: step is called in
// front of every change to the disk, with what is about to happen.
type applier struct {
	step          func(what string) error
	journalOnly   bool
	says, givesUp time.Duration // 0: as usual
	say           func(text string)
}

// notice tells the user.
func (a *applier) notice(format string, args ...any) {
	if a.say != nil {
		a.say(fmt.Sprintf(format, args...))
	}
}

func (a *applier) at(what string) error {
	if a.step == nil {
		return nil
	}
	return a.step(what)
}

func (a *applier) apply(ctx context.Context, dir string, set fileset.Set, opts Options) (_ Report, err error) {
	a.say = opts.Notice
	t, err := locate(dir)
	if err != nil {
		return Report{}, err
	}
	at, err := a.lock(ctx, t, true, 0)
	if err != nil {
		return Report{}, friendly(t.shown, err)
	}
	defer func() { at.release(err != nil) }()
	if err := a.recoverLeftovers(at); err != nil {
		return Report{}, friendly(t.shown, err)
	}
	p, err := scan(at, set, opts)
	if err != nil {
		return Report{}, friendly(t.shown, err)
	}
	p.report.Parents = at.before + len(at.made)
	if opts.OnConflict == Fail || opts.OnConflict == "" {
		if err := p.refusal(t.shown); err != nil {
			return p.report, err
		}
	}
	if opts.Check != nil {
		if err := opts.Check(p.report); err != nil {
			return p.report, err
		}
	}
	if !p.report.Drift() {
		return p.report, nil
	}
	if err := ctx.Err(); err != nil {
		return Report{}, interrupted(t.shown)
	}
	if err := a.write(ctx, at, p); err != nil {
		return Report{}, friendly(t.shown, err)
	}
	return p.report, nil
}

// write brings the plan to the disk, by exchange or, where that cannot be, in
// place under a journal.
func (a *applier) write(ctx context.Context, at *site, p *plan) error {
	why := ""
	if p.exists {
		root, err := at.root()
		if err != nil {
			return err
		}
		defer root.Close() //nolint:errcheck // No data in it.
		if err := p.writable(root); err != nil {
			return err
		}
		why = p.inPlace(at)
	}
	if !a.journalOnly && why == "" {
		err := a.swap(ctx, at, p)
		var no *noSwap
		if !errors.As(err, &no) {
			return err
		}
		why = no.Error()
	}
	a.notice("%q is written in place, file by file, because %s; an interruption can leave it half written until the next run finishes it", at.shown, why)
	return a.journal(ctx, at, p)
}

func interrupted(shown string) error {
	return fmt.Errorf("interrupted: %s was left unchanged", quote(shown))
}

func quote(path string) string { return fmt.Sprintf("%q", path) }
