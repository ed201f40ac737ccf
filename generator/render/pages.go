package render

import (
	"strconv"
	"strings"

	"github.com/bpgen/bpgen/generator/ledger"
)

// maxPages bounds the pages of AWS that an entry leads to: the first are nearest to
// what it says.
const maxPages = 2

// pages are the addresses that a document leads to, each defined once, at its end: many
// entries lead to the same ones.
type pages struct {
	numbers map[string]int
	urls    []string
}

// of returns links to the pages of AWS, those in English first, and to the others that
// an entry leads to.
func (p *pages) of(e ledger.Entry) (aws, others []string) {
	var english, translated []ledger.Source
	for _, s := range e.Sources() {
		switch {
		case strings.ContainsAny(s.URL, "<> "): // it would end where it is defined
		case !s.AWS():
			others = append(others, p.link(s))
		case strings.Contains(s.URL, "/ja_jp/"):
			translated = append(translated, s)
		default:
			english = append(english, s)
		}
	}
	for _, s := range append(english, translated...) {
		if len(aws) < maxPages {
			aws = append(aws, p.link(s))
		}
	}
	return aws, others
}

func (p *pages) link(s ledger.Source) string {
	n, known := p.numbers[s.URL]
	if !known {
		if p.numbers == nil {
			p.numbers = map[string]int{}
		}
		p.urls = append(p.urls, s.URL)
		n = len(p.urls)
		p.numbers[s.URL] = n
	}
	return "[" + text(s.Title) + "][" + strconv.Itoa(n) + "]"
}

// define writes the addresses.
func (p *pages) define(d *document) {
	for i, url := range p.urls {
		d.line("[", strconv.Itoa(i+1), "]: <", url, ">")
	}
}
