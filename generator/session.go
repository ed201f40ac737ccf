package generator

import (
	"bytes"
	"context"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/crash"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/memo"
	"github.com/bpgen/bpgen/generator/object"
	"github.com/bpgen/bpgen/generator/render"
	"github.com/bpgen/bpgen/generator/vet"
)

// A Session renders blueprints of one catalog. Its renders share most of their
// work where they differ in a few options; what they return is what a render by
// itself returns. It is safe for concurrent use, and what it keeps is bounded: it
// is kept by its content, or by all that it is made of.
type Session struct {
	catalog *catalog.Catalog
	linked  *link.Cache
	parsed  *parses
	noted   *render.Cache
	vetted  *vet.Cache
}

// NewSession returns a session for the blueprints and templates of a catalog.
func NewSession(cat *catalog.Catalog) *Session {
	return &Session{catalog: cat, linked: link.NewCache(), parsed: &parses{known: &blocks{}}, noted: &render.Cache{}, vetted: &vet.Cache{}}
}

// Generate is the function Generate for the session's catalog, which takes the
// place of the request's.
func (s *Session) Generate(ctx context.Context, req Request) (Result, hcl.Diagnostics) {
	req.Catalog = s.catalog
	return s.generate(ctx, req)
}

// parses are parsed files by name and content, each parsed once.
type parses struct {
	files memo.Map[string, *memo.Texts[parsed]]
	known *blocks // kept from one render to the next; nil for one render alone
}

// maxVersions bounds how many versions of a file are kept, and maxSource how many
// bytes they have. Files that few options change have few versions; of the large
// ones, which list variables and tests, a version hardly comes again, trees are
// large, and the blocks of one that does come again are known.
const (
	maxVersions = 32
	maxSource   = 128 << 10
)

type parsed struct {
	file  *hcl.File
	diags hcl.Diagnostics
}

// parse parses a file, or waits for who is parsing it.
func (p *parses) parse(src []byte, name string) (*hcl.File, hcl.Diagnostics) {
	versions := p.files.Get(name, func() *memo.Texts[parsed] {
		return memo.NewTexts[parsed](min(max(maxSource/(len(src)+1), 1), maxVersions))
	})
	f := versions.Get(src, func() (f parsed) {
		f.file, f.diags = p.known.parseFile(src, name)
		return f
	})
	return f.file, f.diags
}

// blocks are parsed blocks by their text, to be read back wherever it stands
// again: renders that differ in a few options share nearly all blocks, at other
// lines. A nil blocks keeps nothing.
type blocks struct{ trees memo.Texts[tree] }

// A tree is a parsed block, if it can be read back.
type tree struct {
	object.Relocatable
	ok bool
}

// parse parses a block or what else stands on whole lines.
func (k *blocks) parse(src []byte, name string, start hcl.Pos) (*hclsyntax.Body, bool) {
	if k == nil {
		return parsePart(src, name, start)
	}
	t := k.trees.Get(src, func() (t tree) {
		if body, ok := parsePart(src, name, hcl.InitialPos); ok {
			var err error
			t.Relocatable, err = object.Relocate(body)
			t.ok = err == nil
		}
		return t
	})
	if !t.ok {
		return parsePart(src, name, start)
	}
	return t.At(name, start), true
}

func parsePart(src []byte, name string, start hcl.Pos) (*hclsyntax.Body, bool) {
	file, diags := guard.ParseAt(src, name, start)
	if len(diags) > 0 {
		return nil, false
	}
	return file.Body.(*hclsyntax.Body), true
}

// begin parses files that will be asked for, while the caller goes on.
func (p *parses) begin(files []link.File) {
	go crash.Catch(func() { //nolint:errcheck // Who asks for a file gets the panic.
		for _, f := range files {
			_, _ = p.parse(f.Body, f.Name) // kept; who asks gets the diagnostics
		}
	})
}

// parseFile is guard.Parse for a formatted file: it parses one block
// after the other, which takes a fifth less even without blocks that are known,
// for the parser's list of tokens grows by copying. A file of which a part does
// not parse is parsed as a whole.
func (k *blocks) parseFile(src []byte, name string) (*hcl.File, hcl.Diagnostics) {
	body := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}}
	pos := hcl.InitialPos
	for rest := src; len(rest) > 0; {
		end := len(rest)
		if i := bytes.Index(rest, []byte("\n}\n")); i >= 0 {
			end = i + len("\n}\n")
		}
		part, ok := k.parse(rest[:end], name, pos)
		if !ok {
			return guard.Parse(src, name)
		}
		for key, a := range part.Attributes {
			if body.Attributes[key] != nil {
				return guard.Parse(src, name)
			}
			body.Attributes[key] = a
		}
		body.Blocks = append(body.Blocks, part.Blocks...)
		pos.Line += bytes.Count(rest[:end], []byte{'\n'})
		pos.Byte += end
		rest = rest[end:]
	}
	body.SrcRange = hcl.Range{Filename: name, Start: hcl.InitialPos, End: pos}
	body.EndRange = hcl.Range{Filename: name, Start: pos, End: pos}
	return &hcl.File{Body: body, Bytes: src, Nav: object.Navigation(src, name)}, nil
}
