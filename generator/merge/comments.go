package merge

import "strings"

// obeyed lists what the comments begin with that tools obey: they are code to a
// merge.
var obeyed = []string{
	"checkov:", "tfsec:", "trivy:", "tflint-ignore", "kics-scan", "terrascan:", "ts:skip", "snyk:", "bpgen:", "infracost", "nosec", "noqa", "semgrep", "nosemgrep",
}

// directive says whether a comment is one that a tool obeys.
func directive(comment string) bool {
	text := strings.TrimLeft(comment, "#/* \t")
	for _, begin := range obeyed {
		if strings.HasPrefix(text, begin) {
			return true
		}
	}
	return false
}

// comments merges the comments at one place, lines of them or none. A comment that
// was removed on one side and changed on the other stays as our side has it, since
// nothing that ours says is lost, and nothing comes back that ours took away.
func (m *merger) comments(base, ours, theirs string) (text string, from side, ok bool) {
	switch {
	case ours == theirs:
		return theirs, either, true
	case ours == base:
		return theirs, fromTheirs, true
	case theirs == base, theirs == "", ours == "":
		return ours, fromOurs, true
	}
	var b strings.Builder
	for _, h := range diff3(base+"\n", ours+"\n", theirs+"\n") {
		if !h.settled {
			return "", mixed, false
		}
		b.WriteString(h.text)
	}
	return strings.TrimSuffix(b.String(), "\n"), mixed, true
}

// lead merges the comments in front of an item; a conflict takes their place.
func (m *merger) lead(v trio, at string) (text string, from side) {
	b, o, t := v.commentsOf(func(it *item) []int { return it.lead }, "\n")
	text, from, ok := m.comments(b, o, t)
	if ok {
		return text, from
	}
	return m.conflict(Conflict{Address: at, Reason: bothChanged("the comment in front of this"), Base: b, Ours: o, Theirs: t}), mixed
}

// commentsOf returns the comments of each version at one place.
func (v trio) commentsOf(at func(*item) []int, between string) (b, o, t string) {
	words := func(it *item) string {
		if it == nil {
			return ""
		}
		return it.src.words(at(it), between)
	}
	return words(v.b), words(v.o), words(v.t)
}

// remark merges a paragraph of comments that stands by itself.
func (m *merger) remark(v trio, at string) (piece, bool) {
	switch {
	case v.o == nil && (v.t == nil || v.b != nil):
		return piece{}, false
	case v.o == nil:
		return taken(v.t, fromTheirs), true
	case v.t == nil && v.b == nil:
		return taken(v.o, fromOurs), true
	case v.t == nil && v.o.normal(wholeOf) == v.b.normal(wholeOf):
		return piece{}, false
	case v.t == nil:
		return taken(v.o, fromOurs), true
	}
	text, from := m.lead(v, at)
	return piece{like: v.layout(), lead: text, blank: v.blank(), from: from}, true
}
