package replacement

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/schema"
)

// depth is how many blocks deep arguments are asked for. Statements of a web ACL
// and visuals of a dashboard go on for ever.
const depth = 3

// An Answer is what the provider said of the arguments of one type.
type Answer struct {
	Type     string
	Replaces map[string]string // letters of schema.Transition by argument, as a.b.c
	Silent   []string          // arguments of which it said nothing, but complained
	Asked    int               // arguments
	Reason   string            // one of the complaints
}

// Ask has the provider's program plan a change of every argument of some types,
// and calls done with each type's answer.
func Ask(binary string, p *schema.Provider, types []string, done func(Answer)) error {
	c, err := start(binary, p)
	if err != nil {
		return err
	}
	defer c.stop()
	for _, typ := range types {
		b, ok := p.Type(schema.KindResource, typ)
		if !ok {
			return fmt.Errorf("hashicorp/aws %s has no type %s", p.Version(), typ)
		}
		q := &questions{client: c, block: b, ty: b.ImpliedType(), Answer: Answer{Type: typ, Replaces: map[string]string{}}}
		q.chain(nil, b)
		slices.Sort(q.Silent)
		done(q.Answer)
	}
	return nil
}

// questions are those about one type.
type questions struct {
	Answer
	client *client
	block  *schema.Block
	ty     cty.Type
}

// chain asks for the arguments of a block, which is inside the blocks of a path,
// and for the blocks in it.
func (q *questions) chain(path []string, b *schema.Block) {
	config := typical(q.Type, minimal(q.block, path))
	prior, err := q.prior(config)
	for _, name := range slices.Sorted(maps.Keys(b.Attributes)) {
		a := b.Attributes[name]
		if a.Settable() && !a.WriteOnly && a.Type != cty.DynamicPseudoType && !(len(path) == 0 && (name == "id" || name == "tags_all")) {
			q.argument(path, name, a, config, prior, err)
		}
	}
	if len(path) == depth {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(b.Blocks)) {
		if len(path) == 0 && name == "timeouts" {
			continue
		}
		inner := append(slices.Clone(path), name)
		if b.Blocks[name].MinItems == 0 {
			q.whole(inner, config, prior, err)
		}
		q.chain(inner, b.Blocks[name].Block)
	}
}

// prior invents the object that a configuration has made: what the provider plans
// for it, with a value for everything that it leaves open.
func (q *questions) prior(config cty.Value) (cty.Value, error) {
	made, err := q.client.plan(q.Type, q.ty, cty.NullVal(q.ty), unknowns(q.block, config), config)
	if err != nil {
		return cty.NilVal, err
	}
	prior := invented(made.planned)
	same, err := q.client.plan(q.Type, q.ty, prior, propose(q.block, prior, config), config)
	if err == nil && same.replaces {
		err = fmt.Errorf("%s is replaced without a change", q.Type)
	}
	return prior, err
}

// argument asks for one argument: changed, added and removed.
func (q *questions) argument(path []string, name string, a *schema.Attribute, config, prior cty.Value, err error) {
	at := strings.Join(append(slices.Clone(path), name), ".")
	q.Asked++
	if err != nil {
		q.silent(at, err)
		return
	}
	var letters strings.Builder
	one, other := values(q.Type, at, a.Type)
	for _, t := range []struct {
		letter   byte
		was, is  cty.Value
		possible bool
	}{
		{'c', one, other, true},
		{'c', other, one, a.Type == cty.Bool},
		{'a', cty.NilVal, other, !a.Required},
		{'r', one, cty.NullVal(a.Type), !a.Required},
	} {
		if !t.possible || strings.IndexByte(letters.String(), t.letter) >= 0 {
			continue
		}
		before := prior
		if t.was != cty.NilVal {
			before = with(prior, path, name, t.was)
		}
		after := with(config, path, name, t.is)
		answer, err := q.client.plan(q.Type, q.ty, before, propose(q.block, before, after), after)
		switch {
		case err != nil:
			q.silent(at, err)
		case answer.replaces:
			letters.WriteByte(t.letter)
		}
	}
	if letters.Len() > 0 {
		q.Replaces[at] = letters.String()
	}
}

// whole asks for a block as such: added, and removed.
func (q *questions) whole(path []string, without, bare cty.Value, err error) {
	at := strings.Join(path, ".")
	q.Asked++
	config := typical(q.Type, minimal(q.block, path))
	if err == nil {
		var prior cty.Value
		if prior, err = q.prior(config); err == nil {
			q.added(at, config, prior, without, bare)
		}
	}
	if err != nil {
		q.silent(at, err)
	}
}

func (q *questions) added(at string, config, prior, without, bare cty.Value) {
	added, err := q.client.plan(q.Type, q.ty, bare, propose(q.block, bare, config), config)
	removed, other := q.client.plan(q.Type, q.ty, prior, propose(q.block, prior, without), without)
	letters := ""
	if err == nil && added.replaces {
		letters += "a"
	}
	if other == nil && removed.replaces {
		letters += "r"
	}
	if letters != "" {
		q.Replaces[at] = letters
	}
	for _, err := range []error{err, other} {
		if err != nil {
			q.silent(at, err)
		}
	}
}

func (q *questions) silent(at string, err error) {
	q.Reason = cmp.Or(q.Reason, at+": "+err.Error())
	if !slices.Contains(q.Silent, at) {
		q.Silent = append(q.Silent, at)
	}
}

// String returns the answer as a line of the table: the type, how many arguments
// were asked for, then those that replace an object with the letters of the changes
// that do, unless every one does, and those without an answer behind a question
// mark.
func (a Answer) String() string {
	words := []string{a.Type, fmt.Sprint(a.Asked)}
	for _, at := range slices.Sorted(maps.Keys(a.Replaces)) {
		words = append(words, at+":"+a.Replaces[at])
	}
	for _, at := range a.Silent {
		words = append(words, "?"+at)
	}
	return strings.Join(words, " ")
}
