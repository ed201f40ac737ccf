package statesafe

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/schema"
)

// Compare says what becomes of the objects of a module when its files change from
// old to new, which may be of any layout: calls of modules among them are followed.
func Compare(old, new *fileset.Set) Report {
	after := read(new, nil)
	renames := map[string]string{}
	maps.Copy(renames, after.moved)
	before := read(old, renames)
	c := comparison{before: before, after: after, fates: map[string]*Change{}, to: map[string]string{}}
	for _, address := range slices.Sorted(maps.Keys(before.resources)) {
		c.old(before.resources[address])
	}
	c.follow()
	out := Report{Release: schema.Replacements().Release()}
	for _, ch := range c.fates {
		out.Changes = append(out.Changes, *ch)
	}
	taken := map[string]bool{}
	for _, to := range c.to {
		taken[to] = true
	}
	for address, r := range after.resources {
		if !taken[address] {
			out.Changes = append(out.Changes, Change{Address: address, Fate: Created, Data: HoldsData(r.typ), File: r.file, Line: r.line})
		}
	}
	slices.SortFunc(out.Changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Address, b.Address), cmp.Compare(a.Fate, b.Fate))
	})
	for _, name := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(before.unread, after.unread)))) {
		out.Notes = append(out.Notes, name+" does not parse, so only the addresses in it are compared.")
	}
	return out
}

// A comparison holds what is known so far.
type comparison struct {
	before, after *tree
	fates         map[string]*Change // by old address
	to            map[string]string  // new addresses by old ones
}

// destination returns where an address is after the change: as blocks moved say, of
// it, of a module around it, or in several steps.
func (c *comparison) destination(address string) string {
	seen := map[string]bool{}
	for !seen[address] {
		seen[address] = true
		if _, stays := c.after.resources[address]; stays {
			return address
		}
		next := address
		for from, to := range c.after.moved {
			if address == from {
				next = to
				break
			}
			if rest, ok := strings.CutPrefix(address, from+"."); ok && strings.Contains(from, "module.") {
				next = to + "." + rest
			}
		}
		address = next
	}
	return address
}

// old finds out what becomes of a resource of before.
func (c *comparison) old(was *resource) {
	ch := &Change{Address: was.address, Fate: Kept, Data: HoldsData(was.typ), File: was.file, Line: was.line}
	c.fates[was.address] = ch
	at := c.destination(was.address)
	is := c.after.resources[at]
	if is == nil {
		ch.Fate, ch.Why = Destroyed, "no longer in the module"
		if c.lives(was.address) {
			ch.Fate, ch.Why = Forgotten, "a block removed lets it live"
		}
		return
	}
	c.to[was.address] = at
	if at != was.address {
		ch.Fate, ch.To = Moved, at
	}
	if was.body == nil || is.body == nil {
		return
	}
	c.instances(ch, was, is)
	if ch.Fate == Kept || ch.Fate == Moved || ch.Fate == Instances {
		c.replaced(ch, was, is)
	}
}

// lives says whether a block removed, of the address or of a module around it, leaves
// the object alone.
func (c *comparison) lives(address string) bool {
	for from, destroyed := range c.after.removed {
		if !destroyed && (address == from || strings.HasPrefix(address, from+".")) {
			return true
		}
	}
	return false
}

// repeats returns what decides the instances of a resource: for_each or count of
// the block, and of the calls around it.
func (r *resource) repeats() map[string]print {
	out := map[string]print{}
	for _, rep := range r.scope.repeats {
		out[rep.scope.prefix+rep.name] = rep.scope.print(rep.expr)
	}
	for _, name := range []string{"count", "for_each"} {
		if a := r.body.Attributes[name]; a != nil {
			out[r.scope.prefix+"."+name] = r.scope.print(a.Expr)
		}
	}
	return out
}

// instances compares what decides the instances.
func (c *comparison) instances(ch *Change, was, is *resource) {
	old, now := was.repeats(), is.repeats()
	if maps.EqualFunc(old, now, func(a, b print) bool { return a.text == b.text }) {
		return
	}
	each := func(m map[string]print) int {
		n := 0
		for k := range m {
			if strings.HasSuffix(k, "for_each") {
				n++
			}
		}
		return n
	}
	keyed := c.after.keyed[was.address] || c.after.keyed[is.address]
	switch {
	case slices.ContainsFunc(slices.Collect(maps.Values(now)), func(p print) bool { return p.text == "= 0" }):
		ch.Fate, ch.Why = Destroyed, "count becomes 0"
	case each(old) != each(now) && !keyed:
		ch.Fate, ch.Why = Replaced, "for_each gives its instances new addresses"
	case ch.To == "":
		ch.Fate, ch.Why = Instances, spell(old, now)
	}
}

// spell says how count or for_each changes.
func spell(old, now map[string]print) string {
	names := slices.Compact(slices.Sorted(slices.Values(slices.Concat(slices.Collect(maps.Keys(old)), slices.Collect(maps.Keys(now))))))
	for _, name := range names {
		if old[name].text != now[name].text {
			short := name[strings.LastIndex(name, ".")+1:]
			return fmt.Sprintf("%s changes from %s to %s", short, orUnset(old[name].shown), orUnset(now[name].shown))
		}
	}
	return "count or for_each changes"
}

// replaced finds arguments that are known to replace the object.
func (c *comparison) replaced(ch *Change, was, is *resource) {
	table := schema.Replacements()
	old, now := map[string][]print{}, map[string][]print{}
	was.scope.arguments(was.body, "", old)
	is.scope.arguments(is.body, "", now)
	for _, name := range slices.Sorted(maps.Keys(join(old, now))) {
		a, b := old[name], now[name]
		if same(a, b) || Ignores(is.body, name) {
			continue
		}
		how := schema.Changed
		switch {
		case len(a) == 0:
			how = schema.Added
		case len(b) == 0:
			how = schema.Removed
		}
		if table.Replaces(was.typ, name, how) && !inPlace(was.typ, name, text(a), text(b)) {
			ch.Arguments = append(ch.Arguments, Argument{Name: name, Old: shown(a), New: shown(b)})
		}
	}
	if len(ch.Arguments) > 0 {
		ch.Fate, ch.Why = Replaced, why(ch.Arguments)
	}
}

// why says which arguments replace an object.
func why(args []Argument) string {
	var words []string
	for _, a := range args {
		if long(a.Old) || long(a.New) {
			words = append(words, a.Name+" changes")
			continue
		}
		words = append(words, fmt.Sprintf("%s changes from %s to %s", a.Name, orUnset(a.Old), orUnset(a.New)))
	}
	return strings.Join(words, ", ")
}

// long says whether a value is too long for a sentence.
func long(value string) bool { return len(value) > 80 || strings.Contains(value, "\n") }

// follow replaces what reads, in an argument that replaces, an attribute that the
// provider computes for an object that is replaced; and so on.
func (c *comparison) follow() {
	for again := true; again; {
		again = false
		for _, address := range slices.Sorted(maps.Keys(c.fates)) {
			ch := c.fates[address]
			is := c.after.resources[c.to[address]]
			if is == nil || is.body == nil || ch.Fate == Replaced || ch.Fate == Destroyed {
				continue
			}
			if arg, from := c.follows(is); arg != "" {
				ch.Fate, ch.Why, again = Replaced, arg+" follows "+from+", which is replaced", true
				ch.Arguments = append(ch.Arguments, Argument{Name: arg, Old: from, New: from})
			}
		}
	}
}

// follows returns an argument of a resource that changes because another object is
// replaced, and that object.
func (c *comparison) follows(is *resource) (argument, from string) {
	anew := map[string]bool{}
	for address, ch := range c.fates {
		if ch.Fate == Replaced && len(ch.Arguments) > 0 {
			anew[c.to[address]] = true
		}
	}
	if len(anew) == 0 {
		return "", ""
	}
	args := map[string][]print{}
	is.scope.arguments(is.body, "", args)
	for _, name := range slices.Sorted(maps.Keys(args)) {
		if !schema.Replacements().Replaces(is.typ, name, schema.Changed) || Ignores(is.body, name) {
			continue
		}
		for _, p := range args[name] {
			for _, r := range p.refs {
				if anew[r.address] && c.computed(r) {
					return name, r.address
				}
			}
		}
	}
	return "", ""
}

// computed says whether the provider gives an attribute its value, so that a new
// object has another one.
func (c *comparison) computed(r ref) bool {
	target := c.after.resources[r.address]
	p, ok := schema.For("5")
	if target == nil || target.body == nil || !ok || target.body.Attributes[r.attribute] != nil {
		return false
	}
	b, ok := p.Type(schema.KindResource, target.typ)
	if !ok {
		return false
	}
	a := b.Attributes[r.attribute]
	return a != nil && a.Computed
}

// Ignores says whether the lifecycle in the body of a resource ignores changes of an
// argument.
func Ignores(body *hclsyntax.Body, name string) bool {
	for _, b := range body.Blocks {
		a := b.Body.Attributes["ignore_changes"]
		if b.Type != "lifecycle" || a == nil {
			continue
		}
		if hcl.ExprAsKeyword(a.Expr) == "all" {
			return true
		}
		list, diags := hcl.ExprList(a.Expr)
		if diags.HasErrors() {
			continue
		}
		for _, x := range list {
			t, diags := hcl.RelTraversalForExpr(x)
			if diags.HasErrors() || len(t) == 0 {
				continue
			}
			first, _ := t[0].(hcl.TraverseAttr)
			if name == first.Name || strings.HasPrefix(name, first.Name+".") {
				return true
			}
		}
	}
	return false
}

// inPlace says whether a change that replaces for other values does not for these: a
// cache goes from Redis OSS to Valkey in place
// (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.HowTo.html).
func inPlace(typ, name, old, now string) bool {
	return strings.HasPrefix(typ, "aws_elasticache_") && name == "engine" && old == "= redis" && now == "= valkey"
}

func join(a, b map[string][]print) map[string]bool {
	out := map[string]bool{}
	for k := range a {
		out[k] = true
	}
	for k := range b {
		out[k] = true
	}
	return out
}

func same(a, b []print) bool {
	return slices.EqualFunc(a, b, func(x, y print) bool { return x.text == y.text })
}

func text(list []print) string {
	var out []string
	for _, p := range list {
		out = append(out, p.text)
	}
	return strings.Join(out, ", ")
}

func shown(list []print) string {
	var out []string
	for _, p := range list {
		out = append(out, p.shown)
	}
	return strings.Join(out, ", ")
}

func orUnset(s string) string { return cmp.Or(s, "unset") }
