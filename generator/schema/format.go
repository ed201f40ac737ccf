package schema

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sort"
	"sync"

	"github.com/zclconf/go-cty/cty"
)

// The artefact is a magic word and six tables. A table is a count n, n+1
// offsets and a blob; all numbers of the frame are little-endian uint32, all
// numbers inside an entry are uvarints. Equal strings, types, attributes and
// blocks stand once, which alone shrinks 10 MB of JSON below 1 MB, so nothing
// is compressed: any entry is read where it lies, and a string is a slice of
// the executable's read-only pages.
//
//	meta     one entry: the provider's version
//	strings  names, sorted
//	types    tag byte, then element type or attributes (see readType)
//	attrs    flags byte, type index
//	blocks   count, (name, attr)...; count, (name, nesting, min, max, block)...
//	kinds    config block, resource, data, ephemeral: (name, block) uint32 pairs
const magic = "bpgen-schema-1\n\x00"

// The flags of an attribute.
const (
	FlagRequired = 1 << iota
	FlagOptional
	FlagComputed
	FlagSensitive
	FlagWriteOnly
	FlagDeprecated
)

// The tags of a type.
const (
	TagString  = 's'
	TagNumber  = 'n'
	TagBool    = 'b'
	TagDynamic = 'd'
	TagList    = 'L'
	TagSet     = 'S'
	TagMap     = 'M'
	TagObject  = 'O'
	TagTuple   = 'T'
)

// Magic starts every artefact; the encoder in gen writes it.
const Magic = magic

type table struct {
	n       int
	offsets string
	blob    string
}

func (t table) at(i int) string {
	return t.blob[u32(t.offsets, i):u32(t.offsets, i+1)]
}

func u32(s string, i int) int {
	s = s[4*i : 4*i+4]
	return int(uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24)
}

// A Provider answers for one version of hashicorp/aws and for the builtin
// provider. It is safe for concurrent use.
type Provider struct {
	version                       string
	strings, types, attrs, blocks table
	config                        int
	kinds                         [kindCount]string

	mu           sync.Mutex
	typeCache    map[int]cty.Type
	attrCache    map[int]*Attribute
	blockCache   map[int]*Block
	builtinCache map[string]*Block
}

// Open returns the provider of an artefact that the command in gen wrote. It
// checks the frame only: the content is trusted, as it is part of bpgen.
func Open(data string) (*Provider, error) {
	rest, ok := cutPrefix(data, magic)
	if !ok {
		return nil, errors.New("not a bpgen schema artefact, or one in another version of its format")
	}
	var tables [6]table
	for i := range tables {
		var err error
		if tables[i], rest, err = readTable(rest); err != nil {
			return nil, fmt.Errorf("table %d: %w", i, err)
		}
	}
	kinds := tables[5]
	if kinds.n != 1+int(kindCount) || len(kinds.at(0)) != 4 || tables[0].n != 1 {
		return nil, errors.New("the artefact does not contain the expected kinds")
	}
	p := &Provider{
		version: tables[0].at(0),
		strings: tables[1], types: tables[2], attrs: tables[3], blocks: tables[4],
		config:       u32(kinds.at(0), 0),
		typeCache:    map[int]cty.Type{},
		attrCache:    map[int]*Attribute{},
		blockCache:   map[int]*Block{},
		builtinCache: map[string]*Block{},
	}
	for k := range p.kinds {
		p.kinds[k] = kinds.at(1 + k)
	}
	return p, nil
}

func mustOpen(data string) *Provider {
	p, err := Open(data)
	if err != nil {
		// The bytes are embedded; the package's tests open them.
		panic("schema: " + err.Error())
	}
	return p
}

func cutPrefix(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || s[:len(prefix)] != prefix {
		return s, false
	}
	return s[len(prefix):], true
}

func readTable(s string) (table, string, error) {
	short := errors.New("the artefact ends too early")
	if len(s) < 4 {
		return table{}, "", short
	}
	n := u32(s, 0)
	if s = s[4:]; len(s) < 4*(n+1) {
		return table{}, "", short
	}
	t := table{n: n, offsets: s[:4*(n+1)]}
	s = s[4*(n+1):]
	size := u32(t.offsets, n)
	if len(s) < size {
		return table{}, "", short
	}
	t.blob = s[:size]
	return t, s[size:], nil
}

// Version returns the exact version of the provider, such as "6.66.0".
func (p *Provider) Version() string { return p.version }

// Config returns the content of the provider's configuration block, without
// Terraform's own arguments such as alias.
func (p *Provider) Config() *Block {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.block(p.config)
}

// Type returns the content of one type, and whether there is such a type.
func (p *Provider) Type(kind Kind, name string) (*Block, bool) {
	if kind < 0 || kind >= kindCount {
		return nil, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	pairs := p.kinds[kind]
	n := len(pairs) / 8
	i := sort.Search(n, func(i int) bool { return p.strings.at(u32(pairs, 2*i)) >= name })
	if i < n && p.strings.at(u32(pairs, 2*i)) == name {
		return p.block(u32(pairs, 2*i+1)), true
	}
	key := kind.String() + " " + name
	b, ok := p.builtinCache[key]
	if !ok {
		if b = builtin(kind, name); b != nil {
			p.builtinCache[key] = b
		}
	}
	return b, b != nil
}

// Names returns the names of all types of the kind, sorted. It is empty for
// KindEphemeral when the source of the schemas did not carry that kind: then
// an unknown name proves nothing.
func (p *Provider) Names(kind Kind) []string {
	if kind < 0 || kind >= kindCount {
		return nil
	}
	pairs := p.kinds[kind]
	names := make([]string, 0, len(pairs)/8+1)
	for i := range len(pairs) / 8 {
		names = append(names, p.strings.at(u32(pairs, 2*i)))
	}
	names = append(names, builtinNames(kind)...)
	slices.Sort(names)
	return names
}

// block decodes the block with the given index; the lock is held.
func (p *Provider) block(i int) *Block {
	if b, ok := p.blockCache[i]; ok {
		return b
	}
	r := reader(p.blocks.at(i))
	b := &Block{}
	if n := r.uvarint(); n > 0 {
		b.Attributes = make(map[string]*Attribute, n)
		for range n {
			name := p.strings.at(r.uvarint())
			b.Attributes[name] = p.attr(r.uvarint())
		}
	}
	if n := r.uvarint(); n > 0 {
		b.Blocks = make(map[string]*NestedBlock, n)
		nested := make([]NestedBlock, n)
		for j := range nested {
			name := p.strings.at(r.uvarint())
			nested[j].Nesting = Nesting(r.uvarint())
			nested[j].MinItems = r.uvarint()
			nested[j].MaxItems = r.uvarint()
			nested[j].Block = p.block(r.uvarint())
			b.Blocks[name] = &nested[j]
		}
	}
	p.blockCache[i] = b
	return b
}

func (p *Provider) attr(i int) *Attribute {
	if a, ok := p.attrCache[i]; ok {
		return a
	}
	r := reader(p.attrs.at(i))
	f := r.byte()
	a := &Attribute{
		Type:     p.ctyType(r.uvarint()),
		Required: f&FlagRequired != 0, Optional: f&FlagOptional != 0, Computed: f&FlagComputed != 0,
		Sensitive: f&FlagSensitive != 0, WriteOnly: f&FlagWriteOnly != 0, Deprecated: f&FlagDeprecated != 0,
	}
	p.attrCache[i] = a
	return a
}

func (p *Provider) ctyType(i int) cty.Type {
	if ty, ok := p.typeCache[i]; ok {
		return ty
	}
	r := reader(p.types.at(i))
	ty := p.readType(&r)
	p.typeCache[i] = ty
	return ty
}

func (p *Provider) readType(r *reader) cty.Type {
	switch tag := r.byte(); tag {
	case TagString:
		return cty.String
	case TagNumber:
		return cty.Number
	case TagBool:
		return cty.Bool
	case TagList:
		return cty.List(p.readType(r))
	case TagSet:
		return cty.Set(p.readType(r))
	case TagMap:
		return cty.Map(p.readType(r))
	case TagObject:
		n := r.uvarint()
		atys := make(map[string]cty.Type, n)
		for range n {
			name := p.strings.at(r.uvarint())
			atys[name] = p.readType(r)
		}
		return cty.Object(atys)
	case TagTuple:
		etys := make([]cty.Type, r.uvarint())
		for i := range etys {
			etys[i] = p.readType(r)
		}
		return cty.Tuple(etys)
	default: // TagDynamic
		return cty.DynamicPseudoType
	}
}

// A reader consumes the numbers of one table entry.
type reader string

func (r *reader) byte() byte {
	b := (*r)[0]
	*r = (*r)[1:]
	return b
}

func (r *reader) uvarint() int {
	var v uint64
	for shift := 0; shift < binary.MaxVarintLen64*7; shift += 7 {
		b := r.byte()
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			break
		}
	}
	return int(v)
}
