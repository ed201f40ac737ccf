package write

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/fileset"
)

// TestKeep leaves edits and files of others alone, and leaves a manifest by
// which every later run knows them for what they are.
func TestKeep(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		render  map[string]string // rendered first; nil for nothing
		put     map[string]string // put there by hand
		kept    []string
		edited  []string          // by which the next run without keep is refused, too
		foreign []string          // not written by bpgen
		blocks  []string          // those of them by which the next run without keep is refused
		stays   map[string]string // beside v2 after keep
	}{
		"nothing by hand":        {render: v1},
		"nothing there":          {},
		"edited":                 {render: v1, put: map[string]string{"main.tf": "edit"}, kept: []string{"main.tf"}, edited: []string{"main.tf"}, stays: map[string]string{"main.tf": "edit"}},
		"edited, render same":    {render: v2, put: map[string]string{"same.tf": "edit"}, kept: []string{"same.tf"}, edited: []string{"same.tf"}, stays: map[string]string{"same.tf": "edit"}},
		"edited to what comes":   {render: v1, put: map[string]string{"main.tf": "two\n"}},
		"edited, not in the set": {render: v1, put: map[string]string{"old/gone.tf": "edit"}, kept: []string{"old/gone.tf"}, edited: []string{"old/gone.tf"}, stays: map[string]string{"old/gone.tf": "edit"}},
		"foreign in place":       {put: map[string]string{"main.tf": "mine"}, kept: []string{"main.tf"}, foreign: []string{"main.tf"}, blocks: []string{"main.tf"}, stays: map[string]string{"main.tf": "mine"}},
		"foreign beside":         {render: v1, put: map[string]string{"extra.tf": "mine"}, foreign: []string{"extra.tf"}, stays: map[string]string{"extra.tf": "mine"}},
		"all of it": {
			render: v1, put: map[string]string{"main.tf": "edit", "old/gone.tf": "edit", "new/deep/x.tf": "mine", "extra": "mine", "a&b": "mine"},
			kept: []string{"main.tf", "new/deep/x.tf", "old/gone.tf"}, edited: []string{"main.tf", "old/gone.tf"}, foreign: []string{"a&b", "extra", "new/deep/x.tf"}, blocks: []string{"new/deep/x.tf"},
			stays: map[string]string{"main.tf": "edit", "old/gone.tf": "edit", "new/deep/x.tf": "mine", "extra": "mine", "a&b": "mine"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			modes(t, func(t *testing.T, a *applier) {
				parent := t.TempDir()
				out := filepath.Join(parent, "out")
				if tt.render != nil {
					apply(t, a, out, set(t, tt.render), false)
				}
				put(t, out, tt.put)
				keep := Options{OnConflict: Keep}

				said, err := Compare(out, set(t, v2), keep)
				if err != nil {
					t.Fatal(err)
				}
				r, err := a.apply(t.Context(), out, set(t, v2), keep)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range []Report{said, r} {
					if !slices.Equal(r.Kept, tt.kept) || !slices.Equal(r.Edited, tt.edited) || !slices.Equal(r.Foreign, tt.foreign) {
						t.Errorf("kept %v, edited %v, foreign %v", r.Kept, r.Edited, r.Foreign)
					}
					for name, sum := range r.After() {
						if b, err := os.ReadFile(filepath.Join(out, name)); err != nil || fileset.Digest(b) != sum {
							t.Errorf("%s is not what the report says: %v", name, err)
						}
					}
				}
				got, want := read(t, parent), prefixed("out/", wantOf(set(t, v2), tt.stays))
				delete(got, "out/"+ManifestPath)
				delete(want, "out/"+ManifestPath)
				delete(got, "out/"+BasePath)
				delete(want, "out/"+BasePath)
				equal(t, got, want)

				// The base of what is kept is what was rendered there before.
				wantBase := maps.Clone(v2)
				for _, name := range tt.kept {
					if delete(wantBase, name); tt.render[name] != "" {
						wantBase[name] = tt.render[name]
					}
				}
				base, _, ok, err := Base(out)
				if err != nil || !ok {
					t.Fatalf("no base: %v", err)
				}
				gotBase := map[string]string{}
				for _, f := range base.Files() {
					gotBase[f.Path] = string(f.Bytes)
				}
				equal(t, gotBase, wantBase)

				// Once more: nothing is written.
				before := read(t, parent)
				b := &applier{journalOnly: a.journalOnly, step: func(what string) error { return fmt.Errorf("a change: %s", what) }}
				if r, err := b.apply(t.Context(), out, set(t, v2), keep); err != nil || r.Drift() {
					t.Errorf("again: %+v %v", r, err)
				}
				// Without keep they are known for what they are.
				_, err = a.apply(t.Context(), out, set(t, v2), Options{})
				var refused *RefusedError
				if len(tt.edited)+len(tt.blocks) == 0 {
					if err != nil {
						t.Error(err)
					}
				} else if !errors.As(err, &refused) || !slices.Equal(refused.Edited, tt.edited) || !slices.Equal(refused.Foreign, tt.blocks) {
					t.Errorf("not refused for them: %v", err)
				}
				equal(t, read(t, parent), before)
				// Removing keeps them, too.
				if _, err := a.remove(t.Context(), out, Options{}); err != nil {
					t.Fatal(err)
				}
				equal(t, read(t, parent), prefixed("out/", tt.stays))
			})
		})
	}
}

// TestKeptThenUndone lets go of an edit: what bpgen wrote before it is bpgen's.
func TestKeptThenUndone(t *testing.T) {
	t.Parallel()
	modes(t, func(t *testing.T, a *applier) {
		out := filepath.Join(t.TempDir(), "out")
		apply(t, a, out, set(t, v1), false)
		put(t, out, map[string]string{"main.tf": "edit", "old/gone.tf": "edit"})
		if _, err := a.apply(t.Context(), out, set(t, v2), Options{OnConflict: Keep}); err != nil {
			t.Fatal(err)
		}
		put(t, out, map[string]string{"main.tf": v1["main.tf"], "old/gone.tf": v1["old/gone.tf"]})
		apply(t, a, out, set(t, v2), false)
		equal(t, read(t, out), wantOf(set(t, v2), nil))

		// Overwrite takes edits back.
		put(t, out, map[string]string{"main.tf": "edit"})
		if _, err := a.apply(t.Context(), out, set(t, v1), Options{OnConflict: Keep}); err != nil {
			t.Fatal(err)
		}
		apply(t, a, out, set(t, v1), true)
		equal(t, read(t, out), wantOf(set(t, v1), nil))
	})
}

// TestRestated changes the files of a manifest and no other byte.
func TestRestated(t *testing.T) {
	t.Parallel()
	manifest := `{
  "format": 1,
  "z": [
    1,
    "a<b>&c"
  ],
  "empty": {},
  "files": {
    "a&b": "1",
    "c": "2"
  },
  "after": null
}
`
	tests := map[string]struct {
		sums map[string]string
		want string
	}{
		"as it was": {nil, manifest},
		"changed":   {map[string]string{"c": "3"}, strings.Replace(manifest, `"2"`, `"3"`, 1)},
		"added":     {map[string]string{"b": "3"}, strings.Replace(manifest, `    "c"`, "    \"b\": \"3\",\n    \"c\"", 1)},
		"left out":  {map[string]string{"c": "", "d": ""}, strings.Replace(manifest, ",\n    \"c\": \"2\"", "", 1)},
		"none":      {map[string]string{"c": "", "a&b": ""}, strings.Replace(manifest, "{\n    \"a&b\": \"1\",\n    \"c\": \"2\"\n  }", "{}", 1)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := restated([]byte(manifest), tt.sums, nil)
			if err != nil || string(got) != tt.want {
				t.Errorf("got %s\nwant %s\n%v", got, tt.want, err)
			}
		})
	}
	t.Run("of a render", func(t *testing.T) {
		t.Parallel()
		names, err := filepath.Glob("../../examples/*/*/" + ManifestPath)
		if err != nil || len(names) == 0 {
			t.Fatalf("no examples: %v", err)
		}
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := restated(b, nil, nil); err != nil || string(got) != string(b) {
				t.Errorf("%s changes: %v", name, err)
			}
		}
	})
	if _, err := restated([]byte(`{"files": {"../x": ""}}`), nil, nil); err == nil {
		t.Error("a path out of the directory is taken")
	}
}

// TestCheck is asked under the lock with what will happen, and its error is the
// caller's.
func TestCheck(t *testing.T) {
	t.Parallel()
	modes(t, func(t *testing.T, a *applier) {
		parent := t.TempDir()
		out := filepath.Join(parent, "deep", "out")
		no := errors.New("not today")
		refuse := Options{Check: func(r Report) error {
			if len(r.Created) != 5 || r.Previous() != nil || r.Parents != 1 || len(r.After()) != 5 {
				t.Errorf("%+v", r)
			}
			return no
		}}
		if _, err := a.apply(t.Context(), out, set(t, v1), refuse); !errors.Is(err, no) {
			t.Errorf("got %v", err)
		}
		if entries, err := os.ReadDir(parent); err != nil || len(entries) > 0 {
			t.Errorf("left behind: %v %v", entries, err)
		}
		apply(t, a, out, set(t, v1), false)
		before := read(t, parent)
		refuse.Check = func(r Report) error {
			if len(r.Deleted) != 5 || string(r.Previous()) != before["deep/out/"+ManifestPath] {
				t.Errorf("%+v", r)
			}
			return no
		}
		if _, err := a.remove(t.Context(), out, refuse); !errors.Is(err, no) {
			t.Errorf("got %v", err)
		}
		equal(t, read(t, parent), before)
	})
}
