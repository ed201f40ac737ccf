// Package version is the command "bpgen version": what this binary was built
// from, as the Go toolchain recorded it.
package version

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/bpgen/bpgen/generator/cli/shell"
)

// Options are what the flags say.
type Options struct{ JSON bool }

// Info is what is known of the build.
type Info struct {
	Version  string `json:"version"`            // module version, "(devel)" for a checkout
	Revision string `json:"revision,omitempty"` // commit
	Time     string `json:"time,omitempty"`     // of the commit
	Modified bool   `json:"modified"`           // the checkout had changes
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// NewCmd returns the command. runF takes the place of the work in tests.
func NewCmd(f *shell.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	opts := &Options{}
	cmd := &cobra.Command{
		Use:               "version",
		Short:             "Show the version",
		Args:              shell.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return Print(f, opts)
		},
	}
	cmd.Flags().BoolVar(&opts.JSON, "json", false, "print JSON")
	return cmd
}

// Print shows the version of this program.
func Print(f *shell.Factory, opts *Options) error {
	info, _ := debug.ReadBuildInfo()
	return run(f, opts, Read(info))
}

// Read takes what matters out of the toolchain's record; nil is allowed.
func Read(b *debug.BuildInfo) Info {
	info := Info{Version: "(unknown)", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if b == nil {
		return info
	}
	if b.Main.Version != "" {
		info.Version = b.Main.Version
	} else {
		info.Version = "(devel)"
	}
	for _, s := range b.Settings {
		switch s.Key {
		case "vcs.revision":
			info.Revision = s.Value
		case "vcs.time":
			info.Time = s.Value
		case "vcs.modified":
			info.Modified = s.Value == "true"
		}
	}
	return info
}

// Release is the version where it is one that was released; "" for a build from a
// checkout.
func (i Info) Release() string {
	if !semver.IsValid(i.Version) || semver.Build(i.Version) != "" || module.IsPseudoVersion(i.Version) {
		return ""
	}
	return i.Version
}

// String is one line for people.
func (i Info) String() string {
	s := "bpgen " + i.Version
	if i.Revision != "" {
		s += " (" + i.Revision[:min(12, len(i.Revision))]
		if i.Modified {
			s += ", changed"
		}
		s += ")"
	}
	return fmt.Sprintf("%s %s %s", s, i.Go, i.Platform)
}

func run(f *shell.Factory, opts *Options, info Info) error {
	if opts.JSON {
		return f.WriteJSON(info)
	}
	_, err := fmt.Fprintln(f.IO.Out, info)
	return err
}
