package merge

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/guard/disk"
	"github.com/bpgen/bpgen/generator/merge"
)

// readFiles reads three versions of one file.
func readFiles(opts *Options) (in merge.Input, diags hcl.Diagnostics, err error) {
	var content [3][]byte
	for i, name := range []string{opts.Base, opts.Ours, opts.Theirs} {
		file, err := disk.Open(name)
		if err != nil {
			return in, nil, err
		}
		src, more := guard.ReadAll(file, name)
		diags = append(diags, more...)
		if err := file.Close(); err != nil {
			return in, nil, err
		}
		content[i] = src
	}
	if diags.HasErrors() {
		return in, diags, nil
	}
	name := named(opts, content)
	for i, set := range []*fileset.Set{&in.Base, &in.Ours, &in.Theirs} {
		if err := set.Add(name, content[i]); err != nil {
			return in, nil, err
		}
	}
	in.Labels = merge.Labels{Ours: "ours", Base: "base", Theirs: "theirs"}
	return in, nil, nil
}

// named returns the name by which a file is merged. The names that git gives the
// versions say nothing; then what parses is taken for Terraform's language.
func named(opts *Options, content [3][]byte) string {
	name := path.Base(filepath.ToSlash(opts.Path))
	if opts.Path == "" {
		name = filepath.Base(opts.Ours)
	}
	if path.Ext(strings.TrimLeft(name, ".")) != "" {
		return name
	}
	for _, src := range content {
		if _, diags := guard.Parse(src, name); diags.HasErrors() {
			return name
		}
	}
	return "main.tf"
}

// readDirs reads three versions of a directory.
func readDirs(ctx context.Context, opts *Options) (in merge.Input, diags hcl.Diagnostics, err error) {
	for i, set := range []*fileset.Set{&in.Base, &in.Ours, &in.Theirs} {
		more, err := readDir(ctx, []string{opts.Base, opts.Ours, opts.Theirs}[i], set)
		if err != nil {
			return in, nil, err
		}
		diags = append(diags, more...)
	}
	return in, diags, nil
}

// left are the directories that are no part of a module's text.
var left = map[string]bool{".git": true, ".terraform": true, ".hg": true, ".svn": true}

// readDir reads what is in a directory. Links are not followed, and what is no file
// is left alone.
func readDir(ctx context.Context, dir string, set *fileset.Set) (diags hcl.Diagnostics, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close() //nolint:errcheck // Read only.
	fsys := disk.FS(root)
	var budget guard.Budget
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		switch {
		case errors.Is(err, context.Canceled):
			return errors.New("interrupted; nothing was written")
		case err != nil:
			return err
		case d.IsDir() && left[d.Name()]:
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		src, more := guard.ReadFile(fsys, name, path.Join(filepath.ToSlash(dir), name))
		if !more.HasErrors() {
			more = budget.Take(name, src, path.Ext(name) == ".tf")
		}
		diags = append(diags, more...)
		if budget.Spent() {
			return fs.SkipAll
		}
		if more.HasErrors() {
			return nil
		}
		return set.Add(name, src)
	})
	return diags, err
}
