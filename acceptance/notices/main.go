// Command notices writes the notices of third parties that go with a release:
// for each program what is linked into it, on any system it is released for,
// with the full text of its licence, and where the data that it carries comes
// from.
//
// It asks the go command which packages a program is built from and takes the
// texts from the modules themselves, so it needs no network once they are
// there. A module without a licence is an error.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// programs are the programs of a release, by the name of their notices.
var programs = map[string]string{
	"bpgen":                    ".",
	"terraform-provider-bpgen": "./generator/provider/terraform-provider-bpgen",
}

// systems are those that releases are built for: some packages are linked on one
// of them alone.
var systems = []string{"darwin/amd64", "darwin/arm64", "freebsd/amd64", "freebsd/arm64", "linux/386", "linux/amd64", "linux/arm", "linux/arm64", "windows/amd64", "windows/arm64"}

// data is what the programs carry besides code. The project's own licence is
// the MPL-2.0 too, so that its text goes with every archive.
const data = `Data

The schemas in both programs are derived from those of the Terraform provider
hashicorp/aws, versions 5.100.0 and 6.66.0, copyright HashiCorp, Inc., under the
Mozilla Public License 2.0: https://github.com/hashicorp/terraform-provider-aws.
The text of that licence is in the file LICENSE beside this one.

The time zones are derived from the IANA Time Zone Database, which is in the
public domain: https://www.iana.org/time-zones.

Which days are a weekend where is a fact taken from the Unicode Common Locale
Data Repository (https://cldr.unicode.org), copyright Unicode, Inc., under the
Unicode License V3: https://www.unicode.org/license.txt.
`

func main() {
	dir := flag.String("out", "acceptance/notices/texts", "the `directory` to write into")
	flag.Parse()
	if err := run(*dir); err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	for name, pkg := range programs {
		modules := map[string]module{}
		for _, system := range systems {
			if err := list(pkg, system, modules); err != nil {
				return err
			}
		}
		text, err := notices(name, modules)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name+".txt"), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// A module is one that packages are linked from.
type module struct {
	Path, Version, Dir string
	Main               bool
	Replace            *module
}

// list adds the modules that a program is linked from on one system.
func list(pkg, system string, modules map[string]module) error {
	goos, goarch, _ := strings.Cut(system, "/")
	cmd := exec.Command("go", "list", "-deps", "-json=Module", pkg)
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s for %s: %w", pkg, system, err)
	}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct{ Module *module }
		switch err := dec.Decode(&p); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if m := p.Module; m != nil && !m.Main {
			if m.Replace != nil {
				m.Dir = m.Replace.Dir
			}
			modules[m.Path] = *m
		}
	}
}

// notices returns the text for one program. Modules under the same text share
// it.
func notices(program string, modules map[string]module) ([]byte, error) {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	all := []module{{Path: "Go standard library", Dir: strings.TrimSpace(string(out))}}
	for _, m := range modules {
		all = append(all, m)
	}
	slices.SortFunc(all[1:], func(a, b module) int { return cmp.Compare(a.Path, b.Path) })
	under := map[string][]string{} // names by text
	var order []string
	for _, m := range all {
		text, err := terms(m.Dir)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Path, err)
		}
		if under[text] == nil {
			order = append(order, text)
		}
		under[text] = append(under[text], strings.TrimSpace(m.Path+" "+m.Version))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Third parties' work in %s\n\nWritten by `make notices`; do not edit by hand.\n\n%s", program, data)
	for _, text := range order {
		fmt.Fprintf(&b, "\n%s\n%s\n\n%s\n", strings.Repeat("-", 80), strings.Join(under[text], "\n"), text)
	}
	return []byte(b.String()), nil
}

// licence are the names of files with terms. A NOTICE must be passed on under
// the Apache License, PATENTS goes with Go's own modules.
var licence = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents|authors)([.-].*)?$`)

// terms returns the texts at the top of a module's folder.
func terms(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	var texts []string
	found := false
	for _, e := range entries {
		if e.IsDir() || !licence.MatchString(e.Name()) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return "", err
		}
		lower := strings.ToLower(e.Name())
		found = found || strings.HasPrefix(lower, "licen") || strings.HasPrefix(lower, "copying")
		texts = append(texts, strings.TrimSpace(strings.ReplaceAll(string(b), "\r\n", "\n")))
	}
	if !found {
		return "", fmt.Errorf("no licence in %s", filepath.Base(dir))
	}
	return strings.Join(texts, "\n\n"), nil
}
