package merge_test

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aymanbagabas/go-udiff"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/internal/cpu"
	"github.com/bpgen/bpgen/generator/internal/mutate"
	"github.com/bpgen/bpgen/generator/merge"
)

// FuzzLaws edits a file of the default rendering, moves and removes blocks of it, and
// merges it with the same file of another rendering. The laws:
//
//   - when one side changed nothing, the other is the result, byte for byte, and so
//     it is when both are the same;
//   - no comment of ours is lost that stands at something that is still there;
//   - the result parses and is formatted;
//   - merging again changes nothing.
func FuzzLaws(f *testing.F) {
	for seed := range uint64(60) {
		f.Add(seed)
	}
	renderings() // an engine gives the first run ten seconds
	f.Fuzz(func(t *testing.T, seed uint64) { lawsOf(t, seed) })
}

// TestLaws is FuzzLaws for as many seeds as -laws says, without the engine, whose
// measuring takes most of the time.
func TestLaws(t *testing.T) {
	t.Parallel()
	begin := cpu.Used()
	for seed := range *lawSeeds {
		if lawsOf(t, 1000+seed); t.Failed() {
			t.Fatalf("seed %d", 1000+seed)
		}
	}
	t.Logf("%d seeds, %v of the processor", *lawSeeds, cpu.Since(begin))
}

var lawSeeds = flag.Uint64("laws", 20, "how many seeds TestLaws tries")

// lawsOf makes three versions from a seed and holds the laws for them.
func lawsOf(t *testing.T, seed uint64) {
	t.Helper()
	base, others := renderings()
	r := rand.New(rand.NewPCG(seed, 3))
	version := others[r.IntN(len(others))]
	var paths []string
	for _, f := range base.files.Files() {
		if v, ok := version.files.Get(f.Path); ok && path.Ext(f.Path) == ".tf" && path.Dir(f.Path) == "." && !bytes.Equal(v, f.Bytes) || r.IntN(20) == 0 {
			paths = append(paths, f.Path)
		}
	}
	r.Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
	paths = paths[:min(len(paths), 1+r.IntN(3))]
	var b, o, v fileset.Set
	var made []edit
	for _, p := range paths {
		content, _ := base.files.Get(p)
		put(t, &b, p, content)
		if c, ok := version.files.Get(p); ok {
			put(t, &v, p, c)
		}
		if path.Ext(p) == ".tf" {
			text, edits := edited(r, p, string(content), base.marks[p], r.IntN(12))
			content, made = []byte(text), append(made, edits...)
		}
		put(t, &o, p, content)
	}
	if r.IntN(2) == 0 {
		o = upset(t, r, o)
	}
	laws(t, b, o, v, made)
}

// laws holds the laws for three versions.
func laws(t *testing.T, b, o, v fileset.Set, made []edit) {
	t.Helper()
	for _, law := range []struct {
		name             string
		base, ours, them fileset.Set
		want             fileset.Set
	}{
		{"only ours changed", b, o, b, o},
		{"only theirs changed", b, b, v, v},
		{"both made the same of it", b, v, v, v},
		{"nothing changed", o, o, o, o},
	} {
		got, diags := merge.Merge(merge.Input{Base: law.base, Ours: law.ours, Theirs: law.them})
		if diags.HasErrors() || len(got.Conflicts) > 0 {
			t.Errorf("%s: %v %v", law.name, diags, got.Conflicts)
		}
		if why := unlike(got.Files, law.want); why != "" {
			t.Errorf("%s: %s", law.name, why)
		}
	}
	got, diags := merge.Merge(merge.Input{Base: b, Ours: o, Theirs: v})
	if len(diags) > 0 {
		t.Errorf("merging: %v", diags)
	}
	all := ""
	for _, f := range got.Files.Files() {
		all += string(f.Bytes)
		if path.Ext(f.Path) != ".tf" || merge.Marked(f.Bytes) != nil {
			continue
		}
		if _, diags := hclsyntax.ParseConfig(f.Bytes, f.Path, hcl.InitialPos); diags.HasErrors() {
			t.Errorf("the result does not parse: %v\n%s", diags, f.Bytes)
		}
		text := strings.TrimPrefix(strings.ReplaceAll(string(f.Bytes), "\r\n", "\n"), "\ufeff")
		if formatted := string(hclwrite.Format([]byte(text))); formatted != text {
			t.Errorf("%s is not formatted:\n%s", f.Path, udiff.Unified("is", "formatted", text, formatted))
		}
	}
	for _, e := range made {
		if e.onlyWords() && present(o, e.comment) && !strings.Contains(all, e.comment) && stays(t, b, v, e) {
			t.Errorf("the comment %q of %s %v %s is lost", e.comment, e.unit, e.path, e.name)
		}
	}
	if len(got.Conflicts) > 0 {
		return
	}
	// The next upgrade has theirs as its base.
	again, diags := merge.Merge(merge.Input{Base: v, Ours: got.Files, Theirs: v})
	if why := unlike(again.Files, got.Files); why != "" || len(diags)+len(again.Conflicts) > 0 {
		t.Errorf("the next merge: %s %v %v", why, diags, again.Conflicts)
	}
	// With the old base it may look as if ours had replaced what theirs removed, which is
	// a conflict; but nothing changes without one.
	again, diags = merge.Merge(merge.Input{Base: b, Ours: got.Files, Theirs: v})
	if why := unlike(again.Files, got.Files); why != "" && len(again.Conflicts) == 0 || len(diags) > 0 {
		t.Errorf("merging again: %s %v", why, diags)
	}
}

func put(t testing.TB, set *fileset.Set, p string, content []byte) {
	t.Helper()
	if err := set.Add(p, content); err != nil {
		t.Fatal(err)
	}
}

func present(set fileset.Set, text string) bool {
	return slices.ContainsFunc(set.Files(), func(f fileset.File) bool { return bytes.Contains(f.Bytes, []byte(text)) })
}

// stays says whether theirs still has what an edit was made at, as base has it. The
// files alone are known here, so a block is known by what it holds.
func stays(t *testing.T, b, v fileset.Set, e edit) bool {
	t.Helper()
	was, now := unitOf(t, b, e.unit), unitOf(t, v, e.unit)
	if was == nil || now == nil {
		return false
	}
	if len(e.path) > 0 {
		return was.canon() == now.canon()
	}
	_, ok := now.attrs[e.name]
	return ok && was.attrs[e.name].comment == now.attrs[e.name].comment
}

func unitOf(t *testing.T, set fileset.Set, address string) *node {
	t.Helper()
	for _, f := range set.Files() {
		if path.Ext(f.Path) != ".tf" {
			continue
		}
		units, err := modelOf(string(f.Bytes), nil)
		if err != nil {
			t.Fatal(err)
		}
		if i := slices.IndexFunc(units, func(n *node) bool { return n.address == address }); i >= 0 {
			return units[i]
		}
	}
	return nil
}

// unlike says how two trees differ.
func unlike(got, want fileset.Set) string {
	for _, f := range want.Files() {
		if g, ok := got.Get(f.Path); !ok {
			return f.Path + " is missing"
		} else if !bytes.Equal(g, f.Bytes) {
			return fmt.Sprintf("%s differs:\n%s", f.Path, udiff.Unified("wanted", "made", string(f.Bytes), string(g)))
		}
	}
	if got.Len() != want.Len() {
		return fmt.Sprintf("there are %d files, and not %d", got.Len(), want.Len())
	}
	return ""
}

// upset moves blocks to other files and places, removes some, and changes how whole
// files are written.
func upset(t *testing.T, r *rand.Rand, in fileset.Set) (out fileset.Set) {
	t.Helper()
	files := map[string][]string{}
	for _, f := range in.Files() {
		if path.Ext(f.Path) != ".tf" {
			put(t, &out, f.Path, f.Bytes)
			continue
		}
		for _, part := range parts(t, f.Bytes) {
			switch p := f.Path; r.IntN(12) {
			case 0: // gone
			case 1:
				files["own.tf"] = append(files["own.tf"], part)
			case 2:
				files[p] = append([]string{part}, files[p]...)
			default:
				files[p] = append(files[p], part)
			}
		}
	}
	for p, parts := range files {
		text := strings.Join(parts, "\n")
		switch r.IntN(8) {
		case 0:
			text = strings.ReplaceAll(text, "\n", "\r\n")
		case 1:
			text = "\ufeff" + text
		case 2:
			p = "renamed-" + p
		}
		put(t, &out, p, []byte(text))
	}
	return out
}

// parts cuts a file in front of its blocks and their comments.
func parts(t *testing.T, src []byte) (out []string) {
	t.Helper()
	f, diags := hclsyntax.ParseConfig(src, "", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var ends []int
	for _, b := range f.Body.(*hclsyntax.Body).Blocks {
		ends = append(ends, bytes.IndexByte(src[b.CloseBraceRange.End.Byte:], '\n')+b.CloseBraceRange.End.Byte+1)
	}
	sort.Ints(ends)
	at := 0
	for _, end := range ends {
		out = append(out, strings.TrimLeft(string(src[at:end]), "\n"))
		at = end
	}
	return out
}

// FuzzTexts merges what three texts hold, whatever it is: nothing panics, and the
// laws of what nobody changed hold.
func FuzzTexts(f *testing.F) {
	f.Add("a = 1\n", "a = 2 # x\n", "a = [1, 2,\n# y\n3]\n", ".tf", uint64(0))
	f.Add("a {\n  b {\n  }\n  b {\n  }\n}\n", "a {\n  b {\n    c = <<-EOT\n      x\n    EOT\n  }\n}\n", "# c\n\na {\n  b {} # d\n}\n", ".tf", uint64(1))
	f.Add("locals { a = 1 }\nlocals {\n  b = f(1, <<X\ny\nX\n)\n}\n", "locals {\n  b = f(2)\n}\n", "locals {\n  /* c */ a = { x = 1, y : 2 }\n}\n", ".tf", uint64(2))
	f.Add("a\nb\nc", "a\nc", "a\nb\nd\nc\n", ".md", uint64(3))
	f.Add(`{"a": [1]}`, `{"a": [1, 2]}`, "", ".json", uint64(4))
	f.Fuzz(func(t *testing.T, b, o, v, ext string, seed uint64) {
		if !slices.Contains([]string{".tf", ".md", ".json", ".yaml", ".tfvars", ".tftest.hcl"}, ext) || len(b)+len(o)+len(v) > 20000 {
			return
		}
		r := rand.New(rand.NewPCG(seed, 5))
		texts := [3]string{b, o, v}
		var sets [3]fileset.Set
		for i, text := range texts {
			if seed > 0 && r.IntN(2) == 0 {
				text = string(mutate.Words(r, []byte(text)))
			}
			if merge.Marked([]byte(text)) != nil {
				return
			}
			put(t, &sets[i], "a"+ext, []byte(text))
		}
		stop := mutate.Watch(10*time.Second, texts[0], texts[1], texts[2], strconv.FormatUint(seed, 10))
		defer stop()
		for _, law := range [][4]fileset.Set{{sets[0], sets[1], sets[0], sets[1]}, {sets[0], sets[0], sets[2], sets[2]}, {sets[0], sets[2], sets[2], sets[2]}} {
			got, _ := merge.Merge(merge.Input{Base: law[0], Ours: law[1], Theirs: law[2]})
			if why := unlike(got.Files, law[3]); why != "" {
				t.Error(why)
			}
		}
		got, diags := merge.Merge(merge.Input{Base: sets[0], Ours: sets[1], Theirs: sets[2]})
		for _, d := range diags {
			if strings.Contains(d.Detail, "mistake in bpgen") {
				t.Errorf("%s: %q %q %q", d.Detail, texts[0], texts[1], texts[2])
			}
		}
		for _, c := range got.Conflicts {
			if c.Path == "" || c.Reason == "" || c.Start > c.End {
				t.Errorf("a conflict without a place or a reason: %+v", c)
			}
		}
	})
}
