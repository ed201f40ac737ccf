package ledger_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/bpgen/bpgen/generator/ledger"
)

func TestAbout(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{"\nNotes of *ours*.\n\n": "Notes of *ours*.", "": ""} {
		fsys := fstest.MapFS{"about.md": {Data: []byte(content)}, "s3.yaml": {Data: []byte("# nothing\n")}}
		if got := ledger.Open(fsys).About(); got != want {
			t.Errorf("About of %q is %q, want %q", content, got, want)
		}
		if systems := ledger.Open(fsys).Systems(); len(systems) != 1 {
			t.Errorf("the systems are %v, but only s3 is one", systems)
		}
	}
	if got := ledger.Open(fstest.MapFS{}).About(); got != "" {
		t.Errorf("without the file: %q", got)
	}
	if got := ledger.Open(notes(t)).About(); !strings.Contains(got, "https://") || strings.Contains(got, "\n#") {
		t.Errorf("the built-in notes do not say where they are, or have headings of their own: %q", got)
	}
}
