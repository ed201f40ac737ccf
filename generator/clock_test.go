package generator_test

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// clocks lists the tests that may ask how long something took, each with why. None of
// them fails by the answer.
var clocks = map[string]string{
	"acceptance/life_test.go":    "logs what each step of a life took",
	"acceptance/scripts_test.go": "kills renders at moments within what a render usually takes",
}

// TestNoClock: no test fails because the machine is busy. What may take only so long
// is held to the time of the processor (package cpu), or to a ratio.
func TestNoClock(t *testing.T) {
	t.Parallel()
	asks := regexp.MustCompile(`\btime\.(Since|Until)\(|\.Elapsed\(`)
	seen := map[string]bool{}
	tree := os.DirFS("..")
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		src, err := fs.ReadFile(tree, name)
		if err != nil || !asks.Match(src) {
			return err
		}
		if seen[name] = true; clocks[name] == "" {
			t.Errorf("%s asks the clock how long something took", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range clocks {
		if !seen[name] {
			t.Errorf("clocks names %s, which does not ask", name)
		}
	}
}
