package main

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/bpgen/bpgen/generator/vet"
	"github.com/bpgen/bpgen/generator/vet/notes"
)

// A link of the notes: the line in which it is, the lines that it is about, and the
// chapter.
type link struct {
	line, first, last int
	chapter, url      string
}

const linksHeader = "# Links of the notes: line, lines that the link is about, chapter, address. Written by generator/ledger/gen; do not edit by hand.\n"

// address is a link in the notes, whose punctuation is not part of it.
var address = regexp.MustCompile("https?://[^ <|`\"、。」）・]+")

// unread lists the hosts of what is not a page to read: pictures, and addresses that the
// notes give as an example or an endpoint.
var unread = map[string]bool{
	"raw.githubusercontent.com": true,
	"":                          true, "#{host}:443": true, "example.com": true, "www.example.com": true, "example.jp": true, "localhost:9000": true,
	"sts.amazonaws.com": true, "global.sns-api.chatbot.amazonaws.com": true,
}

// linksOf returns the links of the notes, which are Markdown, in their order. A link in
// a row of a table or in a block of code is about its line alone, any other of its
// section.
func linksOf(markdown []byte) []link {
	lines := strings.Split(string(markdown), "\n")
	var out []link
	open := 0 // links of this section that wait for its end
	start, code, chapter := 1, false, ""
	end := func(last int) {
		for ; open < len(out); open++ {
			if out[open].last == 0 {
				out[open].first, out[open].last = start, last
			}
		}
	}
	for i, text := range lines {
		if strings.HasPrefix(strings.TrimSpace(text), "```") && strings.Count(text, "```") == 1 {
			code = !code
		}
		if !code && strings.HasPrefix(text, "#") {
			end(i)
			start = i + 1
			if name, ok := strings.CutPrefix(text, "## "); ok {
				chapter = strings.TrimSpace(name)
			}
		}
		for _, found := range address.FindAllString(text, -1) {
			if !page(found) {
				continue
			}
			l := link{line: i + 1, chapter: chapter, url: found}
			if code || strings.HasPrefix(text, "|") {
				l.first, l.last = i+1, i+1
			}
			out = append(out, l)
		}
	}
	end(len(lines))
	return out
}

// page says whether an address is that of a page to read.
func page(text string) bool {
	_, rest, _ := strings.Cut(text, "://")
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(host, "?")
	return !unread[host] && !strings.HasSuffix(host, ".console.aws.amazon.com")
}

// linksTable returns the file of the links.
func linksTable(markdown []byte) []byte {
	out := bytes.NewBufferString(linksHeader)
	for _, l := range linksOf(markdown) {
		fmt.Fprintf(out, "%d\t%d-%d\t%s\t%s\n", l.line, l.first, l.last, l.chapter, l.url)
	}
	return out.Bytes()
}

const rulesHeader = "# Pages to which the rules of vet link: entry of the notes, rule, address. Written by generator/ledger/gen; do not edit by hand.\n"

// rulesTable returns the file of the pages to which rules link, for each entry that
// a rule cites.
func rulesTable(rules []vet.Rule) []byte {
	out := bytes.NewBufferString(rulesHeader)
	for _, r := range rules {
		if r.Link() == "" {
			continue
		}
		for _, id := range vet.NotesOf(r) {
			fmt.Fprintf(out, "%s\t%s\t%s\n", id, r.ID(), r.Link())
		}
	}
	return out.Bytes()
}

// allRules returns the rules that may cite the notes.
func allRules() []vet.Rule { return append(vet.Rules(), notes.Rules()...) }
