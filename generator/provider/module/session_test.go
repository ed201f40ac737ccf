package module

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/provider/workspace"
	"github.com/bpgen/bpgen/generator/write"
)

// TestClaims holds which two claims cannot stand side by side, whichever comes
// first.
func TestClaims(t *testing.T) {
	t.Parallel()
	at := func(real, token string, s stage) claim {
		return claim{real: filepath.FromSlash(real), token: token, stage: s, path: real}
	}
	tests := map[string]struct {
		a, b claim
		want string // in the words of the second; "" for peace
	}{
		"two directories":          {at("/m/a", "", creates), at("/m/b", "", creates), ""},
		"names alike":              {at("/m/a", "", creates), at("/m/ab", "", creates), ""},
		"two new ones":             {at("/m/a", "", creates), at("/m/a", "", creates), "directory of its own"},
		"a new one and one there":  {at("/m/a", "1", holds), at("/m/a", "", creates), "directory of its own"},
		"two that are there":       {at("/m/a", "1", holds), at("/m/a", "2", holds), "directory of its own"},
		"one asked about twice":    {at("/m/a", "1", holds), at("/m/a", "1", holds), ""},
		"one, planned and gone":    {at("/m/a", "1", holds), at("/m/a", "1", destroys), ""},
		"renamed without a word":   {at("/m/a", "1", destroys), at("/m/a", "", creates), "moved block"},
		"two of which one goes":    {at("/m/a", "1", holds), at("/m/a", "2", destroys), "destroy = false"},
		"two that go":              {at("/m/a", "1", destroys), at("/m/a", "2", destroys), ""},
		"one leaves, one comes":    {at("/m/a", "1", leaves), at("/m/a", "", creates), "second apply"},
		"one leaves, one goes":     {at("/m/a", "1", leaves), at("/m/a", "2", destroys), ""},
		"one inside another":       {at("/m/a", "1", holds), at("/m/a/b/c", "", creates), "are nested"},
		"one inside one that goes": {at("/m/a", "1", destroys), at("/m/a/b", "", creates), "are nested"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, pair := range [][2]claim{{tt.a, tt.b}, {tt.b, tt.a}} {
				s := Begin(nil)
				if other, found := s.claim(pair[0]); found {
					t.Fatalf("the first is in the way of %+v", other)
				}
				other, found := s.claim(pair[1])
				if found != (tt.want != "") {
					t.Fatalf("%+v against %+v: %v", pair[1], pair[0], found)
				}
				if found && (!strings.Contains(other.why(pair[1]), tt.want) || !strings.Contains(other.why(pair[1]), pair[0].path)) {
					t.Errorf("it says %q", other.why(pair[1]))
				}
			}
		})
	}
}

func TestTaken(t *testing.T) {
	t.Parallel()
	s := Begin(nil)
	if s.taken("/m/a", "1") {
		t.Error("taken by nobody")
	}
	s.wrote("/m/a", "2")
	if !s.taken("/m/a", "1") || s.taken("/m/a", "2") || s.taken("/m/b", "1") {
		t.Error("it does not tell who wrote where")
	}
}

// TestPlace changes the working directory, so it is not parallel.
func TestPlace(t *testing.T) {
	home, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	allowed := t.TempDir()
	t.Chdir(home)
	for from, to := range map[string]string{"in": "inner", "out": t.TempDir()} {
		if err := os.Symlink(to, from); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir("inner", 0o755); err != nil {
		t.Fatal(err)
	}
	w, diags := workspace.Open(catalog.Root{}, workspace.Settings{AllowedPaths: []string{allowed, filepath.Dir(home)}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	s := Begin(w)
	for path, want := range map[string]place{
		"modules/web":                 {filepath.Join(home, "modules/web"), filepath.Join(home, "modules/web"), "modules/web"},
		"./a/../b/":                   {filepath.Join(home, "b"), filepath.Join(home, "b"), "b"},
		filepath.Join(home, "c"):      {filepath.Join(home, "c"), filepath.Join(home, "c"), "c"},
		"in/web":                      {filepath.Join(home, "in/web"), filepath.Join(home, "inner/web"), "in/web"},
		filepath.Join(allowed, "web"): {filepath.Join(allowed, "web"), filepath.Join(allowed, "web"), filepath.ToSlash(filepath.Join(allowed, "web"))},
	} {
		if got, err := s.place(path); err != nil || got != want {
			t.Errorf("%s: %+v %v, want %+v", path, got, err, want)
		}
	}
	for path, want := range map[string]string{
		"": "empty", ".": "is or contains the working directory", "modules/..": "is or contains the working directory", home: "is or contains the working directory", "..": "or contains the working directory",
		"/": "outside", "in": "symbolic link", "a\x00b": "NUL", "a\x1b[31mb": "control character", "a\u202eb": "control character",
	} {
		if got, err := s.place(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v %v, want %q", path, got, err, want)
		}
	}
}

// TestStranger tells another module from the same one.
func TestStranger(t *testing.T) {
	t.Parallel()
	text := func(blueprint, profile, options, version string) []byte {
		return []byte(`{"format": 1, "blueprint": "` + blueprint + `", "version": "` + version + `", "layout": "flat", "profile": "` + profile + `", "options": {` + options + `}}`)
	}
	ours := text("site", "", `"days": 7`, "1")
	tests := map[string]struct {
		manifest []byte
		last     string
		want     string
	}{
		"none":              {nil, "", ""},
		"the same":          {ours, "", ""},
		"a newer one":       {text("site", "", `"days": 7`, "2"), "", ""},
		"our own last":      {text("site", "", `"days": 8`, "1"), digest(text("site", "", `"days": 8`, "1")), ""},
		"other options":     {text("site", "", `"days": 8, "x": "y"`, "1"), "other", `blueprint = "site", layout = "flat", and other values of the options "days", "x"`},
		"another blueprint": {text("other", "", `"days": 7`, "1"), "", `blueprint = "other", layout = "flat", and other values of the options "days"`},
		"another profile":   {text("site", "prd", `"days": 7`, "1"), "", `profile = "prd"`},
		"not readable":      {[]byte("{"), "", "cannot be read"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := stranger(tt.manifest, tt.last, ours); (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestLiteral reads options as a configuration would have them.
func TestLiteral(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`true`: "true", `"a<b"`: `"a<b"`, `7.5`: "7.5", `["a", 1, [true]]`: `["a",1,[true]]`,
		`{"a": {"b": []}, "c": null}`: `{"a":{"b":[]},"c":<null>}`, `[]`: "[]",
	} {
		if v, err := literal(json.RawMessage(text)); err != nil || v.String() != want {
			t.Errorf("%s: %v %v", text, v, err)
		}
	}
	if v, err := literal(json.RawMessage(`{`)); err == nil {
		t.Errorf("got %v", v)
	}
}

// TestFiles keeps the manifest apart from the files.
func TestFiles(t *testing.T) {
	t.Parallel()
	files := map[string]string{"a.tf": "1", "b/c.md": "2", write.ManifestPath: "3"}
	var m model
	m.put(files)
	if m.Manifest != types.StringValue("3") || len(m.Files.Elements()) != 2 {
		t.Errorf("%+v", m)
	}
	if d := differ(m.files(), files); len(d) > 0 {
		t.Errorf("%v", d)
	}
	if d := differ(m.files(), map[string]string{"a.tf": "1", "b/c.md": "4", "d": "5"}); strings.Join(d, " ") != ".bpgen/manifest.json b/c.md d" {
		t.Errorf("%v", d)
	}
	m.put(nil)
	if !m.Manifest.IsNull() || len(m.files()) > 0 {
		t.Errorf("%+v", m)
	}
}
