package merge_test

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"sort"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/aymanbagabas/go-udiff"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/templates"
)

// versions are what the default rendering is merged with: other options, and the
// templates as their authors might change them.
var versions = []struct{ name, option, value string }{
	{"blue-green", "deployment", "blue-green"},
	{"no cdn", "cdn", "false"},
	{"provider 5", "aws_provider", "5"},
	{"cluster mode", "cache_cluster_mode", "true"},
	{"no database", "database", "none"},
	{"two zones", "zones", "2"},
	{"pipeline", "pipeline", "codepipeline"},
	{"execute command", "execute_command", "true"},
	{"nat gateway", "outbound", "nat-gateway"},
	{"opentofu", "target", "opentofu"},
	{"changed templates", "", ""},
}

// A rendering is a module whose nested blocks know which block of which template
// they were made of. The marks that say so are comments in the templates, behind
// the brace that closes a block; in the files they are taken out again.
type rendering struct {
	files fileset.Set
	marks map[string]map[int]string // path -> byte of a block's closing brace -> mark
}

var mark = regexp.MustCompile(`[ \t]+# mark (\S+)`)

// marked returns the templates with a mark behind each nested block.
func marked(t testing.TB, change bool) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(templates.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := fs.ReadFile(templates.FS, name)
		if err != nil {
			return err
		}
		if path.Ext(name) == ".tf" && !strings.Contains(name, "/files/") {
			src = mark1(t, name, src)
			if change {
				src = authored(src)
			}
		}
		out[name] = &fstest.MapFile{Data: src}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func mark1(t testing.TB, name string, src []byte) []byte {
	t.Helper()
	f, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var ends []int
	var walk func(*hclsyntax.Body, bool)
	walk = func(b *hclsyntax.Body, nested bool) {
		for _, in := range b.Blocks {
			if end := in.CloseBraceRange.End.Byte; nested && (end == len(src) || src[end] == '\n') {
				ends = append(ends, end)
			}
			walk(in.Body, true)
		}
	}
	walk(f.Body.(*hclsyntax.Body), false)
	sort.Ints(ends)
	var b strings.Builder
	at := 0
	for i, end := range ends {
		b.Write(src[at:end])
		fmt.Fprintf(&b, " # mark %s:%d", name, i)
		at = end
	}
	b.Write(src[at:])
	return []byte(b.String())
}

var (
	reason     = regexp.MustCompile(`# why: [^\n]*`)
	explained  = regexp.MustCompile(`(?m)^(  description *= "[^"$]*)\."`)
	validation = regexp.MustCompile(`(?s)variable "(\w+)" \{\n  type *= string\n.*?\n\n  validation \{`)
)

// authored returns a template as its author might have changed it since: reasons and
// descriptions in other words, and a validation in front of others.
func authored(src []byte) []byte {
	n := 0
	every := func(k int, with func(string) string) func(string) string {
		return func(s string) string {
			if n++; n%k != 0 {
				return s
			}
			return with(s)
		}
	}
	text := reason.ReplaceAllStringFunc(string(src), every(3, func(s string) string { return s + ", as was measured" }))
	text = explained.ReplaceAllStringFunc(text, every(4, func(s string) string { return strings.TrimSuffix(s, `."`) + `, as of this version."` }))
	text = validation.ReplaceAllStringFunc(text, func(s string) string {
		name := validation.FindStringSubmatch(s)[1]
		return strings.TrimSuffix(s, "validation {") + fmt.Sprintf("validation {\n    condition     = var.%s != \"forbidden\"\n    error_message = \"%s must not be \\\"forbidden\\\".\"\n  }\n\n  validation {", name, name)
	})
	return []byte(text)
}

// renderings returns the default rendering and the others, made once.
var renderings = sync.OnceValues(func() (rendering, []rendering) {
	t := failing{}
	cat := func(change bool) *catalog.Catalog {
		c, diags := catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: marked(t, change), Formatted: true})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		return c
	}
	plain, changed := cat(false), cat(true)
	base := render(t, plain, nil)
	var others []rendering
	for _, v := range versions {
		if v.option == "" {
			others = append(others, render(t, changed, nil))
			continue
		}
		others = append(others, render(t, plain, []resolve.Input{{Name: v.option, Raw: v.value, Source: "test"}}))
	}
	return base, others
})

// failing ends what is made once for all tests.
type failing struct{ testing.TB }

func (failing) Helper()           {}
func (failing) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

func render(t testing.TB, cat *catalog.Catalog, in []resolve.Input) rendering {
	t.Helper()
	res, diags := generator.Generate(context.Background(), generator.Request{Catalog: cat, Blueprint: "ecs-fargate", Inputs: in})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	out := rendering{marks: map[string]map[int]string{}}
	for _, f := range res.Files.Files() {
		text := string(f.Bytes)
		if path.Ext(f.Path) == ".tf" {
			text, out.marks[f.Path] = unmarked(text)
		}
		if err := out.files.Add(f.Path, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// unmarked takes the marks out of a file and returns where they stood.
func unmarked(text string) (string, map[int]string) {
	at := map[int]string{}
	var b strings.Builder
	last := 0
	for _, m := range mark.FindAllStringSubmatchIndex(text, -1) {
		b.WriteString(text[last:m[0]])
		at[b.Len()] = text[m[2]:m[3]]
		last = m[1]
	}
	b.WriteString(text[last:])
	return b.String(), at
}

// TestMarksLeaveNoTrace: without their marks the renderings are those that bpgen
// makes, and most nested blocks have one. So the yardstick knows blocks by
// where they come from and not by what they look like.
func TestMarksLeaveNoTrace(t *testing.T) {
	t.Parallel()
	base, others := renderings()
	c, diags := catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS, Formatted: true})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	real := render(t, c, nil)
	for _, f := range real.files.Files() {
		if got, _ := base.files.Get(f.Path); path.Ext(f.Path) == ".tf" && string(got) != string(f.Bytes) {
			t.Errorf("%s differs from what bpgen renders:\n%s", f.Path, udiff.Unified("rendered", "marked", string(f.Bytes), string(got)))
		}
	}
	for i, r := range append([]rendering{base}, others...) {
		nested, known := 0, 0
		for _, f := range r.files.Files() {
			if path.Ext(f.Path) == ".tf" {
				for _, u := range model(t, r, f.Path) {
					n, k := u.counted()
					nested, known = nested+n, known+k
				}
			}
		}
		if nested < 100 || 100*known < 80*nested {
			t.Errorf("rendering %d: %d of %d nested blocks are marked", i, known, nested)
		}
	}
}
