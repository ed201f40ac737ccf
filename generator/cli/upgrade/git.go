package upgrade

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path"
	"strings"

	"github.com/bpgen/bpgen/generator/fileset"
)

// A repository is the git repository that a module is in. The git program does the
// work, so that its settings hold. Nil is a module that is in none, or a machine
// without git: then nothing is done.
type repository struct {
	ctx context.Context // of the run, as long as which it lives
	dir string
}

// openRepository finds the repository of a directory; nil for none.
func openRepository(ctx context.Context, dir string) *repository {
	r := &repository{ctx, dir}
	if out, err := r.git(nil, "rev-parse", "--is-inside-work-tree"); err != nil || strings.TrimSpace(string(out)) != "true" {
		return nil
	}
	return r
}

// git runs git in the directory of the module.
func (r *repository) git(input []byte, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(r.ctx, "git", append([]string{"-C", r.dir}, args...)...)
	cmd.Stdin = bytes.NewReader(input)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		if text := strings.TrimSpace(errOut.String()); text != "" {
			return nil, fmt.Errorf("git %s: %s", args[0], text)
		}
		return nil, fmt.Errorf("git %s: %w", args[0], err)
	}
	return out.Bytes(), nil
}

// entries returns what the index says of files, in the form that restore takes; nil
// where it says nothing.
func (r *repository) entries(paths []string) []byte {
	if r == nil || len(paths) == 0 {
		return nil
	}
	out, err := r.git(nil, append([]string{"ls-files", "--stage", "--full-name", "-z", "--"}, literal(paths)...)...)
	if err != nil {
		return nil
	}
	return out
}

// literal keeps git from reading a path as a pattern.
func literal(paths []string) []string {
	var out []string
	for _, p := range paths {
		out = append(out, ":(literal)"+p)
	}
	return out
}

// An entry is a line of the index.
type entry struct{ mode, blob, stage, path string }

// parse reads what git ls-files --stage -z has written.
func parse(index []byte) (out []entry) {
	for line := range strings.SplitSeq(string(index), "\x00") {
		head, path, ok := strings.Cut(line, "\t")
		if words := strings.Fields(head); ok && len(words) == 3 {
			out = append(out, entry{words[0], words[1], words[2], path})
		}
	}
	return out
}

// mark tells the index of files with conflicts, as git merge does, with the three
// versions as stages 1, 2 and 3. Files that git does not follow are left alone.
func (r *repository) mark(paths []string, base, ours, theirs fileset.Set) error {
	prefix, err := r.git(nil, "rev-parse", "--show-prefix")
	if err != nil {
		return err
	}
	at := strings.TrimSuffix(string(prefix), "\n")
	tracked := map[string]entry{}
	for _, e := range parse(r.entries(paths)) {
		tracked[e.path] = e
	}
	var info bytes.Buffer
	for _, p := range paths {
		e, ok := tracked[at+p]
		if !ok || e.stage != "0" {
			continue
		}
		fmt.Fprintf(&info, "0 %s\t%s\x00", strings.Repeat("0", len(e.blob)), e.path)
		for i, set := range []fileset.Set{base, ours, theirs} {
			content, ok := set.Get(p)
			if !ok {
				continue
			}
			blob, err := r.git(content, "hash-object", "-w", "--stdin", "--path", p)
			if err != nil {
				return err
			}
			fmt.Fprintf(&info, "%s %s %d\t%s\x00", e.mode, strings.TrimSpace(string(blob)), i+1, e.path)
		}
	}
	return r.update(info.Bytes())
}

// restore puts the entries that mark has replaced back where the index still has the
// conflict; who told git that it is resolved has the last word.
func (r *repository) restore(index []byte) error {
	if r == nil || len(index) == 0 {
		return nil
	}
	unmerged, err := r.git(nil, "ls-files", "--unmerged", "--full-name", "-z")
	if err != nil {
		return err
	}
	open := map[string]bool{}
	for _, e := range parse(unmerged) {
		open[e.path] = true
	}
	var info bytes.Buffer
	for _, e := range parse(index) {
		if open[e.path] && e.stage == "0" {
			fmt.Fprintf(&info, "0 %s\t%s\x00%s %s 0\t%s\x00", strings.Repeat("0", len(e.blob)), e.path, e.mode, e.blob, e.path)
		}
	}
	return r.update(info.Bytes())
}

func (r *repository) update(info []byte) error {
	if len(info) == 0 {
		return nil
	}
	_, err := r.git(info, "update-index", "-z", "--index-info")
	return err
}

// mostVersions is how many versions of a file are looked at.
const mostVersions = 500

// versions returns what a file was in the history of the branch, the newest first.
func (r *repository) versions(name string) (out [][]byte) {
	if r == nil {
		return nil
	}
	list, err := r.git(nil, "rev-list", "--objects", fmt.Sprintf("--max-count=%d", mostVersions), "HEAD", "--", ":(literal)"+name)
	if err != nil {
		return nil
	}
	for line := range strings.SplitSeq(string(list), "\n") {
		object, at, _ := strings.Cut(line, " ")
		if at == "" || path.Base(at) != path.Base(name) {
			continue
		}
		if content, err := r.git(nil, "cat-file", "blob", object); err == nil {
			out = append(out, content)
		}
	}
	return out
}
