// Command replacement writes the table of arguments that make hashicorp/aws replace
// an object, which package schema embeds.
//
// It takes the program of the real provider (-provider), and types as arguments, all
// of them by default, and writes a line per type to -out. Types that the file
// already has, of the same release, are not asked again.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/bpgen/bpgen/acceptance/replacement"
	"github.com/bpgen/bpgen/generator/schema"
)

func main() {
	provider := flag.String("provider", "", "program of hashicorp/aws")
	major := flag.String("major", "5", "its major version")
	out := flag.String("out", "", "file of the table")
	flag.Parse()
	if err := run(*provider, *major, *out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "replacement:", err)
		os.Exit(1)
	}
}

func run(provider, major, out string, types []string) error {
	p, ok := schema.For(major)
	if !ok {
		return fmt.Errorf("there is no schema of hashicorp/aws %s", major)
	}
	if provider == "" || out == "" {
		return errors.New("-provider and -out are required")
	}
	if len(types) == 0 {
		types = p.Names(schema.KindResource)
	}
	head := fmt.Sprintf("hashicorp/aws %s\n", p.Version())
	rows := map[string]string{}
	switch old, err := os.ReadFile(out); {
	case err == nil && strings.HasPrefix(string(old), head):
		for line := range strings.Lines(string(old)[len(head):]) {
			typ, _, _ := strings.Cut(strings.TrimSpace(line), " ")
			rows[typ] = strings.TrimSpace(line)
		}
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	types = slices.DeleteFunc(slices.Clone(types), func(t string) bool { return rows[t] != "" || !strings.HasPrefix(t, "aws_") })
	var failed error
	err := replacement.Ask(provider, p, types, func(a replacement.Answer) {
		rows[a.Type] = a.String()
		fmt.Fprintf(os.Stderr, "%s: %d asked, %d replace, %d silent %s\n", a.Type, a.Asked, len(a.Replaces), len(a.Silent), first(a.Reason))
		failed = errors.Join(failed, write(out, head, rows))
	})
	return errors.Join(err, failed)
}

// write writes the table after each type, so that an interrupted run goes on.
func write(out, head string, rows map[string]string) error {
	lines := make([]string, 0, len(rows))
	for _, row := range rows {
		lines = append(lines, row)
	}
	slices.Sort(lines)
	return os.WriteFile(out, []byte(head+strings.Join(lines, "\n")+"\n"), 0o644)
}

func first(reason string) string {
	line, _, _ := strings.Cut(reason, "\n")
	return line
}
