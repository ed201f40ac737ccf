// Package object keeps parsed HCL files in a compact form, as a compiler keeps
// object files: reading them back takes a tenth of the time of parsing.
//
// Encode takes sources and returns bytes; Open takes these bytes and answers
// with the syntax tree of a source that is still the same, told by its hash.
// What it answers equals what hclsyntax.ParseConfig returns, which a test
// holds. It serves the trees that the program carries itself and must not be
// given bytes from outside, for it trusts them. Relocate serves whoever meets
// the same text again and again at other places. Nothing here touches the
// operating system.
package object

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/guard"
)

// A Source is one file to encode. Its name is what ranges carry.
type Source struct {
	Name string
	Src  []byte
}

// Encode parses the sources and returns their trees. A source that does not
// parse, or has a kind of node that this package does not know, is an error.
func Encode(sources []Source) ([]byte, error) {
	var out []byte
	out = binary.AppendUvarint(out, uint64(len(sources)))
	for _, s := range sources {
		file, diags := guard.Parse(s.Src, s.Name)
		if diags.HasErrors() {
			return nil, diags
		}
		e := &encoder{}
		e.body(file.Body.(*hclsyntax.Body))
		if e.err != nil {
			return nil, fmt.Errorf("%s: %w", s.Name, e.err)
		}
		sum := sha256.Sum256(s.Src)
		out = appendString(out, s.Name)
		out = append(out, sum[:]...)
		out = appendString(out, string(e.out))
	}
	return out, nil
}

// A Relocatable is a parsed body that can be read back as often as wanted, each
// time as if its text stood elsewhere: ranges are kept as distances.
type Relocatable struct{ tree string }

// Relocate keeps a body that was parsed at hcl.InitialPos. A kind of node that
// this package does not know is an error.
func Relocate(b *hclsyntax.Body) (Relocatable, error) {
	e := &encoder{last: origin(hcl.InitialPos)}
	e.body(b)
	return Relocatable{string(e.out)}, e.err
}

// At returns the body that parsing its text at a position of a file gives. The
// position must be the start of a line, for columns stay as they are.
func (r Relocatable) At(name string, start hcl.Pos) *hclsyntax.Body {
	d := &decoder{in: r.tree, name: name, last: origin(start)}
	return d.body()
}

// origin is what the first range's distance is counted from.
func origin(start hcl.Pos) hcl.Pos { return hcl.Pos{Line: start.Line, Byte: start.Byte} }

// A Store answers with the trees of one encoding.
type Store struct {
	files map[string]entry
}

type entry struct {
	sum  string
	tree string
}

// Open reads what Encode wrote. Trees are decoded when they are asked for.
// Nothing at all is a store that holds nothing.
func Open(data string) *Store {
	s := &Store{files: map[string]entry{}}
	if data == "" {
		return s
	}
	d := &decoder{in: data}
	for range d.uint() {
		name := d.string()
		sum := d.take(sha256.Size)
		s.files[name] = entry{sum, d.string()}
	}
	return s
}

// File returns the tree of a source, and false when the store holds none for
// exactly these bytes under this name. Each call returns a tree of its own. A
// nil store holds nothing.
func (s *Store) File(src []byte, name string) (*hcl.File, bool) {
	if !s.Holds(src, name) {
		return nil, false
	}
	d := &decoder{in: s.files[name].tree, name: name}
	return &hcl.File{Body: d.body(), Bytes: src, Nav: Navigation(src, name)}, true
}

// Holds says whether the store has the tree of exactly these bytes under this
// name: then they were read and found good when the program was built.
func (s *Store) Holds(src []byte, name string) bool {
	if s == nil {
		return false
	}
	e, ok := s.files[name]
	if !ok {
		return false
	}
	sum := sha256.Sum256(src)
	return e.sum == string(sum[:])
}

// Parse is File, and guard.Parse for what the store does not hold.
func (s *Store) Parse(src []byte, name string) (*hcl.File, hcl.Diagnostics) {
	if f, ok := s.File(src, name); ok {
		return f, nil
	}
	return guard.Parse(src, name)
}

// navigator is what hcl's printers of diagnostics ask a file's Nav.
type navigator interface {
	ContextString(offset int) string
	ContextDefRange(offset int) hcl.Range
}

// nav parses the source when a diagnostic is printed, which is seldom.
type nav struct{ parsed func() navigator }

// Navigation returns the Nav of a file whose tree was not made by one parse of
// its source. It parses the source when a diagnostic is printed.
func Navigation(src []byte, name string) any {
	return nav{sync.OnceValue(func() navigator {
		f, _ := guard.Parse(bytes.Clone(src), name)
		n, _ := f.Nav.(navigator)
		return n
	})}
}

// ContextString names the block that an offset lies in.
func (n nav) ContextString(offset int) string {
	if p := n.parsed(); p != nil {
		return p.ContextString(offset)
	}
	return ""
}

// ContextDefRange returns the range of that block's header.
func (n nav) ContextDefRange(offset int) hcl.Range {
	if p := n.parsed(); p != nil {
		return p.ContextDefRange(offset)
	}
	return hcl.Range{}
}

// Fresh says whether the store holds the tree of exactly these sources.
func (s *Store) Fresh(sources []Source) error {
	var stale []string
	for _, src := range sources {
		if _, ok := s.File(src.Src, src.Name); !ok {
			stale = append(stale, src.Name)
		}
	}
	if len(stale) > 0 {
		return fmt.Errorf("not the trees of %s", strings.Join(stale, ", "))
	}
	if len(s.files) > len(sources) {
		return fmt.Errorf("%d trees of files that no longer exist", len(s.files)-len(sources))
	}
	return nil
}
