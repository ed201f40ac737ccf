package coverage

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/template"
)

// A Way is how an entry of the notes is honoured.
type Way int

// The ways, the strongest first.
const (
	Rendered   Way = iota // cited where the code does it
	Offered               // cited by an option or at a variable
	Checked               // an id of a rule of vet, or cited by a shipped test
	Documented            // cited in a runbook, another text that is shipped, or a deviation
	Waived                // named in the file of waivers
	Missing               // none of these
)

// Ways lists all ways, the strongest first.
var Ways = []Way{Rendered, Offered, Checked, Documented, Waived, Missing}

// String returns the way's name in lower case.
func (w Way) String() string {
	return [...]string{"rendered", "offered", "checked", "documented", "waived", "missing"}[w]
}

// A Citation is one mention of an entry's id.
type Citation struct {
	ID    string
	Way   Way
	Range hcl.Range
}

// A Collection is what Collect found.
type Collection struct {
	Citations []Citation
	Unclear   []hcl.Range // comments that look like citations but name no id
}

// Collect returns the citations of a blueprint and of templates, in order of
// the files.
func Collect(bp *blueprint.Blueprint, templates []*template.Template) Collection {
	var c Collection
	for _, o := range bp.Options {
		c.add(Offered, o.Range, o.Notes)
	}
	for _, d := range bp.Deviations {
		c.add(Documented, d.Range, d.Notes)
	}
	for _, name := range bp.FileNames() {
		body, _ := bp.Files[name].Body.(*hclsyntax.Body)
		c.hcl(bp.Files[name].Bytes, name, body, Rendered)
	}
	for _, t := range templates {
		for _, d := range t.Deviations {
			c.add(Documented, d.Range, d.Notes)
		}
		for _, f := range t.Files {
			c.hcl(f.Src, f.Path, f.Body, Rendered)
		}
		for _, f := range slices.Concat(t.Tests, t.Mocks) {
			c.hcl(f.Src, f.Path, nil, Checked)
		}
		for _, a := range t.Assets {
			name := path.Join(t.Dir, a.Path)
			switch {
			case path.Ext(a.Path) == ".tf":
				file, _ := guard.Parse(a.Src, name)
				body, _ := file.Body.(*hclsyntax.Body)
				c.hcl(a.Src, name, body, Rendered)
			case bytes.Contains(a.Src, []byte("notes:")):
				c.text(a.Src, name)
			}
		}
	}
	return c
}

func (c *Collection) add(way Way, rng hcl.Range, ids []string) {
	for _, id := range ids {
		c.Citations = append(c.Citations, Citation{id, way, rng})
	}
}

var unclear = regexp.MustCompile(`^(?:#|//)\s*notes?\s*:`)

// hcl collects the citations in the comments of an HCL file. What stands in an
// option or a variable offers the entry.
func (c *Collection) hcl(src []byte, filename string, body *hclsyntax.Body, way Way) {
	for _, t := range Comments(src, filename) {
		text := strings.TrimSpace(string(t.Bytes))
		ids, _ := cite.Parse(text)
		if ids == nil && unclear.MatchString(text) {
			c.Unclear = append(c.Unclear, t.Range)
		}
		if len(ids) > 0 {
			w := way
			if w == Rendered && offers(body, t.Range.Start.Byte) {
				w = Offered
			}
			c.add(w, t.Range, ids)
		}
	}
}

// offers says whether a place lies in an option or a variable.
func offers(body *hclsyntax.Body, at int) bool {
	if body == nil {
		return false
	}
	for _, b := range body.Blocks {
		if rng := b.Range(); rng.Start.Byte <= at && at < rng.End.Byte {
			return b.Type == "option" || b.Type == "variable"
		}
	}
	return false
}

// Comments returns the comments of an HCL file.
func Comments(src []byte, filename string) hclsyntax.Tokens {
	tokens := guard.Lex(src, filename)
	var out hclsyntax.Tokens
	for _, t := range tokens {
		if t.Type == hclsyntax.TokenComment {
			out = append(out, t)
		}
	}
	return out
}

// text collects the citations of another text that is shipped: <!-- notes: id -->
// in Markdown, and lines that are comments (# notes: id) elsewhere.
func (c *Collection) text(src []byte, filename string) {
	row, at := 0, 0
	for line := range bytes.Lines(src) {
		row++
		text := strings.TrimSpace(string(line))
		if open := strings.Index(text, "<!--"); open >= 0 {
			inner, _, closed := strings.Cut(text[open+len("<!--"):], "-->")
			if text = ""; closed {
				text = "# " + strings.TrimSpace(inner)
			}
		} else if path.Ext(filename) == ".md" {
			text = ""
		}
		rng := hcl.Range{
			Filename: filename,
			Start:    hcl.Pos{Line: row, Column: 1, Byte: at},
			End:      hcl.Pos{Line: row, Column: 1 + len(line), Byte: at + len(line)},
		}
		at += len(line)
		if !strings.HasPrefix(text, "#") && !strings.HasPrefix(text, "//") {
			continue
		}
		ids, _ := cite.Parse(text)
		if ids == nil && unclear.MatchString(text) {
			c.Unclear = append(c.Unclear, rng)
		}
		c.add(Documented, rng, ids)
	}
}
