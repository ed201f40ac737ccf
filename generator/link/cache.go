package link

import (
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/memo"
	"github.com/bpgen/bpgen/generator/specialise"
	"github.com/bpgen/bpgen/generator/template"
)

// A Cache keeps what one link works out for the next: specialised components and
// their files, formatted blocks and what they refer to, variables and their
// descriptions. Links that differ in one option share nearly all of it. It is
// safe for concurrent use, holds a bounded number of entries, and never changes
// what a link returns. The templates and the ledger behind it must stay the same.
type Cache struct {
	lasting    bool                               // beyond one link
	blocks     memo.Map[string, *specialise.Kept] // by major version of the AWS provider
	components memo.Map[string, specialised]
	assets     memo.Map[string, placed]
	formatted  memo.Map[string, string]
	texts      memo.Map[block, tidied]
	variables  memo.Map[described, Variable]
	shared     memo.Map[sharedKey, sharedVariable]
	linked     memo.Map[*blueprint.Blueprint, map[string]bool]
	needed     memo.Map[*blueprint.Component, []string]
	refs       memo.Map[string, map[string]bool]
	trimmed    memo.Map[trimming, string]
	preceded   memo.Map[trimming, string]
	repeating  memo.Map[string, bool]
}

// NewCache returns an empty cache.
func NewCache() *Cache {
	return &Cache{
		lasting:    true,
		components: memo.Map[string, specialised]{Most: maxComponents},
		assets:     memo.Map[string, placed]{Most: maxComponents},
	}
}

// maxComponents bounds the components that are kept whole: they are large, and
// made again of kept blocks with little trouble.
const maxComponents = 2048

// kept returns where specialised blocks are kept for the next link, nil when
// there is none: finding out what they depend on takes longer than one link
// saves.
func (l *linker) kept() *specialise.Kept {
	if !l.in.Cache.lasting {
		return nil
	}
	return l.in.Cache.blocks.Get(l.major(), func() *specialise.Kept { return &specialise.Kept{} })
}

// A specialised component with its diagnostics and tests. It is never changed.
type specialised struct {
	comp      *specialise.Component
	diags     hcl.Diagnostics
	tests     []byte
	testDiags hcl.Diagnostics
}

// placed are the files of a component that are not configuration, in the order
// of its template, with what is wrong with them.
type placed struct {
	files []asset
	diags hcl.Diagnostics
}

// An asset is a file's place in the module and what stands in it.
type asset struct {
	from, to string
	content  []byte
}

// described is what the description of a variable depends on.
type described struct {
	decl                  *template.Variable
	name, component, text string
	spaced                bool
}

// A trimming is a text with the arguments to remove from it, or with the
// condition to add to it.
type trimming struct{ text, what string }

// A block is text to tidy; of spaced text every line is formatted in itself.
type block struct {
	text   string
	spaced bool
}

// specialise specialises a component, or finds it in the cache by its key.
func (l *linker) specialise(key string, in specialise.Input, foreign bool) specialised {
	build := func() specialised {
		var s specialised
		s.comp, s.diags = specialise.Specialise(in)
		if !s.diags.HasErrors() && !foreign {
			var text string
			text, s.testDiags = specialise.Tests(in, s.comp)
			if text != "" {
				s.tests = l.tidyBlock(text, in.Template.Formatted).text
			}
		}
		return s
	}
	return l.in.Cache.components.Get(key, build)
}

// key writes down everything that a specialisation depends on.
func (l *linker) key(in *specialise.Input) string {
	var b strings.Builder
	b.WriteString(in.Template.Dir + "\x00" + in.Name + "\x00" + l.major() + "\x00")
	if in.Prefix != nil {
		b.WriteString("prefix " + *in.Prefix)
	}
	for _, name := range sortedKeys(in.Bound) {
		print, _ := in.Print(name)
		b.WriteString("\x00" + name + "=" + print)
	}
	for _, name := range sortedKeys(in.Exposed) {
		b.WriteString("\x00" + name + "->" + in.Exposed[name])
	}
	return b.String()
}
