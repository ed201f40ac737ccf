package write

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/fileset"
)

func TestRemove(t *testing.T) {
	t.Parallel()
	terraform := map[string]string{".terraform/providers/x": "plugin", ".terraform.lock.hcl": "lock", "examples/complete/terraform.tfstate": "state"}
	tests := map[string]struct {
		render  bool              // v1 is rendered first
		put     map[string]string // put there by hand
		gone    []string          // removed by hand
		folders []string          // made by hand, and stay
		edited  []string
		foreign []string
		stays   map[string]string
	}{
		"missing directory":     {},
		"as rendered":           {render: true},
		"files gone":            {render: true, gone: []string{"main.tf", "docs/a.md"}},
		"all gone":              {render: true, gone: []string{"main.tf", "docs/a.md", "old/gone.tf", "same.tf"}},
		"edited":                {render: true, put: map[string]string{"main.tf": "edit"}, edited: []string{"main.tf"}, stays: map[string]string{"main.tf": "edit"}},
		"edited deep":           {render: true, put: map[string]string{"old/gone.tf": "edit"}, edited: []string{"old/gone.tf"}, stays: map[string]string{"old/gone.tf": "edit"}},
		"foreign":               {render: true, put: map[string]string{"x": "x", "docs/b.md": "b"}, foreign: []string{"docs/b.md", "x"}, stays: map[string]string{"x": "x", "docs/b.md": "b"}},
		"foreign beside ours":   {render: true, put: map[string]string{".bpgen/x": "x"}, foreign: []string{".bpgen/x"}, stays: map[string]string{".bpgen/x": "x"}},
		"terraform's":           {render: true, put: terraform, stays: terraform},
		"never rendered":        {put: map[string]string{"main.tf": "one\n"}, foreign: []string{"main.tf"}, stays: map[string]string{"main.tf": "one\n"}},
		"a directory of others": {render: true, folders: []string{"mine/empty"}},
		"unknown work":          {render: true, put: map[string]string{".bpgen/tmp/tree/main.tf": "half"}, stays: map[string]string{".bpgen/tmp/tree/main.tf": "half"}},
		"both":                  {render: true, put: map[string]string{"main.tf": "edit", "x": "x"}, edited: []string{"main.tf"}, foreign: []string{"x"}, stays: map[string]string{"main.tf": "edit", "x": "x"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			modes(t, func(t *testing.T, a *applier) {
				parent := t.TempDir()
				out := filepath.Join(parent, "out")
				if tt.render {
					apply(t, a, out, set(t, v1), false)
				}
				put(t, out, tt.put)
				for _, name := range tt.gone {
					if err := os.Remove(filepath.Join(out, name)); err != nil {
						t.Fatal(err)
					}
				}
				for _, name := range tt.folders {
					if err := os.MkdirAll(filepath.Join(out, name), 0o755); err != nil {
						t.Fatal(err)
					}
				}
				r, err := a.remove(t.Context(), out, Options{})
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(r.Edited, tt.edited) || !slices.Equal(r.Foreign, tt.foreign) || len(r.Kept) != len(tt.edited)+len(tt.foreign) {
					t.Errorf("edited %v, foreign %v, kept %v", r.Edited, r.Foreign, r.Kept)
				}
				if want := len(v1) + 1 - len(tt.gone) - len(tt.edited); tt.render && len(r.Deleted) != want {
					t.Errorf("%d files deleted, not %d: %v", len(r.Deleted), want, r.Deleted)
				}
				equal(t, read(t, parent), prefixed("out/", tt.stays))
				equalFolders(t, parent, append(tt.folders, above(tt.stays)...))

				// A second time there is nothing to do.
				if r, err := a.remove(t.Context(), out, Options{}); err != nil || len(r.Deleted) > 0 {
					t.Errorf("again: %+v %v", r, err)
				}
				equal(t, read(t, parent), prefixed("out/", tt.stays))
			})
		})
	}
}

// above lists the folders of files.
func above(files map[string]string) []string {
	var out []string
	for name := range files {
		for d := filepath.Dir(name); d != "."; d = filepath.Dir(d) {
			out = append(out, d)
		}
	}
	return out
}

// equalFolders holds that a folder holds no others than these and what is on the
// way to them, below out.
func equalFolders(t *testing.T, parent string, want []string) {
	t.Helper()
	err := filepath.WalkDir(parent, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() || p == parent || p == filepath.Join(parent, "out") {
			return err
		}
		rel, err := filepath.Rel(filepath.Join(parent, "out"), p)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(want, func(w string) bool { return w == rel || strings.HasPrefix(w, rel+"/") }) {
			t.Errorf("the directory %s stays", rel)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	for _, w := range want {
		if _, err := os.Stat(filepath.Join(parent, "out", w)); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(parent, "out")); (err == nil) != (len(want) > 0) && len(read(t, parent)) == 0 {
		t.Errorf("the directory itself: %v", err)
	}
}

// TestRemoveFollowsNoLink keeps what links lead to, and the links.
func TestRemoveFollowsNoLink(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		from, to string // replaces what was rendered
		edited   []string
	}{
		"a file":               {"main.tf", "away/main.tf", []string{"main.tf"}},
		"a directory":          {"docs", "away", []string{"docs/a.md"}},
		"a dangling file":      {"main.tf", "nowhere", []string{"main.tf"}},
		"a dangling directory": {"docs", "nowhere", []string{"docs/a.md"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			modes(t, func(t *testing.T, a *applier) {
				parent := t.TempDir()
				out := filepath.Join(parent, "out")
				apply(t, a, out, set(t, v1), false)
				// What the links lead to looks like what was rendered.
				put(t, parent, map[string]string{"away/main.tf": v1["main.tf"], "away/a.md": v1["docs/a.md"]})
				if err := os.RemoveAll(filepath.Join(out, tt.from)); err != nil {
					t.Fatal(err)
				}
				if err := os.Symlink(filepath.Join(parent, tt.to), filepath.Join(out, tt.from)); err != nil {
					t.Fatal(err)
				}
				r, err := a.remove(t.Context(), out, Options{})
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(r.Edited, tt.edited) {
					t.Errorf("edited %v", r.Edited)
				}
				equal(t, read(t, parent), map[string]string{"out/" + tt.from: "-> " + filepath.Join(parent, tt.to), "away/main.tf": v1["main.tf"], "away/a.md": v1["docs/a.md"]})
			})
		})
	}
	for name, make := range map[string]func(t *testing.T, dir string){
		"the directory is a link": func(t *testing.T, dir string) {
			if err := os.Rename(filepath.Join(dir, "out"), filepath.Join(dir, "real")); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink("real", filepath.Join(dir, "out")); err != nil {
				t.Fatal(err)
			}
		},
		"the manifest is a link": func(t *testing.T, dir string) {
			if err := os.Rename(filepath.Join(dir, "out", ManifestPath), filepath.Join(dir, "m.json")); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(filepath.Join(dir, "m.json"), filepath.Join(dir, "out", ManifestPath)); err != nil {
				t.Fatal(err)
			}
		},
		"a hostile manifest": func(t *testing.T, dir string) {
			put(t, dir, map[string]string{"keep": "", "out/" + ManifestPath: `{"files":{"../keep":"` + fileset.Digest(nil) + `"}}`})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			modes(t, func(t *testing.T, a *applier) {
				dir := t.TempDir()
				apply(t, a, filepath.Join(dir, "out"), set(t, v1), false)
				make(t, dir)
				before := read(t, dir)
				if _, err := a.remove(t.Context(), filepath.Join(dir, "out"), Options{}); err == nil {
					t.Error("no error")
				}
				equal(t, read(t, dir), before)
			})
		})
	}
}

// TestRemoveParents takes away the folders that Apply made, as long as nobody
// else uses them.
func TestRemoveParents(t *testing.T) {
	t.Parallel()
	modes(t, func(t *testing.T, a *applier) {
		for name, tt := range map[string]struct {
			put  map[string]string
			want []string // what is in the top folder in the end
		}{
			"nobody's":     {nil, nil},
			"a neighbour":  {map[string]string{"a/b/x": "x"}, []string{"a"}},
			"one above":    {map[string]string{"a/x": "x"}, []string{"a"}},
			"edited in it": {map[string]string{"a/b/out/main.tf": "edit"}, []string{"a"}},
		} {
			top := t.TempDir()
			out := filepath.Join(top, "a", "b", "out")
			r := apply(t, a, out, set(t, v1), false)
			if r.Parents != 2 {
				t.Errorf("%s: %d directories made", name, r.Parents)
			}
			put(t, top, tt.put)
			// More than were made would be somebody else's.
			if _, err := a.remove(t.Context(), out, Options{Parents: r.Parents}); err != nil {
				t.Fatal(err)
			}
			equal(t, read(t, top), tt.put)
			entries, err := os.ReadDir(top)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range entries {
				got = append(got, e.Name())
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%s: %v stay", name, got)
			}
			if _, err := os.Stat(filepath.Join(top, "a", "b")); (err == nil) != (tt.put["a/b/x"]+tt.put["a/b/out/main.tf"] != "") {
				t.Errorf("%s: the directory between: %v", name, err)
			}
		}
	})
}

// TestRemoveWhereWeStand changes the working folder, so it is not parallel.
func TestRemoveWhereWeStand(t *testing.T) {
	parent := t.TempDir()
	out := filepath.Join(parent, "out")
	for _, here := range []string{out, filepath.Join(out, "docs")} {
		apply(t, &applier{}, out, set(t, v1), false)
		t.Chdir(here)
		if _, err := Remove(t.Context(), out, Options{Parents: 1}); err != nil {
			t.Fatal(err)
		}
		if m := read(t, parent); len(m) > 0 {
			t.Errorf("files stay: %v", m)
		}
		if info, err := os.Stat(here); err != nil || !info.IsDir() {
			t.Errorf("the directory we stand in is gone: %v", err)
		}
	}
}

// TestRemoveKeepsFilesOfTheMoment moves back what came between the look and the
// exchange.
func TestRemoveKeepsFilesOfTheMoment(t *testing.T) {
	t.Parallel()
	for _, stays := range []map[string]string{nil, {"x": "x"}} {
		parent := t.TempDir()
		out := filepath.Join(parent, "out")
		a := &applier{}
		apply(t, a, out, set(t, v1), false)
		put(t, out, stays)
		late := map[string]string{"terraform.tfstate": "state", "late/y": "y"}
		a.step = func(what string) error {
			if what == "commit" {
				put(t, out, late)
			}
			return nil
		}
		if _, err := a.remove(t.Context(), out, Options{}); err != nil {
			t.Fatal(err)
		}
		for k, v := range stays {
			late[k] = v
		}
		equal(t, read(t, parent), prefixed("out/", late))
	}
}

func TestRemoveCancelled(t *testing.T) {
	t.Parallel()
	modes(t, func(t *testing.T, a *applier) {
		parent := t.TempDir()
		out := filepath.Join(parent, "out")
		apply(t, a, out, set(t, v1), false)
		before := read(t, parent)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := a.remove(ctx, out, Options{}); err == nil || !strings.Contains(err.Error(), "interrupted") {
			t.Errorf("got %v", err)
		}
		equal(t, read(t, parent), before)
	})
}

// TestRemoveFailsAtEveryStep lets each change fail in turn: the folder is as
// before, with nothing beside it.
func TestRemoveFailsAtEveryStep(t *testing.T) {
	t.Parallel()
	for _, kept := range []map[string]string{nil, {"x": "x", "main.tf": "edit"}} {
		t.Run(fmt.Sprintf("%d kept", len(kept)), func(t *testing.T) {
			t.Parallel()
			modes(t, func(t *testing.T, a *applier) {
				for at := 1; ; at++ {
					parent := t.TempDir()
					out := filepath.Join(parent, "out")
					apply(t, &applier{}, out, set(t, v1), false)
					put(t, out, kept)
					before := read(t, parent)
					n, committed, failed := 0, false, false
					b := &applier{journalOnly: a.journalOnly, step: func(what string) error {
						if what == "tidy" || strings.HasPrefix(what, "replay") {
							committed = true
						}
						if n++; n == at {
							failed = true
							return errors.New("no more")
						}
						return nil
					}}
					_, err := b.remove(t.Context(), out, Options{})
					if !failed {
						if err != nil {
							t.Fatal(err)
						}
						if at < 4 {
							t.Errorf("only %d steps: the hook does not work", at)
						}
						return
					}
					if !committed {
						if err == nil || !strings.Contains(err.Error(), "no more") {
							t.Errorf("step %d: got %v", at, err)
						}
						equal(t, read(t, parent), before)
					}
					// The next run comes to the end all the same.
					if _, err := a.remove(t.Context(), out, Options{}); err != nil {
						t.Fatal(err)
					}
					equal(t, read(t, parent), prefixed("out/", kept))
					if _, err := os.Lstat(out); len(kept) == 0 && !errors.Is(err, fs.ErrNotExist) {
						t.Errorf("step %d: the directory stays: %v", at, err)
					}
				}
			})
		})
	}
}

func TestInspect(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "out")
	inspected := func(names ...string) Standing {
		t.Helper()
		before := read(t, out)
		s, err := Inspect(out, names)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, read(t, out), before)
		return s
	}
	if s := inspected("main.tf"); s.Exists || s.Manifest != nil || len(s.Files) > 0 {
		t.Errorf("nothing there: %+v", s)
	}
	put(t, out, map[string]string{"main.tf": "mine", "y": "y"})
	if s := inspected("main.tf", "z"); !s.Exists || s.Manifest != nil || len(s.Files) != 1 || s.Files["main.tf"] != fileset.Digest([]byte("mine")) || !slices.Equal(s.Foreign, []string{"main.tf", "y"}) {
		t.Errorf("never rendered: %+v", s)
	}
	apply(t, &applier{}, out, set(t, v1), true)
	s := inspected()
	if string(s.Manifest) != read(t, out)[ManifestPath] || len(s.Files) != len(v1) || len(s.Edited)+len(s.Missing) > 0 || len(s.Foreign) != 1 {
		t.Errorf("rendered: %+v", s)
	}
	for name, text := range v1 {
		if s.Files[name] != fileset.Digest([]byte(text)) {
			t.Errorf("%s: %s", name, s.Files[name])
		}
	}
	put(t, out, map[string]string{"main.tf": "edit", "away/gone.tf": v1["old/gone.tf"], "terraform.tfstate": "s"})
	for _, err := range []error{
		os.Remove(filepath.Join(out, "same.tf")), os.RemoveAll(filepath.Join(out, "old")), os.Symlink("away", filepath.Join(out, "old")),
		os.Remove(filepath.Join(out, "docs/a.md")), os.Mkdir(filepath.Join(out, "docs/a.md"), 0o755),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	s = inspected("y", "main.tf", "../out", "no/such")
	if !slices.Equal(s.Edited, []string{"docs/a.md", "main.tf", "old/gone.tf"}) || !slices.Equal(s.Missing, []string{"same.tf"}) || !slices.Equal(s.Foreign, []string{"away/gone.tf", "old", "y"}) {
		t.Errorf("%+v", s)
	}
	equal(t, s.Files, map[string]string{"docs/a.md": "a directory", "main.tf": fileset.Digest([]byte("edit")), "old/gone.tf": "behind a symbolic link", "y": fileset.Digest([]byte("y"))})

	put(t, out, map[string]string{ManifestPath: "{"})
	if _, err := Inspect(out, nil); err == nil || !strings.Contains(err.Error(), "cannot read") {
		t.Errorf("a broken manifest: %v", err)
	}
	if _, err := Inspect("", nil); err == nil {
		t.Error("no directory at all")
	}
}

// TestResolve follows links, also where the end of the path is not there yet.
func TestResolve(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, map[string]string{"work/in/x": "", "away/x": ""})
	t.Chdir(filepath.Join(dir, "work"))
	for from, to := range map[string]string{"inner": "in", "lost": "nowhere", "away": "../away"} {
		if err := os.Symlink(to, from); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{
		"in": "work/in", "./a/../b/c": "work/b/c", "inner/new/deep": "work/in/new/deep", "..": "", "../away": "away",
		filepath.Join(dir, "work", "away", "new"): "away/new",
	} {
		if got, err := Resolve(path); err != nil || got != filepath.Join(dir, want) {
			t.Errorf("%s: %s %v", path, got, err)
		}
	}
	for _, path := range []string{"inner", "lost/new", "in/x", "", "away/new"} {
		if got, err := Resolve(path); err == nil {
			t.Errorf("%s: %s", path, got)
		}
	}
}
