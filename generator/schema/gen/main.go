// Command gen writes the artefacts that package schema embeds.
//
// It takes a folder of `terraform providers schema -json` outputs, gzipped and
// named aws-<version>.schema.json.gz, and writes aws-<major>.bin for each. It
// reads back what it wrote and compares every type with the JSON, so a wrong
// artefact never reaches the tree. `go generate` in package schema runs it.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	from := flag.String("from", "", "directory with aws-<version>.schema.json.gz")
	to := flag.String("to", ".", "directory for aws-<major>.bin")
	flag.Parse()
	if err := run(*from, *to); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	if from == "" {
		return errors.New("-from is empty: pass the directory of the schemas, for go generate with SCHEMAS=DIR")
	}
	inputs, err := filepath.Glob(filepath.Join(from, "aws-*.schema.json.gz"))
	if err != nil {
		return err
	}
	if len(inputs) == 0 {
		return fmt.Errorf("%s contains no aws-<version>.schema.json.gz", from)
	}
	for _, in := range inputs {
		base := strings.TrimSuffix(filepath.Base(in), ".schema.json.gz")
		version := strings.TrimPrefix(base, "aws-")
		major, _, _ := strings.Cut(version, ".")
		doc, err := load(in)
		if err != nil {
			return fmt.Errorf("%s: %w", in, err)
		}
		doc.version = version
		data, err := encode(doc)
		if err != nil {
			return fmt.Errorf("%s: %w", in, err)
		}
		if err := verify(doc, string(data)); err != nil {
			return fmt.Errorf("%s: the artefact differs from the JSON: %w", in, err)
		}
		if err := os.WriteFile(filepath.Join(to, "aws-"+major+".bin"), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func load(path string) (*document, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	gz, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	return parse(json.NewDecoder(gz))
}
