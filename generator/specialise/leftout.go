package specialise

import (
	"sync"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// A LeftOut is something of a template that the linked module does not have.
type LeftOut struct {
	Kind string // one of the constants below
	Name string // in the template: an address, "var.x" or "output.x"
}

// What may be left out, in the order in which it is told.
const (
	LeftOutResource   = "resource"     // the options switch it off
	LeftOutData       = "data source"  // the options switch it off, or nothing reads it any more
	LeftOutModule     = "child module" // its call is switched off, or written inline
	LeftOutValidation = "validation"   // of a variable that is a constant now, for which it holds
	LeftOutCondition  = "precondition" // of an output, which the constants fulfil
	LeftOutFile       = "file"         // nothing reads it any more
)

// leftOut returns what tells what is left out. It is found out when somebody
// asks.
func (c *component) leftOut() func() []LeftOut {
	return sync.OnceValue(func() []LeftOut {
		before := len(c.diags)
		out := c.leftOutBelow("")
		c.diags = c.diags[:before] // they are told already
		return out
	})
}

func (c *component) leftOutBelow(path string) []LeftOut {
	var out []LeftOut
	for _, addr := range sortedKeys(c.objects) {
		o := c.objects[addr]
		kind, known := map[string]string{"resource": LeftOutResource, "data": LeftOutData, "module": LeftOutModule}[o.Kind]
		c.resolve(o)
		switch {
		case c.inline(o):
			out = append(out, LeftOut{LeftOutModule, path + addr})
			out = append(out, o.child.leftOutBelow(path+addr+".")...)
		case o.mode == dropped && known:
			out = append(out, LeftOut{kind, path + addr})
		}
	}
	for _, v := range c.in.Template.Variables {
		if _, bound := c.in.Bound[v.Name]; (bound || c.call != nil) && c.holds(v.Block, "validation") {
			out = append(out, LeftOut{LeftOutValidation, path + "var." + v.Name})
		}
	}
	for _, o := range c.in.Template.Outputs {
		if c.holds(o.Block, "precondition") {
			out = append(out, LeftOut{LeftOutCondition, path + "output." + o.Name})
		}
	}
	return out
}

// holds says whether a block has conditions that the constants fulfil.
func (c *component) holds(b *hclsyntax.Block, kind string) bool {
	for _, n := range b.Body.Blocks {
		if a := n.Body.Attributes["condition"]; n.Type == kind && a != nil && !c.ev.sources.isCut(n.TypeRange) {
			if b, ok := knownBool(c.ev.eval(a.Expr, nil)); ok && b {
				return true
			}
		}
	}
	return false
}
