package generator

import (
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/render"
)

// A Cache keeps what one render works out for the next. Renders of one catalog
// that differ in a few options share most of their work; the bytes they return
// are the same with a cache and without. It is safe for concurrent use and
// bounded. The nil Cache keeps nothing.
type Cache struct {
	linked   *link.Cache
	rendered *render.Cache

	parsed *parses
}

// NewCache returns an empty cache, for one catalog.
func NewCache() *Cache {
	return &Cache{linked: link.NewCache(), rendered: render.NewCache(), parsed: &parses{}}
}

func (c *Cache) links() *link.Cache {
	if c == nil {
		return nil
	}
	return c.linked
}

func (c *Cache) renders() *render.Cache {
	if c == nil {
		return nil
	}
	return c.rendered
}

// parses returns the parsed files of the cache, or those of one render alone.
func (c *Cache) parses() *parses {
	if c == nil {
		return &parses{}
	}
	return c.parsed
}

// parses are parsed files by name and content, each parsed once. It is safe for
// concurrent use, and bounded.
type parses struct {
	mu    sync.Mutex
	files map[string]*parsed
}

type parsed struct {
	once  sync.Once
	file  *hcl.File
	diags hcl.Diagnostics
}

// maxParsed bounds how many parsed files are kept.
const maxParsed = 4096

// parse parses a file, or waits for who is parsing it.
func (p *parses) parse(src []byte, name string) (*hcl.File, hcl.Diagnostics) {
	key := name + "\x00" + string(src)
	p.mu.Lock()
	f := p.files[key]
	if f == nil {
		if p.files == nil || len(p.files) >= maxParsed {
			p.files = map[string]*parsed{}
		}
		f = &parsed{}
		p.files[key] = f
	}
	p.mu.Unlock()
	f.once.Do(func() { f.file, f.diags = hclsyntax.ParseConfig(src, name, hcl.InitialPos) })
	return f.file, f.diags
}

// begin parses files that will be asked for, while the caller goes on.
func (p *parses) begin(files []link.File) {
	go func() {
		for _, f := range files {
			p.parse(f.Body, f.Name)
		}
	}()
}
