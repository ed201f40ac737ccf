package merge_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/merge"
)

var update = flag.Bool("update", false, "rewrite what the cases expect")

// TestCases merges every archive of testdata/cases: what it wants stands behind its
// three versions.
func TestCases(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/cases/*.txtar")
	if err != nil || len(paths) < 6 {
		t.Fatalf("%d cases: %v", len(paths), err)
	}
	for _, p := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(p), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(p)
			if err != nil {
				t.Fatal(err)
			}
			in := merge.Input{Base: tree(t, a, "base/"), Ours: tree(t, a, "ours/"), Theirs: tree(t, a, "theirs/"), Renames: renames(string(a.Comment))}
			got := result(in)
			var kept []txtar.File
			var want strings.Builder
			for _, f := range a.Files {
				if top, _, _ := strings.Cut(f.Name, "/"); top == "base" || top == "ours" || top == "theirs" {
					kept = append(kept, f)
				} else {
					fmt.Fprintf(&want, "-- %s --\n%s", f.Name, f.Data)
				}
			}
			if *update {
				a.Files = append(kept, got.Files...)
				if err := os.WriteFile(p, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if have := string(txtar.Format(got)); have != want.String() {
				t.Errorf("got\n%s\nwant\n%s", have, want.String())
			}
		})
	}
}

// result merges and writes what came out as an archive.
func result(in merge.Input) *txtar.Archive {
	got, diags := merge.Merge(in)
	out := &txtar.Archive{}
	for _, f := range got.Files.Files() {
		out.Files = append(out.Files, txtar.File{Name: "want/" + f.Path, Data: f.Bytes})
	}
	var said strings.Builder
	for _, c := range got.Conflicts {
		fmt.Fprintln(&said, c)
	}
	for _, d := range diags {
		fmt.Fprintf(&said, "%s: %s\n", d.Summary, d.Detail)
	}
	if said.Len() > 0 {
		out.Files = append(out.Files, txtar.File{Name: "said", Data: []byte(said.String())})
	}
	return out
}

func tree(t testing.TB, a *txtar.Archive, prefix string) (set fileset.Set) {
	t.Helper()
	for _, f := range a.Files {
		if name, ok := strings.CutPrefix(f.Name, prefix); ok {
			if err := set.Add(name, f.Data); err != nil {
				t.Fatal(err)
			}
		}
	}
	return set
}

// renames reads lines such as "rename var.a var.b".
func renames(text string) (out []merge.Rename) {
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); len(words) == 3 && words[0] == "rename" {
			out = append(out, merge.Rename{From: words[1], To: words[2]})
		}
	}
	return out
}
