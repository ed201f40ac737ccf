package render

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/memo"
	"github.com/bpgen/bpgen/generator/resolve"
)

// A Cache keeps what one render builds for the next: files and parts of files
// that depend on few of the options. It is safe for concurrent use and bounded,
// for one catalog, and never changes what a render returns. The nil Cache keeps
// nothing.
type Cache struct {
	files  memo.Map[string, built]
	rows   memo.Map[string, []string]
	tokens memo.Map[hclsyntax.Expression, hclwrite.Tokens]
	sums   memo.Map[sameBytes, string]
}

// sameBytes tells content that link keeps from one render to the next, and that
// nobody changes, by where it lies.
type sameBytes struct {
	first *byte
	size  int
}

// sum returns a file's digest.
func (r *renderer) sum(f fileset.File) string {
	kept, ok := r.Module.Assets.Get(f.Path)
	if r.Cache == nil || !ok || len(kept) == 0 || len(f.Bytes) != len(kept) || &kept[0] != &f.Bytes[0] {
		return f.SHA256()
	}
	return r.Cache.sums.Get(sameBytes{&kept[0], len(kept)}, f.SHA256)
}

// built is content with what was wrong in building it.
type built struct {
	content []byte
	diags   hcl.Diagnostics
}

// NewCache returns an empty cache.
func NewCache() *Cache { return &Cache{} }

// kept returns what build returns, from the cache when the key is known.
func (r *renderer) kept(key string, build func() []byte) []byte {
	if r.Cache == nil || key == "" {
		return build()
	}
	b := r.Cache.files.Get(r.Blueprint.Name+"\x00"+key, func() built {
		before := len(r.diags)
		content := build()
		said := slices.Clone(r.diags[before:])
		r.diags = r.diags[:before]
		return built{content, said}
	})
	r.diags = append(r.diags, b.diags...)
	return b.content
}

// row is kept for the cells of one row of a table.
func (r *renderer) row(key string, build func() []string) []string {
	if r.Cache == nil {
		return build()
	}
	return r.Cache.rows.Get(r.Blueprint.Name+"\x00"+key, build)
}

// written returns the tokens of an expression of the blueprint, for the caller to
// change: hclwrite sets their spaces when it formats.
func (r *renderer) written(x hclsyntax.Expression, src []byte) hclwrite.Tokens {
	if r.Cache == nil {
		return parseTokens(src)
	}
	kept := r.Cache.tokens.Get(x, func() hclwrite.Tokens { return single(parseTokens(src)) })
	var out hclwrite.Tokens
	for _, t := range kept {
		own := *t
		out = append(out, &own)
	}
	return out
}

// single makes one token of an expression on one line, spaced as it will be:
// formatting a file takes a time for each of its tokens.
func single(expr hclwrite.Tokens) hclwrite.Tokens {
	if len(expr) == 0 || bytes.ContainsRune(expr.Bytes(), '\n') {
		return expr
	}
	const before = "x ="
	line := hclwrite.Format(append([]byte(before), expr.Bytes()...))
	return hclwrite.Tokens{{Type: hclsyntax.TokenIdent, Bytes: bytes.TrimSpace(line[len(before):])}}
}

// envKey holds what a profile's file depends on, or nothing when that is more
// than the variables that the module has and needs.
func (r *renderer) envKey(p *blueprint.Profile) string {
	given := map[string]bool{}
	for _, g := range p.Values {
		if len(g.Expr.Variables()) > 0 {
			return ""
		}
		given[g.Name] = true
	}
	var b strings.Builder
	fmt.Fprintf(&b, "env %s %s %t", p.Name, r.program(), r.needsAliases())
	for _, v := range r.Module.Variables {
		if given[v.Name] || v.Required {
			b.WriteString(" " + v.Name)
		}
	}
	return b.String()
}

// chartKey holds what the diagram depends on.
func (r *renderer) chartKey() string {
	var b strings.Builder
	b.WriteString("chart")
	for _, p := range r.Module.Parts {
		b.WriteString("\x00" + p.Name + "\x00" + p.Template)
	}
	for _, e := range r.Module.Edges {
		b.WriteString("\x01" + e.From + "\x00" + e.To + "\x00" + e.Output)
	}
	return b.String()
}

// mocksKey holds what the mock providers of the tests depend on.
func (r *renderer) mocksKey() string {
	var b strings.Builder
	b.WriteString("mocks")
	for _, p := range r.Module.Versions.Providers {
		fmt.Fprintf(&b, " %s %q", p.Name, p.Aliases)
	}
	for _, m := range r.Module.Mocks {
		b.WriteString("\x00" + m.Type)
		b.Write(m.Body)
	}
	return b.String()
}

// callKey holds what a call of the module depends on.
func (r *renderer) callKey() string {
	var b strings.Builder
	b.WriteString(r.program() + " " + r.region())
	for _, p := range r.Module.Versions.Providers {
		fmt.Fprintf(&b, " %s %s %s %q", p.Name, p.Source, p.Version, p.Aliases)
	}
	b.WriteString("\x00" + r.Module.Versions.Terraform + "\x00" + r.chosen(resolve.Target))
	for _, v := range r.example {
		b.WriteString("\x00" + v.name + "=")
		for _, t := range v.expr {
			b.Write(t.Bytes)
		}
	}
	return b.String()
}
