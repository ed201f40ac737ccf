package cite

import (
	"regexp"
	"slices"
	"strings"
)

// cited is a citation as Comment writes it, or as a template has it.
var cited = regexp.MustCompile(`\bnotes:? +(` + id + `(?: *, *` + id + `)*)[ :;]*(.*?)\s*$`)

const id = `[a-z0-9-]+\.[A-Za-z0-9_.-]*[A-Za-z0-9_-]`

// Read takes a comment of a rendered module or of a template apart into the ids that
// it cites and its words. It returns no ids for a comment that cites nothing.
func Read(comment string) (ids []string, words string) {
	if !strings.Contains(comment, "notes") {
		return nil, "" // most comments; the expression is slow
	}
	m := cited.FindStringSubmatch(comment)
	if m == nil {
		return nil, ""
	}
	for part := range strings.SplitSeq(m[1], ",") {
		if one := strings.TrimSpace(part); !slices.Contains(ids, one) {
			ids = append(ids, one)
		}
	}
	words, rest, more := strings.Cut(m[2], "; "+departs+"notes ")
	if more {
		left, _ := Read("notes " + rest)
		ids = append(ids, left...)
	}
	return ids, words
}
