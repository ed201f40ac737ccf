package vet

import (
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/bundle"
)

// bundles compares the archives of the tree with the directories beside them. What is
// found stands where the code names the archive, or else at the start of the module.
func (r *runner) bundles() {
	for _, b := range bundle.Find(r.files) {
		m := r.owner(b.Archive)
		if m == nil || len(m.files) == 0 {
			continue // nothing runs it
		}
		at := r.naming(m, strings.TrimPrefix(b.Archive, prefix(m.Dir)))
		if at.Filename == "" {
			at = hcl.Range{Filename: m.files[0].path, Start: hcl.InitialPos, End: hcl.InitialPos}
		}
		how, err := b.Stale()
		switch {
		case err != nil:
			r.find(ruleUnreadFile, at, "File not read", "vet does not check the archive %s: %s. It may differ from the directory %s.", b.Archive, err, b.Dir)
		case how != "":
			r.find(ruleBundleStale, at, "Stale archive", "The archive %s does not match the directory %s: %s. After a change to the directory, run \"bpgen bundle\" in the module.", b.Archive, b.Dir, how)
		}
	}
}

func prefix(dir string) string {
	if dir == "" {
		return ""
	}
	return dir + "/"
}

// naming returns the first place where the code of a module names a file of its
// directory.
func (r *runner) naming(m *Module, file string) (at hcl.Range) {
	for _, s := range m.files {
		if at.Filename != "" {
			break
		}
		_ = hclsyntax.VisitAll(s.body, func(n hclsyntax.Node) hcl.Diagnostics {
			x, ok := n.(*hclsyntax.TemplateExpr)
			if !ok || len(x.Parts) != 2 || at.Filename != "" && at.Start.Byte < x.Range().Start.Byte {
				return nil // arguments are visited in any order
			}
			ref, isRef := x.Parts[0].(*hclsyntax.ScopeTraversalExpr)
			rest, isText := x.Parts[1].(*hclsyntax.LiteralValueExpr)
			if isRef && isText && ref.Traversal.RootName() == "path" && rest.Val.Type() == cty.String && path.Clean("/"+rest.Val.AsString()) == "/"+file {
				at = x.Range()
			}
			return nil
		})
	}
	return at
}
