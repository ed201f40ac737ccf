package proof

import "testing"

// TestUncommented holds that comments are blanked by the kind of file, and that what
// only looks like one stays.
func TestUncommented(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ src, want string }{
		"a.tf":          {"a = 1 # b = 2\nc = \"# d\" /* e\nf */ + 1\n", "a = 1        \nc = \"# d\"     \n     + 1\n"},
		"a.tfvars":      {"a = 1 // b\n", "a = 1     \n"},
		"a.md":          {"a <!-- b\nc --> d\n[//]: # (e)\n# f\n", "a       \n      d\n           \n# f\n"},
		"buildspec.yml": {"a: b # c\n  # d\n", "a: b # c\n     \n"},
		"a.sh":          {"#!/bin/sh\n# a\n", "#!/bin/sh\n   \n"},
		"a.json":        {"{\"a\": \"# b\"}\n", "{\"a\": \"# b\"}\n"},
	} {
		if got := string(uncommented(name, []byte(c.src))); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
