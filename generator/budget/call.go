package budget

import (
	"math"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/guard"
)

// Call takes what a call costs beyond what it returns, before it is made: a few
// functions make far more than they are given, or work far longer. Of unknown
// arguments there is nothing to take.
func (b *Budget) Call(name string, args []cty.Value, at Place) *hcl.Diagnostic {
	if b.fault != nil {
		return b.fault
	}
	price := prices[strings.TrimPrefix(name, "core::")]
	if price == nil {
		return nil
	}
	plain := make([]cty.Value, len(args))
	for i, a := range args {
		if b.Value(a, false, at) != nil {
			return b.fault
		}
		plain[i], _ = a.UnmarkDeep()
		if !plain[i].IsWhollyKnown() {
			return nil
		}
	}
	steps, bytes := price(plain)
	return b.spend(bounded(steps), bounded(bytes), at)
}

// bounded returns a cost as a number that can be added to others.
func bounded(cost float64) int64 {
	return int64(min(max(cost, 0), math.MaxInt64/4))
}

// A price returns what a call costs in steps, and in bytes on the way to its
// result. Arguments of a wrong type or number cost nothing: the function refuses
// them.
type price func(args []cty.Value) (steps, bytes float64)

var prices = map[string]price{
	"setproduct": func(args []cty.Value) (float64, float64) {
		n := 1.0
		for _, a := range args {
			n *= float64(length(a))
		}
		return n, n * float64(len(args)+1) * member
	},
	"format":     formatted,
	"formatlist": formatted,
	"indent": func(args []cty.Value) (float64, float64) {
		return 0, number(args, 0) * float64(strings.Count(text(args, 1), "\n"))
	},
	"join": func(args []cty.Value) (float64, float64) {
		n := 0
		for _, a := range args[min(1, len(args)):] {
			n += length(a)
		}
		return float64(n) / glances, float64(n * len(text(args, 0)))
	},
	"replace":   replaced,
	"regex":     found,
	"regexall":  foundAll,
	"distinct":  quadratic,
	"index":     linear,
	"contains":  linear,
	"matchkeys": func(args []cty.Value) (float64, float64) { return pairs(args, 1, 2) },
	"jsondecode": func(args []cty.Value) (float64, float64) {
		return refusing(guard.JSON("", []byte(text(args, 0))).HasErrors(), text(args, 0))
	},
	"csvdecode": func(args []cty.Value) (float64, float64) {
		return refusing(guard.Text("", []byte(text(args, 0))).HasErrors(), text(args, 0))
	},
	"yamldecode": func(args []cty.Value) (float64, float64) {
		src := text(args, 0)
		if strings.Contains(src, "\x00") {
			return 0, 0 // yamldecode says so
		}
		if _, bytes := refusing(guard.YAML("", []byte(src)).HasErrors(), src); bytes >= spent {
			return 0, bytes
		}
		return 0, member * aliased(src)
	},
}

// spent is more than any budget holds.
const spent = math.MaxInt64 / 4

// refusing is what decoding a text costs. A text that guard refuses is more than
// a budget holds.
func refusing(refused bool, src string) (steps, bytes float64) {
	if refused {
		return 0, spent
	}
	return float64(len(src)) / glances / glances, float64(len(src))
}

// length returns the number of a value's members.
func length(v cty.Value) int {
	if v.IsNull() || !v.IsKnown() || !v.CanIterateElements() {
		return 0
	}
	return v.LengthInt()
}

// text returns an argument that is a string.
func text(args []cty.Value, i int) string {
	if i >= len(args) || args[i].IsNull() || args[i].Type() != cty.String {
		return ""
	}
	return args[i].AsString()
}

// number returns an argument that is a number.
func number(args []cty.Value, i int) float64 {
	if i >= len(args) || args[i].IsNull() || args[i].Type() != cty.Number {
		return 0
	}
	n, _ := args[i].AsBigFloat().Float64()
	return n
}

func linear(args []cty.Value) (float64, float64) {
	if len(args) == 0 {
		return 0, 0
	}
	return float64(length(args[0])) / glances, 0
}

// quadratic is the price of comparing all members with one another.
func quadratic(args []cty.Value) (float64, float64) { return pairs(args, 0, 0) }

// pairs is the price of comparing the members of two arguments.
func pairs(args []cty.Value, i, j int) (float64, float64) {
	if max(i, j) >= len(args) {
		return 0, 0
	}
	return float64(length(args[i])) * float64(length(args[j])) / glances, 0
}

// verb matches a verb of format with its width and precision.
var verb = regexp.MustCompile(`%[-+ #0]*(?:\[\d*\])?(\d*)(?:\.(\d*))?`)

// formatted is the price of the blanks and digits that a format asks for.
func formatted(args []cty.Value) (float64, float64) {
	wide := 0.0
	for _, m := range verb.FindAllStringSubmatch(text(args, 0), -1) {
		for _, digits := range m[1:] {
			n, err := strconv.ParseFloat(digits, 64)
			if err == nil {
				wide += n
			}
		}
	}
	rows := 1
	for _, a := range args[min(1, len(args)):] {
		rows = max(rows, length(a))
	}
	return 0, wide * float64(rows)
}

// replaced is the price of what takes the place of each match.
func replaced(args []cty.Value) (float64, float64) {
	src, old, with := text(args, 0), text(args, 1), text(args, 2)
	if len(old) > 1 && strings.HasPrefix(old, "/") && strings.HasSuffix(old, "/") {
		expr := old[1 : len(old)-1]
		steps, bytes := searched(expr, src)
		re, err := regexp.Compile(expr)
		if err != nil || steps > MaxSteps {
			return steps, bytes
		}
		// A match is at least as long as what its groups hold.
		n := len(re.FindAllStringIndex(src, -1))
		return steps, float64(n*len(with) + strings.Count(with, "$")*len(src))
	}
	return 0, float64(strings.Count(src, old) * len(with))
}

// found is the price of searching for a pattern once.
func found(args []cty.Value) (float64, float64) {
	size, n, _ := pattern(text(args, 0), text(args, 1))
	return n * size / instructions, 0
}

// foundAll is the price of searching for a pattern again and again.
func foundAll(args []cty.Value) (float64, float64) {
	return searched(text(args, 0), text(args, 1))
}

const (
	// instructions is how many instructions of a pattern run in the time of one
	// step.
	instructions = 128
	// rare is which part of a text a search looks at beyond its match, where it
	// begins anew after each.
	rare = 16
)

// searched is the price of finding all matches: each search may look far beyond
// what it finds.
func searched(expr, src string) (steps, bytes float64) {
	size, n, groups := pattern(expr, src)
	return n * n * size / instructions / rare, n * (1 + groups) * member / glances
}

// pattern returns the number of a pattern's instructions, of the places in a text
// where it may match, and of the pattern's groups.
func pattern(expr, src string) (size, places, groups float64) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return 0, 0, 0
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return 0, 0, 0
	}
	return float64(len(prog.Inst)), float64(len(src) + 1), float64(re.MaxCap())
}

// aliased returns how many values a YAML text stands for. An alias stands for all
// that its anchor holds.
func aliased(src string) float64 {
	if !strings.Contains(src, "*") || !strings.Contains(src, "&") {
		return 0
	}
	file, err := parser.ParseBytes([]byte(src), 0)
	if err != nil {
		// Another parser may take it: what it can come to at most is not known.
		return math.Pow(float64(len(src)), float64(min(3, strings.Count(src, "*"))))
	}
	c := counter{anchors: map[string]float64{}}
	n := 0.0
	for _, doc := range file.Docs {
		n += c.node(doc.Body)
	}
	return n
}

// A counter counts the values of YAML nodes.
type counter struct{ anchors map[string]float64 }

func (c counter) node(n ast.Node) float64 {
	sum := 1.0
	switch n := n.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			sum += c.node(v)
		}
	case *ast.MappingValueNode:
		return c.node(n.Key) + c.node(n.Value)
	case *ast.SequenceNode:
		for _, v := range n.Values {
			sum += c.node(v)
		}
	case *ast.TagNode:
		return c.node(n.Value)
	case *ast.AnchorNode:
		sum = c.node(n.Value)
		c.anchors[n.Name.String()] = sum
	case *ast.AliasNode:
		return sum + c.anchors[n.Value.String()]
	}
	return sum
}
