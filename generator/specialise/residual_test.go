package specialise_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/specialise"
	"github.com/bpgen/bpgen/generator/template"
)

// ground is what the expressions of the tests stand on: constants, variables
// that stay, a link, and objects that are kept, folded and left out.
const ground = `
variable "on" { type = bool }
variable "off" { type = bool }
variable "three" { type = number }
variable "word" { type = string }
variable "list" { type = list(string) }
variable "none" { type = list(string) }
variable "map" { type = map(string) }
variable "nil" { type = string }
variable "obj" { type = object({ a = string, b = optional(number, 7), c = optional(string) }) }
variable "set" { type = set(string) }
variable "nothing" { type = map(string) }
variable "numbers" { type = list(number) }

variable "o_bool" { type = bool }
variable "o_text" {
  type     = string
  nullable = false
}
variable "o_list" { type = list(string) }
variable "o_map" { type = map(string) }
variable "o_sizes" { type = map(number) }
variable "o_any" {}
variable "o_secret" {
  type      = string
  sensitive = true
}
variable "link" { type = string }
variable "links" { type = list(string) }
variable "linked" { type = object({ a = string, n = optional(number, 2) }) }

resource "thing" "this" { size = 1 }
resource "thing" "one" { count = var.on ? 1 : 0 }
resource "thing" "gone" { count = var.off ? 1 : 0 }
resource "thing" "many" { count = var.o_any }
resource "thing" "two" { count = 2 }
resource "thing" "each" { for_each = var.o_map }
resource "thing" "nobody" { for_each = toset([]) }
data "thing" "current" {}

locals {
  known = "k-${var.word}"
  open  = "o-${var.o_text}-and-${var.o_text}"
  chain = local.link
  link  = var.link
}
`

func specialised(t *testing.T, src string, files map[string]string) (*specialise.Component, hcl.Diagnostics) {
	t.Helper()
	fsys := fstest.MapFS{"main.tf": {Data: []byte(src)}}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	tmpl, diags := template.Load(fsys, "t", "t", nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	ref := specialise.Reference
	given := map[string]specialise.Result{
		"on": specialise.Constant(cty.True), "off": specialise.Constant(cty.False), "three": specialise.Constant(cty.NumberIntVal(3)), "word": specialise.Constant(cty.StringVal("w")),
		"list": specialise.Constant(value(`["a", "b"]`)), "none": specialise.Constant(cty.EmptyTupleVal), "map": specialise.Constant(value(`{ x = "1", "y.z" = "2" }`)), "nil": specialise.Constant(cty.NullVal(cty.DynamicPseudoType)),
		"obj": specialise.Constant(value(`{ a = "A" }`)), "set": specialise.Constant(value(`["b", "a"]`)), "nothing": specialise.Constant(cty.EmptyObjectVal),
		"link": ref("aws_vpc.network.id", cty.String), "links": ref("aws_subnet.network[*].id", cty.List(cty.String)), "linked": ref("var.whole", cty.Object(map[string]cty.Type{"a": cty.String})),
	}
	in := specialise.Input{Template: tmpl, Name: "app", Bound: map[string]specialise.Result{}, Exposed: map[string]string{}, Funcs: functions.Table()}
	for _, v := range tmpl.Variables {
		r, ok := given[v.Name]
		if !ok {
			in.Exposed[v.Name] = "app_" + v.Name
			continue
		}
		b, diags := specialise.Bind(v, r, hcl.Range{})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		in.Bound[v.Name] = b
	}
	return specialise.Specialise(in)
}

func TestResiduals(t *testing.T) {
	tests := []struct{ name, expr, want string }{
		{"constant", `var.word`, `"w"`},
		{"constant_in_template", `"${var.word}-x"`, `"w-x"`},
		{"constant_in_open_template", `"${var.word}-${var.o_text}-x"`, `"w-${var.app_o_text}-x"`},
		{"only_interpolation_left", `"${var.nil == null ? "" : "x"}${var.o_text}"`, `var.app_o_text`},
		{"number_interpolated", `"${var.three}${var.o_any}"`, `"3${var.app_o_any}"`},
		{"template_in_template", `"a-${"${var.link}-b"}"`, `"a-${aws_vpc.network.id}-b"`},
		{"dollar_before_link", `"$ ${~ var.link ~}"`, `"\u0024${aws_vpc.network.id}"`},
		{"escapes", `"$${a} %%{b} \" \\ ${var.word}"`, `"$${a} %%{b} \" \\ w"`},
		{"if_decided", `"%{if var.on}y${var.o_text}%{else}n%{endif}"`, `"y${var.app_o_text}"`},
		{"if_open", `"%{if var.o_bool}y${var.word}%{else}n%{endif}"`, `"%{ if var.app_o_bool }yw%{ else }n%{ endif }"`},
		{"if_open_stripped", `"a %{~ if var.o_bool ~} y %{~ endif ~} ${var.word}"`, `"a%{ if var.app_o_bool }y%{ endif }w"`},
		{"for_unrolled", `"%{for x in var.list}${x}=${var.o_text},%{endfor}"`, `"a=${var.app_o_text},b=${var.app_o_text},"`},
		{"for_open", `"%{for x in var.o_list}${x}=${var.word},%{endfor}"`, `"%{ for x in var.app_o_list }${x}=w,%{ endfor }"`},
		{"taken", `var.on ? var.o_text : var.o_any`, `var.app_o_text`},
		{"taken_merged_beside_its_map", `[for k, v in var.on ? merge(var.o_sizes, { x = 1 }) : var.o_sizes : { name = k, size = v }]`, `[for k, v in merge(var.app_o_sizes, { x = 1 }) : { name = k, size = v }]`},
		{"taken_flattened_beside_a_loop", `var.on ? flatten([for x in var.o_list : [for y in var.links : format("%s-%s", x, y)]]) : [for x in var.links : format("%s", x)]`, `flatten([for x in var.app_o_list : [for y in aws_subnet.network[*].id : format("%s-%s", x, y)]])`},
		{"splat_of_nothing_that_fails", `try(var.none[*].a, "failed")`, `try((false ? tolist([""]) : [])[*].a, "failed")`},
		{"not_taken_fails", `var.off ? var.list[9] : var.o_text`, `var.app_o_text`},
		{"undecided", `var.o_bool ? var.word : var.link`, `var.app_o_bool ? "w" : aws_vpc.network.id`},
		{"undecided_arm_fails", `var.o_bool ? "x" : var.map["none"]`, `var.app_o_bool ? "x" : { x = "1", "y.z" = "2" }["none"]`},
		{"types_meet", `var.on ? 5 : "x"`, `"5"`},
		{"types_meet_residual", `var.on ? var.o_any : "x"`, `tostring(var.app_o_any)`},
		{"and_true", `var.on && var.o_bool`, `var.app_o_bool`},
		{"and_false", `var.off && var.o_bool`, `false`},
		{"or_true", `var.o_bool || var.on`, `true`},
		{"or_false", `var.o_bool || var.off`, `var.app_o_bool`},
		{"not_open", `!var.o_bool`, `!var.app_o_bool`},
		{"equal", `var.word == "w"`, `true`},
		{"equal_open", `var.word == var.o_text`, `"w" == var.app_o_text`},
		{"null_test", `var.nil == null`, `true`},
		{"null_test_not_null", `var.o_text == null`, `false`},
		{"null_test_open", `var.o_list == null`, `var.app_o_list == null`},
		{"empty_list_compared", `var.o_list == var.none`, `try(length(var.app_o_list), -1) == 0`},
		{"precedence_kept", `(var.three + var.o_any) * 2`, `(3 + var.app_o_any) * 2`},
		{"precedence_added", `2 * (var.on ? var.three + var.o_any : 0)`, `2 * (3 + var.app_o_any)`},
		{"negative_subtracted", `var.o_any - (var.off ? 1 : -1)`, `var.app_o_any - (-1)`},
		{"minus_glued", `-var.three + var.o_any`, `-3 + var.app_o_any`},
		{"minus_behind_brackets", `(var.off ? 1 : var.o_any)-1`, `var.app_o_any - 1`},
		{"word_before_brackets", `[for x in(var.o_list) : x]`, `[for x in var.app_o_list : x]`},
		{"arithmetic", `var.three * 2 + 1`, `7`},
		{"index_list", `var.list[1]`, `"b"`},
		{"index_map", `var.map["y.z"]`, `"2"`},
		{"attribute_of_map", `var.map.x`, `"1"`},
		{"index_open", `var.o_list[var.three]`, `var.app_o_list[3]`},
		{"index_by_open", `var.map[var.o_text]`, `{ x = "1", "y.z" = "2" }[var.app_o_text]`},
		{"object_attribute", `var.obj.b`, `7`},
		{"object_attribute_null", `var.obj.c`, `null`},
		{"optional_of_link", `var.linked.n`, `2`},
		{"null_of_linked_object", `var.linked == null`, `var.whole == null`},
		{"splat_of_linked_object", `var.linked[*].a`, `(var.whole == null ? null : { a = var.whole.a, n = 2 })[*].a`},
		{"member_of_linked_object_in_try", `try(var.linked.n, 0)`, `try((var.whole == null ? null : { a = var.whole.a, n = 2 }).n, 0)`},
		{"constant_list_compared", `var.o_any == var.list`, `var.app_o_any == tolist(["a", "b"])`},
		{"constant_list_in_jsonencode", `jsonencode([var.list, var.o_any])`, `jsonencode([["a", "b"], var.app_o_any])`},
		{"constant_list_beside_one", `var.o_bool ? var.list : var.o_list`, `var.app_o_bool ? ["a", "b"] : var.app_o_list`},
		{"constant_list_beside_tuple", `var.o_bool ? var.none : [5]`, `var.app_o_bool ? tolist([]) : tolist(["5"])`},
		{"typed_null_beside_number", `var.o_bool ? var.nil : 5`, `var.app_o_bool ? tostring(null) : 5`},
		{"typed_null_beside_string", `var.o_bool ? var.nil : var.o_text`, `var.app_o_bool ? null : var.app_o_text`},
		{"lookup_by_open", `lookup(var.map, var.o_text, 5)`, `lookup({ x = "1", "y.z" = "2" }, var.app_o_text, "5")`},
		{"coalesce_makes_alike", `coalesce(var.nil, var.o_any)`, `coalesce(tostring(null), var.app_o_any)`},
		{"coalesce_skips_null", `coalesce(var.nil, length(var.o_list))`, `tostring(length(var.app_o_list))`},
		{"link_beside_number", `[var.on ? [length(var.o_list)] : ["x"]]`, `[[tostring(length(var.app_o_list))]]`},
		{"set_beside_list", `var.off ? var.list : toset(var.o_list)`, `tolist(toset(var.app_o_list))`},
		{"number_alone_in_template", `"${3}${var.off ? "x" : ""}"`, `"3"`},
		{"index_null", `try(var.o_map[var.nil], "none")`, `"none"`},
		{"index_null_fails", `var.o_map[var.nil]`, "error: Invalid index"},
		{"index_null_in_arm", `var.o_bool ? var.o_map[var.nil] : "x"`, `var.app_o_bool ? var.app_o_map[tostring(null)] : "x"`},
		{"merge_with_empty", `merge(var.o_map, var.nothing)`, `merge(var.app_o_map)`},
		{"set_functions_alike", `setunion(var.numbers, var.none)`, `setunion(var.app_numbers == null ? null : toset([for v in var.app_numbers : tostring(v)]), [])`},
		{"whole_linked", `var.linked`, `var.whole == null ? null : { a = var.whole.a, n = 2 }`},
		{"tuple", `[var.word, var.o_text]`, `["w", var.app_o_text]`},
		{"tuple_with_comment", `[
    var.word, # the word
    var.o_text,
  ]`, `[
    "w", # the word
    var.app_o_text,
  ]`},
		{"object", `{ a = var.word, (var.word) = var.o_text, "${var.word}.x" = 1 }`, `{ a = "w", w = var.app_o_text, "w.x" = 1 }`},
		{"set", `var.set`, `toset(["a", "b"])`},
		{"for_known", `[for x in var.list : upper(x)]`, `["A", "B"]`},
		{"for_known_open_body", `[for x in var.list : "${x}${var.o_text}"]`, `[for x in ["a", "b"] : "${x}${var.app_o_text}"]`},
		{"for_filter", `[for x in var.list : x if x != "a"]`, `["b"]`},
		{"for_open_collection", `[for x in var.o_list : "${var.word}-${x}"]`, `[for x in var.app_o_list : "w-${x}"]`},
		{"for_open_filter", `[for x in var.list : x if x != var.o_text]`, `[for x in ["a", "b"] : x if x != var.app_o_text]`},
		{"for_nested", `[for x in var.o_list : [for y in var.list : "${x}${y}"]]`, `[for x in var.app_o_list : [for y in ["a", "b"] : "${x}${y}"]]`},
		{"for_object", `{ for k, v in var.map : upper(k) => v }`, `{ X = "1", "Y.Z" = "2" }`},
		{"for_grouped", `{ for x in var.list : "k" => x... }`, `{ k = ["a", "b"] }`},
		{"for_duplicate", `{ for x in var.list : "k" => x }`, `error: Duplicate object key`},
		{"for_body_fails", `[for x in var.o_list : var.map["none"]]`, `[for x in var.app_o_list : { x = "1", "y.z" = "2" }["none"]]`},
		{"for_captures", `[for aws_vpc in var.o_list : "${aws_vpc}${var.link}"]`, `[for aws_vpc_item in var.app_o_list : "${aws_vpc_item}${aws_vpc.network.id}"]`},
		{"for_over_link", `[for x in var.links : x]`, `[for x in aws_subnet.network[*].id : x]`},
		{"splat_known", `[{ a = var.word }, { a = "v" }][*].a`, `["w", "v"]`},
		{"splat_open", `[{ a = var.o_text }][*].a`, `[var.app_o_text]`},
		{"splat_of_splat", `((var.o_any[*].a)[*])[0]`, `((var.app_o_any[*].a)[*])[0]`},
		{"splat_null", `var.nil[*]`, `[]`},
		{"try_first", `try(var.word, "z")`, `"w"`},
		{"try_fails", `try(var.map["none"], var.o_text)`, `var.app_o_text`},
		{"try_open", `try(var.o_any.x, var.word)`, `try(var.app_o_any.x, "w")`},
		{"try_falls_through", `try(var.map["none"], var.o_any.x, var.word, "never")`, `try(var.app_o_any.x, "w")`},
		{"try_keeps_failing_member", `try({ a = 1, b = var.o_list[0] }.a, 2)`, `try({ a = 1, b = var.app_o_list[0] }.a, 2)`},
		{"can_known", `can(var.list[0])`, `true`},
		{"can_fails", `can(var.list[9])`, `false`},
		{"can_open", `can(var.o_any.x)`, `can(var.app_o_any.x)`},
		{"one_known", `one(["a"])`, `"a"`},
		{"length_known", `length(var.list)`, `2`},
		{"length_shape", `length([var.o_text, var.link])`, `2`},
		{"lookup_default", `lookup({ a = var.o_text }, "b", var.word)`, `"w"`},
		{"concat_shapes", `concat([var.o_text], var.on ? [var.word] : [])`, `[var.app_o_text, "w"]`},
		{"concat_open", `concat(var.o_list, var.none)`, `concat(var.app_o_list)`},
		{"merge_shapes", `merge({ a = var.o_text }, var.on ? { b = 1 } : {})`, `{ a = var.app_o_text, b = 1 }`},
		{"coalesce_null", `coalesce(var.nil, var.o_text)`, `var.app_o_text`},
		{"coalesce_open", `coalesce(var.o_any, var.nil, var.word)`, `coalesce(var.app_o_any, "w")`},
		{"jsonencode_known", `jsonencode({ a = var.word })`, `jsonencode({ a = "w" })`},
		{"impure", `timestamp()`, `timestamp()`},
		{"impure_argument", `formatdate("YYYY", timestamp() == "" ? var.word : plantimestamp())`, `formatdate("YYYY", timestamp() == "" ? "w" : plantimestamp())`},
		{"unknown_function", `provider::x::f(var.word)`, `provider::x::f("w")`},
		{"expanded", `max([var.three, 4]...)`, `4`},
		{"expanded_open", `max(var.o_list...)`, `max(var.app_o_list...)`},
		{"self", `thing.this.id`, `thing.app.id`},
		{"data_current", `data.thing.current.id`, `data.thing.current.id`},
		{"folded", `thing.one[0].id`, `thing.app_one.id`},
		{"folded_splat", `thing.one[*].id`, `[thing.app_one.id]`},
		{"folded_one", `one(thing.one[*].id)`, `thing.app_one.id`},
		{"folded_length", `length(thing.one)`, `1`},
		{"folded_try", `try(thing.one[0].id, null)`, `thing.app_one.id`},
		{"folded_bare", `thing.one.id`, `error: Missing index`},
		{"folded_second", `thing.one[1].id`, `error: only the index 0 exists`},
		{"gone", `thing.gone[0].id`, `error: thing.gone does not exist with the chosen options: its count or for_each, at t/main.tf:34`},
		{"gone_splat", `thing.gone[*].id`, `[]`},
		{"gone_one", `one(thing.gone[*].id)`, `null`},
		{"gone_length", `length(thing.gone)`, `0`},
		{"gone_try", `try(thing.gone[0].id, var.word)`, `"w"`},
		{"gone_dead_arm", `var.off ? thing.gone[0].id : "none"`, `"none"`},
		{"gone_undecided_arm", `var.o_bool ? thing.gone[0].id : "none"`, `var.app_o_bool ? thing.app_gone[0].id : "none"`},
		{"gone_each", `{ for k, x in thing.nobody : k => x.id }`, `{}`},
		{"counted", `thing.many[0].id`, `thing.app_many[0].id`},
		{"counted_splat", `thing.many[*].id`, `thing.app_many[*].id`},
		{"counted_literal", `thing.two[1].id`, `thing.app_two[1].id`},
		{"keyed", `thing.each["a"].id`, `thing.app_each["a"].id`},
		{"keyed_values", `values(thing.each)[*].id`, `values(thing.app_each)[*].id`},
		{"local_known", `local.known`, `"k-w"`},
		{"local_open", `local.open`, `local.app_open`},
		{"local_chain", `local.chain`, `aws_vpc.network.id`},
		{"secret", `"${var.o_secret}-${var.word}"`, `"${var.app_o_secret}-w"`},
		{"sensitive_constant", `sensitive(var.word)`, `sensitive("w")`},
		{"sensitive_element", `[sensitive(var.word), var.o_text]`, `[sensitive("w"), var.app_o_text]`},
		{"sensitive_key", `{ (sensitive(var.word)) = 1 }`, `{ (sensitive("w")) = 1 }`},
		{"path", `path.root`, `path.root`},
		{"heredoc_known", `<<-EOT
    a ${var.word}
      b
  EOT`, `<<-EOT
    a w
      b
EOT`},
		{"heredoc_open", `<<-EOT
    a ${var.word}
    b ${var.o_text}
  EOT`, `<<-EOT
    a w
    b ${var.app_o_text}
EOT`},
		{"heredoc_unchanged", `<<-EOT
    b ${var.o_any}
  EOT`, `<<-EOT
    b ${var.app_o_any}
EOT`},
		{"conditional_in_operand", `"x" == (var.on ? (var.o_bool ? "x" : "y") : "z")`, `"x" == (var.app_o_bool ? "x" : "y")`},
		{"comment_inside", `[ # first
    var.on ? 1 : 2, # one
    # above
    var.o_text,
  ]`, `[ # first
    1, # one
    # above
    var.app_o_text,
  ]`},
	}
	var src strings.Builder
	src.WriteString(ground)
	for _, c := range tests {
		src.WriteString("output \"" + c.name + "\" {\n  value = " + c.expr + "\n}\n")
	}
	comp, diags := specialised(t, src.String(), nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			r, ok := comp.Outputs[c.name]
			switch want, fails := strings.CutPrefix(c.want, "error: "); {
			case !ok:
				t.Fatal("no such output")
			case fails && r.Err == nil:
				t.Errorf("%s became %s, want an error", c.expr, r.Top())
			case fails:
				if got := r.Err.Summary + ": " + r.Err.Detail; !strings.Contains(got, want) {
					t.Errorf("%s: error %q, want %q in it", c.expr, got, want)
				}
			case r.Err != nil:
				t.Errorf("%s: %v", c.expr, r.Err)
			case r.Top() != c.want:
				t.Errorf("%s\n got %s\nwant %s", c.expr, r.Top(), c.want)
			}
		})
	}
}
