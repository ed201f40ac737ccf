package merge_test

import (
	"fmt"
	"math/rand/v2"
	"sort"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

type editKind int

const (
	setValue   editKind = iota // another value
	grown                      // an element or a key more
	setComment                 // a comment behind an argument, new or another
	added                      // an argument
	removed                    // an argument less
	addedBlock                 // a nested block
	ownBlock                   // a resource of one's own
	words                      // a line of comment in front of an argument
)

// An edit is what a user did at one place: the block that the path of ids leads to
// in a unit, as the marks had it before anything was edited.
type edit struct {
	kind    editKind
	unit    string
	path    []string
	name    string
	code    string // tokens of the new value
	comment string
}

// onlyWords says whether an edit changes nothing but comments.
func (e edit) onlyWords() bool { return e.kind == setComment || e.kind == words }

// A place is an attribute or block of the file that is edited.
type place struct {
	unit  string
	path  []string
	attr  *hclsyntax.Attribute // nil for the block itself
	block *hclsyntax.Block
}

// places lists where a file can be edited.
func places(src string, marks map[int]string) (out []place) {
	f, diags := hclsyntax.ParseConfig([]byte(src), "", hcl.InitialPos)
	if diags.HasErrors() {
		panic(diags)
	}
	units, err := modelOf(src, marks)
	if err != nil {
		panic(err)
	}
	by := map[string]*node{}
	for _, u := range units {
		by[u.address] = u
	}
	var walk func(unit string, path []string, b *hclsyntax.Block, n *node)
	walk = func(unit string, path []string, b *hclsyntax.Block, n *node) {
		out = append(out, place{unit, path, nil, b})
		for _, a := range b.Body.Attributes {
			out = append(out, place{unit, path, a, b})
		}
		for i, in := range b.Body.Blocks {
			walk(unit, append(path[:len(path):len(path)], n.blocks[i].id), in, n.blocks[i])
		}
	}
	for _, b := range f.Body.(*hclsyntax.Body).Blocks {
		switch b.Type {
		case "locals":
			for name, a := range b.Body.Attributes {
				out = append(out, place{"local." + name, nil, a, b})
			}
		case "moved":
		default:
			address := strings.Join(append([]string{b.Type}, b.Labels...), ".")
			walk(address, nil, b, by[address])
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].at() < out[j].at() })
	return out
}

func (p place) at() int {
	if p.attr != nil {
		return p.attr.SrcRange.Start.Byte
	}
	return p.block.TypeRange.Start.Byte
}

// A splice replaces a part of a text.
type splice struct {
	start, end int
	text       string
}

// edited makes so many edits in a file, each at a place of its own, and formats it.
func edited(r *rand.Rand, file, src string, marks map[int]string, n int) (string, []edit) {
	all := places(src, marks)
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	var out []edit
	var splices []splice
	for i, p := range all {
		if len(out) == n {
			break
		}
		e, s, ok := one(r, src, p, tag(file, i))
		if !ok || overlaps(splices, s) {
			continue
		}
		e.unit, e.path = p.unit, p.path
		out, splices = append(out, e), append(splices, s)
	}
	sort.Slice(splices, func(i, j int) bool { return splices[i].start > splices[j].start })
	for _, s := range splices {
		src = src[:s.start] + s.text + src[s.end:]
	}
	return string(hclwrite.Format([]byte(src))), out
}

// tag names an edit as no other of the module.
func tag(file string, n int) string {
	return fmt.Sprintf("%s_%d", strings.NewReplacer("-", "_", "/", "_", ".tf", "").Replace(file), n)
}

func overlaps(splices []splice, s splice) bool {
	for _, o := range splices {
		if s.start <= o.end && o.start <= s.end {
			return true
		}
	}
	return false
}

// one makes an edit at a place; n is different for each.
func one(r *rand.Rand, src string, p place, n string) (edit, splice, bool) {
	if p.attr == nil {
		return ofBlock(r, src, p, n)
	}
	expr := p.attr.Expr.Range()
	text := src[expr.Start.Byte:expr.End.Byte]
	lineEnd := expr.End.Byte + strings.IndexByte(src[expr.End.Byte:], '\n')
	rest := strings.TrimSpace(src[expr.End.Byte:lineEnd])
	if rest != "" && rest[0] != '#' || p.block.Body.SrcRange.Start.Line == p.block.Body.SrcRange.End.Line || strings.HasPrefix(text, "<<") {
		return edit{}, splice{}, false // it shares its line
	}
	e := edit{name: p.attr.Name}
	value := func(kind editKind, to string) (edit, splice, bool) {
		e.kind, e.code = kind, tokens(to)
		return e, splice{expr.Start.Byte, expr.End.Byte, to}, true
	}
	switch k := r.IntN(10); {
	case k < 2:
		return value(setValue, fmt.Sprintf("var.own_%s", n))
	case k < 3:
		return value(setValue, fmt.Sprintf("var.own_condition_with_a_long_name_%s ? 1 : length(var.own_list_%s)", n, n))
	case k < 5 && strings.HasSuffix(text, "]") && strings.HasPrefix(text, "[") && text != "[]" && !strings.Contains(text, "for "):
		inner := strings.TrimRight(text[:len(text)-1], " \n\t,")
		if strings.Contains(inner[strings.LastIndexByte(inner, '\n')+1:], "#") {
			return edit{}, splice{}, false
		}
		end := "]"
		if strings.Contains(text, "\n") {
			end = ",\n]"
		}
		return value(grown, inner+fmt.Sprintf(`, "own-%s"`, n)+end)
	case k < 7:
		e.kind, e.comment = setComment, fmt.Sprintf("# own comment %s", n)
		return e, splice{expr.End.Byte, lineEnd, " " + e.comment}, true
	case k < 8 && p.unit != "local."+p.attr.Name && p.attr.Name != "from" && p.attr.Name != "to":
		start := strings.LastIndexByte(src[:p.attr.SrcRange.Start.Byte], '\n') + 1
		e.kind = removed
		return e, splice{start, lineEnd + 1, ""}, true
	case k < 9:
		start := strings.LastIndexByte(src[:p.attr.SrcRange.Start.Byte], '\n') + 1
		e.kind, e.comment = words, fmt.Sprintf("# own words %s", n)
		return e, splice{start, start, "  " + e.comment + "\n"}, true
	}
	return value(setValue, fmt.Sprintf(`"own-%s"`, n))
}

// ofBlock makes an edit of a block: something new in it or behind it.
func ofBlock(r *rand.Rand, src string, p place, n string) (edit, splice, bool) {
	if p.block.Body.SrcRange.Start.Line == p.block.Body.SrcRange.End.Line {
		return edit{}, splice{}, false
	}
	closing := strings.LastIndexByte(src[:p.block.CloseBraceRange.Start.Byte], '\n') + 1
	open := strings.IndexByte(src[p.block.OpenBraceRange.End.Byte:], '\n') + p.block.OpenBraceRange.End.Byte + 1
	switch k := r.IntN(10); {
	case k < 3:
		e := edit{kind: added, name: fmt.Sprintf("own_%s", n), code: tokens(strconv.Quote(n))}
		return e, splice{open, open, fmt.Sprintf("  %s = %q\n", e.name, n)}, true
	case k < 6:
		e := edit{kind: added, name: fmt.Sprintf("own_argument_with_quite_a_long_name_%s", n), code: tokens(strconv.Quote(n))}
		return e, splice{closing, closing, fmt.Sprintf("  %s = %q\n", e.name, n)}, true
	case k < 8:
		e := edit{kind: addedBlock, name: "own", code: tokens(strconv.Quote(n))}
		return e, splice{closing, closing, fmt.Sprintf("\n  own {\n    own = %q\n  }\n", n)}, true
	case len(p.path) == 0:
		at := p.block.CloseBraceRange.End.Byte + 1
		e := edit{kind: ownBlock, name: fmt.Sprintf("resource.own_thing.own_%s", n)}
		return e, splice{at, at, fmt.Sprintf("\n# Own.\nresource \"own_thing\" \"own_%s\" {\n  a = 1\n}\n", n)}, true
	}
	return edit{}, splice{}, false
}
