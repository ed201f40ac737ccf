package merge_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/internal/cpu"
	"github.com/bpgen/bpgen/generator/merge"
)

// single returns a tree of one file; a text of "-" is no file.
func single(t testing.TB, name, text string) (set fileset.Set) {
	t.Helper()
	if text != "-" {
		put(t, &set, name, []byte(text))
	}
	return set
}

// TestTraps merges single files in which something is easily lost.
func TestTraps(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file, base, ours, theirs string
		want                     string // "-" is no file
		conflicts                string // parts of the conflicts, between |
	}{
		"Windows line ends of ours stay": {
			base: "a = 1\nb = 1\n", ours: "a = 2\r\nb = 1\r\n", theirs: "a = 1\nb = 2\n", want: "a = 2\r\nb = 2\r\n",
		},
		"Windows line ends alone": {
			base: "a = 1\nb = 1\n", ours: "a = 1\r\nb = 1\r\n", theirs: "a = 1\nb = 2\n", want: "a = 1\r\nb = 2\r\n",
		},
		"a byte order mark of ours stays": {
			base: "a = 1\nb = 1\n", ours: "\ufeffa = 2\nb = 1\n", theirs: "a = 1\nb = 2\n", want: "\ufeffa = 2\nb = 2\n",
		},
		"heredocs keep their lines": {
			base:   "a {\n  x = <<EOT\n one\nEOT\n  y = 1\n}\n",
			ours:   "a {\n  x = <<EOT\n two\n  three\nEOT\n  y = 1\n}\n",
			theirs: "a {\n  x = <<EOT\n one\nEOT\n  y = 2\n}\n",
			want:   "a {\n  x = <<EOT\n two\n  three\nEOT\n  y = 2\n}\n",
		},
		"a heredoc in a list is one piece with it": {
			base:      "x = [\n  <<EOT\na\nEOT\n  ,\n  1,\n]\n",
			ours:      "x = [\n  <<EOT\nb\nEOT\n  ,\n  1,\n]\n",
			theirs:    "x = [\n  <<EOT\na\nEOT\n  ,\n  2,\n]\n",
			want:      "<<<<<<< ours\nx = [\n  <<EOT\nb\nEOT\n  ,\n  1,\n]\n||||||| base\nx = [\n  <<EOT\na\nEOT\n  ,\n  1,\n]\n=======\nx = [\n  <<EOT\na\nEOT\n  ,\n  2,\n]\n>>>>>>> theirs\n",
			conflicts: "x: Both versions changed this",
		},
		"a block in one line": {
			base: "a { x = 1 }\n", ours: "a { x = 2 }\n", theirs: "a {\n  x = 1\n  y = 1\n}\n", want: "a {\n  x = 2\n  y = 1\n}\n",
		},
		"a label without quotes": {
			base: "resource a b {\n  x = 1\n  y = 1\n}\n", ours: "resource a b {\n  x = 2\n  y = 1\n}\n", theirs: "resource \"a\" \"b\" {\n  x = 1\n  y = 2\n}\n",
			want: "resource \"a\" \"b\" {\n  x = 2\n  y = 2\n}\n",
		},
		"a skip of a scanner is code": {
			base: "resource a b {\n  x = 1\n}\n", ours: "# checkov:skip=X: why\nresource a b {\n  x = 1\n}\n", theirs: "c = 1\n",
			want:      "c = 1\n\n<<<<<<< ours\n# checkov:skip=X: why\nresource a b {\n  x = 1\n}\n||||||| base\nresource a b {\n  x = 1\n}\n=======\n>>>>>>> theirs\n",
			conflicts: "a.b: Their version removed this, and ours changed it.",
		},
		"a comment gives way to a removal": {
			base: "resource a b {\n  x = 1\n}\n", ours: "# Why.\nresource a b {\n  x = 1 # one\n}\n", theirs: "c = 1\n", want: "c = 1\n",
		},
		"what ours removed stays away": {
			base: "a {}\nb {}\n", ours: "b {}\n", theirs: "a {}\n\nb {}\n\nc {}\n", want: "b {}\n\nc {}\n",
		},
		"what ours removed and theirs changed": {
			base: "a {\n  x = 1\n}\n", ours: "b {}\n", theirs: "a {\n  x = 2\n}\n",
			want:      "<<<<<<< ours\n||||||| base\na {\n  x = 1\n}\n=======\na {\n  x = 2\n}\n>>>>>>> theirs\n\nb {}\n",
			conflicts: "a: Our version removed this, and theirs changed it.",
		},
		"a file that ours removed stays away": {
			base: "a = 1\n", ours: "-", theirs: "a = 1\nb = 1\n", want: "b = 1\n",
		},
		"a file that theirs removed, with a block of ours": {
			base: "a {}\n", ours: "a {}\n\n# Mine.\nb {}\n", theirs: "-", want: "# Mine.\nb {}\n",
		},
		"both added the same and something of their own": {
			base: "a = 1\n", ours: "a = 1\nb = 1\nc = 1\n", theirs: "a = 1\nb = 1\nd = 1\n", want: "a = 1\nb = 1\nc = 1\nd = 1\n",
		},
		"both added another value": {
			base: "a {}\n", ours: "a {\n  b = 1\n}\n", theirs: "a {\n  b = 2\n}\n", conflicts: "a.b: Both versions changed this",
			want: "a {\n<<<<<<< ours\n  b = 1\n||||||| base\n=======\n  b = 2\n>>>>>>> theirs\n}\n",
		},
		"ours alone reorders, theirs changes": {
			base: "a = [1, 2, 3]\nb = 1\nc = 1\n", ours: "c = 1\na = [3, 2, 1]\nb = 1\n", theirs: "a = [1, 2, 3, 4]\nb = 2\nc = 1\n", want: "c = 1\na = [3, 4, 2, 1]\nb = 2\n",
		},
		"both reorder a list": {
			base: "a = [1, 2, 3]\n", ours: "a = [3, 2, 1]\n", theirs: "a = [2, 1, 3]\n", conflicts: "a: Both versions changed this",
			want: "<<<<<<< ours\na = [3, 2, 1]\n||||||| base\na = [1, 2, 3]\n=======\na = [2, 1, 3]\n>>>>>>> theirs\n",
		},
		"both replace an element": {
			base: "a = [\n  1,\n  2,\n]\n", ours: "a = [\n  1,\n  3,\n]\n", theirs: "a = [\n  1,\n  4,\n]\n", conflicts: "a: Both versions changed this",
			want: "<<<<<<< ours\na = [\n  1,\n  3,\n]\n||||||| base\na = [\n  1,\n  2,\n]\n=======\na = [\n  1,\n  4,\n]\n>>>>>>> theirs\n",
		},
		"arguments of a call": {
			base: "a = merge(local.a, { x = 1 })\n", ours: "a = merge(local.a, { x = 1, y = 1 })\n", theirs: "a = merge(local.b, { x = 2 })\n", want: "a = merge(local.b, { x = 2, y = 1 })\n",
		},
		"a for expression is one piece": {
			base: "a = [for x in y : x]\n", ours: "a = [for x in z : x]\n", theirs: "a = [for x in y : x.id]\n", conflicts: "a: Both",
			want: "<<<<<<< ours\na = [for x in z : x]\n||||||| base\na = [for x in y : x]\n=======\na = [for x in y : x.id]\n>>>>>>> theirs\n",
		},
		"a key of an object is the same in quotes": {
			base: "a = {\n  x = 1\n  y = 1\n}\n", ours: "a = {\n  x = 1\n  y = 2\n}\n", theirs: "a = {\n  \"x\" = 2\n  \"y\" = 1\n}\n", want: "a = {\n  \"x\" = 2\n  \"y\" = 2\n}\n",
		},
		"comments at the end of a body, and by themselves": {
			base: "a {\n  x = 1\n}\n", ours: "# Head.\n\na {\n  x = 1\n  # end of ours\n}\n\n# foot\n", theirs: "a {\n  x = 2\n\n  # end of theirs\n}\n",
			want: "# Head.\n\na {\n  x = 2\n  # end of ours\n\n  # end of theirs\n}\n\n# foot\n",
		},
		"comments inside a list": {
			base: "a = [\n  1, # one\n  2,\n]\n", ours: "a = [ # ours\n  1,   # one\n  # two\n  2,\n]\n", theirs: "a = [\n  1, # first\n  2,\n  3,\n]\n",
			want: "a = [ # ours\n  1,  # first\n  # two\n  2,\n  3,\n]\n",
		},
		"values of variables": {
			file: "envs/prd.tfvars", base: "a = 1\nb = { x = 1 }\n", ours: "a = 2\nb = { x = 1 }\n", theirs: "a    = 1\nb    = { x = 2 }\nlong = 1\n", want: "a    = 2\nb    = { x = 2 }\nlong = 1\n",
		},
		"tests": {
			file: "tests/a.tftest.hcl", base: "run \"a\" {\n  assert {\n    condition     = x\n    error_message = \"x\"\n  }\n}\n",
			ours:   "run \"a\" {\n  assert {\n    condition     = x\n    error_message = \"x of ours\"\n  }\n}\n\nrun \"mine\" {\n}\n",
			theirs: "run \"new\" {\n}\n\nrun \"a\" {\n  assert {\n    condition     = y\n    error_message = \"y\"\n  }\n\n  assert {\n    condition     = x\n    error_message = \"x\"\n  }\n}\n",
			want:   "run \"new\" {\n}\n\nrun \"a\" {\n  assert {\n    condition     = y\n    error_message = \"y\"\n  }\n\n  assert {\n    condition     = x\n    error_message = \"x of ours\"\n  }\n}\n\nrun \"mine\" {\n}\n",
		},
		"a key that ours changed in a block that theirs removed": {
			base: "a {\n  x {\n    v = 1\n  }\n  x {\n    v = 2\n  }\n}\n", ours: "a {\n  x {\n    v = 1\n  }\n  x {\n    w = 3\n  }\n}\n", theirs: "a {\n  x {\n    v = 1\n  }\n}\n",
			conflicts: "a.x: Their version removed this, and ours changed it.",
			want:      "a {\n  x {\n    v = 1\n  }\n<<<<<<< ours\n  x {\n    w = 3\n  }\n||||||| base\n  x {\n    v = 2\n  }\n=======\n>>>>>>> theirs\n}\n",
		},
		"a rule that theirs replaced by another with the same ports": {
			base:      "a {\n  egress {\n    from = 443\n    to   = 443\n    list = s3\n  }\n\n  egress {\n    from = 443\n    to   = 443\n    cidr = \"10.0.0.0/8\"\n  }\n}\n",
			ours:      "a {\n  egress {\n    from = 443\n    to   = 8443\n    list = s3\n  }\n\n  egress {\n    from = 443\n    to   = 443\n    cidr = \"10.0.0.0/8\"\n  }\n}\n",
			theirs:    "a {\n  egress {\n    from = 443\n    to   = 443\n    everywhere = true\n  }\n\n  egress {\n    from = 443\n    to   = 443\n    cidr = \"10.0.0.0/8\"\n  }\n}\n",
			conflicts: "it has no key that says whether it is the same thing",
			want:      "a {\n<<<<<<< ours\n  egress {\n    from = 443\n    to   = 8443\n    list = s3\n  }\n||||||| base\n  egress {\n    from = 443\n    to   = 443\n    list = s3\n  }\n=======\n  egress {\n    from = 443\n    to   = 443\n    everywhere = true\n  }\n>>>>>>> theirs\n\n  egress {\n    from = 443\n    to   = 443\n    cidr = \"10.0.0.0/8\"\n  }\n}\n",
		},
		"JSON that fits together but is not valid": {
			file: "a.json", base: "{\"a\":\n\n1\n\n}\n", ours: "[\n\n1\n\n]\n", theirs: "{\"a\":\n\n1\n, \"b\": 2\n\n}\n", conflicts: "but the result is not valid",
			want: "<<<<<<< ours\n[\n\n1\n\n]\n||||||| base\n{\"a\":\n\n1\n\n}\n=======\n{\"a\":\n\n1\n, \"b\": 2\n\n}\n>>>>>>> theirs\n",
		},
		"bytes that are no text": {
			file: "a.zip", base: "a\x00", ours: "b\x00", theirs: "c\x00", want: "b\x00", conflicts: "which is not text",
		},
		"text that theirs removed": {
			file: "a.md", base: "a\n", ours: "b\n", theirs: "-", want: "b\n", conflicts: "Their version removed this file",
		},
		"text without an end of line": {
			file: "a.md", base: "a\n\nb", ours: "a\n\nc", theirs: "z\n\nb", want: "z\n\nc", conflicts: "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := c.file
			if file == "" {
				file = "main.tf"
			}
			res, diags := merge.Merge(merge.Input{Base: single(t, file, c.base), Ours: single(t, file, c.ours), Theirs: single(t, file, c.theirs)})
			if len(diags) > 0 {
				t.Error(diags)
			}
			got, ok := res.Files.Get(file)
			if !ok {
				got = []byte("-")
			}
			if string(got) != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			var said []string
			for _, c := range res.Conflicts {
				said = append(said, c.String())
			}
			if text := strings.Join(said, "|"); c.conflicts == "" && text != "" || !strings.Contains(text, c.conflicts) {
				t.Errorf("conflicts: %s", text)
			}
		})
	}
}

// TestRefused: what must not be merged says why.
func TestRefused(t *testing.T) {
	t.Parallel()
	a := func(text string) fileset.Set { return single(t, "main.tf", text) }
	for name, c := range map[string]struct {
		in   merge.Input
		want string
	}{
		"markers":        {merge.Input{Base: a("a = 1\n"), Ours: a("<<<<<<< ours\na = 2\n=======\n>>>>>>> theirs\n"), Theirs: a("a = 3\n")}, `Line 1 of "main.tf" is the marker of a conflict`},
		"another kind":   {merge.Input{Renames: []merge.Rename{{From: "var.a", To: "local.a"}}}, "one is a var and the other a local"},
		"half a name":    {merge.Input{Renames: []merge.Rename{{From: "data.a", To: "data.b"}}}, "an address is written like"},
		"no name":        {merge.Input{Renames: []merge.Rename{{From: "var.a", To: "var.0"}}}, `"0" is not a name`},
		"both are there": {merge.Input{Base: a("variable a {}\n"), Ours: a("variable a {}\nvariable b {}\n"), Theirs: a("variable b {}\n"), Renames: []merge.Rename{{From: "var.a", To: "var.b"}}}, "has both var.a and var.b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, diags := merge.Merge(c.in)
			if len(diags) != 1 || !strings.Contains(diags[0].Detail, c.want) {
				t.Errorf("got %v", diags)
			}
		})
	}
}

// TestFilesThatDoNotFit: files of both sides that one file system cannot hold.
func TestFilesThatDoNotFit(t *testing.T) {
	t.Parallel()
	_, diags := merge.Merge(merge.Input{Ours: single(t, "Readme.md", "a"), Theirs: single(t, "README.md", "b")})
	if !diags.HasErrors() || !strings.Contains(diags[0].Detail, `two files have the path`) {
		t.Errorf("got %v", diags)
	}
}

// TestLarge: files as large as are read at all take no more than seconds.
func TestLarge(t *testing.T) {
	repeat := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(line, "N", strconv.Itoa(i)))
		}
		return b.String()
	}
	for name, c := range map[string]struct{ before, line, other, after string }{
		"elements": {"a = [\n", "  \"N\",\n", "  \"xN\",\n", "]\n"},
		"objects":  {"a = [\n", "  { b = 1, c = N },\n", "  { b = 2, d = N },\n", "]\n"},
		"entries":  {"a = {\n", "  kN = 1\n", "  xN = 1\n", "}\n"},
		"blocks":   {"", "b \"N\" {\n}\n", "b \"xN\" {\n}\n", ""},
		"doubles":  {"", "b {\n  x = N\n}\n", "b {\n  y = N\n}\n", ""},
		"locals":   {"", "locals {\n  xN = 1\n}\n", "locals {\n  yN = 1\n}\n", ""},
		"comments": {"", "# N\n\n", "# xN\n\n", "a = 1\n"},
	} {
		n := 4000
		base := c.before + repeat(n, c.line) + c.after
		ours := c.before + repeat(n/2, c.other) + repeat(n, c.line) + c.after
		theirs := c.before + repeat(n, c.line) + strings.ReplaceAll(repeat(n/2, c.other), "x", "z") + c.after
		begin := cpu.Used()
		if _, diags := merge.Merge(merge.Input{Base: single(t, "main.tf", base), Ours: single(t, "main.tf", ours), Theirs: single(t, "main.tf", theirs)}); diags.HasErrors() {
			t.Errorf("%s: %v", name, diags)
		}
		if used := cpu.Since(begin); used > 10*time.Second {
			t.Errorf("%s took %v", name, used)
		} else {
			t.Logf("%s: %v", name, used)
		}
	}
}

// TestMoved: renames that moved blocks announce.
func TestMoved(t *testing.T) {
	t.Parallel()
	base := single(t, "main.tf", "resource a b {}\nmodule m { source = \"./m\" }\nresource a d {}\nresource a x {}\n")
	theirs := single(t, "main.tf", `
resource "a" "c" {}
moved {
  from = a.b
  to   = a.c
}
module "n" { source = "./m" }
moved {
  from = module.m
  to   = module.n
}
resource "a" "d" {}
resource "a" "e" {}
moved {
  from = a.d # it is still there
  to   = a.e
}
resource "a" "y" {}
moved {
  from = a.x[0] # an instance alone
  to   = a.y
}
`)
	got := merge.Moved(base, theirs)
	if len(got) != 2 || got[0] != (merge.Rename{From: "a.b", To: "a.c"}) || got[1] != (merge.Rename{From: "module.m", To: "module.n"}) {
		t.Errorf("got %v", got)
	}
}
