package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNotices(t *testing.T) {
	t.Parallel()
	folder := func(files map[string]string) string {
		dir := t.TempDir()
		for name, text := range files {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	same := map[string]string{"LICENSE": "Do what you like.\r\n", "license_test.go": "package x"}
	text, err := notices("x", map[string]module{
		"b": {Path: "b", Version: "v1.0.0", Dir: folder(same)},
		"a": {Path: "a", Version: "v2.0.0", Dir: folder(same)},
		"c": {Path: "c", Version: "v3.0.0", Dir: folder(map[string]string{"COPYING.md": "Ask first.", "NOTICE": "By C."})},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := string(text)
	for _, want := range []string{"\na v2.0.0\nb v1.0.0\n\nDo what you like.\n", "\nc v3.0.0\n\nAsk first.\n\nBy C.\n", "\nGo standard library\n", "hashicorp/aws"} {
		if strings.Count(got, want) != 1 {
			t.Errorf("%q stands there %d times", want, strings.Count(got, want))
		}
	}
	if strings.Contains(got, "package x") || strings.Contains(got, "\r") {
		t.Error("what is no licence, or a carriage return, stands there")
	}
	if _, err := notices("x", map[string]module{"d": {Path: "d", Dir: folder(map[string]string{"README.md": "LICENSE", "NOTICE": "n"})}}); err == nil || !strings.Contains(err.Error(), "d: no licence") {
		t.Errorf("a module without a licence: %v", err)
	}
}
