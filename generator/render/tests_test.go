package render

import (
	"bytes"
	"slices"
	"testing"

	"github.com/bpgen/bpgen/generator/link"
)

func TestSpreadTests(t *testing.T) {
	body := func(lines int) []byte { return bytes.Repeat([]byte("x\n"), lines) }
	tests := []link.TestFile{{Name: "a", Body: body(40)}, {Name: "b", Body: body(40)}, {Name: "c", Body: body(40)}, {Name: "d", Body: body(500)}, {Name: "e", Body: body(1)}}
	var got []int
	for _, file := range spreadTests(tests, 100) {
		got = append(got, len(file))
	}
	if want := []int{2, 1, 1, 1}; !slices.Equal(got, want) { // what is too long for any file has one of its own
		t.Fatalf("files hold %v components, want %v", got, want)
	}
	if names := []string{testFileName(0), testFileName(1)}; names[0] != "tests/module.tftest.hcl" || names[1] != "tests/module-2.tftest.hcl" {
		t.Errorf("the files are called %q", names)
	}
}
