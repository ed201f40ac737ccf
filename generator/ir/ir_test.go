package ir_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/template"
)

// block returns the first block of a file. Each edit is "old=>new", at the first
// place where the old text stands; each cut is a text.
func block(t *testing.T, src string, edits []string, cuts ...string) *ir.Block {
	t.Helper()
	f, diags := hclsyntax.ParseConfig([]byte(src), "x.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	find := func(text string) (int, int) {
		at := strings.Index(src, text)
		if at < 0 {
			t.Fatalf("%q is not in %s", text, src)
		}
		return at, at + len(text)
	}
	s := &ir.Source{Bytes: []byte(src)}
	for _, c := range cuts {
		from, to := find(c)
		s.Cuts = append(s.Cuts, template.Span{Start: from, End: to})
	}
	var made []ir.Edit
	for _, e := range edits {
		was, is, _ := strings.Cut(e, "=>")
		from, to := find(was)
		made = append(made, ir.Edit{Start: from, End: to, Text: is})
	}
	b := f.Body.(*hclsyntax.Body).Blocks[0]
	return ir.New(s, b, template.Span{End: len(src)}, made)
}

func TestReferences(t *testing.T) {
	t.Parallel()
	const src = `resource "t" "x" {
  a = var.a
  b = [t.b, t.c]
  # bpgen:if x
  c = local.c
  dynamic "d" {
    for_each = var.d
    content {
      e = d.value
    }
  }
}
`
	for name, c := range map[string]struct {
		b    *ir.Block
		want string
	}{
		"as it is":    {block(t, src, nil), "local.c t.b t.c var.a var.d"},
		"edited":      {block(t, src, []string{"var.a=>module.m.o", "t.b=>t.e,\n  data.x.y.id", "\"x\"=>\"renamed\""}), "data.x.y local.c module.m t.c t.e var.d"},
		"removed":     {block(t, src, []string{"  a = var.a\n=>", "var.a=>t.never"}), "local.c t.b t.c var.d"},
		"cut":         {block(t, src, nil, "  # bpgen:if x\n  c = local.c\n"), "t.b t.c var.a var.d"},
		"unrolled":    {block(t, src, []string{src[strings.Index(src, "dynamic"):strings.LastIndex(src, "\n}")] + "=>d {\n    e = t.f.id\n  }\n  d {\n    e = \"${t.g.id}!\"\n  }"}), "local.c t.b t.c t.f t.g var.a"},
		"added":       {block(t, src, nil).Insert("f = t.h\n").Precondition("precondition {\n  condition = t.i.ok\n}"), "local.c t.b t.c t.h t.i var.a var.d"},
		"by function": {block(t, src, []string{"var.a=>provider::time::f(t.j)"}), "local.c t.b t.c t.j var.d"},
		"heredoc":     {block(t, src, []string{"var.a=><<EOT\n${t.k}\nEOT\n"}), "local.c t.b t.c t.k var.d"},
	} {
		if got := strings.Join(c.b.References().Sorted(), " "); got != c.want {
			t.Errorf("%s: refers to %q, want %q", name, got, c.want)
		}
	}
	called := block(t, src, []string{"var.a=>provider::time::f(t.j)"}).Providers()
	if len(called) != 1 || !called["time"] {
		t.Errorf("providers %v", called)
	}
}

func TestArguments(t *testing.T) {
	t.Parallel()
	b := block(t, "locals {\n  # of a\n  a = var.a # behind\n  bb = [var.b, local.a]\n\n  c = \"c\"\n  d = { x = t.x }\n}\n", []string{"bb=>name", "var.b=>t.b", "  c = \"c\"\n=>"})
	var got []string
	for _, a := range b.Arguments() {
		got = append(got, a.Name+": "+strings.Join(a.Refs.Sorted(), " "))
	}
	if want := "a: var.a; name: local.a t.b; d: t.x"; strings.Join(got, "; ") != want {
		t.Errorf("got %q, want %q", strings.Join(got, "; "), want)
	}
	less := b.Without(lang.Set{"a": true, "name": true})
	if want := "locals {\n  d = { x = t.x }\n}\n"; string(less.Print(nil)) != want {
		t.Errorf("got\n%s", less.Print(nil))
	}
	if got := less.References().Sorted(); len(got) != 1 || got[0] != "t.x" {
		t.Errorf("refers to %q", got)
	}
	if b.Without(lang.Set{"a": true, "name": true, "d": true}) != nil {
		t.Error("a block without arguments is left")
	}
	if got := string(b.Print(nil)); !strings.Contains(got, "# of a\n  a    = var.a # behind\n  name = [t.b, local.a]") {
		t.Errorf("the block has changed:\n%s", got)
	}
}

func TestHas(t *testing.T) {
	t.Parallel()
	const src = "resource \"t\" \"x\" {\n  count = 2\n  a = 1\n}\n"
	for _, c := range []struct {
		b    *ir.Block
		want bool
	}{
		{block(t, src, nil), true},
		{block(t, src, []string{"2=>3"}), true},
		{block(t, src, []string{"  count = 2\n=>"}), false},
		{block(t, src, nil, "  count = 2\n"), false},
		{block(t, "resource \"t\" \"x\" {\n  b {\n    count = 2\n  }\n}\n", nil), false},
	} {
		if got := c.b.Has("count"); got != c.want {
			t.Errorf("%s\nhas a count: %t", c.b, got)
		}
	}
}

const assertion = "precondition {\n  condition = var.ok\n}"

func TestChanges(t *testing.T) {
	t.Parallel()
	const held = "    precondition {\n      condition = var.ok\n    }\n"
	for name, c := range map[string]struct {
		b    *ir.Block
		want string
	}{
		"precondition": {
			block(t, "resource \"t\" \"x\" {\n  a = 1\n}\n", nil).Precondition(assertion),
			"resource \"t\" \"x\" {\n  a = 1\n\n  lifecycle {\n" + held + "  }\n}\n",
		},
		"two preconditions": {
			block(t, "resource \"t\" \"x\" {\n  a = 1\n}\n", nil).Precondition(assertion).Precondition(assertion),
			"resource \"t\" \"x\" {\n  a = 1\n\n  lifecycle {\n" + held + "\n" + held + "  }\n}\n",
		},
		"precondition beside others": {
			block(t, "resource \"t\" \"x\" {\n  lifecycle {\n    prevent_destroy = true\n  }\n  a = 1\n}\n", nil).Precondition(assertion),
			"resource \"t\" \"x\" {\n  lifecycle {\n    prevent_destroy = true\n\n" + held + "  }\n  a = 1\n}\n",
		},
		"lifecycle that was removed": {
			block(t, "resource \"t\" \"x\" {\n  lifecycle {\n  }\n}\n", []string{"  lifecycle {\n  }\n=>"}).Precondition(assertion),
			"resource \"t\" \"x\" {\n  lifecycle {\n" + held + "  }\n}\n",
		},
		"block on one line": {
			block(t, "resource \"t\" \"x\" { input = var.a }\n", []string{"var.a=>module.m.o"}).Precondition(assertion),
			"resource \"t\" \"x\" {\n  input = module.m.o\n\n  lifecycle {\n" + held + "  }\n}\n",
		},
		"empty block": {
			block(t, "resource \"t\" \"x\" {}\n", nil).Precondition(assertion),
			"resource \"t\" \"x\" {\n  lifecycle {\n" + held + "  }\n}\n",
		},
		"lifecycle on one line": {
			block(t, "resource \"t\" \"x\" {\n  lifecycle { prevent_destroy = true }\n}\n", nil).Precondition(assertion),
			"resource \"t\" \"x\" {\n  lifecycle {\n    prevent_destroy = true\n\n" + held + "  }\n}\n",
		},
		"a brace in a comment behind": {
			block(t, "resource \"t\" \"x\" {\n  a = \"}\" # }\n} # }\n", nil).Insert("b = 2"),
			"resource \"t\" \"x\" {\n  a = \"}\" # }\n  b = 2\n} # }\n",
		},
		"order": {
			block(t, "resource \"t\" \"x\" {\n  a = 1\n}\n", nil).After([]string{"t.y", "t.z"}),
			"resource \"t\" \"x\" {\n  a = 1\n\n  depends_on = [t.y, t.z]\n}\n",
		},
		"order twice": {
			block(t, "resource \"t\" \"x\" {\n  a = 1\n}\n", nil).After([]string{"t.y"}).After([]string{"t.z"}),
			"resource \"t\" \"x\" {\n  a = 1\n\n  depends_on = [t.y, t.z]\n}\n",
		},
		"further order": {
			block(t, "resource \"t\" \"x\" {\n  depends_on = [t.a, t.b]\n}\n", []string{"t.b=>t.c"}).After([]string{"t.y"}),
			"resource \"t\" \"x\" {\n  depends_on = [t.a, t.c, t.y]\n}\n",
		},
		"order, a line each": {
			block(t, "resource \"t\" \"x\" {\n  depends_on = [\n    t.a, # why\n    t.b, # because\n  ]\n}\n", []string{"    t.a, # why\n=>"}).After([]string{"t.y", "t.z"}),
			"resource \"t\" \"x\" {\n  depends_on = [\n    t.b, # because\n    t.y,\n    t.z,\n  ]\n}\n",
		},
		"order behind a last line": {
			block(t, "resource \"t\" \"x\" {\n  depends_on = [t.a,\n    t.b]\n}\n", nil).After([]string{"t.y"}),
			"resource \"t\" \"x\" {\n  depends_on = [t.a,\n  t.b, t.y]\n}\n",
		},
		"order behind a member without a comma": {
			block(t, "resource \"t\" \"x\" {\n  depends_on = [\n    t.a # why\n  ]\n}\n", nil).After([]string{"t.y"}),
			"resource \"t\" \"x\" {\n  depends_on = [\n    t.a, # why\n    t.y,\n  ]\n}\n",
		},
		"order in place of what was removed": {
			block(t, "resource \"t\" \"x\" {\n  depends_on = [t.a]\n}\n", []string{"  depends_on = [t.a]\n=>"}).After([]string{"t.y"}),
			"resource \"t\" \"x\" {\n  depends_on = [t.y]\n}\n",
		},
		"heading": {
			block(t, "# of x\nresource \"t\" \"x\" {}\n", nil).Headed("# Part one\n"),
			"# Part one\n\n# of x\nresource \"t\" \"x\" {}\n",
		},
		"without a nested block": {
			block(t, "variable \"v\" {\n  type = string\n\n  # why\n  validation {\n    condition = var.v != local.l\n  }\n\n  validation {\n    condition = var.v != \"\"\n  }\n}\n", nil).WithoutInner(func(n ir.Inner) bool { return n.Refs["local.l"] }),
			"variable \"v\" {\n  type = string\n\n  validation {\n    condition = var.v != \"\"\n  }\n}\n",
		},
	} {
		if got := string(c.b.Print(nil)); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

func TestInner(t *testing.T) {
	t.Parallel()
	b := block(t, "variable \"v\" {\n  validation {\n    condition = var.v != t.a\n  }\n  validation {\n    condition = true\n  }\n}\n", []string{"t.a=>t.b.id", "  validation {\n    condition = true\n  }\n=>"})
	inner := b.Inner()
	if len(inner) != 1 {
		t.Fatalf("%d nested blocks", len(inner))
	}
	if got := inner[0].Value("condition"); got != "var.v != t.b.id" {
		t.Errorf("condition %q", got)
	}
	if got := strings.Join(inner[0].Refs.Sorted(), " "); got != "t.b var.v" {
		t.Errorf("refers to %q", got)
	}
	if got := inner[0].Value("none"); got != "" {
		t.Errorf("none is %q", got)
	}
}

func TestInserted(t *testing.T) {
	t.Parallel()
	b := block(t, "variable \"v\" {\n  validation {\n    condition = true\n  }\n}\n", nil)
	if got := b.Inserted(); len(got) > 0 {
		t.Errorf("the source's own blocks are among those that were added: %v", got)
	}
	added := b.Insert("\nvalidation {\n  condition = var.v != t.a.id\n}\n").Insert("\nnullable = false\n").Inserted()
	if len(added) != 1 || added[0].Type != "validation" {
		t.Fatalf("added: %v", added)
	}
	if got := added[0].Value("condition"); got != "var.v != t.a.id" {
		t.Errorf("condition %q", got)
	}
	if got := strings.Join(added[0].Refs.Sorted(), " "); got != "t.a var.v" {
		t.Errorf("refers to %q", got)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	b, diags := ir.Parse("locals {\nx = t.a\n}\n")
	if diags.HasErrors() || string(b.Print(nil)) != "locals {\n  x = t.a\n}\n" || b.Type() != "locals" {
		t.Error(diags, b)
	}
	for _, bad := range []string{"", "a = 1\n", "a {}\nb {}\n", "a {"} {
		if _, diags := ir.Parse(bad); !diags.HasErrors() {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestBlocksDoNotChange(t *testing.T) {
	t.Parallel()
	b := block(t, "resource \"t\" \"x\" {\n  a = var.a\n  depends_on = [t.a]\n}\n", nil)
	was, refs := b.String(), strings.Join(b.References().Sorted(), " ")
	b.Insert("c = t.c").Precondition(assertion)
	b.Headed("# x")
	b.After([]string{"t.z"})
	b.Without(lang.Set{"a": true})
	once := b.Precondition(assertion)
	text := once.String()
	once.Precondition(assertion)
	if b.String() != was || strings.Join(b.References().Sorted(), " ") != refs || once.String() != text {
		t.Errorf("a change was made in place:\n%s", b)
	}
}
