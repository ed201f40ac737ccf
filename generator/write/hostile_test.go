package write

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/internal/cpu"
)

// notices collects what a run tells.
func notices(opts Options) (Options, *[]string) {
	var told []string
	opts.Notice = func(text string) { told = append(told, text) }
	return opts, &told
}

// TestPlantedContainer holds that a folder which a repository carries is never
// taken for one of bpgen's: nothing in it, or behind a link in it, moves.
func TestPlantedContainer(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("symbolic links need rights on Windows")
	}
	const random = ".out.bpgen-0123456789abcdef"
	guess := `{"inode":1,"born":1}`
	tests := map[string]struct {
		files map[string]string
		links map[string]string
	}{
		"a link in the old one":       {map[string]string{".out.bpgen-tmp/known.json": "[]"}, map[string]string{".out.bpgen-tmp/tree": "../.git"}},
		"a tree in the old one":       {map[string]string{".out.bpgen-tmp/known.json": "[]", ".out.bpgen-tmp/tree/evil.tf": "evil"}, nil},
		"something precious":          {map[string]string{".out.bpgen-tmp/precious": "p"}, nil},
		"the old one is a file":       {map[string]string{".out.bpgen-tmp": "x"}, nil},
		"the old one is a link":       {nil, map[string]string{".out.bpgen-tmp": ".git"}},
		"a link in one with a guess":  {map[string]string{random + "/stamp": "", random + "/made.json": guess, random + "/known.json": "{}"}, map[string]string{random + "/tree": "../.git"}},
		"a tree in one with a guess":  {map[string]string{random + "/stamp": "", random + "/made.json": guess, random + "/known.json": "{}", random + "/tree/evil.tf": "evil"}, nil},
		"a tree in one without proof": {map[string]string{random + "/tree/evil.tf": "evil"}, nil},
		"a link for a stamp":          {map[string]string{random + "/made.json": guess, random + "/tree/evil.tf": "evil"}, map[string]string{random + "/stamp": "../.git/HEAD"}},
		"the random one is a link":    {nil, map[string]string{random: ".git"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, rendered := range []bool{false, true} {
				parent := t.TempDir()
				out := filepath.Join(parent, "out")
				if rendered {
					apply(t, &applier{}, out, set(t, v1), false)
				}
				put(t, parent, map[string]string{".git/HEAD": "ref", ".git/hooks/x": "x"})
				put(t, parent, tt.files)
				for from, to := range tt.links {
					if err := os.Symlink(to, filepath.Join(parent, from)); err != nil {
						t.Fatal(err)
					}
				}
				want := read(t, parent)
				maps.DeleteFunc(want, func(name, _ string) bool { return strings.HasPrefix(name, "out/") })
				maps.Copy(want, prefixed("out/", wantOf(set(t, v2), nil)))
				opts, told := notices(Options{})
				if _, err := Apply(t.Context(), out, set(t, v2), opts); err != nil {
					t.Fatal(err)
				}
				equal(t, read(t, parent), want)
				if len(*told) != 1 || !strings.Contains((*told)[0], "is left alone") {
					t.Errorf("told: %q", *told)
				}
			}
		})
	}
}

// TestPlantedJournal holds the same of a journal inside the folder.
func TestPlantedJournal(t *testing.T) {
	t.Parallel()
	for _, work := range []string{".bpgen/tmp", ".bpgen/tmp-0123456789abcdef"} {
		t.Run(work, func(t *testing.T) {
			t.Parallel()
			modes(t, func(t *testing.T, a *applier) {
				out := filepath.Join(t.TempDir(), "out")
				apply(t, a, out, set(t, v1), false)
				steps := `{"steps":[{"path":"evil.tf","was":""},{"path":"a.tfstate","was":"` + fileset.Digest([]byte("state")) + `","delete":true}]}`
				planted := map[string]string{
					"a.tfstate": "state", work + "/journal.json": steps, work + "/tree/evil.tf": "evil",
					work + "/stamp": "", work + "/made.json": `{"inode":1,"born":1}`,
				}
				put(t, out, planted)
				if err := Unfinished(out); err == nil || !strings.Contains(err.Error(), "half written") {
					t.Errorf("got %v", err)
				}
				opts, told := notices(Options{})
				if _, err := a.apply(t.Context(), out, set(t, v2), opts); err != nil {
					t.Fatal(err)
				}
				equal(t, read(t, out), wantOf(set(t, v2), planted))
				if !slices.ContainsFunc(*told, func(s string) bool { return strings.Contains(s, "is left alone") }) {
					t.Errorf("told: %q", *told)
				}
				if _, err := a.remove(t.Context(), out, Options{}); err != nil {
					t.Fatal(err)
				}
				equal(t, read(t, out), planted)
			})
		})
	}
}

// TestProof holds that a work folder is known by its maker, and by nobody once
// it was copied, as a checkout does.
func TestProof(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	in, err := os.OpenRoot(parent)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	w, err := (&applier{}).makeWork(in, ".out.bpgen-")
	if err != nil {
		t.Fatal(err)
	}
	w.close()
	if names := workFolders(in, ".", ".out.bpgen-", ""); !slices.Equal(names, []string{w.name}) {
		t.Errorf("found %v", names)
	}
	if again, is := openWork(in, w.name); is != proven {
		t.Errorf("the maker does not know it: %v", is)
	} else {
		again.close()
	}
	if err := os.CopyFS(filepath.Join(parent, "copy"), os.DirFS(filepath.Join(parent, w.name))); err != nil {
		t.Fatal(err)
	}
	if other, is := openWork(in, "copy"); is == proven {
		t.Error("a copy is taken for it")
	} else {
		other.close() // It holds nothing.
	}
	put(t, filepath.Join(parent, "copy"), map[string]string{"x": "x"})
	if _, is := openWork(in, "copy"); is != foreign {
		t.Errorf("a copy that holds something: %v", is)
	}
}

// TestManifestIsNotBelieved holds that what a manifest names never makes bpgen
// delete or overwrite a state, version control, what is hidden, or content that
// it does not know.
func TestManifestIsNotBelieved(t *testing.T) {
	t.Parallel()
	theirs := map[string]string{
		"terraform.tfstate": "state", "terraform.tfstate.d/dev/terraform.tfstate": "dev", ".git/config": "git", ".GIT/x": "git", ".terraform/x": "x", ".hg/x": "hg",
		".env": "secret", "a/.cache/x": "x", "precious.tf": "mine",
	}
	for _, right := range []bool{true, false} {
		for _, on := range []Conflict{Fail, Overwrite, Keep} {
			t.Run(fmt.Sprintf("right hash %v, %s", right, on), func(t *testing.T) {
				t.Parallel()
				modes(t, func(t *testing.T, a *applier) {
					out := filepath.Join(t.TempDir(), "out")
					apply(t, a, out, set(t, v1), false)
					put(t, out, theirs)
					sums := map[string]string{}
					for name, text := range v1 {
						sums[name] = fileset.Digest([]byte(text))
					}
					stays := maps.Clone(theirs)
					for name, text := range theirs {
						if sums[name] = "x"; right {
							sums[name] = fileset.Digest([]byte(text))
						}
					}
					if right {
						delete(stays, "precious.tf") // As bpgen leaves its own files.
					}
					b, err := json.Marshal(map[string]any{"files": sums})
					if err != nil {
						t.Fatal(err)
					}
					put(t, out, map[string]string{ManifestPath: string(b)})
					before := read(t, out)
					_, err = a.apply(t.Context(), out, set(t, v2), Options{OnConflict: on})
					var refused *RefusedError
					if on == Fail && !right {
						if !errors.As(err, &refused) || !slices.Equal(refused.Edited, []string{"precious.tf"}) {
							t.Errorf("got %v", err)
						}
						equal(t, read(t, out), before)
						return
					}
					if err != nil {
						t.Fatal(err)
					}
					got := read(t, out)
					delete(got, ManifestPath)
					want := wantOf(set(t, v2), stays)
					delete(want, ManifestPath)
					equal(t, got, want)
					put(t, out, map[string]string{ManifestPath: string(b)})
					if _, err := a.remove(t.Context(), out, Options{}); err != nil {
						t.Fatal(err)
					}
					for name, text := range stays {
						if b, err := os.ReadFile(filepath.Join(out, name)); err != nil || string(b) != text {
							t.Errorf("removing lost %s: %v", name, err)
						}
					}
				})
			})
		}
	}
	for _, name := range []string{"terraform.tfstate", ".git/hooks/post-checkout"} {
		out := filepath.Join(t.TempDir(), "out")
		if _, err := Apply(t.Context(), out, set(t, map[string]string{name: "x"}), Options{OnConflict: Overwrite}); err == nil {
			t.Errorf("a module writes %s", name)
		}
	}
}

// swapFor puts a link to elsewhere in the place of a folder.
func swapFor(t *testing.T, dir, elsewhere string) {
	t.Helper()
	if err := os.Rename(dir, dir+"-moved"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, dir); err != nil {
		t.Fatal(err)
	}
}

// TestSwappedParent holds that a link which comes to stand where the parent was
// leads nothing outside, whenever that happens. It changes the working folder.
func TestSwappedParent(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("symbolic links need rights on Windows")
	}
	for _, tt := range []struct{ relative, rendered, journal bool }{{true, true, false}, {false, true, false}, {true, false, false}, {true, true, true}} {
		for at := 0; ; at++ {
			top := t.TempDir()
			put(t, top, map[string]string{"work/cur/x": "x", "away/keep": "keep"})
			t.Chdir(filepath.Join(top, "work"))
			cur, out := filepath.Join(top, "work", "cur"), filepath.Join(top, "work", "cur", "out")
			if tt.rendered {
				apply(t, &applier{}, out, set(t, v1), false)
			}
			dir := out
			if tt.relative {
				dir = filepath.Join("cur", "out")
			}
			n, done := 0, false
			swap := func() {
				if n == at {
					done = true
					swapFor(t, cur, filepath.Join(top, "away"))
				}
				n++
			}
			a := &applier{journalOnly: tt.journal, step: func(string) error { swap(); return nil }}
			_, err := a.apply(t.Context(), dir, set(t, v2), Options{Check: func(Report) error { swap(); return nil }})
			equal(t, read(t, filepath.Join(top, "away")), map[string]string{"keep": "keep"})
			if !done {
				if err != nil || at < 5 {
					t.Errorf("%+v: %d steps: %v", tt, at, err)
				}
				break
			}
			if err != nil {
				t.Errorf("%+v, at %d: %v", tt, at, err)
				continue
			}
			equal(t, read(t, cur+"-moved"), prefixed("out/", wantOf(set(t, v2), nil), map[string]string{"x": "x"}))
		}
	}
}

// TestDanglingParent is told at once.
func TestDanglingParent(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("symbolic links need rights on Windows")
	}
	top := t.TempDir()
	t.Chdir(top)
	if err := os.Symlink("nowhere", "link"); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"link/out", "link/deep/out", filepath.Join(top, "link", "out"), filepath.Join(top, "link", "deep", "out")} {
		_, err := Apply(t.Context(), dir, set(t, v1), Options{})
		if err == nil || !strings.Contains(err.Error(), "dangling") {
			t.Errorf("%s: got %v", dir, err)
		}
	}
	// The link comes to dangle after the first look.
	located, err := locate("later/out")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", "later"); err != nil {
		t.Fatal(err)
	}
	if at, err := (&applier{}).lock(t.Context(), located, true, 0); err == nil || !strings.Contains(err.Error(), "dangling") {
		t.Errorf("got %v", err)
		at.release(true)
	}
	equal(t, read(t, top), map[string]string{"link": "-> nowhere", "later": "-> nowhere"})
}

// TestNotInPlaceForAnyError holds that only what the way in place is made for
// leads there.
func TestNotInPlaceForAnyError(t *testing.T) {
	t.Parallel()
	for err, want := range map[syscall.Errno]bool{
		syscall.EACCES: true, syscall.EPERM: true, syscall.EROFS: true, syscall.EXDEV: true, syscall.EMLINK: true, syscall.EBUSY: true, syscall.EINVAL: true, syscall.ENOSYS: true,
		syscall.ENOSPC: false, syscall.EMFILE: false, syscall.ENFILE: false, syscall.EIO: false, syscall.EDQUOT: false, syscall.ENOENT: false, syscall.ENOMEM: false,
	} {
		var no *noSwap
		if got := errors.As(noSwapIf(true, "w", &fs.PathError{Err: err}), &no); got != want {
			t.Errorf("%v: in place %v", err, got)
		}
		if errors.As(noSwapIf(false, "w", err), &no) {
			t.Errorf("%v: in place, where nothing is", err)
		}
	}
	if noSwapIf(true, "w", nil) != nil {
		t.Error("no error is one")
	}
}

// TestInPlaceSaysSo holds that the user is told before a write that a kill can
// leave half done, that the manifest comes last in it, and that a mixture is
// known for one until the next run.
func TestInPlaceSaysSo(t *testing.T) {
	t.Parallel()
	crash := errors.New("crash")
	for at := 1; ; at++ {
		parent := t.TempDir()
		out := filepath.Join(parent, "out")
		apply(t, &applier{}, out, set(t, v1), false)
		manifest := read(t, out)[ManifestPath]
		n, crashed := 0, false
		var told []string
		a := &applier{journalOnly: true}
		a.step = func(what string) error {
			if !strings.HasPrefix(what, "replay ") {
				return nil
			}
			if len(told) != 1 || !strings.Contains(told[0], "in place") || !strings.Contains(told[0], "because") {
				t.Errorf("told: %q", told)
			}
			if n++; n == at {
				crashed = true
				return crash
			}
			return nil
		}
		_, err := a.apply(t.Context(), out, set(t, v2), Options{Notice: func(s string) { told = append(told, s) }})
		if !crashed {
			if err != nil || at < 4 {
				t.Errorf("%d steps: %v", at, err)
			}
			break
		}
		if got := read(t, out)[ManifestPath]; got != manifest {
			t.Errorf("at %d of the replay the manifest is the new one", at)
		}
		if err := Unfinished(out); err == nil {
			t.Errorf("at %d the mixture is taken for a tree", at)
		}
		if _, ok := Unchanged(out, fileset.Digest([]byte(manifest))); ok {
			t.Errorf("at %d the mixture is unchanged", at)
		}
		apply(t, &applier{}, out, set(t, v1), false) // Another choice: no edits are seen.
		if err := Unfinished(out); err != nil {
			t.Error(err)
		}
		equal(t, read(t, parent), prefixed("out/", wantOf(set(t, v1), nil)))
	}
}

// sparse makes a file of a size that takes no room.
func sparse(t *testing.T, name string, size int64) {
	t.Helper()
	if err := os.Truncate(name, size); err != nil {
		t.Skipf("no file of %d bytes here: %v", size, err)
	}
}

// TestHugeFiles holds that what stands in the folder is not read whole. It is not
// parallel, for it looks at what the process uses.
func TestHugeFiles(t *testing.T) {
	for name, size := range map[string]int64{"main.tf": 8 << 30, "old/gone.tf": 8 << 30, "same.tf": 17 << 20, ManifestPath: 1 << 30} {
		t.Run(name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			apply(t, &applier{}, out, set(t, v1), false)
			manifest := read(t, out)[ManifestPath]
			sparse(t, filepath.Join(out, name), size)
			begin := cpu.Used()
			calls := map[string]func() error{
				"compare":   func() error { _, err := Compare(out, set(t, v2), Options{}); return err },
				"apply":     func() error { _, err := Apply(t.Context(), out, set(t, v2), Options{}); return err },
				"keep":      func() error { _, err := Compare(out, set(t, v2), Options{OnConflict: Keep}); return err },
				"inspect":   func() error { _, err := Inspect(out, []string{name}); return err },
				"unchanged": func() error { Unchanged(out, fileset.Digest([]byte(manifest))); return nil },
			}
			for what, call := range calls {
				var refused *RefusedError
				if err := call(); name == ManifestPath && what != "unchanged" && (err == nil || !strings.Contains(err.Error(), "bytes")) {
					t.Errorf("%s: got %v", what, err)
				} else if name != ManifestPath && what == "apply" && !errors.As(err, &refused) {
					t.Errorf("%s: got %v", what, err)
				}
			}
			if name != ManifestPath {
				r := apply(t, &applier{}, out, set(t, v2), true)
				if text := r.Diff(); name == "main.tf" && !strings.Contains(text, "too large to show") {
					t.Errorf("the diff: %.200s", text)
				}
			}
			if used := cpu.Since(begin); used > 5*time.Second {
				t.Errorf("it took %s of the processor", used)
			}
		})
	}
}
