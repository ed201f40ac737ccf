package specialise_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclwrite"
)

// TestBlocks specialises blocks of a template and compares the text that is left.
func TestBlocks(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"null argument", `
resource "x" "a" {
  size  = 1
  gone  = var.nil # notes: x
  # Comment of what goes.
  other = var.on ? null : 2
  word  = var.word # why: a reason
}
`, `
resource "x" "app_a" {
  size = 1
  word = "w" # why: a reason
}
`},
		{"constants of an open dynamic block have the types that its content sees", `
resource "x" "this" {
  dynamic "rule" {
    for_each = var.o_bool ? [var.map] : []
    content {
      same  = rule.value == var.o_map
      names = var.list
    }
  }
}
`, `
resource "x" "app" {
  dynamic "rule" {
    for_each = var.app_o_bool ? [tomap({ x = "1", "y.z" = "2" })] : []
    content {
      same  = rule.value == var.app_o_map
      names = ["a", "b"]
    }
  }
}
`},
		{"constants of what any type takes keep theirs", `
resource "terraform_data" "this" {
  input            = { l = var.list, z = var.nil }
  triggers_replace = var.list
}
`, `
resource "terraform_data" "app" {
  input            = { l = tolist(["a", "b"]), z = tostring(null) }
  triggers_replace = tolist(["a", "b"])
}
`},
		{"a template of which a number is left is a string", `
resource "terraform_data" "this" {
  input = "${3}%{ if var.off }x%{ endif }"
}
`, `
resource "terraform_data" "app" {
  input = "3"
}
`},
		{"null argument of a module call stays", `
module "m" {
  source = "./modules/m"
  count  = 2
  a      = var.nil
}
`, `
module "app_m" {
  source = "./modules/app/m"
  count  = 2
  a      = tostring(null)
}
`},
		{"layout and comments", `
# Why this is here.
resource "x" "this" {
  a = "${var.word}-x" # first

  # A block.
  block {
    b = [
      var.word, # one
      var.o_text,
    ]
  }
}
`, `
# Why this is here.
resource "x" "app" {
  a = "w-x" # first

  # A block.
  block {
    b = [
      "w", # one
      var.app_o_text,
    ]
  }
}
`},
		{"count folded away", `
resource "x" "a" {
  count = var.on ? 1 : 0

  n = count.index
}

output "o" { value = x.a[0].id }
`, `
resource "x" "app_a" {

  n = 0
}
`},
		{"count of a number stays", `
resource "x" "a" {
  count = var.three
  n     = count.index
}
`, `
resource "x" "app_a" {
  count = 3
  n     = count.index
}
`},
		{"count of one that is no switch stays", `
resource "x" "a" {
  count = var.three - 2
  n     = count.index
}
`, `
resource "x" "app_a" {
  count = 1
  n     = count.index
}
`},
		{"dropped", `
resource "x" "a" {
  count = var.off ? 1 : 0
}

resource "x" "b" {
  for_each = var.off ? var.map : {}
}

resource "x" "c" {
  ids        = x.a[*].id
  depends_on = [x.a, x.b, x.d]
}

resource "x" "d" {
  depends_on = [x.a]
}
`, `
resource "x" "app_c" {
  ids        = []
  depends_on = [x.app_d]
}

resource "x" "app_d" {
}
`},
		{"dynamic unrolled", `
resource "x" "a" {
  dynamic "rule" {
    for_each = var.list
    content {
      name = rule.value
      at   = rule.key
      to   = var.o_text
    }
  }

  dynamic "none" {
    for_each = var.none
    content {}
  }
}
`, `
resource "x" "app_a" {
  rule {
    name = "a"
    at   = 0
    to   = var.app_o_text
  }

  rule {
    name = "b"
    at   = 1
    to   = var.app_o_text
  }

}
`},
		{"dynamic with iterator over written out links", `
resource "x" "a" {
  dynamic "rule" {
    for_each = { a = var.link, b = var.nil }
    iterator = it
    content {
      name = it.key
      to   = it.value
    }
  }
}
`, `
resource "x" "app_a" {
  rule {
    name = "a"
    to   = aws_vpc.network.id
  }

  rule {
    name = "b"
  }
}
`},
		{"dynamic stays", `
resource "x" "a" {
  dynamic "rule" {
    for_each = var.o_list
    content {
      name = "${var.word}-${rule.value}"
    }
  }
}
`, `
resource "x" "app_a" {
  dynamic "rule" {
    for_each = var.app_o_list
    content {
      name = "w-${rule.value}"
    }
  }
}
`},
		{"lifecycle", `
resource "x" "a" {
  lifecycle {
    # bpgen:if var.on
    prevent_destroy = true
    ignore_changes = [
      # bpgen:if var.off
      size,
      tags, # set elsewhere
    ]
    replace_triggered_by = [x.b[0].id, x.c]

    precondition {
      condition     = var.three > 2
      error_message = "Never."
    }

    postcondition {
      condition     = self.size > var.three
      error_message = "Too small for ${var.word}."
    }
  }
}

resource "x" "b" {
  count = var.on ? 1 : 0
}

resource "x" "c" {
  count = var.off ? 1 : 0

  lifecycle {
    prevent_destroy = true
  }
}

resource "x" "d" {
  lifecycle {
    precondition {
      condition     = var.on
      error_message = "Never."
    }
  }
}
`, `
resource "x" "app_a" {
  lifecycle {
    prevent_destroy = true
    ignore_changes = [
      tags, # set elsewhere
    ]
    replace_triggered_by = [x.app_b.id]

    postcondition {
      condition     = self.size > 3
      error_message = "Too small for w."
    }
  }
}

resource "x" "app_b" {
}

resource "x" "app_d" {
}
`},
		{"a condition that is a secret stays one", `
resource "x" "a" {
  lifecycle {
    precondition {
      condition     = sensitive(var.on)
      error_message = "Never."
    }
  }
}
`, `
resource "x" "app_a" {
  lifecycle {
    precondition {
      condition     = sensitive(true)
      error_message = "Never."
    }
  }
}
`},
		{"guards", `
# bpgen:if var.off
resource "x" "gone" {
  a = 1
}

resource "x" "a" {
  # bpgen:if var.on
  # Kept with its comment.
  a = 1

  # bpgen:if var.off
  # Goes with its comment.
  b = 2 # and this
  c = {
    # bpgen:if var.off
    d = 1
    e = 2
  }

  # bpgen:if var.off
  block {
    f = 1
  }
}
`, `
resource "x" "app_a" {
  # Kept with its comment.
  a = 1

  c = {
    e = 2
  }

}
`},
		{"moved and removed and import", `
resource "x" "a" {
  count = var.on ? 1 : 0
}

moved {
  from = x.old
  to   = x.a
}

moved {
  from = x.b[0]
  to   = x.a[0]
}

moved {
  from = x.a[1]
  to   = x.c
}

# The switch is folded, so nothing moves.
moved {
  from = x.a
  to   = x.a[0]
}

removed {
  from = x.former

  lifecycle {
    destroy = false
  }
}

import {
  to = x.a[0]
  id = "${var.word}-1"
}

moved {
  from = x.elsewhere
  to   = x.gone
}

resource "x" "gone" {
  count = var.off ? 1 : 0
}
`, `
resource "x" "app_a" {
}

moved {
  from = x.app_old
  to   = x.app_a
}

moved {
  from = x.app_b[0]
  to   = x.app_a
}

moved {
  from = x.app_a[1]
  to   = x.app_c
}

removed {
  from = x.app_former

  lifecycle {
    destroy = false
  }
}

import {
  to = x.app_a
  id = "w-1"
}
`},
		{"check", `
check "health" {
  assert {
    condition     = var.o_bool && var.on
    error_message = "Not ${var.word}."
  }
}

check "decided" {
  assert {
    condition     = var.on
    error_message = "Never."
  }
}
`, `
check "app_health" {
  assert {
    condition     = var.app_o_bool
    error_message = "Not w."
  }
}
`},
		{"path.module", `
resource "x" "a" {
  body = file("${path.module}/files/a.txt")
  spec = templatefile("${path.module}/files/b.yml", { w = var.word, o = var.o_text })
}
`, `
resource "x" "app_a" {
  body = file("${path.module}/files/app/a.txt")
  spec = templatefile("${path.module}/files/app/b.yml", { w = "w", o = var.app_o_text })
}
`},
		{"path.module where nothing folds", `
resource "x" "a" {
  body = var.o_bool ? var.map["none"] : file("${path.module}/files/a.txt")
}
`, `
resource "x" "app_a" {
  body = var.app_o_bool ? { x = "1", "y.z" = "2" }["none"] : file("${path.module}/files/app/a.txt")
}
`},
		{"path.module in an arm that fails", `
resource "x" "a" {
  body = var.o_bool ? "" : "${var.map["none"]}${file("${path.module}/files/a.txt")}"
}
`, `
resource "x" "app_a" {
  body = var.app_o_bool ? "" : "${ { x = "1", "y.z" = "2" }["none"]}${file("${path.module}/files/app/a.txt")}"
}
`},
		{"deep chain of locals", `
locals {
  a = var.o_text
  b = "${local.a}-${var.word}"
  c = upper(local.b)
  d = local.c
  k = var.word
  l = local.k
}

resource "x" "a" {
  d = local.d
  l = local.l
}
`, `
locals {
  app_b = "${var.app_o_text}-w"
  app_c = upper(local.app_b)
}

resource "x" "app_a" {
  d = local.app_c
  l = "w"
}
`},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			decls, _, _ := strings.Cut(ground, "resource ")
			comp, diags := specialised(t, decls+c.src, map[string]string{"modules/m/main.tf": "variable \"a\" {}\n", "files/a.txt": "a", "files/b.yml": "b"})
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			var got []string
			for _, b := range comp.Blocks {
				got = append(got, b.Code.String())
			}
			text := string(hclwrite.Format([]byte("\n" + strings.Join(got, "\n"))))
			text = strings.ReplaceAll(text, "\n\n\n", "\n\n") // as the renderer does
			if text != c.want {
				t.Errorf("got%s\nwant%s", text, c.want)
			}
		})
	}
}

// TestBlockErrors names what cannot be specialised.
func TestBlockErrors(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"precondition", "resource \"x\" \"a\" {\n  lifecycle {\n    precondition {\n      condition     = var.three > 5\n      error_message = \"Three is ${var.three}.\"\n    }\n  }\n}\n", "Three is 3."},
		{"guard is open", "resource \"x\" \"a\" {\n  # bpgen:if var.o_bool\n  a = 1\n}\n", "Directive condition is unknown"},
		{"argument refers to what is dropped", "resource \"x\" \"a\" {\n  count = var.off ? 1 : 0\n}\nresource \"x\" \"b\" {\n  id = x.a[0].id\n}\n", "x.a does not exist with the chosen options: its count or for_each, at t/main.tf:"},
		{"argument fails", "resource \"x\" \"a\" {\n  id = var.map[\"none\"]\n}\n", "The given key does not identify an element"},
		{"null in a template", "resource \"x\" \"a\" {\n  id = \"a-${var.nil}\"\n}\n", "which cannot be interpolated"},
		{"an arm that is not decided may fail", "resource \"x\" \"b\" {}\n\nresource \"x\" \"a\" {\n  id = x.b.id == 1 ? var.list[4] : 0\n}\n", ""},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			decls, _, _ := strings.Cut(ground, "resource ")
			_, diags := specialised(t, decls+c.src, nil)
			if c.want == "" {
				if diags.HasErrors() {
					t.Errorf("what fails in an arm that is not decided is no error: %v", diags)
				}
				return
			}
			found := false
			for _, d := range diags {
				found = found || strings.Contains(d.Summary+": "+d.Detail, c.want)
			}
			if !found {
				t.Errorf("want %q in %v", c.want, diags)
			}
		})
	}
}
