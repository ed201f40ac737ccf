package specialise_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclwrite"
)

// TestLazy specialises expressions in which something may fail, hide or vary, or
// is never evaluated.
func TestLazy(t *testing.T) {
	tests := []struct{ name, expr, want string }{
		{"loop variable is not sure", `[for x in var.o_any : try(x.a.b, var.word)]`, `[for x in var.app_o_any : try(x.a.b, "w")]`},
		{"loop variable called var", `[for var in var.o_any : try(var.a, "z")]`, `[for var in var.app_o_any : try(var.a, "z")]`},
		{"loop variable called data", `{ for k, data in var.o_any : k => can(data.a.b.c) ? 1 : 2 }`, `{ for k, data in var.app_o_any : k => can(data.a.b.c) ? 1 : 2 }`},
		{"module's names are sure in a loop", `[for x in var.o_any : try(thing.one[0].id, x)]`, `[for x in var.app_o_any : thing.app_one.id]`},
		{"directive's variable is not sure", `"%{ for x in var.o_any }${try(x.a.b, var.word)}%{ endfor }"`, `"%{ for x in var.app_o_any }${try(x.a.b, "w")}%{ endfor }"`},

		{"length of what may fail", `try(length([var.o_any.x, var.on]), 0)`, `try(length([var.app_o_any.x, true]), 0)`},
		{"length of what is sure", `try(length([var.o_text, var.on]), 0)`, `2`},
		{"keys of what may fail", `can(keys({ a = var.o_any.x }))`, `can(keys({ a = var.app_o_any.x }))`},
		{"default that may fail", `try(lookup({ a = 1 }, "a", var.o_any.x), 0)`, `try(lookup({ a = 1 }, "a", var.app_o_any.x), 0)`},
		{"element beside one that may fail", `try(element([var.o_any.x, "y"], 1), 0)`, `try(element([var.app_o_any.x, "y"], 1), 0)`},
		{"overridden key that may fail", `try(merge({ a = var.o_any.x }, { a = var.word }).a, 0)`, `try(merge({ a = var.app_o_any.x }, { a = "w" }).a, 0)`},
		{"for over what may fail", `try([for x in [var.o_any.x] : 1], 0)`, `try([for x in [var.app_o_any.x] : 1], 0)`},
		{"for over what may fail, outside", `[for x in [var.o_any.x, 2] : x == 2 ? 1 : x]`, `[var.app_o_any.x == 2 ? 1 : var.app_o_any.x, 1]`},
		{"directive over what may fail", `try("%{ for x in [var.o_any.x] }y%{ endfor }", 0)`, `try("%{ for x in [var.app_o_any.x] }y%{ endfor }", 0)`},
		{"side that may fail", `try(var.off && var.o_any.x, 0)`, `try(false && var.app_o_any.x, 0)`},
		{"side that is sure", `try(var.off && var.o_bool, 0)`, `false`},
		{"side that fails", `try(var.off && var.map["none"], 0)`, `try(false && { x = "1", "y.z" = "2" }["none"], 0)`},
		{"side that is no bool", `can(var.word || var.on)`, `false`},
		{"side that is no bool, outside", `var.on || var.word`, `error: Unsuitable value for right operand`},
		{"null test of what may fail", `try(length(var.o_any.x) == null, 0)`, `try(length(var.app_o_any.x) == null, 0)`},
		{"arms that may differ", `try(var.on ? 1 : var.o_any, 0)`, `try(true ? 1 : var.app_o_any, 0)`},
		{"arms that agree", `try(var.on ? 1 : length(var.o_text), 0)`, `1`},

		{"for that keeps none", `{ for k, v in var.o_map : k => v if var.off }`, `{}`},
		{"list that keeps none", `[for v in var.o_list : v if var.off && v != ""]`, `[]`},
		{"sensitive for that keeps none", `[for v in [var.o_secret][*] : v if var.off]`, `[]`},
		{"for that keeps all", `{ for v in var.o_list : v => v... if var.on }`, `{ for v in var.app_o_list : v => v... }`},
		{"for that keeps all of a few", `[for v in var.o_list : "${v}${var.word}" if (var.three > 2)]`, `[for v in var.app_o_list : "${v}w"]`},
		{"for that keeps some", `[for v in var.o_list : v if v != var.word]`, `[for v in var.app_o_list : v if v != "w"]`},

		{"capture through an element", `[for x in [var.o_text] : [for var in var.o_list : "${x}${var}"]]`, `[[for var_item in var.app_o_list : "${var.app_o_text}${var_item}"]]`},
		{"capture through a member", `[for p in [{ a = [var.link] }] : [for aws_vpc in var.o_list : "${p.a[0]}${aws_vpc}"]]`, `[[for aws_vpc_item in var.app_o_list : "${aws_vpc.network.id}${aws_vpc_item}"]]`},
		{"words of a constant are no references", `[for word in var.o_list : { j = jsonencode({ word = var.word }), w = word }]`, `[for word in var.app_o_list : { j = jsonencode({ word = "w" }), w = word }]`},
		{"new name that is taken", `[for aws_vpc_item, aws_vpc in var.o_list : "${var.link}${aws_vpc}${aws_vpc_item}"]`, `[for aws_vpc_item, aws_vpc_item_item in var.app_o_list : "${aws_vpc.network.id}${aws_vpc_item_item}${aws_vpc_item}"]`},
		{"capture in a directive", `"%{ for aws_vpc in var.o_list }${var.link}${aws_vpc}%{ endfor }"`, `"%{ for aws_vpc_item in var.app_o_list }${aws_vpc.network.id}${aws_vpc_item}%{ endfor }"`},
		{"capture where nothing folds", `var.o_bool ? 1 : [for aws_vpc in var.o_list : "${var.link}${aws_vpc}${var.list[7]}"]`, `var.app_o_bool ? 1 : [for aws_vpc_item in var.app_o_list : "${aws_vpc.network.id}${aws_vpc_item}${["a", "b"][7]}"]`},

		{"what varies is written once", `[for x in [uuid()] : [x, x]]`, `[for x in [uuid()] : [x, x]]`},
		{"what varies in a directive", `"%{ for x in [timestamp()] }${x}${x}%{ endfor }"`, `"%{ for x in [timestamp()] }${x}${x}%{ endfor }"`},

		{"mark of an arm that is not taken", `var.on ? var.word : var.o_secret`, `sensitive("w")`},
		{"mark beside a residual", `var.on ? var.o_text : var.o_secret`, `sensitive(var.app_o_text)`},
		{"mark inside an arm", `var.on ? { a = var.o_text } : { a = var.o_secret }`, `{ a = var.app_o_text }`},
		{"mark of a null test", `[var.o_secret] == null`, `sensitive(false)`},
		{"mark of a side", `var.on || var.o_secret == "x"`, `sensitive(true)`},
		{"mark of a branch", `"%{ if var.on }y%{ else }${var.o_secret}%{ endif }"`, `"%{ if true }y%{ else }${var.app_o_secret}%{ endif }"`},
	}
	var src strings.Builder
	src.WriteString(ground)
	for _, c := range tests {
		src.WriteString("output \"" + strings.NewReplacer(" ", "_", ",", "", "'", "").Replace(c.name) + "\" {\n  value = " + c.expr + "\n}\n")
	}
	comp, diags := specialised(t, src.String(), nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for i, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			r := comp.Outputs[comp.Template.Outputs[i].Name]
			switch want, fails := strings.CutPrefix(c.want, "error: "); {
			case fails && (r.Err == nil || !strings.Contains(r.Err.Detail, want)):
				t.Errorf("%s\n got %s, %v\nwant the error %q", c.expr, r.Top(), r.Err, want)
			case fails:
			case r.Err != nil:
				t.Errorf("%s: %v", c.expr, r.Err)
			case r.Top() != c.want:
				t.Errorf("%s\n got %s\nwant %s", c.expr, r.Top(), c.want)
			}
		})
	}
}

// TestLazyBlocks does the same for blocks.
func TestLazyBlocks(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"iterator is not sure", `
resource "x" "a" {
  dynamic "rule" {
    for_each = var.o_any
    content {
      name = try(rule.value.priority, var.nil)
    }
  }
}
`, `
resource "x" "app_a" {
  dynamic "rule" {
    for_each = var.app_o_any
    content {
      name = try(rule.value.priority, null)
    }
  }
}
`},
		{"iterator that would hide a link", `
resource "x" "a" {
  dynamic "aws_vpc" {
    for_each = var.o_list
    content {
      name = "${var.link}-${aws_vpc.value}"
    }
  }
  dynamic "rule" {
    for_each = var.links
    iterator = aws_vpc
    content {
      name = [for v in [var.link] : "${v}-${aws_vpc.value}"]
    }
  }
}
`, `
resource "x" "app_a" {
  dynamic "aws_vpc" {
    for_each = var.app_o_list
    iterator = aws_vpc_item
    content {
      name = "${aws_vpc.network.id}-${aws_vpc_item.value}"
    }
  }
  dynamic "rule" {
    for_each = aws_subnet.network[*].id
    iterator = aws_vpc_item
    content {
      name = ["${aws_vpc.network.id}-${aws_vpc_item.value}"]
    }
  }
}
`},
		{"dynamic over what varies", `
resource "x" "a" {
  dynamic "rule" {
    for_each = [uuid()]
    content {
      name = "${rule.value}-${rule.value}"
    }
  }
}
`, `
resource "x" "app_a" {
  dynamic "rule" {
    for_each = [uuid()]
    content {
      name = "${rule.value}-${rule.value}"
    }
  }
}
`},
		{"what fails where nothing may be", `
resource "x" "a" {
  count = var.o_any
  name  = var.list[7]
  size  = var.three
  lifecycle {
    precondition {
      condition     = var.three < 2
      error_message = "Three is ${var.three}."
    }
    precondition {
      condition     = var.three > 2
      error_message = "Three is small."
    }
    precondition {
      condition     = var.list[7] == "a"
      error_message = "No a."
    }
  }
}

resource "x" "b" {
  dynamic "rule" {
    for_each = var.o_list
    content {
      name = var.list[8]
    }
  }
}
`, `
resource "x" "app_a" {
  count = var.app_o_any
  # With the chosen options this fails as soon as there is an instance.
  name = count.index < 0 ? null : ["a", "b"][7]
  size = 3
  lifecycle {
    precondition {
      condition     = local.app_three < 2
      error_message = "Three is 3."
    }
    precondition {
      # With the chosen options this fails as soon as there is an instance.
      condition     = count.index < 0 ? null : ["a", "b"][7] == "a"
      error_message = "No a."
    }
  }
}

resource "x" "app_b" {
  dynamic "rule" {
    for_each = var.app_o_list
    content {
      # With the chosen options this fails as soon as there is an instance.
      name = rule.key == null ? null : ["a", "b"][8]
    }
  }
}

locals {
  app_three = 3
}
`},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			decls, _, _ := strings.Cut(ground, "resource ")
			comp, diags := specialised(t, decls+c.src, nil)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			var got []string
			for _, b := range comp.Blocks {
				got = append(got, b.Code.String())
			}
			if text := string(hclwrite.Format([]byte("\n" + strings.Join(got, "\n")))); text != c.want {
				t.Errorf("got%s\nwant%s", text, c.want)
			}
		})
	}
}

// TestLazyErrors names what Terraform would refuse, too.
func TestLazyErrors(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"unused local", "locals {\n  bad = var.list[7]\n}\n", "The given key does not identify an element"},
		{"local behind try", "locals {\n  bad = var.list[7]\n  more = try(local.bad, 1)\n}\noutput \"o\" {\n  value = local.more\n}\n", "The given key does not identify an element"},
		{"precondition that is evaluated", "resource \"x\" \"a\" {\n  count = 2\n  lifecycle {\n    precondition {\n      condition     = var.three > 5\n      error_message = \"Small.\"\n    }\n  }\n}\n", "Small."},
		{"argument of keyed instances", "resource \"x\" \"a\" {\n  for_each = var.map\n  id = var.list[7]\n}\n", "The given key does not identify an element"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			decls, _, _ := strings.Cut(ground, "resource ")
			_, diags := specialised(t, decls+c.src, nil)
			n := 0
			for _, d := range diags {
				if strings.Contains(d.Summary+": "+d.Detail, c.want) {
					n++
				}
			}
			if n != 1 {
				t.Errorf("want %q once in %v", c.want, diags)
			}
		})
	}
}
