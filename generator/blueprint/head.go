package blueprint

import (
	"bytes"
	"context"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/guard"
)

// A Head is what a list tells of a blueprint.
type Head struct {
	Version string
	Summary string // with the defaults of the options that it speaks of
	Systems []string
}

// Head returns the blueprint's head.
func (b *Blueprint) Head() Head { return Head{b.Version, b.Summary, b.Systems} }

// ReadHead reads the head of a blueprint without reading its body, when its file
// begins with it, as those of the project do. It says false when that does not tell
// all: then, and when something is wrong, the whole must be read.
func ReadHead(src []byte, name, filename string) (Head, bool) {
	file, diags := guard.Parse(first(src), filename)
	body, ok := file.Body.(*hclsyntax.Body)
	if diags.HasErrors() || !ok || len(body.Attributes) > 0 || len(body.Blocks) != 1 {
		return Head{}, false
	}
	b := body.Blocks[0]
	if b.Type != "blueprint" || len(b.Labels) != 1 || b.Body.Attributes["extends"] != nil {
		return Head{}, false
	}
	p := &parser{
		bp:     &Blueprint{Name: name, Files: map[string]*hcl.File{}},
		seen:   map[string]hcl.Range{},
		fixed:  map[string]hcl.Range{},
		budget: budget.New(context.Background(), "the head of the blueprint"),
	}
	p.header(b)
	if p.bp.summary != nil && len(p.bp.summary.Variables()) > 0 {
		return Head{}, false // only the options tell
	}
	p.defaultSummary()
	return p.bp.Head(), len(p.diags) == 0
}

// first returns the text up to the first line that is a closing brace. If that parses,
// it is the same code as in front of what follows.
func first(src []byte) []byte {
	const end = "\n}"
	at := 0
	for {
		i := bytes.Index(src[at:], []byte(end))
		if i < 0 {
			return src
		}
		at += i + len(end)
		rest := bytes.TrimLeft(src[at:], " \t\r")
		if len(rest) == 0 || rest[0] == '\n' || rest[0] == '#' {
			return src[:at]
		}
	}
}
