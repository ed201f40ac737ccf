package vet

import (
	"bytes"
	"context"
	"maps"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/bpgen/bpgen/generator/crash"
	"github.com/bpgen/bpgen/generator/guard"
)

// A source is one parsed file.
type source struct {
	path   string
	bytes  []byte
	body   *hclsyntax.Body
	broken bool // it has syntax errors; body holds what could be read
}

// read parses every file, checks its format and sorts it into its module.
func (r *runner) read(ctx context.Context) {
	parsed := r.parseAll(ctx)
	for i, f := range r.files {
		name := path.Base(f.Path)
		s := parsed[i]
		switch {
		case s == nil && unread(f.Path):
			r.module(dirOf(f.Path)).partial = true
			r.find(ruleUnreadFile, hcl.Range{Filename: f.Path, Start: hcl.InitialPos, End: hcl.InitialPos}, "File not read",
				"vet reads .tf files only. Because of this file it does not know everything the module declares, so it does not report unknown references or unused objects here.")
		case s == nil:
		case strings.HasSuffix(name, ".tf"):
			m := r.module(dirOf(f.Path))
			m.files = append(m.files, s)
			m.partial = m.partial || s.broken
		case strings.HasSuffix(name, ".tfvars"):
			r.values = append(r.values, s)
		default:
			r.tests = append(r.tests, s)
		}
	}
	slices.SortFunc(r.sorted, func(a, b *Module) int { return strings.Compare(a.Dir, b.Dir) })
}

// parseAll parses the files that vet reads, on every processor: this is most of
// a run's time, and no file needs another. Index i belongs to r.files[i].
func (r *runner) parseAll(ctx context.Context) []*source {
	parsed := make([]*source, len(r.files))
	runs := make([]*runner, len(r.files)) // each file's findings, put together in order
	largest := make([]int, len(r.files))  // first, so that no long one is left at the end
	for i := range largest {
		largest[i] = i
	}
	slices.SortFunc(largest, func(a, b int) int { return len(r.files[b].Bytes) - len(r.files[a].Bytes) })
	var next atomic.Int64
	var one sync.Mutex
	var wg crash.Group
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for ctx.Err() == nil {
				n := int(next.Add(1)) - 1
				if n >= len(largest) {
					return
				}
				i := largest[n]
				f := r.files[i]
				if !Reads(f.Path) {
					continue
				}
				runs[i] = &runner{opts: r.opts, sources: map[string]*hcl.File{}}
				if len(f.Bytes) < heavy {
					parsed[i] = runs[i].parse(f.Path, f.Bytes)
					continue
				}
				one.Lock()
				parsed[i] = runs[i].parse(f.Path, f.Bytes)
				one.Unlock()
			}
		})
	}
	wg.Wait()
	for _, sub := range runs {
		if sub != nil {
			r.diags = append(r.diags, sub.diags...)
			r.omitted += sub.omitted
			maps.Copy(r.sources, sub.sources)
		}
	}
	return parsed
}

// heavy is from which size on files are parsed one after the other: a parser
// needs several hundred times as much memory as the file, until it is done.
const heavy = 128 << 10

// Reads says whether vet parses a file of such a path; other files it passes
// over, or only notes that they are there.
func Reads(file string) bool {
	return !hidden(file) && hasSuffix(file, ".tf", ".tfvars", ".tftest.hcl", ".tfmock.hcl")
}

// unread says whether Terraform or OpenTofu would read a file that vet does not.
func unread(file string) bool {
	return !hidden(file) && hasSuffix(file, ".tf.json", ".tofu", ".tofu.json")
}

func hasSuffix(s string, suffixes ...string) bool {
	return slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(s, suffix) })
}

// hidden says whether a path lies in a folder that Terraform itself keeps, such
// as .terraform, or is a hidden file; neither is part of a module.
func hidden(file string) bool {
	return strings.HasPrefix(file, ".") || strings.Contains(file, "/.")
}

func (r *runner) module(dir string) *Module {
	m, ok := r.modules[dir]
	if !ok {
		m = &Module{Dir: dir, run: r}
		r.modules[dir] = m
		r.sorted = append(r.sorted, m)
	}
	return m
}

func (r *runner) parse(name string, src []byte) *source {
	s := &source{path: name, bytes: src, body: &hclsyntax.Body{}}
	parse := r.opts.Parse
	if parse == nil {
		parse = guard.Parse
	}
	file, diags := parse(src, name)
	r.sources[name] = file
	if body, ok := file.Body.(*hclsyntax.Body); ok {
		s.body = body
	}
	if diags.HasErrors() {
		r.syntax(name, diags)
		s.broken = true
		return s
	}
	if !r.opts.Formatted {
		r.format(s)
	}
	r.formatAttributes(s.body.Attributes, src, false)
	for _, b := range s.body.Blocks {
		r.formatBlock(b, src)
	}
	return s
}

func (r *runner) syntax(name string, diags hcl.Diagnostics) {
	for _, d := range diags {
		if d.Subject == nil {
			d.Subject = &hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.InitialPos}
		}
		// Expressions and contexts of the parser's own evaluation say nothing
		// to a reader here.
		r.report(ruleParse, dirOf(name), &hcl.Diagnostic{Summary: d.Summary, Detail: d.Detail, Subject: d.Subject, Context: d.Context})
	}
}

// format compares a file with what `terraform fmt` would make of it.
func (r *runner) format(s *source) {
	src := s.bytes
	if want := hclwrite.Format(src); !bytes.Equal(src, want) {
		rng, have, should := firstDifference(s.path, src, want)
		r.find(ruleFormat, rng, "File is not formatted",
			"This line is %q, but should be %q. Run `terraform fmt` on the file.", have, should)
	}
}

func firstDifference(name string, src, want []byte) (hcl.Range, string, string) {
	line, start := 1, 0
	for {
		a, moreA := cutLine(src[start:])
		b, moreB := cutLine(want[min(start, len(want)):])
		if !bytes.Equal(a, b) || moreA != moreB {
			return hcl.Range{
				Filename: name,
				Start:    hcl.Pos{Line: line, Column: 1, Byte: start},
				End:      hcl.Pos{Line: line, Column: 1 + len([]rune(string(a))), Byte: start + len(a)},
			}, string(a), string(b)
		}
		if !moreA {
			return hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.InitialPos}, "", ""
		}
		start += len(a) + 1
		line++
	}
}

func cutLine(b []byte) ([]byte, bool) {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return b[:i], true
	}
	return b, false
}

// formatAttributes and formatBlock find the old spellings that `terraform fmt`
// rewrites beyond spaces: a lone interpolation around a value, types in quotes,
// and labels without quotes.
func (r *runner) formatAttributes(attrs hclsyntax.Attributes, src []byte, variable bool) {
	for name, attr := range attrs {
		switch e := attr.Expr.(type) {
		case *hclsyntax.TemplateWrapExpr:
			inner := e.Wrapped.Range().SliceBytes(src)
			// fmt leaves it alone where the quotes keep several lines together.
			if !bytes.ContainsRune(inner, '\n') {
				r.find(ruleFormat, e.SrcRange, "Interpolation around a whole value", "Write %s without quotes and braces, as `terraform fmt` does.", inner)
			}
		case *hclsyntax.ScopeTraversalExpr:
			switch word := hcl.ExprAsKeyword(e); {
			case variable && name == "type" && (word == "list" || word == "map" || word == "set"):
				r.find(ruleFormat, e.SrcRange, "Type without its element", "Write %s(any) or, better, the type of the elements, as in %s(string).", word, word)
			}
		case *hclsyntax.TemplateExpr:
			if variable && name == "type" && e.IsStringLiteral() {
				r.find(ruleFormat, e.SrcRange, "Type in quotes", "Quoted types are Terraform 0.11 syntax. Write the type without quotes, as `terraform fmt` does.")
			}
		}
	}
}

func (r *runner) formatBlock(b *hclsyntax.Block, src []byte) {
	for i, rng := range b.LabelRanges {
		if rng.CanSliceBytes(src) && !bytes.HasPrefix(rng.SliceBytes(src), []byte{'"'}) {
			r.find(ruleFormat, rng, "Label without quotes", "Write %q, with quotes, as `terraform fmt` does.", b.Labels[i])
		}
	}
	r.formatAttributes(b.Body.Attributes, src, b.Type == "variable")
	for _, inner := range b.Body.Blocks {
		r.formatBlock(inner, src)
	}
}
