package emulator

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// A tree is an element of an XML answer. The router changes few of them, so
// namespaces and attributes of the document stay as they were.
type tree struct {
	name     string
	attrs    []xml.Attr
	children []*tree
	text     string
}

// parseTree reads an XML document.
func parseTree(body []byte) (*tree, error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	root := &tree{}
	open := []*tree{root}
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		last := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			child := &tree{name: token.Name.Local, attrs: token.Attr}
			last.children = append(last.children, child)
			open = append(open, child)
		case xml.EndElement:
			if len(open) == 1 {
				return nil, errors.New("an element ends that did not begin")
			}
			open = open[:len(open)-1]
		case xml.CharData:
			last.text += string(token)
		}
	}
	if len(root.children) != 1 || len(open) != 1 {
		return nil, errors.New("no XML document")
	}
	return root.children[0], nil
}

// bytes writes the document.
func (t *tree) bytes() []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	t.write(&b)
	return b.Bytes()
}

func (t *tree) write(b *bytes.Buffer) {
	b.WriteString("<" + t.name)
	for _, a := range t.attrs {
		name := a.Name.Local
		if a.Name.Space != "" {
			name = a.Name.Space + ":" + name
		}
		b.WriteString(" " + name + `="` + escaped(a.Value) + `"`)
	}
	b.WriteString(">")
	if len(t.children) == 0 {
		b.WriteString(escaped(t.text))
	}
	for _, c := range t.children {
		c.write(b)
	}
	b.WriteString("</" + t.name + ">")
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

// each calls f for every element of that name below t.
func (t *tree) each(name string, f func(*tree)) {
	for _, c := range t.children {
		if c.name == name {
			f(c)
		}
		c.each(name, f)
	}
}

// child returns the first child of that name, or nil.
func (t *tree) child(name string) *tree {
	for _, c := range t.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// value returns the text of a child.
func (t *tree) value(name string) string {
	if c := t.child(name); c != nil {
		return strings.TrimSpace(c.text)
	}
	return ""
}

// set gives a child its text, and makes it where there is none.
func (t *tree) set(name, text string) {
	c := t.child(name)
	if c == nil {
		c = &tree{name: name}
		t.children = append(t.children, c)
	}
	c.text, c.children, c.attrs = text, nil, nil
}

// drop removes the children that keep does not want.
func (t *tree) drop(gone func(*tree) bool) {
	var kept []*tree
	for _, c := range t.children {
		if !gone(c) {
			kept = append(kept, c)
		}
	}
	t.children = kept
}
