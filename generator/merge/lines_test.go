package merge_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/merge"
)

// TestLinesAgreeWithGit merges random texts by lines and by git merge-file: what both
// merge is the same, and what one merges the other does not call a conflict.
func TestLinesAgreeWithGit(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	change := func(r *rand.Rand, lines []string, who string) string {
		var out []string
		for i, line := range lines {
			switch r.IntN(8) {
			case 0:
			case 1:
				out = append(out, fmt.Sprintf("%s %d", who, i))
			case 2:
				out = append(out, line, fmt.Sprintf("%s new %d", who, i))
			default:
				out = append(out, line)
			}
		}
		text := strings.Join(out, "\n")
		if r.IntN(4) > 0 {
			text += "\n"
		}
		return text
	}
	conflicts := 0
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 2))
		var lines []string
		for i := range 1 + r.IntN(14) {
			lines = append(lines, fmt.Sprintf("line %d", i))
		}
		base := strings.Join(lines, "\n") + "\n"
		ours, theirs := change(r, lines, "ours"), change(r, lines, "theirs")
		var args []string
		for name, text := range map[string]string{"base": base, "ours": ours, "theirs": theirs} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range []string{"ours", "base", "theirs"} {
			args = append(args, filepath.Join(dir, name))
		}
		git, err := exec.Command("git", append([]string{"merge-file", "-p", "--diff3"}, args...)...).Output()
		res, diags := merge.Merge(merge.Input{Base: single(t, "a.md", base), Ours: single(t, "a.md", ours), Theirs: single(t, "a.md", theirs)})
		if len(diags) > 0 {
			t.Fatal(diags)
		}
		got, _ := res.Files.Get("a.md")
		switch {
		case (err != nil) != (len(res.Conflicts) > 0):
			t.Errorf("seed %d: git says %v, bpgen %v\nbase\n%s\nours\n%s\ntheirs\n%s\ngit\n%s\nbpgen\n%s", seed, err, res.Conflicts, base, ours, theirs, git, got)
		case err == nil && string(git) != string(got):
			t.Errorf("seed %d: git\n%s\nbpgen\n%s", seed, git, got)
		}
		conflicts += len(res.Conflicts)
	}
	if conflicts < 20 {
		t.Errorf("only %d conflicts", conflicts)
	}
}
