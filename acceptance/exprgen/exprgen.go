// Package exprgen makes expressions of Terraform's language at random, for
// tests that compare what an expression means before and after bpgen.
//
// It takes a source of choices and returns text: expressions over variables
// whose names say their kind (k_s is a string), values for those variables and
// declarations of them. Nothing it returns is sure to evaluate: expressions
// that fail are part of the language. It does not touch the operating system.
package exprgen

import (
	"fmt"
	"strings"
)

// A Kind is one of the types that the variables have.
type Kind string

// The kinds, as the names of variables spell them.
const (
	String  Kind = "s"
	Null    Kind = "z" // a string that may be null
	Number  Kind = "n"
	Bool    Kind = "b"
	List    Kind = "l"
	Numbers Kind = "ln"
	Map     Kind = "m"
	Set     Kind = "st"
	Object  Kind = "o"
	Objects Kind = "lo"
	Named   Kind = "mo"
	Any     Kind = "t"
	Maybe   Kind = "zo" // an object that may be null
	Maybes  Kind = "lz" // a list of such objects
	Alike   Kind = "la" // a list whose members are made alike
	AlikeIn Kind = "ma" // the same as a map
	Maps    Kind = "lm"
	Lists   Kind = "ll"
	Tuple   Kind = "tp"
)

// Kinds lists all kinds.
func Kinds() []Kind {
	return []Kind{String, Null, Number, Bool, List, Numbers, Map, Set, Object, Objects, Named, Any, Maybe, Maybes, Alike, AlikeIn, Maps, Lists, Tuple}
}

const object = `object({ a = string, n = number, l = list(number), q = optional(string, "dq"), z = optional(string) })`

// Type returns the type constraint of a kind.
func (k Kind) Type() string {
	return map[Kind]string{String: "string", Null: "string", Number: "number", Bool: "bool", List: "list(string)", Numbers: "list(number)", Map: "map(string)", Set: "set(string)",
		Object: object, Objects: "list(" + object + ")", Named: "map(" + object + ")", Any: "any",
		Maybe: object, Maybes: "list(object({ a = string, o = optional(object({ n = number })), l = optional(list(string)) }))", Alike: "list(any)", AlikeIn: "map(any)",
		Maps: "list(map(string))", Lists: "list(list(string))", Tuple: "tuple([string, number, list(string)])"}[k]
}

// values are what variables of a kind are given.
var values = map[Kind][]string{
	String:  {`"a"`, `"x\"y"`, `"5"`, `""`, `"l1\nl2"`, `"$${z}"`, `"true"`, `"%%{if"`, `"$"`},
	Null:    {`null`, `"b"`},
	Number:  {"1", "0", "-2", "2.5"},
	Bool:    {"true", "false"},
	List:    {`["a", "b"]`, `[]`, `["5"]`, `["k.2", "x", "a"]`},
	Numbers: {`[3, 1]`, `[]`, `[-1]`},
	Map:     {`{ a = "1", "k.2" = "v" }`, `{}`, `{ b = "x" }`},
	Set:     {`["b", "a"]`, `[]`},
	Object:  {`{ a = "oa", n = 3, l = [1, 2] }`, `{ a = "7", n = 0, l = [], q = "Q" }`, `{ a = "", n = -1, l = [4], q = null, z = "zz" }`},
	Objects: {`[{ a = "p", n = 1, l = [] }, { a = "q", n = 2, l = [9], q = "w" }]`, `[]`},
	Named:   {`{ one = { a = "p", n = 1, l = [] }, two = { a = "q", n = 2, l = [9], z = "w" } }`, `{}`},
	Any:     {`[1, "a", { x = [true] }]`, `{ x = { y = ["p", 2] } }`, `"true"`},
	Maybe:   {`null`, `{ a = "oa", n = 3, l = [1, 2] }`},
	Maybes:  {`[{ a = "1", o = { n = 1 } }, { a = "2", l = ["x"] }]`, `[{ a = "1" }]`, `[null, { a = "3", o = { n = 2 } }]`, `[]`},
	Alike:   {`["a", 1]`, `[true, "b"]`, `[1, 2]`, `[]`},
	AlikeIn: {`{ a = "x", b = 1 }`, `{ a = 1 }`, `{}`},
	Maps:    {`[{ a = "1" }, { b = "5" }]`, `[{}]`, `[]`},
	Lists:   {`[["a"], ["b", "5"]]`, `[[]]`, `[]`},
	Tuple:   {`["a", 1, ["x"]]`, `[5, "2", []]`},
}

// A Choices makes the choices: Intn returns a number from 0 to n-1.
type Choices interface{ Intn(n int) int }

// Bytes are choices read from bytes, one each; after the last they are all 0.
type Bytes struct{ Data []byte }

// Intn implements Choices.
func (b *Bytes) Intn(n int) int {
	if len(b.Data) == 0 {
		return 0
	}
	c := b.Data[0]
	b.Data = b.Data[1:]
	return int(c) % n
}

// A Gen makes expressions.
type Gen struct {
	C     Choices
	Roots []string // what variables' names start with: "k" gives var.k_s
	names []bound  // of the loops around the place
	loops int
}

type bound struct {
	name string
	kind Kind
}

// Value returns a value for a variable of the kind.
func (g *Gen) Value(k Kind) string { return g.pick(values[k]...) }

func (g *Gen) pick(of ...string) string { return of[g.C.Intn(len(of))] }

// maybe is true once in n times.
func (g *Gen) maybe(n int) bool { return g.C.Intn(n) == n-1 }

func (g *Gen) kind() Kind { ks := Kinds(); return ks[g.C.Intn(len(ks))] }

// variable returns a variable of the kind.
func (g *Gen) variable(k Kind) string { return "var." + g.pick(g.Roots...) + "_" + string(k) }

// Expr returns an expression of about the kind, nested at most depth deep.
func (g *Gen) Expr(k Kind, depth int) string {
	var local []string
	for _, n := range g.names {
		if n.kind == k {
			local = append(local, n.name)
		}
	}
	if len(local) > 0 && g.maybe(3) {
		return g.pick(local...)
	}
	if depth <= 0 || g.maybe(8) {
		if g.maybe(5) && k != Null && k != Object && k != Objects && k != Named {
			return g.Value(k)
		}
		return g.variable(k)
	}
	e := func(k Kind) string { return g.Expr(k, depth-1) }
	if g.maybe(3) {
		return g.common(k, e)
	}
	switch k {
	case String:
		return g.str(e, depth)
	case Number:
		return g.number(e)
	case Bool:
		return g.boolean(e, depth)
	case List:
		return g.list(e, depth)
	case Numbers:
		return g.numbers(e, depth)
	case Map:
		return g.mapping(e, depth)
	case Set:
		return g.f(e, "toset(l)", "setunion(st, l)", "toset(concat(l, [s]))", "setsubtract(st, l)")
	case Object:
		return g.f(e, "{ a = s, n = n, l = ln, q = s, z = z }", "merge(o, { n = n })", "{\n  a = s\n  n = n # note\n  l = ln, q = z\n  z = z\n}", "element(lo, abs(n))", "mo[s]", "lo[0]")
	case Objects:
		return g.f(e, "[o, o]", "concat(lo, [o])", "values(mo)", "[for x in lo : x if x.n > n]", "(lo)[*]")
	case Named:
		return g.f(e, "{ one = o, (s) = o }", "{ for x in lo : x.a => x }", "merge(mo, { one = o })", "{ for k, x in mo : k => x if x.a != s }")
	case Maybe:
		return g.f(e, "(b ? zo : null)", "(b ? o : null)", "(b ? null : zo)", "try(zo, null)", "one([zo])", "(b ? o : zo)", "(zo == null ? o : zo)")
	case Maybes:
		return g.f(e, "[for x in lz : x if x != null]", "concat(lz, lz)", "(b ? lz : [])", "reverse(lz)", "tolist(lz)", "lz[*]")
	case Alike:
		return g.f(e, "tolist([s, n])", "concat(la, la)", "(b ? la : [])", "(b ? la : [n])", "[for x in la : x]", "tolist(la)", "values(ma)", "reverse(la)")
	case AlikeIn:
		return g.f(e, "tomap({ a = s, b = n })", "merge(ma, ma)", "(b ? ma : {})", "{ for k, x in ma : k => x }", "(b ? ma : { (s) = n })", "merge(ma, m)")
	case Maps:
		return g.f(e, "[m, m]", "concat(lm, [m])", "[for x in lm : x]", "(b ? lm : [])", "tolist([m])", "reverse(lm)", "[for x in lm : merge(x, m)]")
	case Lists:
		return g.f(e, "[l, l]", "concat(ll, [l])", "[for x in ll : x]", "(b ? ll : [])", "tolist([l])", "distinct(ll)", "[values(m), l]")
	case Tuple:
		return g.f(e, "[s, n, l]", "tp", "(b ? tp : tp)")
	case Null:
		return g.f(e, "(b ? s : null)", "(b ? null : z)", "try(z, null)", "(o).z", "one(l)", "lookup(m, s, null)")
	}
	return g.f(e, "[s, n, { x = l }]", "(b ? [s] : [])", "(b ? { x = s } : {})", "jsondecode(jsonencode(o))", "t", "one([t])", "{ for k, v in m : v => k... }", "(t)[*]")
}

// f fills a pattern, one of several, in: a word of it that is a kind becomes an
// expression of that kind.
func (g *Gen) f(e func(Kind) string, patterns ...string) string {
	p := g.pick(patterns...)
	var out strings.Builder
	inString := false
	for i := 0; i < len(p); {
		j := i
		for j < len(p) && (p[j] >= 'a' && p[j] <= 'z' || p[j] == '_' || p[j] >= '0' && p[j] <= '9') {
			j++
		}
		if j == i {
			if p[i] == '"' {
				inString = !inString
			}
			out.WriteByte(p[i])
			i++
			continue
		}
		word := p[i:j]
		_, isKind := values[Kind(word)]
		rest := strings.TrimLeft(p[j:], " ")
		before := strings.TrimRight(p[:i], " ")
		key := strings.HasPrefix(rest, "=") && !strings.HasPrefix(rest, "==") && !strings.HasPrefix(rest, "=>")
		if isKind && (!inString || strings.HasSuffix(before, "${")) && !key && !strings.HasSuffix(before, ".") && !strings.HasPrefix(rest, "(") {
			word = e(Kind(word))
		}
		out.WriteString(word)
		i = j
	}
	return out.String()
}

// common returns what an expression of any kind may be.
func (g *Gen) common(k Kind, e func(Kind) string) string {
	x := strings.NewReplacer("@", string(k))
	if k == Objects || k == Named || k == Any || k == Maybes || k == Alike || k == AlikeIn {
		// A conditional between lists of objects with lists in them depends on
		// types that HCL cannot spell once a list has become a tuple.
		return g.f(e, x.Replace("try(@, @)"), x.Replace("[@, @][1]"), x.Replace("{ k = @, y = s }.k"), x.Replace("sensitive(@)"), x.Replace("one([@])"))
	}
	if g.maybe(6) { // what fails, and only try sees it
		return g.f(e, x.Replace("try((o).nope.a, @)"), x.Replace("try([(o).nope, @][1], @)"), x.Replace("try(length([(o).nope]) == 1 ? @ : @, @)"), x.Replace("try({ k = (o).nope, y = @ }.y, @)"),
			x.Replace("(can(keys({ k = (o).nope })) ? @ : @)"), x.Replace("try(one([for x in [(o).nope] : @]), @)"), x.Replace("try((o).nope == null || b ? @ : @, @)"), x.Replace("try(lookup({ k = @ }, \"k\", (o).nope), @)"))
	}
	return g.f(e, x.Replace("(b ? @ : @)"), x.Replace("(\n  b\n  ? @ # first\n  : @\n)"), x.Replace("try(@, @)"), x.Replace("[@, @][0]"), x.Replace("[@, @][1]"), x.Replace("{ k = @, y = s }.k"),
		x.Replace("(@)"), x.Replace(`{ k = @, "y.1" = s }["k"]`), x.Replace("try(@, s, @)"), x.Replace("(z != null ? @ : @)"), x.Replace("one([@])"), x.Replace("[for x in [@] : x][0]"), x.Replace("flatten([[@]])[0]"),
		x.Replace("(b ? [@] : [])[0]"), x.Replace("one(b ? [@] : [])"), x.Replace("(b ? { k = @ } : { k = @ }).k"), x.Replace("sensitive(@)"), x.Replace("nonsensitive(sensitive(@))"))
}

// loop returns a name for a loop variable and calls body while it is bound.
func (g *Gen) loop(k Kind, body func(name string)) {
	// A loop variable may be called as what links stand for, and must not hide it.
	name := g.pick("x", "y", "thing", "local2", fmt.Sprintf("i%d", g.loops))
	g.loops++
	saved := g.names
	var names []bound
	for _, b := range saved {
		if b.name != name {
			names = append(names, b)
		}
	}
	g.names = append(names, bound{name, k})
	body(name)
	g.names = saved
}

func (g *Gen) str(e func(Kind) string, depth int) string {
	if g.maybe(2) {
		return `"` + g.template(depth, true) + `"`
	}
	if g.maybe(8) {
		return "<<-EOT\n    " + g.template(depth, false) + "\n      " + g.template(depth, false) + "\n  EOT\n"
	}
	return g.f(e, "upper(s)", "join(s, l)", `join(",", l)`, "(l)[n]", "(m)[s]", "lookup(m, s, s)", "(o).a", "(o).q", "(lo)[0].a", "(mo)[s].q", `format("%s|%v", s, n)`, "tostring(n)", "jsonencode(t)", "jsonencode(o)", "jsonencode(l)",
		"one(l)", "element(l, abs(n))", "(t)[2].x", "coalesce(z, s)", "coalesce(s, s)", `trimspace(s)`, "replace(s, s, s)", "s", "lo[*].a[0]", `try((t).x.y[0], s)`, "substr(s, 0, 1)",
		"lookup({ k = s }, s, s)", "lookup(m, s, n)", "lookup(lm[0], s, n)", "lookup(ma, s, n)", "(la)[0]", "(tp)[0]", "coalesce(z, n)", "coalesce(s, n)", "(b ? s : n)", "(b ? z : n)", "(zo == null ? s : zo.a)", "jsonencode(zo)", "jsonencode(la)", "jsonencode(b ? l : ln)",
		"jsonencode(lz)", `join(",", [for x in lz : x.o == null ? x.a : tostring(x.o.n)])`, `join(",", [for x in lm : lookup(x, s, n)])`, "(b ? l : st)[0]", "jsonencode(setunion(ln, l))", "jsonencode(setsubtract(st, ln))", "jsonencode(setintersection(l, la))")
}

// template returns the inside of a template.
func (g *Gen) template(depth int, quoted bool) string {
	var b strings.Builder
	e := func(k Kind) string {
		x := g.Expr(k, depth-1)
		if strings.Contains(x, "\n") {
			return "(" + strings.TrimSpace(x) + "\n)"
		}
		return x
	}
	for range 1 + g.C.Intn(4) {
		if g.maybe(2) {
			if quoted {
				b.WriteString(g.pick("a", "-", " ", `\n`, `\"`, "$${", "~", "$", "%", "%%{", `\u00e9`, "{", "}"))
			} else {
				b.WriteString(g.pick("a", "-", " ", "\n    ", `"`, "$${", "~", "$", "%", "%%{", "é", `\n`))
			}
			continue
		}
		switch g.C.Intn(9) {
		case 0, 1:
			b.WriteString("${" + e(String) + "}")
		case 2:
			b.WriteString("${" + e(Number) + "}")
		case 3:
			b.WriteString("${~ " + e(String) + " ~}")
		case 4:
			b.WriteString("%{if " + e(Bool) + "}" + g.pick("", "y ") + "${" + e(String) + "}%{else}e%{endif}")
		case 5:
			b.WriteString("%{~ if " + e(Bool) + " ~} t %{~ endif ~}")
		case 6:
			list := e(List)
			g.loop(String, func(n string) { b.WriteString("%{for " + n + " in " + list + "}${" + e(String) + "},%{endfor}") })
		case 7:
			m := e(Map)
			b.WriteString("%{ for k, v in " + m + " ~}\n${k}=${v} %{ endfor ~}")
		case 8:
			b.WriteString("%{if " + e(Bool) + "}%{if " + e(Bool) + "}x%{endif}%{else}${" + e(String) + "}%{endif}")
		}
	}
	if quoted {
		return strings.ReplaceAll(b.String(), "~}\n$", "~} $")
	}
	return b.String()
}

func (g *Gen) number(e func(Kind) string) string {
	return g.f(e, "n + n", "n - n", "(n * n)", "n / n", "n % n", "(n - n)", "-n", "length(s)", "length(l)", "length(m)", "length(st)", "length(lo)", "length(t)", "max(n, n)", "sum(ln)", "(o).n", "(ln)[0]", "tonumber(s)", "max(ln...)",
		"length(lo[*].n)", "sum([for x in lo : x.n])", "(lo)[1].n", "n", "floor(n)", "index(l, s)", "try(tonumber(s), n)", "(b ? n : 0)", "lookup({ k = n }, s, n)", "(b ? 1 : 0)", "coalesce(n, n)")
}

func (g *Gen) boolean(e func(Kind) string, depth int) string {
	if g.maybe(4) {
		k := g.kind()
		x := func() string {
			// An empty list in an object has no type in its text, and no other object
			// beside it to take one from.
			if k == Objects || k == Named || k == Maybe || k == Maybes {
				return g.variable(k)
			}
			return g.Expr(k, depth-1)
		}
		if (k == List || k == Numbers || k == Objects) && g.maybe(4) {
			return "(" + x() + " == [])"
		}
		return "(" + x() + " " + g.pick("==", "!=") + " " + x() + ")"
	}
	if g.maybe(4) {
		k := g.kind()
		return g.f(e, "can("+string(k)+")", "("+string(k)+" == null)", "("+string(k)+" != null)")
	}
	return g.f(e, "(b && b)", "(b || b)", "b && b", "b || b", "!b", "(n < n)", "n >= n", "n == n", "contains(l, s)", "contains(st, s)", "tobool(s)", "can((t).x)", "alltrue([b, b])", "anytrue([for x in l : x == s])",
		"(length(l) > 0)", "s == z", "startswith(s, s)", "(zo == null)", "(zo != null)", "contains(la, s)", "(l == tolist([s]))", "(m == tomap({ a = s }))", "(values(m) == l)", "(merge(m, m) == m)",
		"(setunion(st, l) == st)", "alltrue([for x in lz : x == null])", "(keys(m) == l)", "(l == ln)", "(m == ma)")
}

func (g *Gen) list(e func(Kind) string, depth int) string {
	if g.maybe(3) {
		src, k := g.Expr(List, depth-1), g.pick("", "k, ")
		cond := ""
		var out string
		g.loop(String, func(n string) {
			body := g.Expr(String, depth-1)
			if g.maybe(2) {
				cond = " if " + g.Expr(Bool, depth-1)
			}
			out = "[for " + k + n + " in " + src + " : " + body + cond + "]"
		})
		return out
	}
	if g.maybe(4) {
		src := g.Expr(Objects, depth-1)
		var out string
		g.loop(Object, func(n string) {
			body := g.Expr(String, depth-1)
			if g.maybe(3) {
				body = g.f(e, "try("+n+".nope.a, s)", "try("+n+".l[0].a, "+n+".a)", "(can("+n+".a.b) ? s : s)", "try("+n+".q, s)")
			}
			out = "[for " + n + " in " + src + " : " + body + "]"
		})
		return out
	}
	if g.maybe(4) {
		src := g.Expr(Map, depth-1)
		saved := g.names
		g.names = append(append([]bound{}, saved...), bound{"k", String})
		var out string
		g.loop(String, func(n string) { out = "[for k, " + n + " in " + src + " : " + g.Expr(String, depth-1) + "]" })
		g.names = saved
		return out
	}
	return g.f(e, "concat(l, l)", "[s, s]", "[\n  s,\n  s, # last\n]", "keys(m)", "keys(o)", "values(m)", "[o, o][*].a", "(o)[*].q", "(lo)[*].a", "(lo).*.q", "values(mo)[*].a", "compact([s, z])", "sort(l)", "distinct(l)", "(s)[*]", "(z)[*]", "flatten([l, [s]])",
		"tolist(st)", "slice(l, 0, 1)", "split(s, s)", "reverse(l)", "(mo)[*].one.a", "concat(b ? [s] : [], l)", "(b ? l : [])", "(b ? [s] : [])")
}

func (g *Gen) numbers(e func(Kind) string, depth int) string {
	if g.maybe(3) {
		src := g.Expr(Numbers, depth-1)
		var out string
		g.loop(Number, func(n string) { out = "[for " + n + " in " + src + " : " + g.Expr(Number, depth-1) + "]" })
		return out
	}
	return g.f(e, "(o).l", "[n, n]", "concat(ln, [n])", "[o][*].n", "(lo)[*].n", "flatten(lo[*].l)", "range(2)", "flatten([for x in lo : [for y in x.l : y + n]])")
}

func (g *Gen) mapping(e func(Kind) string, depth int) string {
	if g.maybe(3) {
		src := g.Expr(List, depth-1)
		var out string
		g.loop(String, func(n string) {
			out = "{ for " + n + " in " + src + " : " + g.Expr(String, depth-1) + " => " + g.Expr(String, depth-1) + " }"
		})
		return out
	}
	if g.maybe(3) {
		src := g.Expr(Map, depth-1)
		saved := g.names
		g.names = append(append([]bound{}, saved...), bound{"kk", String})
		var out string
		g.loop(String, func(n string) {
			cond := ""
			if g.maybe(2) {
				cond = " if " + g.Expr(Bool, depth-1)
			}
			out = "{ for kk, " + n + " in " + src + " : kk => " + g.Expr(String, depth-1) + cond + " }"
		})
		g.names = saved
		return out
	}
	return g.f(e, "merge(m, m)", "{ (s) = s, b = s }", "zipmap(l, l)", "tomap({ a = s })", `{ "${s}" = s }`, "{ for k, x in mo : k => x.a }", "{ a = s }", "merge(m, b ? { c = s } : {})", "{ (s) : s }", "{ 5 = s, true = s }")
}
