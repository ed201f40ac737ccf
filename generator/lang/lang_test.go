package lang_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/lang"
)

func body(t *testing.T, src string) *hclsyntax.Body {
	t.Helper()
	f, diags := hclsyntax.ParseConfig([]byte(src), "x.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return f.Body.(*hclsyntax.Body)
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		`var.a`:              "var.a",
		`var`:                "",
		`data.aws_region`:    "",
		`aws`:                "",
		`local.a[0].b`:       "local.a",
		`module.m["k"].out`:  "module.m",
		`aws_vpc.main.id`:    "aws_vpc.main",
		`aws_vpc.main[*].id`: "aws_vpc.main",
		`data.t.x.y`:         "data.t.x",
		`ephemeral.t.x.y`:    "ephemeral.t.x",
		`resource.t.x.y`:     "t.x",
		`[each.key, count.index, self.id, path.module, terraform.workspace, tofu.workspace]`: "",
		`a.b[var.i].c`:                                  "a.b var.i",
		`[for var in local.l : var.name]`:               "local.l",
		`[for x in var.l : x.y if t.x.ok]`:              "t.x var.l",
		`{ for k, v in t.x : k => [for k in v : k.a] }`: "t.x",
		`[for x in x.y : x.z]`:                          "x.y", // the collection does not see the name
		`"${var.a}-%{ for s in t.x.l }${s.n}%{ endfor }-%{ if local.c }y%{ endif }"`: "local.c t.x var.a",
		"<<EOT\nvar.a ${var.b}\nEOT\n":      "var.b",
		`"var.a"`:                           "",
		`{ var.a = 1, (var.b) = 2, c = 3 }`: "var.a var.b",
		`f(var.a, [local.b]...)`:            "local.b var.a",
	}
	for src, want := range cases {
		x, diags := hclsyntax.ParseExpression([]byte(src), "x.tf", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(src, diags)
		}
		if got := strings.Join(lang.Addresses(x).Sorted(), " "); got != want {
			t.Errorf("%s refers to %q, want %q", src, got, want)
		}
	}
}

func TestAddressesOfBlocks(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"variable \"a\" {\n type = list(t.x)\n default = t.y\n}":                                                                                                                          "t.y",
		"resource \"t\" \"x\" {\n provider = aws.east\n a = local.b\n}":                                                                                                                   "local.b",
		"resource \"t\" \"x\" {\n b {\n provider = t.y\n }\n}":                                                                                                                            "t.y",
		"module \"m\" {\n providers = { aws = aws.east }\n a = aws.b\n}":                                                                                                                  "aws.b",
		"resource \"t\" \"x\" {\n lifecycle {\n ignore_changes = [a.b]\n replace_triggered_by = [t.y]\n }\n}":                                                                             "t.y",
		"resource \"t\" \"x\" {\n provisioner \"p\" {\n when = destroy.x\n command = self.a\n }\n}":                                                                                       "",
		"resource \"t\" \"x\" {\n dynamic \"rule\" {\n for_each = rule.a\n content {\n p = rule.value.p\n q = t.y\n }\n }\n}":                                                             "rule.a t.y",
		"resource \"t\" \"x\" {\n dynamic \"rule\" {\n for_each = var.l\n iterator = it\n labels = [it.key]\n content {\n p = it.value\n q = rule.x\n }\n }\n}":                           "rule.x var.l",
		"resource \"t\" \"x\" {\n dynamic \"a\" {\n for_each = var.l\n content {\n dynamic \"b\" {\n for_each = a.value\n content {\n c = [a.value, b.value, c.value]\n }\n }\n }\n }\n}": "c.value var.l",
		"check \"c\" {\n data \"t\" \"x\" {\n provider = aws.b\n }\n assert {\n condition = data.t.x.y\n }\n}":                                                                            "data.t.x",
	}
	for src, want := range cases {
		got := lang.Set{}
		for _, b := range body(t, src).Blocks {
			got.Add(lang.Traversals(b, nil))
		}
		if got := strings.Join(got.Sorted(), " "); got != want {
			t.Errorf("%s\nrefers to %q, want %q", src, got, want)
		}
	}
}

// TestTraversalsInOrder holds that references come as they are written, whatever a
// map of attributes does.
func TestTraversalsInOrder(t *testing.T) {
	t.Parallel()
	b := body(t, "resource \"t\" \"x\" {\n d = t.a\n c = t.b\n b = t.c\n a = [t.d, t.e]\n}")
	var got []string
	for _, ref := range lang.Traversals(b.Blocks[0], nil) {
		name, _ := lang.Step(ref, 1)
		got = append(got, name)
	}
	if !slices.IsSorted(got) || len(got) != 5 {
		t.Errorf("found %q", got)
	}
}

func TestTraversalsSkip(t *testing.T) {
	t.Parallel()
	src := "resource \"t\" \"x\" {\n a = [t.a, t.b]\n b = t.c\n n {\n c = t.d\n }\n}"
	skip := func(word string) func(hcl.Range) bool {
		at := strings.Index(src, word)
		return func(rng hcl.Range) bool { return rng.Start.Byte >= at && rng.End.Byte <= at+len(word) }
	}
	for word, want := range map[string]string{
		"t.b":               "t.a t.c t.d",
		"a = [t.a, t.b]":    "t.c t.d",
		"n {\n c = t.d\n }": "t.a t.b t.c",
		"none":              "t.a t.b t.c t.d",
	} {
		got := lang.Set{}
		got.Add(lang.Traversals(body(t, src).Blocks[0], skip(word)))
		if got := strings.Join(got.Sorted(), " "); got != want {
			t.Errorf("without %q: %q, want %q", word, got, want)
		}
	}
}

func TestFirstStep(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{"t.x[0].arn": "arn", "t.x.id.y": "id", "t.x": "", "t.x[0]": ""} {
		ref, diags := hclsyntax.ParseTraversalAbs([]byte(src), "", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		if got := lang.FirstStep(ref, 2); got != want {
			t.Errorf("%s: %q, want %q", src, got, want)
		}
	}
}

func TestProviders(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"resource \"t\" \"x\" {\n provider = tf\n n {\n provider = other.x\n }\n}":                                 "tf",
		"resource \"t\" \"x\" {\n provider = aws.east\n a = provider::time::parse(var.a)\n}":                       "aws time",
		"module \"m\" {\n providers = { aws = aws, aws.b = other.c }\n}":                                           "aws other",
		"check \"c\" {\n data \"t\" \"x\" {\n provider = a.b\n }\n assert {\n condition = provider::f::g()\n }\n}": "a f",
		"output \"o\" {\n value = [for provider in var.l : provider.x]\n}":                                         "",
	}
	for src, want := range cases {
		got := lang.Set(lang.Providers(body(t, src).Blocks[0]))
		if got := strings.Join(got.Sorted(), " "); got != want {
			t.Errorf("%s\nnames %q, want %q", src, got, want)
		}
	}
}

func TestIdentifier(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "a", "_", "-", "a-b", "-a", "a1", "1a", "a.b", "a b", "a\n", "größe", "ø", "a\u0301", "null", "日本", "x\x00", "\xff", "a\xff", "$", "A_Z-9"} {
		if got, want := lang.Identifier(text), hclsyntax.ValidIdentifier(text); got != want {
			t.Errorf("%q: %t, but hcl says %t", text, got, want)
		}
	}
}
