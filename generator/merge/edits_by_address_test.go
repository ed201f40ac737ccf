package merge_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/merge"
)

// TestEdits says by address what somebody changed, and nothing of layout.
func TestEdits(t *testing.T) {
	t.Parallel()
	const main = `resource "a_b" "x" {
  name = "n" # why
  size = 1

  tags = {
    one = 1
    two = 2
  }

  rule {
    name = "in"
    port = 80
  }

  rule {
    name = "out"
    port = 443
  }
}

locals {
  l = 1
  k = 2
}
`
	set := func(files map[string]string) (out fileset.Set) {
		for name, text := range files {
			if err := out.Add(name, []byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		return out
	}
	for name, c := range map[string]struct {
		before, after map[string]string
		want          []string
	}{
		"nothing": {map[string]string{"main.tf": main}, map[string]string{"main.tf": main}, nil},
		"layout, order and comments": {map[string]string{"main.tf": main}, map[string]string{"main.tf": `locals {
  k = 2
  l   =   1
}
resource "a_b" "x" {
  size = 1
  name = "n" # because
  tags = { one = 1, two = 2 }
  rule {
    port = 443
    name = "out"
  }
  rule {
    name = "in"
    port = 80
  }
}
`}, []string{"commented main.tf:7 a_b.x.name"}},
		"values": {map[string]string{"main.tf": main}, map[string]string{"main.tf": `resource "a_b" "x" {
  name = "n" # why
  size = 2
  more = 1

  tags = {
    one   = 1
    three = 3
  }

  rule {
    name = "in"
    port = 8080
  }
}

locals {
  l = 3
  k = 2
}
`}, []string{"removed main.tf:7 a_b.x.tags.two", "changed main.tf:3 a_b.x.size", "added main.tf:4 a_b.x.more", "added main.tf:8 a_b.x.tags.three", "changed main.tf:13 a_b.x.rule.port", "removed main.tf:15 a_b.x.rule", "changed main.tf:18 local.l"}},
		"files": {
			map[string]string{"main.tf": "variable \"a\" {}\n", "gone.tf": "output \"o\" {\n  value = 1\n}\n", "README.md": "a", "x.md": "x"},
			map[string]string{"vars.tf": "variable \"a\" {}\n", "README.md": "b", "own.tf": "module \"m\" {}\n", "y.md": "y"},
			[]string{"changed README.md:0 ", "removed gone.tf:1 output.o", "added own.tf:1 module.m", "moved vars.tf:1 var.a from main.tf", "removed x.md:0 ", "added y.md:0 "},
		},
		"not valid": {map[string]string{"main.tf": main}, map[string]string{"main.tf": "<<<<<<< ours\n"}, []string{"changed main.tf:0 "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, e := range merge.Edits(set(c.before), set(c.after)) {
				line := fmt.Sprintf("%s %s:%d %s", e.Change, e.Path, e.Line, e.Address)
				if e.From != "" {
					line += " from " + e.From
				}
				got = append(got, line)
			}
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}
