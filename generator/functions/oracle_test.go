package functions

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// A result is what an expression is: a value, or an error. Nothing else tells
// two results apart.
type result struct {
	Type      string `json:"type,omitempty"`      // as the console's type function prints it, without white space
	Value     string `json:"value,omitempty"`     // as jsonencode makes it
	Sensitive bool   `json:"sensitive,omitempty"` // the value as a whole, as issensitive says
	Error     bool   `json:"error,omitempty"`
}

// A row is one expression with what terraform console made of it.
type row struct {
	Expr string `json:"expr"`
	result
	Message string `json:"message,omitempty"` // the summary of Terraform's error, for the reader
}

type oracle struct {
	Terraform string `json:"terraform"` // version that the rows were recorded from
	Rows      []row  `json:"rows"`
}

const (
	expressionsFile = "testdata/expressions.txt"
	contextFile     = "testdata/context.tf"
	oracleFile      = "testdata/oracle.json"
)

// expressions returns the paragraphs of the expressions file.
func expressions(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(expressionsFile)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, paragraph := range strings.Split(strings.TrimSpace(string(text)), "\n\n") {
		lines := strings.Split(paragraph, "\n")
		for len(lines) > 0 && strings.HasPrefix(lines[0], "# ") {
			lines = lines[1:]
		}
		if len(lines) > 0 {
			out = append(out, strings.Join(lines, "\n"))
		}
	}
	return out
}

func readOracle(t *testing.T) oracle {
	t.Helper()
	text, err := os.ReadFile(oracleFile)
	if err != nil {
		t.Fatal(err)
	}
	var o oracle
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// evalContext returns the table with the locals of the context file.
func evalContext(t *testing.T) *hcl.EvalContext {
	t.Helper()
	src, err := os.ReadFile(contextFile)
	if err != nil {
		t.Fatal(err)
	}
	file, diags := hclsyntax.ParseConfig(src, contextFile, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	ctx := &hcl.EvalContext{Functions: Table()}
	locals := map[string]cty.Value{}
	for _, block := range file.Body.(*hclsyntax.Body).Blocks {
		for name, attr := range block.Body.Attributes {
			v, diags := attr.Expr.Value(ctx)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			locals[name] = v
		}
	}
	ctx.Variables = map[string]cty.Value{"local": cty.ObjectVal(locals)}
	return ctx
}

func evaluate(src string, ctx *hcl.EvalContext) (result, error) {
	expr, diags := hclsyntax.ParseExpression([]byte(src+"\n"), "expression", hcl.InitialPos)
	if diags.HasErrors() {
		return result{Error: true}, diags
	}
	v, diags := expr.Value(ctx)
	if diags.HasErrors() {
		return result{Error: true}, diags
	}
	bare, _ := v.UnmarkDeep()
	if !bare.IsWhollyKnown() {
		return result{Type: typeText(v.Type()), Value: "unknown"}, nil
	}
	text, err := stdlib.JSONEncode(bare)
	if err != nil {
		return result{Error: true}, err
	}
	return result{Type: typeText(v.Type()), Value: text.AsString(), Sensitive: v.HasMark(Sensitive)}, nil
}

// typeText writes a type as the type function of terraform console does, but
// without white space.
func typeText(ty cty.Type) string {
	switch {
	case ty == cty.DynamicPseudoType:
		return "dynamic"
	case ty.IsPrimitiveType():
		return ty.FriendlyName()
	case ty.IsListType():
		return "list(" + typeText(ty.ElementType()) + ")"
	case ty.IsSetType():
		return "set(" + typeText(ty.ElementType()) + ")"
	case ty.IsMapType():
		return "map(" + typeText(ty.ElementType()) + ")"
	case ty.IsTupleType():
		var b strings.Builder
		for _, e := range ty.TupleElementTypes() {
			b.WriteString(typeText(e) + ",")
		}
		return "tuple([" + b.String() + "])"
	case ty.IsObjectType():
		attrs := ty.AttributeTypes()
		names := make([]string, 0, len(attrs))
		for name := range attrs {
			names = append(names, name)
		}
		slices.Sort(names)
		var b strings.Builder
		for _, name := range names {
			fmt.Fprintf(&b, "%s:%s,", strings.Join(strings.Fields(name), ""), typeText(attrs[name]))
		}
		return "object({" + b.String() + "})"
	}
	return ty.GoString()
}

// stricter holds the expressions that we refuse on purpose although Terraform
// 1.11 makes a value of them, with the reason.
var stricter = map[string]string{
	`cidrsubnet("10.1.2.0/24", 1, -1)`: "Terraform 1.11 returns 0.0.0.128/25, which is outside the prefix; go-cidr has mended that since",
}

// TestOracle evaluates every expression and compares the result with the
// recorded one of terraform console.
func TestOracle(t *testing.T) {
	ctx := evalContext(t)
	o := readOracle(t)
	if len(o.Rows) < 300 {
		t.Errorf("the oracle has %d rows, want at least 300", len(o.Rows))
	}
	for _, row := range o.Rows {
		t.Run(row.Expr, func(t *testing.T) {
			got, err := evaluate(row.Expr, ctx)
			if reason, ok := stricter[row.Expr]; ok {
				if !got.Error || row.Error {
					t.Errorf("%s: got %+v, terraform %+v; want an error from us alone: %s", row.Expr, got, row.result, reason)
				}
				return
			}
			if got != row.result {
				t.Errorf("%s\n got %+v (%v)\nwant %+v %s", row.Expr, got, err, row.result, row.Message)
			}
		})
	}
}

// TestOracleIsRecorded fails when an expression was added or changed without
// recording it.
func TestOracleIsRecorded(t *testing.T) {
	exprs := expressions(t)
	seen := map[string]bool{}
	for _, e := range exprs {
		if seen[e] {
			t.Errorf("the expression stands twice: %s", e)
		}
		seen[e] = true
	}
	recorded := map[string]bool{}
	for _, row := range readOracle(t).Rows {
		recorded[row.Expr] = true
		if !seen[row.Expr] {
			t.Errorf("recorded, but not in %s: %s", expressionsFile, row.Expr)
		}
	}
	for _, e := range exprs {
		if !recorded[e] {
			t.Errorf("not recorded: %s", e)
		}
	}
	if t.Failed() {
		t.Log(`run "TF_ACC=1 go test ./generator/functions -run TestOracleLive -update"`)
	}
}

// TestOracleCoversTable demands a row with a value for every function.
func TestOracleCoversTable(t *testing.T) {
	called := map[string]bool{}
	for _, row := range readOracle(t).Rows {
		if row.Error {
			continue
		}
		expr, diags := hclsyntax.ParseExpression([]byte(row.Expr+"\n"), "expression", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		hclsyntax.VisitAll(expr, func(node hclsyntax.Node) hcl.Diagnostics {
			if call, ok := node.(*hclsyntax.FunctionCallExpr); ok {
				called[strings.TrimPrefix(call.Name, corePrefix)] = true
			}
			return nil
		})
	}
	for name := range Table() {
		if !strings.HasPrefix(name, corePrefix) && !called[name] {
			t.Errorf("no row of the oracle calls %s with success", name)
		}
	}
}
