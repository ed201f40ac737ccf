package specialise_test

import (
	"math/rand/v2"
	"testing"
)

// TestMeaningKept holds what random expressions showed to mean something else
// after than before: the types of what is known beside what is not.
func TestMeaningKept(t *testing.T) {
	const objects = `[{ a = "1", o = { n = 1 } }, { a = "2", l = ["x"] }]`
	const locals = "locals {\n  list   = var.d_l\n  object = { list = var.d_l }\n}\n"
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
		{"arm of another kind that is not taken", `var.r_n > 9 ? (var.k_b ? var.k_n : var.h_b) : var.r_o`, map[string]string{"r_n": "1", "k_b": "false", "k_n": "0", "h_b": "true", "r_o": `{ a = "1", n = 1, l = [2] }`}},
		{"arm that fails because of a list in an object", `try(var.d_z, var.k_z) != null ? (var.k_zo == null ? var.v_o : { a = "oa", n = 3, l = [1, 2] }) : var.r_zo`, map[string]string{"d_z": "null", "k_z": "null", "k_zo": `{ a = "oa", n = 3, l = [1] }`, "v_o": `{ a = "1", n = 1, l = [2] }`, "r_zo": `{ a = "1", n = 1, l = [2] }`}},
		{"condition that cannot agree, which can watches", `can(var.v_z != null ? var.h_zo : 3)`, map[string]string{"v_z": "null", "h_zo": "null"}},
		{"null beside a list that may be secret", `(var.h_b ? [sensitive("a")] : []) == null`, map[string]string{"h_b": "false"}},
		{"text in which a secret need not come", `var.k_b ? sensitive("x") : "${var.r_s}%{for y in [for x in ["a"] : sensitive(x) if var.v_b]}${y}%{endfor}"`, map[string]string{"k_b": "false", "r_s": `"5"`, "v_b": "false"}},
		{"member that may be secret", `var.k_b ? try(var.v_o.nope, var.k_s) : one(var.v_b ? [sensitive("x")] : [])`, map[string]string{"k_b": "true", "v_o": `{ a = "1", n = 1, l = [2] }`, "k_s": `"a"`, "v_b": "false"}},
		{"arm that fails when it is evaluated", `var.k_b ? tomap({ a = var.r_s, b = index(tolist(["a"]), var.v_s) }) : { a = 1 }`, map[string]string{"k_b": "false", "r_s": `"x"`, "v_s": `"b"`}},
		{"arm whose failing text is a string", `var.k_b ? "x${var.k_l}" : 1`, map[string]string{"k_b": "false", "k_l": "[]"}},
		{"empty map compared with a map of anything", `var.k_m == var.r_ma`, map[string]string{"k_m": "{}", "r_ma": "{}"}},
		{"link to an empty map compared with a map of anything", `var.d_m == var.r_ma`, map[string]string{"d_m": "{}", "r_ma": "{}"}},
		{"empty maps in lists compared", `var.d_lm == try(var.v_b.nope.a, var.k_lm)`, map[string]string{"d_lm": "[{}]", "v_b": "true", "k_lm": "[{}]"}},
		{"empty set that try chooses compared", `var.k_st == try(var.k_mo[var.h_s], var.k_st)`, map[string]string{"k_st": "[]", "k_mo": "{}", "h_s": `"a"`}},
		{"link to an empty set compared", `var.r_st == try(var.d_st, var.d_st)`, map[string]string{"r_st": "[]", "d_st": "[]"}},
		{"empty union compared", `setunion([], var.d_l) == var.k_st`, map[string]string{"d_l": "[]", "k_st": "[]"}},
		{"empty list in a tuple compared", `(var.k_b ? var.k_tp : [5, "2", []]) == (var.v_b ? [5, "2", []] : var.k_tp)`, map[string]string{"k_b": "false", "v_b": "true", "k_tp": `["a", 1, ["x"]]`}},
		{"empty list of lists compared", `(var.v_b ? var.d_ll : []) == var.v_ll`, map[string]string{"v_b": "true", "d_ll": "[]", "v_ll": "[]"}},
		{"objects in parentheses compared", `var.k_lo == one([(var.d_lo)])`, map[string]string{"k_lo": `[{ a = "p", n = 1, l = [] }]`, "d_lo": `[{ a = "p", n = 1, l = [] }]`}},
		{"tuple that try chooses beside another", `var.k_b ? try(var.v_o.nope, var.v_tp) : [5, "2", []]`, map[string]string{"k_b": "true", "v_o": `{ a = "1", n = 1, l = [2] }`, "v_tp": `["a", 1, ["x"]]`}},
		{"empty arm of a map of anything in an arm", `var.r_b ? (var.k_b ? var.v_ma : {}) : { a = var.r_n }`, map[string]string{"r_b": "false", "k_b": "false", "v_ma": `{ a = "x" }`, "r_n": "2.5"}},
		{"number beside a call of which nothing is known", `{ for k, x in(var.k_b ? merge(var.d_ma, { a = 1 }) : { (var.v_s) = length(var.h_s) }) : k => x }`, map[string]string{"k_b": "false", "d_ma": `{ a = "x", b = 1 }`, "v_s": `"k"`, "h_s": `"abc"`}},
		{"looked-up number beside a string", `var.k_b ? ["a", 1] : [lookup({}, var.r_s, 1)]`, map[string]string{"k_b": "false", "r_s": `"x"`}},
		{"merged map of anything beside an empty one", `var.k_b ? merge(var.v_ma, { b = "x" }) : {}`, map[string]string{"k_b": "true", "v_ma": "{ a = 1 }"}},
		{"link to an empty list of lists in an arm", `var.h_b ? [["a"], []] : var.d_ll`, map[string]string{"h_b": "true", "d_ll": "[]"}},
		{"link to an empty list beside numbers in an arm", `var.d_b ? var.d_l : [var.d_n]`, map[string]string{"d_b": "false", "d_l": "[]", "d_n": "0"}},
		{"link to an empty list joined with numbers", `setunion(var.r_ln, var.d_l)`, map[string]string{"r_ln": "[3, 1]", "d_l": "[]"}},
		{"arm beside an empty list of anything joined with strings", `concat(var.k_b ? var.x_la : [var.v_n], tolist(["", var.v_s]))`, map[string]string{"k_b": "false", "x_la": "[]", "v_n": "2.5", "v_s": `"a"`}},
		{"looked up in an empty map that is chosen", `lookup(flatten([var.d_m])[0], var.v_s, 0)`, map[string]string{"d_m": "{}", "v_s": `"a"`}},
		{"default of lookup that fails", `var.d_zo == null ? lookup({ k = var.h_n }, "k", var.v_o.nope) : []`, map[string]string{"d_zo": `{ a = "1", n = 1, l = [2] }`, "h_n": "1", "v_o": `{ a = "1", n = 1, l = [2] }`}},
		{"secret in an arm made a list", `var.r_b ? [var.x_ln] : []`, map[string]string{"r_b": "false", "x_ln": "[1]"}},
		{"loop over what may be empty beside null", `[for x in var.r_m : var.x_s] == null`, map[string]string{"r_m": "{}", "x_s": `"a"`}},
		{"empty list of lists in an arm", `var.r_b ? (var.h_b ? var.r_ll : var.k_ll) : [[], null]`, map[string]string{"r_b": "false", "h_b": "false", "r_ll": "[[]]", "k_ll": "[]"}},
		{"default of lookup beside objects in a loop", `lookup([for x in var.h_b ? var.h_lm : [] : merge(x, { b = "x" })][0], var.k_s, var.d_o)`, map[string]string{"h_b": "true", "h_lm": `[{ a = "1" }]`, "k_s": `"z"`, "d_o": `{ a = "7", n = 0, l = [] }`}},
		{"default of lookup in merged maps", `lookup(merge(var.v_ma, var.h_m), "z", 0)`, map[string]string{"v_ma": `{ a = "x" }`, "h_m": "{}"}},
		{"secret empty set joined with numbers", `setunion(var.x_st, [for y in var.r_o : lookup(var.v_ma, var.v_s, 2.5)])`, map[string]string{"x_st": "[]", "r_o": `{ a = "1", n = 1, l = [2] }`, "v_ma": "{}", "v_s": `"a"`}},
		{"dead arm that cannot agree", `var.k_b ? (var.h_b ? sensitive(var.d_o) : "a") : 5`, map[string]string{"k_b": "false", "h_b": "true", "d_o": `{ a = "7", n = 0, l = [] }`}},
		{"number under a secret key beside an empty map", `var.k_b ? var.k_m : { (var.x_s) = 1 }`, map[string]string{"k_b": "false", "k_m": "{}", "x_s": `"a"`}},
		{"number in what is chosen, joined with strings", `jsonencode(try(concat([[1, 2], var.h_la][1], tolist(["a"])), "failed"))`, map[string]string{"h_la": "[2.5, 1]"}},
		{"list from a loop beside a set", `(var.v_b ? (var.k_b ? [for x in var.d_l : x] : ["a", "b"]) : var.v_st)[0]`, map[string]string{"v_b": "true", "k_b": "true", "d_l": `["z"]`, "v_st": `["b"]`}},
		{"secret null in an arm", `var.v_b ? { k = var.h_o } : { k = sensitive(var.d_zo) }`, map[string]string{"v_b": "false", "h_o": `{ a = "7", n = 0, l = [1] }`, "d_zo": "null"}},
		{"secret empty list joined", `concat(sensitive(var.h_lz), var.v_lz)`, map[string]string{"h_lz": "[]", "v_lz": `[{ a = "1" }]`}},
		{"secret empty map merged", `merge(var.x_m, var.v_b ? { c = var.v_s } : {})`, map[string]string{"x_m": "{}", "v_b": "true", "v_s": `"a"`}},
		{"null of a string in an arm", `var.r_b ? (var.k_b ? null : var.r_z) : true`, map[string]string{"r_b": "false", "k_b": "true", "r_z": "null"}},
		{"null of a string in an arm that is not taken", `var.k_n > 9 ? (var.k_b ? null : var.r_z) : true`, map[string]string{"k_n": "1", "k_b": "true", "r_z": "null"}},
		{"set beside a loop", `try((var.k_b ? [for y in var.v_lo : y.a] : var.v_st)[0], "none")`, map[string]string{"k_b": "false", "v_lo": "[]", "v_st": `["b"]`}},
		{"looked up in a loop", `var.k_b ? var.k_s : lookup({ for k, x in var.v_mo : k => x.a }, var.r_s, var.k_n)`, map[string]string{"k_b": "false", "k_s": `"a"`, "v_mo": "{}", "r_s": `"q"`, "k_n": "0"}},
		{"joined objects with nulls that try chooses", `jsonencode({ k = try(concat(var.h_lz, var.v_lz), reverse(var.h_lz)), y = "a" }.k)`, map[string]string{"h_lz": objects, "v_lz": "[]"}},
		{"dead arm that cannot agree once it is alive", `(var.r_b ? { k = (var.v_b ? [var.h_n] : [])[0] } : { k = [{ k = var.r_mo["x"] }["k"]][*].n }).k`, map[string]string{"r_b": "true", "v_b": "true", "h_n": "1", "r_mo": "{}"}},
		{"numbers beside a list of anything that is not chosen", `false ? tolist((false ? { k = var.v_la }.k : [])) : [length(var.k_t)]`, map[string]string{"v_la": `["a"]`, "k_t": `"true"`}},
		{"arm that fails at a member of a list, beside numbers", `var.r_b ? [element(var.v_lo, 0), var.r_mo[var.r_s]][*].a : (var.k_b ? range(2) : (var.h_lo)[*].n)`, map[string]string{"r_b": "false", "v_lo": `[{ a = "p", n = 1, l = [] }]`, "r_mo": "{}", "r_s": `"x"`, "k_b": "true", "h_lo": "[]"}},
		{"secret condition of a loop over nothing, in an arm that is not taken", `one(var.k_b ? [for y in var.r_l : var.v_s if var.x_b] : var.r_l)`, map[string]string{"k_b": "false", "r_l": "[]", "x_b": "true"}},
		{"loop over what a secret condition may have left of nothing", `[for y in [for x in var.r_lo : x if x.n > var.y_n] : var.y_s] == null`, map[string]string{"r_lo": "[]", "y_n": "1", "y_s": `"a"`}},
		{"secret member in the condition of a loop, in an arm that is not taken", `var.k_b ? [for y in [for x in [var.x_o, var.x_o] : x if x.n > var.v_n] : var.v_s] : var.r_l`, map[string]string{"k_b": "false", "x_o": `{ a = "1", n = 1, l = [2] }`, "v_n": "0", "r_l": "[]"}},
		{"maps of anything merged, of which one has numbers", `sensitive({ for k, x in try(merge(var.d_ma, var.r_ma), (var.v_b ? { a = "x" } : {})) : k => x })`, map[string]string{"d_ma": `{ a = "x", b = 1 }`, "r_ma": "{ a = 1 }", "v_b": "true"}},
		{"arm that fails compared with an empty tuple", `[] == (var.d_b ? [{ a = var.r_s }, element(var.v_lo, 0)][*].a : [])`, map[string]string{"d_b": "false", "r_s": `"a"`, "v_lo": "[]"}},
		{"splat of an empty list that can watches", `can(values(var.r_mo)[*].a[0])`, map[string]string{"r_mo": "{}"}},
		{"objects with nulls joined with a list that is chosen, in an arm that a loop reads", `alltrue([for x in (var.v_b ? concat((var.v_b ? var.v_lz : []), var.k_lz) : []) : x == null])`, map[string]string{"v_b": "true", "v_lz": "[]", "k_lz": objects}},
		{"objects with nulls turned round in an arm that a loop reads", `alltrue([for x in (var.v_b ? reverse(var.h_lz) : []) : x == null])`, map[string]string{"v_b": "true", "h_lz": objects}},
		{"maps that are not alike beside one in a list that is chosen", `try(var.d_z, null) != null ? one([var.d_lm]) : one(var.r_b ? [var.h_lm] : [])`, map[string]string{"d_z": `"a"`, "d_lm": `[{ a = "1" }, { b = "5" }]`, "r_b": "true", "h_lm": "[]"}},
		{"local value that may be empty beside numbers in an arm", `jsonencode(var.v_b ? local.list : [3, 1])`, map[string]string{"v_b": "false", "d_l": "[]"}},
		{"member of a local value that may be empty beside numbers in an arm", `jsonencode(var.v_b ? local.object.list : [3, 1])`, map[string]string{"v_b": "false", "d_l": "[]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(choices{rand.New(rand.NewPCG(1, 1))}, "k", "v", "r", "d", "h", "x", "y")
			for name, src := range c.given {
				w.given[name] = value(src)
			}
			wrong, compared, err := w.check(map[string]string{"o": c.expr}, locals)
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
