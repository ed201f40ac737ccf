// Command manual writes what a release carries for people at a terminal: a man
// page for every command of bpgen, and the completion scripts.
//
// It takes the commands as they are and writes below a directory; the bytes depend
// on the commands, the version and the date alone. The pages are written in
// Markdown and made into roff by go-md2man, which bpgen itself need not carry.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/cli"
	"github.com/bpgen/bpgen/generator/cli/completion"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/iostreams"
)

func main() {
	dir := flag.String("out", "bin/manual", "the `directory` to write man/ and completions/ into")
	version := flag.String("version", "", "the `version` that the pages are of")
	date := flag.Int64("date", 0, "when that was made, in `seconds` since 1970")
	flag.Parse()
	if err := run(*dir, edition{*version, *date}); err != nil {
		fmt.Fprintln(os.Stderr, "manual:", err)
		os.Exit(1)
	}
}

func run(dir string, e edition) error {
	root := cli.NewRoot(&shell.Factory{IO: iostreams.System()})
	files := pages(root, e)
	for name, file := range scripts {
		script, err := completion.Script(root, name)
		if err != nil {
			return err
		}
		files[filepath.Join("completions", file)] = script
	}
	// What an older run left would get into the release.
	err := errors.Join(os.RemoveAll(filepath.Join(dir, "man")), os.RemoveAll(filepath.Join(dir, "completions")))
	for name, content := range files {
		path := filepath.Join(dir, name)
		err = errors.Join(err, os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, content, 0o644))
	}
	return err
}

// scripts are the files of the completion scripts, by shell, under the names by
// which packages know them.
var scripts = map[string]string{"bash": "bpgen.bash", "zsh": "_bpgen", "fish": "bpgen.fish", "powershell": "bpgen.ps1"}

// An edition is what stands at the foot of each page.
type edition struct {
	version string
	date    int64 // in seconds since 1970; 0 and less is not known, as in a snapshot
}

func (e edition) day() string {
	if e.date <= 0 {
		return ""
	}
	return time.Unix(e.date, 0).UTC().Format(time.DateOnly)
}

// pages returns the man pages of a command and of those below it, by their paths.
func pages(cmd *cobra.Command, e edition) map[string][]byte {
	out := map[string][]byte{filepath.Join("man", name(cmd)+".1"): page(cmd, e)}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			for path, content := range pages(c, e) {
				out[path] = content
			}
		}
	}
	return out
}
