package upgrade_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/baseline"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/render"
	"github.com/bpgen/bpgen/generator/upgrade"
)

// tree makes a set of files given as name and text in turn.
func tree(t *testing.T, parts ...string) fileset.Set {
	t.Helper()
	var out fileset.Set
	for i := 0; i < len(parts); i += 2 {
		if err := out.Add(parts[i], []byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// rendered is a tree with its manifest.
func rendered(t *testing.T, parts ...string) fileset.Set {
	t.Helper()
	out := tree(t, parts...)
	m := render.Manifest{Format: 2, Blueprint: "b", Version: "1.1.0", Options: map[string]json.RawMessage{}, Files: map[string]string{}}
	if err := m.List(out); err != nil {
		t.Fatal(err)
	}
	b, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Add(render.ManifestPath, b); err != nil {
		t.Fatal(err)
	}
	return out
}

func get(set fileset.Set, name string) string {
	b, _ := set.Get(name)
	return string(b)
}

const (
	variable = "variable \"a\" {\n  type    = number\n  default = %s\n}\n"
	bucket   = "resource \"aws_s3_bucket\" \"x\" {\n  bucket = \"x\"\n}\n"
)

func of(value string) string { return strings.ReplaceAll(variable, "%s", value) }

// TestMake decides a conflict by each strategy, and keeps what is needed to go on.
func TestMake(t *testing.T) {
	t.Parallel()
	base, ours := tree(t, "a.tf", of("1"), "r.md", "r\n"), tree(t, "a.tf", of("2"), "own.tf", "# mine\n")
	for strategy, want := range map[upgrade.Strategy]string{
		upgrade.Ours:    of("2"),
		upgrade.Theirs:  of("3"),
		upgrade.Markers: "variable \"a\" {\n  type = number\n<<<<<<< ours\n  default = 2\n||||||| base\n  default = 1\n=======\n  default = 3\n>>>>>>> theirs\n}\n",
	} {
		t.Run(string(strategy), func(t *testing.T) {
			t.Parallel()
			theirs := rendered(t, "a.tf", of("3"), "r.md", "s\n")
			in := upgrade.Input{Base: base, Ours: ours, Theirs: theirs, Manifest: []byte("old"), Known: true, Strategy: strategy}
			plan, diags := upgrade.Make(in)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			if got := get(plan.Files, "a.tf"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if get(plan.Files, "own.tf") != "# mine\n" || get(plan.Files, "r.md") != "" || !slices.Equal(plan.Gone, []string{"r.md"}) {
				t.Errorf("own.tf %q, r.md %q, gone %q", get(plan.Files, "own.tf"), get(plan.Files, "r.md"), plan.Gone)
			}
			open := strategy == upgrade.Markers
			if (len(plan.Conflicts) == 1) != open || (len(plan.Decided) == 1) == open {
				t.Errorf("%d conflicts, %d decided", len(plan.Conflicts), len(plan.Decided))
			}
			if !open {
				if get(plan.Files, render.ManifestPath) != get(theirs, render.ManifestPath) || get(*plan.Base, "a.tf") != of("3") {
					t.Error("manifest and base are not those of the new rendering")
				}
				return
			}
			if get(plan.Files, render.ManifestPath) != "old" || get(*plan.Base, "a.tf") != of("1") {
				t.Error("manifest and base do not wait")
			}
			suspended(t, plan, ours)
		})
	}
}

// suspended goes on from a plan with a conflict, and back.
func suspended(t *testing.T, plan upgrade.Plan, ours fileset.Set) {
	t.Helper()
	if diags := plan.Suspend([]byte("index")); diags.HasErrors() {
		t.Fatal(diags)
	}
	list, err := upgrade.Conflicts([]byte(get(plan.Files, baseline.ConflictsPath)))
	if err != nil || len(list) != 1 || list[0].Address != "var.a.default" || list[0].Path != "a.tf" || list[0].Start != 3 || list[0].Theirs != "default = 3" {
		t.Errorf("the list holds %+v, %v", list, err)
	}
	p, err := upgrade.Unpack([]byte(get(plan.Files, baseline.PendingPath)))
	if err != nil || string(p.Index) != "index" {
		t.Fatal(p, err)
	}
	solved := tree(t, "a.tf", of("4"), "own.tf", "# mine\n")
	done, diags := p.Continue(solved)
	if diags.HasErrors() || get(done.Files, "a.tf") != of("4") || !strings.Contains(get(done.Files, render.ManifestPath), "1.1.0") || get(*done.Base, "a.tf") != of("3") {
		t.Errorf("continued: %v", diags)
	}
	back, diags := p.Abort(tree(t, "a.tf", "<<<<<<< ours\n", "own.tf", "# mine\n", "late.tf", ""), []byte("old"), nil)
	if diags.HasErrors() || get(back.Files, "a.tf") != get(ours, "a.tf") || get(back.Files, render.ManifestPath) != "old" {
		t.Errorf("aborted: %v", diags)
	}
	if _, ok := back.Files.Get("late.tf"); !ok {
		t.Error("a file that the upgrade did not touch is gone")
	}
}

// TestLosses stops at what holds data, whoever is to decide about it, and keeps it.
func TestLosses(t *testing.T) {
	t.Parallel()
	base := tree(t, "b.tf", bucket)
	for name, c := range map[string]struct {
		ours   fileset.Set
		keep   bool
		losses int
		kept   int
	}{
		"dropped":        {base, false, 1, 0},
		"kept":           {base, true, 0, 1},
		"edited as well": {tree(t, "b.tf", strings.Replace(bucket, "bucket = \"x\"", "bucket = \"y\"", 1)), false, 0, 0}, // A conflict: ours counts.
		"moved by hand":  {tree(t, "own.tf", bucket), false, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan, diags := upgrade.Make(upgrade.Input{Base: base, Ours: c.ours, Theirs: rendered(t, "a.tf", of("1")), Strategy: upgrade.Markers, KeepObjects: c.keep})
			if diags.HasErrors() || len(plan.Losses) != c.losses || len(plan.Kept) != c.kept {
				t.Fatalf("losses %v, kept %q, %v", plan.Losses, plan.Kept, diags)
			}
			if has := strings.Contains(get(plan.Files, "removed.tf"), "from = aws_s3_bucket.x\n"); has != (c.kept > 0) {
				t.Errorf("removed.tf: %q", get(plan.Files, "removed.tf"))
			}
		})
	}
}

// TestDecidedLater finds what is lost by the solution of a conflict.
func TestDecidedLater(t *testing.T) {
	t.Parallel()
	ours := tree(t, "b.tf", strings.Replace(bucket, "\"x\"\n", "\"y\"\n", 1))
	plan, diags := upgrade.Make(upgrade.Input{Base: tree(t, "b.tf", bucket), Ours: ours, Theirs: rendered(t, "a.tf", of("1")), Strategy: upgrade.Markers})
	if diags = append(diags, plan.Suspend(nil)...); diags.HasErrors() || len(plan.Conflicts) != 1 {
		t.Fatal(plan.Conflicts, diags)
	}
	p, err := upgrade.Unpack([]byte(get(plan.Files, baseline.PendingPath)))
	if err != nil {
		t.Fatal(err)
	}
	done, _ := p.Continue(tree(t, "a.tf", of("1")))
	if len(done.Losses) != 1 || done.Losses[0].Address != "aws_s3_bucket.x" {
		t.Errorf("losses %v", done.Losses)
	}
}

// TestUnpackRefuses reads no archive that bpgen did not write.
func TestUnpackRefuses(t *testing.T) {
	t.Parallel()
	manifest := get(rendered(t, "a.tf", of("1")), render.ManifestPath)
	for want, parts := range map[string][]string{
		"not what bpgen wrote": {"manifest.json", manifest},
		"not a manifest":       {"manifest.json", "{}", "created.json", "[]"},
		"holds other files":    {"manifest.json", manifest, "created.json", "[]", "rendered/a.tf", of("2")},
	} {
		src, err := baseline.Pack(tree(t, parts...))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := upgrade.Unpack(src); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
