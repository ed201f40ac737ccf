package merge_test

import (
	"math/rand/v2"
	"path"
	"regexp"
	"testing"

	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/merge"
)

var declaredResource = regexp.MustCompile(`(?m)^resource "(\w+)" "(\w+)"`)

// TestRenamesFollow: a new version renames a third of all resources, and a user has
// edited the files. What comes out is what the user had, with the words replaced:
// no reference dangles, and nothing else changes.
func TestRenamesFollow(t *testing.T) {
	t.Parallel()
	base, _ := renderings()
	for seed := range uint64(2) {
		r := rand.New(rand.NewPCG(seed, 9))
		var renames []merge.Rename
		type replacement struct {
			find *regexp.Regexp
			with string
		}
		var words []replacement
		for _, f := range base.files.Files() {
			if path.Ext(f.Path) != ".tf" || path.Dir(f.Path) != "." {
				continue
			}
			for _, m := range declaredResource.FindAllSubmatch(f.Bytes, -1) {
				if r.IntN(3) > 0 {
					continue
				}
				typ, name := string(m[1]), string(m[2])
				renames = append(renames, merge.Rename{From: typ + "." + name, To: typ + ".renamed_" + name})
				words = append(words,
					replacement{regexp.MustCompile(`(?m)^resource "` + typ + `" "` + name + `"`), `resource "` + typ + `" "renamed_` + name + `"`},
					replacement{regexp.MustCompile(`([^.\w"])` + typ + `\.` + name + `\b`), `${1}` + typ + `.renamed_` + name})
			}
		}
		if len(renames) < 20 {
			t.Fatalf("only %d renames", len(renames))
		}
		renamed := func(p string, text []byte) []byte {
			if ext := path.Ext(p); ext != ".tf" && ext != ".hcl" {
				return text
			}
			for _, w := range words {
				text = w.find.ReplaceAll(text, []byte(w.with))
			}
			return hclwrite.Format(text)
		}
		var ours, theirs, want fileset.Set
		for _, f := range base.files.Files() {
			content := f.Bytes
			if path.Ext(f.Path) == ".tf" && path.Dir(f.Path) == "." {
				text, _ := edited(r, f.Path, string(content), base.marks[f.Path], 6)
				content = []byte(text)
			}
			put(t, &ours, f.Path, content)
			put(t, &theirs, f.Path, renamed(f.Path, f.Bytes))
			put(t, &want, f.Path, renamed(f.Path, content))
		}
		got, diags := merge.Merge(merge.Input{Base: base.files, Ours: ours, Theirs: theirs, Renames: renames})
		if len(diags) > 0 || len(got.Conflicts) > 0 {
			t.Errorf("%v %v", diags, got.Conflicts)
		}
		if why := unlike(got.Files, want); why != "" {
			t.Error(why)
		}
		// The other way round: ours renamed, and theirs changed.
		got, diags = merge.Merge(merge.Input{Base: base.files, Ours: theirs, Theirs: ours, Own: renames})
		if len(diags) > 0 || len(got.Conflicts) > 0 {
			t.Errorf("%v %v", diags, got.Conflicts)
		}
		if why := unlike(got.Files, want); why != "" {
			t.Error(why)
		}
	}
}
