package render

import (
	"fmt"
	"strings"
	"sync"

	"github.com/bpgen/bpgen/generator/blueprint"
)

// A Cache keeps files that one render builds for the next: those that depend on
// few of the options. It is safe for concurrent use and bounded, for one
// catalog, and never changes what a render returns. The nil Cache keeps nothing.
type Cache struct {
	mu    sync.Mutex
	files map[string][]byte
}

// maxFiles bounds a cache.
const maxFiles = 1024

// NewCache returns an empty cache.
func NewCache() *Cache { return &Cache{files: map[string][]byte{}} }

// kept returns what build returns, from the cache when the key is known. What
// comes with diagnostics is not kept.
func (r *renderer) kept(key string, build func() []byte) []byte {
	c := r.Cache
	if c == nil || key == "" {
		return build()
	}
	key = r.Blueprint.Name + "\x00" + key
	c.mu.Lock()
	content, ok := c.files[key]
	c.mu.Unlock()
	if ok {
		return content
	}
	before := len(r.diags)
	content = build()
	if len(r.diags) > before {
		return content
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.files) >= maxFiles {
		clear(c.files)
	}
	c.files[key] = content
	return content
}

// envKey holds what a profile's file depends on, or nothing when that is more
// than the module's variables.
func (r *renderer) envKey(p *blueprint.Profile) string {
	for _, g := range p.Values {
		if len(g.Expr.Variables()) > 0 {
			return ""
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "env %s %s %t", p.Name, r.program(), r.needsAliases())
	for _, v := range r.Module.Variables {
		fmt.Fprintf(&b, " %s %t", v.Name, v.Required)
	}
	return b.String()
}

// preambleKey holds what stands in front of the tests.
func (r *renderer) preambleKey() string {
	var b strings.Builder
	b.WriteString("tests")
	for _, p := range r.Module.Versions.Providers {
		fmt.Fprintf(&b, " %s %q", p.Name, p.Aliases)
	}
	for _, v := range r.example {
		b.WriteString("\x00" + v.name + "=")
		b.Write(v.expr.Bytes())
	}
	for _, m := range r.Module.Mocks {
		b.WriteString("\x00" + m.Type)
		b.Write(m.Body)
	}
	return b.String()
}
