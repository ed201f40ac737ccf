package blueprint_test

import (
	"testing"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/guard"
)

// What options do not decide any more is left out of a condition.
func TestCondition(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`option.a == "x"`:                             `option.a == "x"`,
		`"new" == "new"`:                              "",
		`"new" == "old"`:                              "never",
		`"new" == "new" && option.a`:                  "option.a",
		`option.a && "new" == "old"`:                  "never",
		`option.a || "new" == "old"`:                  "option.a",
		`option.a || "new" == "new"`:                  "",
		`("new" == "new" && (option.a || option.b))`:  `("new" == "new" && (option.a || option.b))`,
		`("new" == "old" && option.a) || option.b`:    "option.b",
		`!("new" == "old")`:                           "",
		`"x"`:                                         `"x"`,
		`option.a ? "new" == "new" : "new" == "none"`: `option.a ? "new" == "new" : "new" == "none"`,
	} {
		x, diags := guard.ParseExpression([]byte(text), "x.hcl", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		bp := &blueprint.Blueprint{Files: map[string]*hcl.File{"x.hcl": {Bytes: []byte(text)}}}
		got, never := bp.Condition(x)
		if never {
			got = "never"
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
	if got, never := new(blueprint.Blueprint).Condition(nil); got != "" || never {
		t.Errorf("no condition: %q, %t", got, never)
	}
}
