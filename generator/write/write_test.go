package write

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bpgen/bpgen/generator/baseline"
	"github.com/bpgen/bpgen/generator/fileset"
)

// set builds a file set with the manifest that a render would give it.
func set(t testing.TB, files map[string]string) fileset.Set {
	t.Helper()
	var s fileset.Set
	sums := map[string]string{}
	for _, name := range sortedKeys(files) {
		sums[name] = fileset.Digest([]byte(files[name]))
		if err := s.Add(name, []byte(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	base, err := baseline.Digest(s)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.MarshalIndent(map[string]any{"base": base, "files": sums}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Add(ManifestPath, b); err != nil {
		t.Fatal(err)
	}
	return s
}

// read returns every file below dir, links as "-> target".
func read(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		if d.Type()&fs.ModeSymlink != 0 {
			to, err := os.Readlink(p)
			out[filepath.ToSlash(rel)] = "-> " + to
			return err
		}
		b, err := os.ReadFile(p)
		out[filepath.ToSlash(rel)] = string(b)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return out
}

func wantOf(s fileset.Set, more map[string]string) map[string]string {
	out := map[string]string{}
	for _, f := range s.Files() {
		out[f.Path] = string(f.Bytes)
	}
	base, err := baseline.Pack(baseline.Of(s))
	if err != nil {
		panic(err)
	}
	out[BasePath], out[AttributesPath] = string(base), attributes
	for k, v := range more {
		out[k] = v
	}
	return out
}

func equal(t testing.TB, got, want map[string]string) {
	t.Helper()
	for _, k := range sortedKeys(want) {
		if g, ok := got[k]; !ok {
			t.Errorf("%s is missing", k)
		} else if g != want[k] {
			t.Errorf("%s: got %q, want %q", k, g, want[k])
		}
	}
	for _, k := range sortedKeys(got) {
		if _, ok := want[k]; !ok {
			t.Errorf("%s is there, it should not be", k)
		}
	}
}

func put(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, body := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func apply(t testing.TB, a *applier, dir string, s fileset.Set, force bool) Report {
	t.Helper()
	r, err := a.apply(context.Background(), dir, s, Options{OnConflict: map[bool]Conflict{true: Overwrite}[force]})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// modes runs a test with the exchange and with the journal.
func modes(t *testing.T, f func(t *testing.T, a *applier)) {
	for _, journal := range []bool{false, true} {
		t.Run(map[bool]string{false: "exchange", true: "journal"}[journal], func(t *testing.T) {
			t.Parallel()
			f(t, &applier{journalOnly: journal})
		})
	}
}

var (
	v1 = map[string]string{"main.tf": "one\n", "old/gone.tf": "gone\n", "same.tf": "same\n", "docs/a.md": "a\n"}
	v2 = map[string]string{"main.tf": "two\n", "new/deep/x.tf": "x\n", "same.tf": "same\n", "docs/a.md": "a\n"}
)

func TestApply(t *testing.T) {
	t.Parallel()
	modes(t, func(t *testing.T, a *applier) {
		out := filepath.Join(t.TempDir(), "a", "b", "out")
		r := apply(t, a, out, set(t, v1), false)
		if len(r.Created) != 5 || len(r.Changed)+len(r.Deleted)+len(r.Unchanged) != 0 {
			t.Errorf("first: %+v", r)
		}
		equal(t, read(t, filepath.Dir(out)), prefixed("out/", wantOf(set(t, v1), nil)))

		r = apply(t, a, out, set(t, v2), false)
		equal(t, read(t, filepath.Dir(out)), prefixed("out/", wantOf(set(t, v2), nil)))
		if want := []string{"old/gone.tf"}; !slices.Equal(r.Deleted, want) {
			t.Errorf("deleted %v, want %v", r.Deleted, want)
		}
		if want := []string{".bpgen/manifest.json", "main.tf"}; !slices.Equal(r.Changed, want) {
			t.Errorf("changed %v, want %v", r.Changed, want)
		}
		if want := []string{"new/deep/x.tf"}; !slices.Equal(r.Created, want) {
			t.Errorf("created %v, want %v", r.Created, want)
		}
		if want := []string{"docs/a.md", "same.tf"}; !slices.Equal(r.Unchanged, want) {
			t.Errorf("unchanged %v, want %v", r.Unchanged, want)
		}
		if _, err := os.Stat(filepath.Join(out, "old")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the empty directory stays: %v", err)
		}
	})
}

func prefixed(p string, m map[string]string, more ...map[string]string) map[string]string {
	out := map[string]string{}
	for _, m := range more {
		maps.Copy(out, m)
	}
	for k, v := range m {
		out[p+k] = v
	}
	return out
}

func TestNoOpWritesNothing(t *testing.T) {
	t.Parallel()
	modes(t, func(t *testing.T, a *applier) {
		parent := t.TempDir()
		out := filepath.Join(parent, "out")
		apply(t, a, out, set(t, v1), false)
		long := time.Now().Add(-time.Hour)
		all := []string{parent}
		filepath.WalkDir(out, func(p string, _ fs.DirEntry, err error) error { // Checked below.
			all = append(all, p)
			return err
		})
		for _, p := range all {
			if err := os.Chtimes(p, long, long); err != nil {
				t.Fatal(err)
			}
		}
		a.step = func(what string) error { return fmt.Errorf("a change: %s", what) }
		if r := apply(t, a, out, set(t, v1), false); r.Drift() || len(r.Unchanged) != 5 {
			t.Errorf("%+v", r)
		}
		for _, p := range all {
			if info, err := os.Stat(p); err != nil || !info.ModTime().Equal(long.Truncate(0)) {
				t.Errorf("%s changed: %v %v", p, info.ModTime(), err)
			}
		}
	})
}

func TestUnchangedFilesKeepTheirTime(t *testing.T) {
	t.Parallel()
	modes(t, func(t *testing.T, a *applier) {
		out := filepath.Join(t.TempDir(), "out")
		apply(t, a, out, set(t, v1), false)
		before, err := os.Stat(filepath.Join(out, "same.tf"))
		if err != nil {
			t.Fatal(err)
		}
		apply(t, a, out, set(t, v2), false)
		after, err := os.Stat(filepath.Join(out, "same.tf"))
		if err != nil || !os.SameFile(before, after) || before.ModTime() != after.ModTime() {
			t.Errorf("same.tf was written again: %v", err)
		}
	})
}

func TestOwnership(t *testing.T) {
	t.Parallel()
	leftovers := map[string]string{
		".terraform/providers/x": "plugin", ".terraform.lock.hcl": "lock", "terraform.tfstate": "state",
		"terraform.tfstate.backup": "backup", "terraform.tfstate.d/dev/terraform.tfstate": "dev", ".git/HEAD": "ref",
		"examples/complete/.terraform.lock.hcl": "lock",
	}
	unproven := map[string]string{".bpgen/tmp/tree/main.tf": "half", ".bpgen/tmp-0123456789abcdef/journal.json": "{}"}
	tests := map[string]struct {
		before  map[string]string // nil: the folder is not there
		render  map[string]string // rendered first
		after   map[string]string // put there afterwards
		edited  []string
		foreign []string          // that are in the way
		forced  map[string]string // what stays besides v2 under --force
	}{
		"missing directory": {},
		"empty directory":   {before: map[string]string{}},
		"leftovers only":    {before: leftovers, forced: leftovers},
		"leftovers later":   {render: v1, after: leftovers, forced: leftovers},
		"foreign file":      {before: map[string]string{"notes.txt": "n", ".terraform/x": "x"}, foreign: []string{"notes.txt"}, forced: map[string]string{"notes.txt": "n", ".terraform/x": "x"}},
		"foreign deep":      {before: map[string]string{"a/b/c": "n"}, foreign: []string{"a/b/c"}, forced: map[string]string{"a/b/c": "n"}},
		"foreign in place":  {before: map[string]string{"main.tf": "mine"}, foreign: []string{"main.tf"}},
		"foreign, same":     {before: map[string]string{"main.tf": "two\n"}},
		"foreign later":     {render: v1, after: map[string]string{"extra.tf": "e", "old/more.tf": "m"}, forced: map[string]string{"extra.tf": "e", "old/more.tf": "m"}},
		"edited":            {render: v1, after: map[string]string{"main.tf": "edit"}, edited: []string{"main.tf"}},
		"edited unchanged":  {render: v1, after: map[string]string{"same.tf": "edit", "docs/a.md": "edit"}, edited: []string{"docs/a.md", "same.tf"}},
		"edited stale":      {render: v1, after: map[string]string{"old/gone.tf": "edit"}, edited: []string{"old/gone.tf"}, forced: map[string]string{"old/gone.tf": "edit"}},
		"edited to new":     {render: v1, after: map[string]string{"main.tf": "two\n"}},
		"both":              {render: v1, after: map[string]string{"main.tf": "edit", "x": "x"}, edited: []string{"main.tf"}, forced: map[string]string{"x": "x"}},
		"foreign comes":     {render: v1, after: map[string]string{"new/deep/x.tf": "mine", "x": "x"}, foreign: []string{"new/deep/x.tf"}, forced: map[string]string{"x": "x"}},
		"both in the way":   {render: v1, after: map[string]string{"new/deep/x.tf": "mine", "main.tf": "edit"}, edited: []string{"main.tf"}, foreign: []string{"new/deep/x.tf"}},
		"unknown work":      {render: v1, after: unproven, forced: unproven},
		"hidden":            {render: v1, after: map[string]string{".env": "e"}, forced: map[string]string{".env": "e"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			modes(t, func(t *testing.T, a *applier) {
				parent := t.TempDir()
				out := filepath.Join(parent, "out")
				if tt.before != nil {
					if err := os.Mkdir(out, 0o755); err != nil {
						t.Fatal(err)
					}
				}
				put(t, out, tt.before)
				if tt.render != nil {
					apply(t, a, out, set(t, tt.render), false)
				}
				put(t, out, tt.after)
				before := read(t, parent)

				_, err := a.apply(t.Context(), out, set(t, v2), Options{})
				if want := len(tt.edited)+len(tt.foreign) > 0; want {
					var refused *RefusedError
					if !errors.As(err, &refused) {
						t.Fatalf("not refused: %v", err)
					}
					if !slices.Equal(refused.Edited, tt.edited) || !slices.Equal(refused.Foreign, tt.foreign) {
						t.Errorf("edited %v, foreign %v", refused.Edited, refused.Foreign)
					}
					for _, n := range append(tt.edited, tt.foreign...) {
						if !strings.Contains(err.Error(), "\n  "+n) {
							t.Errorf("%s is not named in: %s", n, err)
						}
					}
					equal(t, read(t, parent), before)
				} else if err != nil {
					t.Fatal(err)
				}
				apply(t, a, out, set(t, v2), true)
				equal(t, read(t, parent), prefixed("out/", wantOf(set(t, v2), tt.forced)))
			})
		})
	}
}

func TestRefusedPlaces(t *testing.T) {
	t.Parallel()
	link := func(to, from string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			put(t, dir, map[string]string{"elsewhere/keep": "keep", "out/.bpgen/x.tfstate": ""})
			if err := os.Symlink(filepath.Join(dir, to), filepath.Join(dir, from)); err != nil {
				t.Fatal(err)
			}
		}
	}
	tests := map[string]struct {
		make func(*testing.T, string)
		out  string
		want string
	}{
		"a file":               {func(t *testing.T, d string) { put(t, d, map[string]string{"out": "file"}) }, "out", "is a file"},
		"below a file":         {func(t *testing.T, d string) { put(t, d, map[string]string{"out": "file"}) }, "out/sub", "is a file, not a directory"},
		"a link":               {link("elsewhere", "link"), "link", "is a symbolic link"},
		"a link, slash":        {link("elsewhere", "link"), "link/", "is a symbolic link"},
		"a dangling link":      {link("nothing", "link"), "link", "is a symbolic link"},
		"a linked directory":   {link("elsewhere", "out/docs"), "out", `"docs" in the output directory is a symbolic link`},
		"a linked file":        {link("elsewhere/keep", "out/main.tf"), "out", `"main.tf" in the output directory is a symbolic link`},
		"a linked manifest":    {link("elsewhere/keep", "out/.bpgen/manifest.json"), "out", `is a symbolic link`},
		"a directory in place": {func(t *testing.T, d string) { put(t, d, map[string]string{"out/main.tf/x.tfstate": ""}) }, "out", `"main.tf" in the output directory is a directory`},
		"a file for directory": {func(t *testing.T, d string) { put(t, d, map[string]string{"out/docs": "x"}) }, "out", `"docs" in the output directory is a file`},
		"a broken manifest":    {func(t *testing.T, d string) { put(t, d, map[string]string{"out/.bpgen/manifest.json": "{"}) }, "out", "cannot read"},
		"a hostile manifest": {func(t *testing.T, d string) {
			put(t, d, map[string]string{"out/.bpgen/manifest.json": `{"files":{"../keep":""}}`, "keep": ""})
		}, "out", "leads out"},
		"empty":       {func(*testing.T, string) {}, "", "no output directory"},
		"NUL":         {func(*testing.T, string) {}, "a\x00b", "NUL"},
		"a long name": {func(*testing.T, string) {}, strings.Repeat("x", 300), "too long"},
	}
	for name, tt := range tests {
		for _, force := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, force %v", name, force), func(t *testing.T) {
				t.Parallel()
				modes(t, func(t *testing.T, a *applier) {
					dir := t.TempDir()
					tt.make(t, dir)
					before := read(t, dir)
					out := tt.out
					if out != "" {
						out = dir + "/" + out
					}
					_, err := a.apply(t.Context(), out, set(t, v2), Options{OnConflict: map[bool]Conflict{true: Overwrite}[force]})
					if err == nil || !strings.Contains(err.Error(), tt.want) {
						t.Errorf("got %v, want %q", err, tt.want)
					}
					equal(t, read(t, dir), before)
				})
			})
		}
	}
}

// TestRelativePaths changes the working folder, so it is not parallel.
func TestRelativePaths(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, map[string]string{"work/in/x": "", "away/keep": "keep"})
	t.Chdir(filepath.Join(dir, "work"))
	for from, to := range map[string]string{"out": "../away", "inner": "in"} {
		if err := os.Symlink(to, from); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Apply(t.Context(), "out/sub", set(t, v1), Options{}); err == nil || !strings.Contains(err.Error(), "out of the working directory") {
		t.Errorf("a link out of the tree: %v", err)
	}
	equal(t, read(t, filepath.Join(dir, "away")), map[string]string{"keep": "keep"})
	if err := os.Symlink(filepath.Join(dir, "work", "in"), "absolute"); err != nil {
		t.Fatal(err)
	}
	if _, err := Apply(t.Context(), "absolute/sub", set(t, v1), Options{}); err == nil || !strings.Contains(err.Error(), "a symbolic link to an absolute path") {
		t.Errorf("a link to an absolute path: %v", err)
	}
	for _, out := range []string{"inner/sub", "../up", "plain/a/b"} {
		if _, err := Apply(t.Context(), out, set(t, v1), Options{}); err != nil {
			t.Errorf("%s: %v", out, err)
		}
		equal(t, read(t, out), wantOf(set(t, v1), nil))
	}

	// The folder we stand in stays the same folder.
	t.Chdir(filepath.Join(dir, "work", "plain", "a", "b"))
	before, err := os.Stat(".")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Apply(t.Context(), ".", set(t, v2), Options{}); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(filepath.Join(dir, "work", "plain", "a", "b"))
	if err != nil || !os.SameFile(before, after) {
		t.Errorf("the working directory is another one now: %v", err)
	}
	equal(t, read(t, "."), wantOf(set(t, v2), nil))
}

func TestCompareChangesNothing(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	out := filepath.Join(parent, "out")
	r, err := Compare(out, set(t, v1), Options{})
	if err != nil || len(r.Created) != 5 {
		t.Errorf("%+v %v", r, err)
	}
	equal(t, read(t, parent), nil)
	apply(t, &applier{}, out, set(t, v1), false)
	put(t, out, map[string]string{"main.tf": "edit\n", "foreign": "f"})
	before := read(t, parent)
	r, err = Compare(out, set(t, v2), Options{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, read(t, parent), before)
	if !r.Drift() || !slices.Equal(r.Edited, []string{"main.tf"}) || !slices.Equal(r.Foreign, []string{"foreign"}) || !slices.Equal(r.Bystanders(), r.Foreign) {
		t.Errorf("%+v", r)
	}
	if diff := r.Diff(); strings.LastIndex(diff, "\n--- ") != strings.Index(diff, "\n--- a/"+ManifestPath+"\n") {
		t.Errorf("the manifest is not last:\n%s", diff)
	}
	for _, want := range []string{"--- a/main.tf\n+++ b/main.tf\n", "-edit\n+two\n", "--- /dev/null\n+++ b/new/deep/x.tf", "--- a/old/gone.tf\n+++ /dev/null"} {
		if !strings.Contains(r.Diff(), want) {
			t.Errorf("the diff lacks %q:\n%s", want, r.Diff())
		}
	}
}

func TestFolderModeStays(t *testing.T) {
	t.Parallel()
	modes(t, func(t *testing.T, a *applier) {
		out := filepath.Join(t.TempDir(), "out")
		apply(t, a, out, set(t, v1), false)
		for _, d := range []string{out, filepath.Join(out, "docs")} {
			if err := os.Chmod(d, 0o750); err != nil {
				t.Fatal(err)
			}
		}
		apply(t, a, out, set(t, v2), false)
		for _, d := range []string{out, filepath.Join(out, "docs")} {
			if info, err := os.Stat(d); err != nil || info.Mode().Perm() != 0o750 {
				t.Errorf("%s: %v %v", d, info.Mode(), err)
			}
		}
	})
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	modes(t, func(t *testing.T, a *applier) {
		parent := t.TempDir()
		out := filepath.Join(parent, "out")
		apply(t, a, out, set(t, v1), false)
		before := read(t, parent)
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		a.step = func(string) error {
			if n++; n == 3 {
				cancel()
			}
			return nil
		}
		if _, err := a.apply(ctx, out, set(t, v2), Options{}); err == nil || !strings.Contains(err.Error(), "interrupted") {
			t.Errorf("got %v", err)
		}
		equal(t, read(t, parent), before)
	})
}

func TestFilesOfTheMomentAreKept(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	out := filepath.Join(parent, "out")
	a := &applier{}
	apply(t, a, out, set(t, v1), false)
	a.step = func(what string) error {
		if what == "commit" { // Between the scan and the exchange somebody else writes.
			put(t, out, map[string]string{"terraform.tfstate": "state", "late/x": "x"})
		}
		return nil
	}
	apply(t, a, out, set(t, v2), false)
	equal(t, read(t, parent), prefixed("out/", wantOf(set(t, v2), map[string]string{"terraform.tfstate": "state", "late/x": "x"})))
}
