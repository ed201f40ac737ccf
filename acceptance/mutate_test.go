package acceptance

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator/fileset"
)

// A mutation is one change of a module.
type mutation struct {
	how  string
	at   string // aws_lb.load_balancer, data.aws_region.current, var.name
	path string // names of nested blocks, dynamic ones too, then of an argument; "" is the object itself
	as   string // new name of the argument
	old  *regexp.Regexp
	new  string
	by   string // what must notice it: a "rule" of vet or a "test"; "" for either
}

// set gives an argument another value, which must be there.
func set(at, path, value string) mutation {
	return mutation{how: "set", at: at, path: path, new: value}
}

// edit changes a part of the text of an argument, or of a block, by a regular expression.
func edit(at, path, old, with string) mutation {
	return mutation{how: "edit", at: at, path: path, old: regexp.MustCompile(old), new: with}
}

// rename puts another argument in the place of one.
func rename(at, path, as, value string) mutation {
	return mutation{how: "rename", at: at, path: path, as: as, new: value}
}

// remove takes away an argument, the first such block, or the whole object.
func remove(at, path string) mutation { return mutation{how: "remove", at: at, path: path} }

// add adds an argument that must not be there, or a block where the value is in braces.
func add(at, path, value string) mutation {
	return mutation{how: "add", at: at, path: path, new: value}
}

// String names the mutation as in the table.
func (m mutation) String() string {
	parts := []string{m.how, strings.TrimSuffix(m.at+"."+m.path, ".")}
	if m.old != nil {
		parts = append(parts, m.old.String())
	}
	return strings.Join(strings.Fields(strings.Join(append(parts, m.as, m.new), " ")), " ")
}

var errNotThere = errors.New("not there")

// apply returns the changed file of a module's root.
func (m mutation) apply(files []fileset.File) (fileset.File, error) {
	label := strconv.Quote(m.at[strings.LastIndexByte(m.at, '.')+1:])
	for _, f := range files {
		if strings.Contains(f.Path, "/") || !strings.HasSuffix(f.Path, ".tf") || !bytes.Contains(f.Bytes, []byte(label)) {
			continue
		}
		text, err := m.change(f.Path, f.Bytes)
		switch {
		case errors.Is(err, errNotThere):
			continue
		case err != nil:
			return fileset.File{}, err
		}
		f.Bytes = text
		return f, nil
	}
	return fileset.File{}, fmt.Errorf("%s is %w", m.at, errNotThere)
}

func (m mutation) change(name string, src []byte) ([]byte, error) {
	file, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, diags
	}
	body := file.Body.(*hclsyntax.Body)
	i := slices.IndexFunc(body.Blocks, func(b *hclsyntax.Block) bool { return addressOf(b) == m.at })
	if i < 0 {
		return nil, errNotThere
	}
	block := body.Blocks[i]
	var names []string
	if m.path != "" {
		names = strings.Split(m.path, ".")
	}
	for n, name := range names {
		if inner := nested(block, name); inner != nil {
			block = inner
			continue
		}
		attr := block.Body.Attributes[name]
		last := n == len(names)-1
		switch {
		case last && m.how == "add" && attr == nil:
			with := name + " = " + m.new
			if strings.HasPrefix(m.new, "{") {
				with = name + " " + m.new
			}
			return splice(src, at(block.OpenBraceRange.End), "\n"+with)
		case last && m.how != "add" && attr != nil:
			return m.changeText(src, attr.SrcRange, attr.EqualsRange.End, name)
		}
		return nil, fmt.Errorf("%s has no %s, or the wrong kind of it", m.at, strings.Join(names[:n+1], "."))
	}
	switch m.how {
	case "edit", "remove":
		return m.changeText(src, hcl.RangeBetween(block.TypeRange, block.CloseBraceRange), block.TypeRange.Start, "")
	}
	return nil, fmt.Errorf("%s of %s is a block", m.path, m.at)
}

// changeText changes an argument or a block with the range rng, whose value
// begins at value.
func (m mutation) changeText(src []byte, rng hcl.Range, value hcl.Pos, name string) ([]byte, error) {
	switch m.how {
	case "remove":
		return splice(src, rng, "")
	case "edit":
		rng.Start = value
		text := string(rng.SliceBytes(src))
		changed := m.old.ReplaceAllString(text, m.new)
		if changed == text {
			return nil, fmt.Errorf("%s %s has nothing like %s", m.at, m.path, m.old)
		}
		return splice(src, rng, changed)
	}
	changed := cmp.Or(m.as, name) + " = " + m.new
	if changed == string(hclwrite.Format(rng.SliceBytes(src))) {
		return nil, fmt.Errorf("%s %s is %s already", m.at, m.path, m.new)
	}
	return splice(src, rng, changed)
}

// addressOf returns how a block is referred to.
func addressOf(b *hclsyntax.Block) string {
	switch b.Type {
	case "resource":
		return strings.Join(b.Labels, ".")
	case "variable":
		return "var." + strings.Join(b.Labels, ".")
	}
	return strings.Join(append([]string{b.Type}, b.Labels...), ".")
}

// nested returns the first block of that name in another, be it dynamic.
func nested(b *hclsyntax.Block, name string) *hclsyntax.Block {
	for _, inner := range b.Body.Blocks {
		if inner.Type == name || inner.Type == "dynamic" && len(inner.Labels) == 1 && inner.Labels[0] == name {
			return inner
		}
	}
	return nil
}

func at(p hcl.Pos) hcl.Range { return hcl.Range{Start: p, End: p} }

func splice(src []byte, rng hcl.Range, with string) ([]byte, error) {
	out := slices.Concat(src[:rng.Start.Byte], []byte(with), src[rng.End.Byte:])
	if _, diags := hclsyntax.ParseConfig(out, "", hcl.InitialPos); diags.HasErrors() {
		return nil, diags
	}
	return hclwrite.Format(out), nil
}

// onePlan puts the assertions of all runs that are nothing but a plan of the
// module, or an apply, into the first of them: they are about the same plan,
// which then is made once, and applied once where a run wants that. Every run
// that is left gets a copy in a file to itself in runsAlone besides.
func onePlan(t *testing.T, dir string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "tests", "*.tftest.hcl"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no shipped tests: %v", err)
	}
	for _, p := range paths {
		src, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		merged, err := mergeRuns(p, src)
		if err != nil {
			t.Fatal(err)
		}
		if err := harness.WriteFile(p, merged); err != nil {
			t.Fatal(err)
		}
		alone, err := splitRuns(p, merged)
		if err != nil {
			t.Fatal(err)
		}
		for i, run := range alone {
			name := fmt.Sprintf("%s-%d.tftest.hcl", strings.TrimSuffix(filepath.Base(p), ".tftest.hcl"), i)
			if err := harness.WriteFile(filepath.Join(dir, runsAlone, name), run); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// runsAlone is the directory of a module's runs by themselves.
const runsAlone = "tests-alone"

func mergeRuns(name string, src []byte) ([]byte, error) {
	file, diags := hclwrite.ParseConfig(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, diags
	}
	var first *hclwrite.Block
	for _, b := range file.Body().Blocks() {
		if b.Type() != "run" || !onlyAsserts(b.Body()) {
			continue
		}
		if first == nil {
			first = b
			continue
		}
		for _, a := range b.Body().Blocks() {
			first.Body().AppendBlock(a)
		}
		if commandOf(b.Body()) == "apply" {
			first.Body().SetAttributeTraversal("command", hcl.Traversal{hcl.TraverseRoot{Name: "apply"}})
		}
		file.Body().RemoveBlock(b)
	}
	return file.Bytes(), nil
}

// splitRuns returns a file for each run, with everything around the runs. One
// that plans after an apply keeps the apply, without its assertions: what it
// says may be about the change. What expects to be refused does not come so far.
func splitRuns(name string, src []byte) ([][]byte, error) {
	var parts [][]byte
	for {
		file, diags := hclwrite.ParseConfig(src, name, hcl.InitialPos)
		if diags.HasErrors() {
			return nil, diags
		}
		runs := slices.DeleteFunc(file.Body().Blocks(), func(b *hclwrite.Block) bool { return b.Type() != "run" })
		if len(parts) == len(runs) {
			return parts, nil
		}
		this := runs[len(parts)]
		applied := -1
		if commandOf(this.Body()) == "plan" && this.Body().GetAttribute("expect_failures") == nil {
			for i, b := range runs[:len(parts)] {
				if commandOf(b.Body()) != "plan" {
					applied = i
				}
			}
		}
		for i, b := range runs {
			switch {
			case b == this:
			case i == applied:
				for _, inner := range b.Body().Blocks() {
					if inner.Type() == "assert" {
						b.Body().RemoveBlock(inner)
					}
				}
			default:
				file.Body().RemoveBlock(b)
			}
		}
		parts = append(parts, file.Bytes())
	}
}

// onlyAsserts reports whether a run plans or applies the module with the file's
// values.
func onlyAsserts(body *hclwrite.Body) bool {
	return len(body.Attributes()) == 1 && slices.Contains([]string{"plan", "apply"}, commandOf(body)) &&
		!slices.ContainsFunc(body.Blocks(), func(b *hclwrite.Block) bool { return b.Type() != "assert" })
}

// commandOf returns the command of a run, "" when it is not given.
func commandOf(body *hclwrite.Body) string {
	attr := body.GetAttribute("command")
	if attr == nil {
		return ""
	}
	return string(bytes.TrimSpace(attr.Expr().BuildTokens(nil).Bytes()))
}

func TestMutate(t *testing.T) {
	const src = `resource "aws_x" "a" {
  on   = true
  list = ["a", "b"]

  rule {
    limit = 1 # why: enough
  }

  dynamic "p" {
    for_each = { k = "1" }

    content {
      name = p.key
    }
  }
}

variable "v" {
  default = 1
}
`
	files := []fileset.File{{Path: "examples/complete/main.tf", Bytes: []byte(src)}, {Path: "other.tf"}, {Path: "main.tf", Bytes: []byte(src)}}
	for _, tt := range []struct {
		m         mutation
		old, want string // "" for an error
	}{
		{set("aws_x.a", "on", "false"), "on   = true", "on   = false"},
		{set("aws_x.a", "rule.limit", "2"), "limit = 1", "limit = 2"},
		{set("aws_x.a", "p.content.name", `"n"`), "name = p.key", `name = "n"`},
		{set("var.v", "default", "2"), "default = 1", "default = 2"},
		{rename("aws_x.a", "on", "off", "1"), "on   = true", "off  = 1"},
		{edit("aws_x.a", "list", `, "b"`, ``), `["a", "b"]`, `["a"]`},
		{edit("aws_x.a", "p.for_each", `(k\s*=\s*)"1"`, `${1}"0"`), `k = "1"`, `k = "0"`},
		{edit("aws_x.a", "rule", `limit`, `most`), "limit = 1", "most = 1"},
		{remove("aws_x.a", "rule.limit"), "limit = 1 #", "#"},
		{remove("aws_x.a", "rule"), "  rule {\n    limit = 1 # why: enough\n  }\n", "\n"},
		{remove("var.v", ""), "variable \"v\" {\n  default = 1\n}\n", "\n"},
		{add("aws_x.a", "rule.more", "1"), "rule {\n", "rule {\n    more  = 1\n"},
		{add("aws_x.a", "rule.more", "{\nx = 1\n}"), "rule {\n", "rule {\n    more {\n      x = 1\n    }\n"},
		{add("aws_x.a", "rule.limit", "1"), "", ""},
		{set("aws_x.a", "rule.none", "1"), "", ""},
		{set("aws_x.a", "rule", "1"), "", ""},
		{set("aws_x.a", "on", "true"), "", ""},
		{set("aws_x.b", "on", "false"), "", ""},
		{set("aws_x.a", "on", "}"), "", ""},
		{edit("aws_x.a", "list", `"c"`, ``), "", ""},
	} {
		got, err := tt.m.apply(files)
		if tt.want == "" {
			if err == nil {
				t.Errorf("%s: no error, but\n%s", tt.m, got.Bytes)
			}
			continue
		}
		if want := strings.Replace(src, tt.old, tt.want, 1); err != nil || got.Path != "main.tf" || string(got.Bytes) != want {
			t.Errorf("%s: %v\n%s\nwant\n%s", tt.m, err, got.Bytes, want)
		}
	}
}

func TestMergeRuns(t *testing.T) {
	const src = `run "a" {
  command = plan

  assert {
    condition = 1
  }
}

run "b" {
  command = apply

  assert {
    condition = 2
  }
}

run "c" {
  command = plan

  assert {
    condition = 3
  }
}

run "d" {
  command = plan

  variables {
    x = 1
  }
}

run "e" {
  command         = plan
  expect_failures = [var.x]
}
`
	got, err := mergeRuns("x", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	text := string(got)
	if strings.Count(text, "run ") != 3 || strings.Index(text, "condition = 3") > strings.Index(text, `"d"`) || strings.Count(text, "command = apply") != 1 || strings.Index(text, "command = apply") > strings.Index(text, "condition = 1") {
		t.Errorf("got\n%s", text)
	}
	parts, err := splitRuns("x", append([]byte("variables {\n  v = 1\n}\n\n"), got...))
	if err != nil || len(parts) != 3 {
		t.Fatalf("%d parts, %v", len(parts), err)
	}
	// The runs and the assertions of each part.
	for i, want := range [][2]string{{"a", "3"}, {"ad", "0"}, {"e", "0"}} {
		text := string(parts[i])
		for _, run := range []string{"a", "d", "e"} {
			if strings.Contains(text, fmt.Sprintf("run %q", run)) != strings.Contains(want[0], run) {
				t.Errorf("part %d has %s, or has it not:\n%s", i, run, text)
			}
		}
		if n := strings.Count(text, "assert {"); fmt.Sprint(n) != want[1] || !strings.Contains(text, "v = 1") {
			t.Errorf("part %d has %d assertions, or lost what is around:\n%s", i, n, text)
		}
	}
}
