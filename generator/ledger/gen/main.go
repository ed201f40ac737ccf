// Command gen writes the project's copy of the notes' ledger.
//
//	go run ./generator/ledger/gen [-in FOLDER] [-notes FILE]
//
// FOLDER holds the ledger as it was taken from the notes, one <system>.yaml
// per system. The copy leaves out the verbatim quotes and has one fixed
// layout, which package ledger relies on: one key a line, its value in JSON.
// FILE holds the notes themselves, of which only the links are copied, to
// links.tsv. Without either, rules.tsv alone is written, the pages to which the
// rules of vet link.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"
)

const header = "# Written by generator/ledger/gen; do not edit by hand.\n"

// source is an entry as the input has it: the quote is read, so that Strict
// still finds unknown keys, and then dropped.
type source struct {
	ID        string   `yaml:"id"`
	Kind      string   `yaml:"kind"`
	Strength  string   `yaml:"strength"`
	Section   string   `yaml:"section"`
	Lines     string   `yaml:"lines"`
	Statement string   `yaml:"statement"`
	Value     any      `yaml:"value,omitempty"`
	Terraform []string `yaml:"terraform,omitempty"`
	Caveat    string   `yaml:"caveat,omitempty"`
	Quote     string   `yaml:"quote,omitempty"`
}

func main() {
	in := flag.String("in", "", "directory with the ledger's <system>.yaml files")
	markdown := flag.String("notes", "", "file with the notes, as Markdown")
	out := flag.String("out", filepath.Join("blueprints", "notes"), "directory to write to")
	flag.Parse()
	if err := run(*in, *markdown, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(in, markdown, out string) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "rules.tsv"), rulesTable(allRules()), 0o644); err != nil {
		return err
	}
	if markdown != "" {
		content, err := os.ReadFile(markdown)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(out, "links.tsv"), linksTable(content), 0o644); err != nil {
			return err
		}
	}
	if in == "" {
		return nil
	}
	return copyLedger(in, out)
}

// copyLedger writes the copy of each file of the ledger.
func copyLedger(in, out string) error {
	files, err := filepath.Glob(filepath.Join(in, "*.yaml"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%s contains no .yaml file", in)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		copied, err := convert(strings.TrimSuffix(filepath.Base(file), ".yaml"), content)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if err := os.WriteFile(filepath.Join(out, filepath.Base(file)), copied, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// convert returns the copy of one file. Every key stands on a line of its own
// and its value is JSON, which is YAML too.
func convert(system string, content []byte) ([]byte, error) {
	entries, err := decode(content)
	if err != nil {
		return nil, err
	}
	out := bytes.NewBufferString(header)
	for _, e := range entries {
		if !strings.HasPrefix(e.ID, system+".") {
			return nil, fmt.Errorf("the id %q does not start with its system %q", e.ID, system)
		}
		lead := "- "
		for _, f := range []struct {
			key   string
			value any
			keep  bool
		}{
			{"id", e.ID, true},
			{"kind", e.Kind, true},
			{"strength", e.Strength, true},
			{"section", e.Section, true},
			{"lines", e.Lines, true},
			{"statement", e.Statement, true},
			{"value", e.Value, e.Value != nil},
			{"terraform", e.Terraform, len(e.Terraform) > 0},
			{"caveat", e.Caveat, e.Caveat != ""},
		} {
			if !f.keep {
				continue
			}
			text, err := jsonText(f.value)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", e.ID, f.key, err)
			}
			fmt.Fprintf(out, "%s%s: %s\n", lead, f.key, text)
			lead = "  "
		}
	}
	return out.Bytes(), nil
}

// jsonText returns a value on one line, with the keys of maps in their order
// and a space after each colon and comma.
func jsonText(value any) (string, error) {
	var items []string
	switch v := value.(type) {
	case yaml.MapSlice:
		for _, item := range v {
			key, err := jsonText(fmt.Sprint(item.Key))
			if err != nil {
				return "", err
			}
			text, err := jsonText(item.Value)
			if err != nil {
				return "", err
			}
			items = append(items, key+": "+text)
		}
		return "{" + strings.Join(items, ", ") + "}", nil
	case []any:
		for _, item := range v {
			text, err := jsonText(item)
			if err != nil {
				return "", err
			}
			items = append(items, text)
		}
		return "[" + strings.Join(items, ", ") + "]", nil
	case []string:
		all := make([]any, len(v))
		for i := range v {
			all[i] = v[i]
		}
		return jsonText(all)
	}
	var text strings.Builder
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false) // "<" and "&" stay readable
	if err := enc.Encode(value); err != nil {
		return "", err
	}
	return strings.TrimSuffix(text.String(), "\n"), nil
}

func decode(content []byte) ([]source, error) {
	var entries []source
	err := yaml.UnmarshalWithOptions(content, &entries, yaml.Strict(), yaml.UseOrderedMap())
	return entries, err
}
