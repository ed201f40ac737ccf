package render

import (
	"strconv"
	"strings"

	"github.com/bpgen/bpgen/generator/ledger"
)

// A page is where to read more. Its title is Markdown.
type page struct{ title, url string }

// maxPages bounds the pages of AWS that an entry leads to: the first are nearest to
// what it says.
const maxPages = 2

// pagesOf returns the pages of AWS, those in English first, and the others that an
// entry leads to.
func pagesOf(e ledger.Entry) (aws, others []page) {
	var translated []page
	for _, s := range e.Sources() {
		p := page{text(s.Title), s.URL}
		switch {
		case strings.ContainsAny(s.URL, "<> "): // it would end where it is defined
		case !s.AWS():
			others = append(others, p)
		case strings.Contains(s.URL, "/ja_jp/"):
			translated = append(translated, p)
		default:
			aws = append(aws, p)
		}
	}
	aws = append(aws, translated...)
	return aws[:min(len(aws), maxPages)], others
}

// pages are the addresses that a document leads to, each defined once, at its end: many
// entries lead to the same ones.
type pages struct {
	numbers map[string]int
	urls    []string
}

// line writes a line that leads to pages, if there are any.
func (p *pages) line(d *document, lead string, to []page) {
	for i, page := range to {
		if i > 0 {
			lead = ", "
		}
		d.WriteString(lead)
		d.WriteByte('[')
		d.WriteString(page.title)
		d.WriteString("][")
		d.WriteString(strconv.Itoa(p.number(page.url)))
		d.WriteByte(']')
	}
	if len(to) > 0 {
		d.line()
	}
}

// number returns the number under which an address is defined.
func (p *pages) number(url string) int {
	n, known := p.numbers[url]
	if !known {
		if p.numbers == nil {
			p.numbers = map[string]int{}
		}
		p.urls = append(p.urls, url)
		n = len(p.urls)
		p.numbers[url] = n
	}
	return n
}

// define writes the addresses.
func (p *pages) define(d *document) {
	for i, url := range p.urls {
		d.line("[", strconv.Itoa(i+1), "]: <", url, ">")
	}
}
