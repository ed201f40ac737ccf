package write

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/baseline"
	"github.com/bpgen/bpgen/generator/fileset"
)

// TestBase keeps what was rendered beside what was made of it, and says what is
// wrong with a base.
func TestBase(t *testing.T) {
	t.Parallel()
	other, err := baseline.Pack(baseline.Of(set(t, v2)))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		damage func(base string) error
		want   string
	}{
		"whole":     {func(string) error { return nil }, ""},
		"missing":   {os.Remove, "it is missing"},
		"truncated": {func(base string) error { return os.Truncate(base, 90) }, "it is truncated"},
		"wrong":     {func(base string) error { return os.WriteFile(base, other, 0o644) }, "it holds other files than the manifest says"},
		"a link": {func(base string) error {
			return errors.Join(os.Rename(base, base+"2"), os.Symlink(base+"2", base))
		}, "is a symbolic link"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			modes(t, func(t *testing.T, a *applier) {
				out := filepath.Join(t.TempDir(), "out")
				apply(t, a, out, set(t, v1), false)
				put(t, out, map[string]string{"main.tf": "edit"})
				if err := c.damage(filepath.Join(out, filepath.FromSlash(BasePath))); err != nil {
					t.Fatal(err)
				}
				base, manifest, ok, err := Base(out)
				var bad *BaseError
				switch {
				case c.want == "":
					if err != nil || !ok || len(manifest) == 0 || base.Len() != len(v1) {
						t.Fatalf("%d files, %v, %v", base.Len(), ok, err)
					}
					if b, _ := base.Get("main.tf"); string(b) != v1["main.tf"] {
						t.Errorf("main.tf was rendered as %q", b)
					}
				case ok || !errors.As(err, &bad) || !strings.Contains(err.Error(), c.want):
					t.Errorf("got %v %v, want %q", ok, err, c.want)
				}
			})
		})
	}
}

// TestBaseIsMended writes a base anew that is missing or damaged, and says so.
func TestBaseIsMended(t *testing.T) {
	t.Parallel()
	modes(t, func(t *testing.T, a *applier) {
		out := filepath.Join(t.TempDir(), "out")
		apply(t, a, out, set(t, v1), false)
		base := filepath.Join(out, filepath.FromSlash(BasePath))
		sum := fileset.Digest([]byte(read(t, out)[ManifestPath]))
		if _, ok := Unchanged(out, sum); !ok {
			t.Error("a whole module has changed")
		}
		if err := os.Remove(base); err != nil {
			t.Fatal(err)
		}
		if _, ok := Unchanged(out, sum); ok {
			t.Error("a module without its base is unchanged")
		}
		if r := apply(t, a, out, set(t, v1), false); len(r.Created) != 1 || r.Created[0] != BasePath {
			t.Errorf("created %q", r.Created)
		}
		if err := os.WriteFile(base, []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
		if r := apply(t, a, out, set(t, v1), false); len(r.Changed) != 1 || r.Changed[0] != BasePath {
			t.Errorf("changed %q", r.Changed)
		}
		if r := apply(t, a, out, set(t, v1), false); r.Drift() {
			t.Errorf("drift %+v", r)
		}
		equal(t, read(t, out), wantOf(set(t, v1), nil))
	})
}

// TestBaseOfAnother writes files that are not those that were rendered, removes one
// that was edited, and takes away what bpgen kept for an upgrade.
func TestBaseOfAnother(t *testing.T) {
	t.Parallel()
	modes(t, func(t *testing.T, a *applier) {
		out := filepath.Join(t.TempDir(), "out")
		apply(t, a, out, set(t, v1), false)
		put(t, out, map[string]string{"main.tf": "edit", "old/gone.tf": "edit", ConflictsPath: "{}", UpgradePath: "zip"})
		rendered := baseline.Of(set(t, v2))
		var merged fileset.Set
		next := set(t, v2)
		for _, f := range next.Files() {
			b := f.Bytes
			if f.Path == "main.tf" {
				b = []byte("both")
			}
			if err := merged.Add(f.Path, b); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := a.apply(t.Context(), out, merged, Options{OnConflict: Overwrite, Base: &rendered, Remove: []string{"old/gone.tf"}}); err != nil {
			t.Fatal(err)
		}
		equal(t, read(t, out), wantOf(set(t, v2), map[string]string{"main.tf": "both"}))
	})
}

// TestSettled keeps a manifest that differs in where it comes from alone.
func TestSettled(t *testing.T) {
	t.Parallel()
	was := `{"format": 2, "generator": "v1.0.0", "files": {"a": "1"}}`
	for is, want := range map[string]bool{
		`{"format":2,"generator":"v1.1.0","digest":"h1:x","files":{"a":"1"}}`: true,
		`{"format":2,"files":{"a":"1"}}`:                                      true,
		`{"format":2,"generator":"v1.0.0","files":{"a":"2"}}`:                 false,
		`{"format":2,"generator":"v1.0.0","files":{"a":"1"},"x":1}`:           false,
		`{`: false,
	} {
		if settled([]byte(was), []byte(is)) != want {
			t.Errorf("%s: want %v", is, want)
		}
	}
}
