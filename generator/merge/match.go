package merge

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// A trio is one item in the three versions; nil where it is not there. It is loose
// when the three may not be the same, since only what they hold says so, and that is
// not much.
type trio struct {
	b, o, t *item
	loose   bool
}

// any returns the item in some version, that of theirs first.
func (v trio) any() *item {
	if v.t != nil {
		return v.t
	}
	return cmp.Or(v.o, v.b)
}

// layout returns the version whose layout an item has.
func (v trio) layout() *item { return v.any() }

// blank says whether an empty line stands in front of a merged item.
func (v trio) blank() bool {
	switch {
	case v.t == nil && v.o == nil:
		return false
	case v.t == nil:
		return v.o.blank
	case v.o != nil && v.b != nil && v.t.blank == v.b.blank:
		return v.o.blank
	}
	return v.t.blank
}

// naturalKeys lists the arguments that tell blocks of one type, or objects of a
// list, apart where there are several, the most telling first. Those from weakKeys on
// tell them apart, but what has the same one may be another thing.
var naturalKeys = []string{
	"sid", "Sid", "id", "Id", "name", "Name", "key", "rule_no", "rule_number", "rule_id", "priority", "path_pattern", "target", "alias", "device_name", "origin_id",
	"log_type", "attribute_name", "index_name", "namespace", "setting",
	"containerPort", "container_port", "port", "from_port", "prefix", "path", "type", "host", "value_from",
}

var weakKeys = slices.Index(naturalKeys, "containerPort")

// match finds out which items of three groups are the same. The order is of no
// importance.
func match(b, o, t []*item) []trio {
	var out []trio
	groups := map[string]*[3][]*item{}
	var names []string
	for i, items := range [3][]*item{b, o, t} {
		for _, it := range items {
			name := fmt.Sprint(int(it.kind), " ", it.name)
			if groups[name] == nil {
				groups[name] = new([3][]*item)
				names = append(names, name)
			}
			groups[name][i] = append(groups[name][i], it)
		}
	}
	for _, name := range names {
		g := groups[name]
		if kind := cmp.Or(first(g[0]), first(g[1]), first(g[2])).kind; kind != remark && kind != element && max(len(g[0]), len(g[1]), len(g[2])) == 1 {
			out = append(out, trio{b: first(g[0]), o: first(g[1]), t: first(g[2])})
			continue
		}
		out = append(out, same(g[0], g[1], g[2])...)
	}
	return out
}

func first(items []*item) *item {
	if len(items) == 0 {
		return nil
	}
	return items[0]
}

// same matches items that have no name of their own: by a natural key where one
// tells them all apart, else by what they hold.
func same(b, o, t []*item) []trio {
	if keys, weak := keyed(b, o, t); keys != nil {
		trios := join(b, o, t, pairKeys(keys, b, o), pairKeys(keys, b, t), func(x *item) string { return keys[x] })
		if weak {
			doubt(trios)
		}
		return trios
	}
	trios := join(b, o, t, pairLike(b, o), pairLike(b, t), func(x *item) string {
		if x.kind == remark {
			return x.normal(wholeOf)
		}
		return x.normal(codeOf)
	})
	trios = rewritten(trios)
	doubt(trios)
	return trios
}

// doubt marks what may not be the same thing in the three versions.
func doubt(trios []trio) {
	for i, v := range trios {
		if v.b != nil && v.o != nil && v.t != nil && v.b.kind != remark {
			trios[i].loose = v.b.likeness(v.o) < sure || v.b.likeness(v.t) < sure
		}
	}
}

// rewritten joins a block that neither side has any more with one that only a side
// has. It may be the same, with most of it rewritten; a merge that cannot know must
// not take the removal of one side and the rewriting of the other for agreement.
func rewritten(trios []trio) []trio {
	take := func(has func(trio) bool) *item {
		for i, v := range trios {
			if has(v) {
				trios = slices.Delete(trios, i, i+1)
				return cmp.Or(v.o, v.t)
			}
		}
		return nil
	}
	for i := 0; i < len(trios); i++ {
		if v := &trios[i]; v.b != nil && v.b.kind == block && v.o == nil && v.t == nil {
			lost := v.b
			o := take(func(v trio) bool { return v.b == nil && v.t == nil })
			t := take(func(v trio) bool { return v.b == nil && v.o == nil })
			trios[i] = trio{b: lost, o: o, t: t} // What is taken stands behind what is in base.
		}
	}
	return trios
}

// join makes trios of pairs with base; what is new on both sides is the same when it
// has the same key.
func join(b, o, t []*item, toOurs, toTheirs map[*item]*item, key func(*item) string) []trio {
	var out []trio
	used := map[*item]bool{}
	for _, it := range b {
		v := trio{b: it, o: toOurs[it], t: toTheirs[it]}
		used[v.o], used[v.t] = true, true
		out = append(out, v)
	}
	mine := map[string][]*item{}
	for _, it := range o {
		if !used[it] {
			mine[key(it)] = append(mine[key(it)], it)
		}
	}
	for _, it := range t {
		if used[it] {
			continue
		}
		v := trio{t: it}
		if same := mine[key(it)]; len(same) > 0 {
			v.o, used[same[0]] = same[0], true
			mine[key(it)] = same[1:]
		}
		out = append(out, v)
	}
	for _, it := range o {
		if !used[it] {
			out = append(out, trio{o: it})
		}
	}
	return out
}

// keyed returns the natural key of every item, or nil when no argument is in all of
// them and different in those of one version; weak says that it is no name.
func keyed(versions ...[]*item) (keys map[*item]string, weak bool) {
	values := map[*item]map[string]string{}
	for _, items := range versions {
		for _, it := range items {
			if values[it] = it.arguments(); values[it] == nil {
				return nil, false
			}
		}
	}
	for i, name := range naturalKeys {
		if keys := keysBy(name, values, versions); keys != nil {
			return keys, i >= weakKeys
		}
	}
	return nil, false
}

func keysBy(name string, values map[*item]map[string]string, versions [][]*item) map[*item]string {
	keys := map[*item]string{}
	for _, items := range versions {
		seen := map[string]bool{}
		for _, it := range items {
			key, ok := values[it][name]
			if !ok || seen[key] {
				return nil
			}
			seen[key], keys[it] = true, key
		}
	}
	return keys
}

// arguments returns the arguments of a block or object that may be its key; nil for
// what has none.
func (it *item) arguments() map[string]string {
	g := it.members()
	if g == nil {
		return nil
	}
	out := map[string]string{}
	for _, in := range g.items {
		if slices.Contains(naturalKeys, in.name) && !in.value.empty() {
			var b strings.Builder
			in.src.normal(&b, in.value, codeForm)
			out[in.name] = b.String()
		}
	}
	return out
}

// members returns what stands in a block or in an object.
func (it *item) members() *group {
	switch it.kind {
	case block:
		return it.body()
	case element:
		if x := it.src.expression(it.value); x.parts != nil && x.parts.kind == object {
			return x.parts
		}
	}
	return nil
}

func pairKeys(keys map[*item]string, from, to []*item) map[*item]*item {
	by := map[string]*item{}
	for _, it := range to {
		by[keys[it]] = it
	}
	out := map[*item]*item{}
	for _, it := range from {
		if other := by[keys[it]]; other != nil {
			out[it] = other
		}
	}
	return out
}

// sure is how much of two items without a name must be the same for the changes of
// both sides to be joined: three quarters. With less, one may have replaced the other.
const sure = 0.75

// alike is how much of two items must be the same for them to be one: half.
const alike = 0.5

// mostPairs is how many pairs are compared word by word. Lists with more are not
// written by hand; of them only what is equal is the same.
const mostPairs = 1 << 20

// pairLike matches items by what they hold: first those that are equal, then those
// that are most like each other. Where they stand decides only between equals.
func pairLike(from, to []*item) map[*item]*item {
	out := map[*item]*item{}
	used := map[*item]bool{}
	for _, form := range []int{wholeOf, codeOf} {
		by := map[string][]*item{}
		for _, it := range to {
			if !used[it] {
				by[it.normal(form)] = append(by[it.normal(form)], it)
			}
		}
		for _, it := range from {
			if same := by[it.normal(form)]; out[it] == nil && len(same) > 0 && it.normal(form) != "" {
				out[it], used[same[0]] = same[0], true
				by[it.normal(form)] = same[1:]
			}
		}
	}
	from = slices.DeleteFunc(slices.Clone(from), func(it *item) bool { return out[it] != nil || !it.divisible() })
	to = slices.DeleteFunc(slices.Clone(to), func(it *item) bool { return used[it] || !it.divisible() })
	if len(from)*len(to) > mostPairs {
		return out
	}
	type candidate struct {
		from, to *item
		score    float64
		apart    int
	}
	var all []candidate
	for i, x := range from {
		for j, y := range to {
			if s := x.likeness(y); s >= alike {
				all = append(all, candidate{x, y, s, max(i-j, j-i)})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.apart, b.apart))
	})
	for _, c := range all {
		if out[c.from] == nil && !used[c.to] {
			out[c.from], used[c.to] = c.to, true
		}
	}
	return out
}

// divisible says whether an item stays the same item when a part of it changes.
func (it *item) divisible() bool {
	return it.kind != element || it.src.expression(it.value).parts != nil
}

// likeness returns how much two items have in common, from 0 to 1.
func (it *item) likeness(other *item) float64 {
	a, b := it.words(), other.words()
	common, total := 0, 0
	for w, n := range a {
		common += min(n, b[w])
		total += n
	}
	for n := range maps.Values(b) {
		total += n
	}
	if total == 0 {
		return 0
	}
	return 2 * float64(common) / float64(total)
}

// words counts the words of an item, without signs, which all items share.
func (it *item) words() map[string]int {
	if it.bag != nil {
		return it.bag
	}
	it.bag = map[string]int{}
	if it.kind == remark {
		for _, w := range strings.Fields(it.src.words(it.lead, " ")) {
			it.bag[w]++
		}
		return it.bag
	}
	for _, t := range it.src.tokens[it.code.from:it.code.to] {
		switch t.Type {
		case hclsyntax.TokenIdent, hclsyntax.TokenNumberLit, hclsyntax.TokenQuotedLit, hclsyntax.TokenStringLit:
			it.bag[string(t.Bytes)]++
		}
	}
	return it.bag
}
