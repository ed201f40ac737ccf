package link

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/specialise"
	"github.com/bpgen/bpgen/generator/template"
)

// A past is one former name of a component: it says what everything of the component
// was called under it.
type past struct {
	part *part
	was  blueprint.Former
	flat map[string]string // address of the module -> address in the template
}

// pasts returns the former names of a part, the latest first.
func (p *part) pasts() []past {
	if len(p.Was) == 0 {
		return nil
	}
	flat := map[string]string{}
	for _, a := range p.comp.Addresses {
		if a.Flat != "" {
			flat[a.Flat] = a.Template
		}
	}
	var out []past
	for _, w := range p.Was {
		out = append(out, past{p, w, flat})
	}
	return out
}

// prefix returns the prefix of then.
func (w past) prefix() *string {
	if w.was.Prefix != nil {
		return w.was.Prefix
	}
	return w.part.Prefix
}

// address returns what an address of the module was.
func (w past) address(now string) string {
	kind, label := now[:strings.LastIndexByte(now, '.')+1], now[strings.LastIndexByte(now, '.')+1:]
	if of, ok := w.flat[now]; ok {
		return kind + w.inTemplate(of)
	}
	return kind + w.label(label)
}

// inTemplate returns the label of then for an address of the template, which may go
// through modules that are written inline: their names begin with what the call is
// called.
func (w past) inTemplate(address string) string {
	name, prefix := w.was.Name, w.prefix()
	parts := strings.Split(address, ".")
	for len(parts) > 2 && parts[0] == "module" {
		call, _, _ := strings.Cut(parts[1], "[")
		name, prefix = specialise.Prefixed(name, prefix, call), nil
		parts = parts[2:]
	}
	return specialise.Prefixed(name, prefix, parts[len(parts)-1])
}

// label returns the label of then for one of the module that no object has any more,
// or that is no object's: it undoes Prefixed.
func (w past) label(now string) string {
	start := w.part.Name
	if w.part.Prefix != nil {
		start = *w.part.Prefix
	}
	if now == cmp.Or(start, w.part.Name) {
		return specialise.Prefixed(w.was.Name, w.prefix(), "this")
	}
	rest, ok := now, true
	if start != "" {
		rest, ok = strings.CutPrefix(now, start+"_")
	}
	if !ok {
		return now
	}
	return specialise.Prefixed(w.was.Name, w.prefix(), rest)
}

// former lists what the module called otherwise in earlier versions of the blueprint,
// and reports names that something else has now.
func (l *linker) former(order []*part, units []unit, m *Module) []Former {
	list := formerList{seen: map[Former]bool{}}
	pasts := map[*part][]past{}
	for _, p := range order {
		pasts[p] = p.pasts()
	}
	for _, u := range units {
		if u.Shared {
			continue
		}
		for _, w := range pasts[u.part] {
			if lang.Kind(u.Kind) == lang.Module || u.Kind == "resource" || u.Kind == "data" || u.Kind == "ephemeral" {
				list.add(w.address(u.Address), u.Address)
			}
			for _, a := range u.locals() {
				list.add("local."+w.label(a.Name), "local."+a.Name)
			}
		}
	}
	l.formerInterface(&list, m)
	return list.sorted()
}

// formerNested is former for the nested layout: the root module has calls, variables
// and outputs alone.
func (l *linker) formerNested(order []*part, m *Module) []Former {
	list := formerList{seen: map[Former]bool{}}
	for _, p := range order {
		for _, w := range p.Was {
			list.add("module."+w.Name, "module."+p.Name)
		}
	}
	l.formerInterface(&list, m)
	return list.sorted()
}

// formerInterface adds the variables and outputs of the module, and reports former
// names that others of them have now.
func (l *linker) formerInterface(list *formerList, m *Module) {
	for _, v := range m.Variables {
		if v.Component == "" {
			continue
		}
		p := l.parts[v.Component]
		rest, plain := strings.CutPrefix(v.Name, p.Name+"_")
		if plain = plain && !slices.Contains(slices.Collect(maps.Values(p.Expose)), v.Name); !plain {
			continue // It has a name that the blueprint gives it.
		}
		for _, w := range p.Was {
			list.add("var."+w.Name+"_"+rest, "var."+v.Name)
		}
	}
	for _, v := range l.in.Blueprint.Variables {
		for _, w := range v.Was {
			if at, taken := l.owners[w.Name]; taken {
				l.errorf(w.Range, "Former name in use", "The variable %q was called %q, but the rendered module has a variable of that name, declared at %s. Give that one another name, or remove %q from \"was\".", v.Name, w.Name, at, w.Name)
				continue
			}
			if slices.ContainsFunc(m.Variables, func(have Variable) bool { return have.Name == v.Name }) {
				list.add("var."+w.Name, "var."+v.Name)
			}
		}
	}
	for _, o := range l.in.Blueprint.Outputs {
		for _, w := range o.Was {
			if slices.ContainsFunc(m.Outputs, func(have Output) bool { return have.Name == o.Name }) {
				list.add("output."+w.Name, "output."+o.Name)
			}
		}
	}
}

// A formerList collects former names, each once.
type formerList struct {
	seen map[Former]bool
	all  []Former
}

func (f *formerList) add(from, to string) {
	if one := (Former{from, to}); from != to && !f.seen[one] {
		f.seen[one] = true
		f.all = append(f.all, one)
	}
}

func (f *formerList) sorted() []Former {
	slices.SortFunc(f.all, func(a, b Former) int {
		return cmp.Or(strings.Compare(a.To, b.To), strings.Compare(a.From, b.From))
	})
	return f.all
}

// moves adds moved blocks for the objects of components that had other names, behind
// the blocks of each. Terraform allows one block for each address, so what had several
// names moves from one to the next.
func (l *linker) moves(units []unit) []unit {
	if !slices.ContainsFunc(l.in.Blueprint.Components, func(c *blueprint.Component) bool { return len(c.Was) > 0 }) {
		return units
	}
	alive := map[string]hcl.Range{}
	for _, u := range units {
		alive[u.Address] = u.Origin
	}
	var out []unit
	for i, u := range units {
		out = append(out, u)
		p := u.part
		if len(p.Was) == 0 || slices.ContainsFunc(units[i+1:], func(o unit) bool { return o.part == p }) {
			continue
		}
		mine := slices.DeleteFunc(slices.Clone(units), func(o unit) bool { return o.part != p })
		for _, step := range chained(p, mine) {
			if _, there := alive[step.From]; there {
				l.errorf(p.Range, "Former name in use", "The component %q was called otherwise, and %s was %s then, but a block of the module is called that now, at %s. Give its component another prefix.", p.Name, step.To, step.From, alive[step.From])
				continue
			}
			code := l.code(movedText(step), p.Range)
			out = append(out, unit{Block: specialise.Block{Kind: "moved", Code: code, Origin: p.Range}, file: p.File, part: p})
		}
	}
	return out
}

func movedText(f Former) string {
	return "moved {\n  from = " + f.From + "\n  to   = " + f.To + "\n}\n"
}

// movedModule writes the moved blocks of a component that is a module of its own.
func (l *linker) movedModule(p *part) string {
	var b strings.Builder
	to := "module." + p.Name
	for _, w := range p.Was {
		if from := "module." + w.Name; from != to {
			if other := l.parts[w.Name]; other != nil {
				continue // reported where the blueprint is read
			}
			b.WriteString("\n" + movedText(Former{from, to}))
			to = from
		}
	}
	return b.String()
}

// chained returns the moves of a part's objects, from each former name to the next.
//
// What the template itself moves was moved under every name: a state may be from
// before it or from behind it. So each former name has the template's moves too, and
// its last address moves to the first of the name that came next.
func chained(p *part, mine []unit) []Former {
	own := ownMoves(mine)
	var out []Former
	for _, u := range mine {
		if u.Address == "" || u.Kind != "resource" && u.Kind != "module" {
			continue
		}
		line := lineOf(u.Address, own) // the latest address first
		next, seen := slices.Clone(line), map[string]bool{}
		for _, a := range line {
			seen[a] = true
		}
		for _, w := range p.pasts() {
			var then []string
			for _, a := range line {
				if was := w.address(a); !seen[was] {
					seen[was] = true
					then = append(then, was)
				}
			}
			if len(then) == 0 {
				continue
			}
			head := next[len(next)-1]
			if resourceType(then[0]) != resourceType(head) {
				then = then[len(then)-1:] // no object turns back into one of an earlier type
			}
			for _, from := range then {
				out = append(out, Former{from, head})
				head = from
			}
			next = then
		}
	}
	return out
}

// ownMoves returns the moves of the template, by where they lead.
func ownMoves(mine []unit) map[string]string {
	own := map[string]string{}
	for _, u := range mine {
		if u.Kind == "moved" {
			if from, to, ok := movedOf(u.Code.String()); ok {
				own[to] = from
			}
		}
	}
	return own
}

// lineOf returns an address and those that the template moves to it, the latest first.
func lineOf(address string, own map[string]string) []string {
	line := []string{address}
	for range len(own) {
		from, ok := own[line[len(line)-1]]
		if !ok || slices.Contains(line, from) {
			break
		}
		line = append(line, from)
	}
	return line
}

func resourceType(address string) string { return address[:strings.LastIndexByte(address, '.')] }

// movedOf reads a moved block about whole objects of the module.
func movedOf(text string) (from, to string, ok bool) {
	f, diags := guard.Printed([]byte(text))
	if diags.HasErrors() {
		return "", "", false // vet reports it where it is written
	}
	body, ok := f.Body.(*hclsyntax.Body)
	if !ok || len(body.Blocks) != 1 {
		return "", "", false
	}
	whole := func(name string) string {
		a := body.Blocks[0].Body.Attributes[name]
		if a == nil {
			return ""
		}
		ref, diags := hcl.AbsTraversalForExpr(a.Expr)
		if diags.HasErrors() {
			return ""
		}
		address, steps := template.ObjectAddress(ref)
		if steps != len(ref) {
			return ""
		}
		return address
	}
	from, to = whole("from"), whole("to")
	return from, to, from != "" && to != ""
}
