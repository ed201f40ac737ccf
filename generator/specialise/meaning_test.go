package specialise_test

import (
	"math/rand/v2"
	"testing"
)

// TestMeaningKept holds what random expressions showed to mean something else
// after than before: the types of what is known beside what is not.
func TestMeaningKept(t *testing.T) {
	const objects = `[{ a = "1", o = { n = 1 } }, { a = "2", l = ["x"] }]`
	for _, c := range []struct {
		name, expr string
		given      map[string]string
	}{
		{"constant list beside a list of anything", `jsonencode(concat(var.d_la, var.k_l))`, map[string]string{"d_la": "[1, 2]", "k_l": `["a"]`}},
		{"empty list beside a list of anything", `jsonencode(concat(var.d_la, var.k_l))`, map[string]string{"d_la": "[1, 2]", "k_l": "[]"}},
		{"link to numbers beside strings", `jsonencode(concat(var.r_la, var.k_la))`, map[string]string{"r_la": "[1, 2]", "k_la": `[true, "b"]`}},
		{"constant list beside what may be a list", `jsonencode(concat(tolist(var.k_ln), var.r_b ? var.d_t : []))`, map[string]string{"k_ln": "[1, 2]", "r_b": "true", "d_t": `["x", "y"]`}},
		{"numbers that try chooses, joined with strings", `jsonencode(concat(tolist(var.k_l), { k = try(var.h_la, var.r_la) }.k))`, map[string]string{"k_l": `["a"]`, "h_la": "[1, 2]", "r_la": `["b", 1]`}},
		{"link that may be empty beside numbers", `jsonencode(setunion([-1], var.r_l))`, map[string]string{"r_l": "[]"}},
		{"numbers in an arm beside a list of anything", `jsonencode(var.k_b ? [var.r_n] : var.d_la)`, map[string]string{"k_b": "true", "r_n": "1", "d_la": `["x"]`}},
		{"list of anything in an arm beside strings", `var.k_b ? var.d_la : var.k_l`, map[string]string{"k_b": "true", "d_la": "[1]", "k_l": `["a"]`}},
		{"number in an arm beside a loop that may be empty", `jsonencode(var.k_b ? [var.r_n] : [for x in var.d_l : x])`, map[string]string{"k_b": "true", "r_n": "1", "d_l": "[]"}},
		{"objects with nulls made a list", `tolist(var.d_lz)`, map[string]string{"d_lz": objects}},
		{"objects with nulls in an arm", `var.r_b ? var.d_lz : []`, map[string]string{"r_b": "true", "d_lz": objects}},
		{"objects with nulls that try watches", `try(tolist([for x in var.h_lz : x if x != null]), "failed")`, map[string]string{"h_lz": objects}},
		{"objects with nulls joined", `concat(var.d_lz, var.k_lz)`, map[string]string{"d_lz": objects, "k_lz": `[{ a = "3" }]`}},
		{"list in a tuple compared", `var.k_tp == var.r_tp`, map[string]string{"k_tp": `["a", 1, ["x"]]`, "r_tp": `["a", 1, ["x"]]`}},
		{"lists in a list compared", `tolist([var.v_l]) == var.d_ll`, map[string]string{"v_l": `["a"]`, "d_ll": `[["a"]]`}},
		{"empty map merged and compared", `merge(var.d_ma, var.k_m) == var.k_ma`, map[string]string{"d_ma": `{ a = "x" }`, "k_m": "{}", "k_ma": `{ a = "x" }`}},
		{"condition behind a heredoc", "[for x in var.r_l : <<-EOT\n  ${x}\n  EOT\n  if var.k_b]", map[string]string{"r_l": `["a"]`, "k_b": "true"}},
		{"null of an object that try watches", `try([coalesce(var.h_o.z, var.r_n)], "failed")`, map[string]string{"h_o": `{ a = "1", n = 1, l = [2] }`, "r_n": "5"}},
		{"arm that try need not make sensitive", `var.k_b ? var.r_s : try(var.d_t.x, sensitive("y"))`, map[string]string{"k_b": "true", "r_s": `"a"`, "d_t": `{ x = "1" }`}},
		{"arm whose secret is not looked up", `var.k_b ? var.r_s : lookup({ k = sensitive(var.r_s) }, var.r_z, "z")`, map[string]string{"k_b": "true", "r_s": `"a"`, "r_z": `"b"`}},
		{"comparison that need not be sensitive", `var.k_b ? var.r_s : "${[try(var.d_t.x, sensitive("y"))] == null}"`, map[string]string{"k_b": "true", "r_s": `"a"`, "d_t": `{ x = "1" }`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(choices{rand.New(rand.NewPCG(1, 1))}, "k", "v", "r", "d", "h")
			for name, src := range c.given {
				w.given[name] = value(src)
			}
			wrong, compared, err := w.check(map[string]string{"o": c.expr}, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, msg := range wrong {
				t.Error(msg)
			}
			if compared == 0 && len(wrong) == 0 {
				t.Error("nothing was compared")
			}
		})
	}
}
