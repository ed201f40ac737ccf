package shell

import (
	"fmt"
	"strings"

	"github.com/bpgen/bpgen/generator/write"
)

// Count is "1 file" or "3 files".
func Count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Counts is "3 files created, 1 deleted", or, with "to ", what would happen.
func Counts(r write.Report, to string) string {
	words := [][2]string{{"created", "create"}, {"changed", "change"}, {"deleted", "delete"}, {"unchanged", "keep"}}
	var parts []string
	for i, n := range []int{len(r.Created), len(r.Changed), len(r.Deleted), len(r.Unchanged)} {
		if n == 0 || i == 3 && to != "" {
			continue
		}
		word, number := words[i][0], fmt.Sprint(n)
		if to != "" {
			word = to + words[i][1]
		}
		if len(parts) == 0 {
			number = Count(n, "file")
		}
		parts = append(parts, number+" "+word)
	}
	return strings.Join(parts, ", ")
}
