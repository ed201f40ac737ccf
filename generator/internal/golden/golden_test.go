package golden

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/fileset"
)

func set(t *testing.T, files ...string) fileset.Set {
	t.Helper()
	var s fileset.Set
	for i := 0; i < len(files); i += 2 {
		add(t, &s, files[i], []byte(files[i+1]))
	}
	return s
}

func TestCompareFindsEveryKindOfDifference(t *testing.T) {
	golden := set(t, "a.tf", "one\ntwo\n", "gone.tf", "x\n", "same.tf", "s\n")
	made := set(t, "a.tf", "one\n2\n", "new/b.tf", "y\n", "same.tf", "s\n")
	diff := compare(golden, made)
	for _, want := range []string{"-two\n", "+2\n", "no longer generated: gone.tf\n", "not in the golden files: new/b.tf\n", "+y\n"} {
		if !strings.Contains(diff, want) {
			t.Errorf("no %q in:\n%s", want, diff)
		}
	}
	if strings.Contains(diff, "same.tf") {
		t.Errorf("an equal file is reported:\n%s", diff)
	}
	if diff := compare(golden, golden); diff != "" {
		t.Errorf("a set differs from itself:\n%s", diff)
	}
}

// recorder is a testing.TB that notes failures instead of failing.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, format)
}

func TestTreeReadsWhatWriteWrote(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tree")
	files := set(t, "a.tf", "one\n", "deep/er/b.md", "two\n")
	write(t, dir, files)
	Tree(t, dir, files)

	stray := filepath.Join(dir, "deep", "stray.tf")
	if err := os.WriteFile(stray, []byte("x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var rec recorder
	rec.TB = t
	Tree(&rec, dir, files)
	if len(rec.failures) != 1 {
		t.Errorf("a file too many gave %d failures, want 1", len(rec.failures))
	}
	write(t, dir, files)
	if _, err := os.Stat(stray); !os.IsNotExist(err) {
		t.Errorf("writing left the stray file: %v", err)
	}
}

func TestFileMissingIsAFailure(t *testing.T) {
	var rec recorder
	rec.TB = t
	File(&rec, filepath.Join(t.TempDir(), "none"), []byte("x\n"))
	if len(rec.failures) != 1 {
		t.Errorf("a missing golden file gave %d failures, want 1", len(rec.failures))
	}
}

func TestFileIgnoresLineEnds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, []byte("a\r\nb\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	File(t, path, []byte("a\nb\n"))
}
