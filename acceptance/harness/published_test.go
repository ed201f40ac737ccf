package harness

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestRegistry asks the registry of a folder as a core does.
func TestRegistry(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, text := range map[string]string{
		"a/terraform-aws-net/main.tf":    "module \"l\" {\n  source  = \"b/label/null\"\n  version = \"~> 0.25\" # a comment\n}\n",
		"b/terraform-null-label/main.tf": "module \"x\" {\n  source  = \"c/away/aws\"\n  version = \"1.0.0\"\n}\n",
	} {
		if err := WriteFile(filepath.Join(root, name), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	r, err := newRegistry(root)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(r)
	defer server.Close()
	label := filepath.Join(root, "b", "terraform-null-label")
	for _, tt := range []struct {
		path string
		code int
		want string // in the body or the place
	}{
		{"/b/label/null/versions", http.StatusOK, `"0.25.0"`},
		{"/b/label/null/0.25.0/download", http.StatusNoContent, "file://" + filepath.ToSlash(label)},
		{"/c/away/aws/versions", http.StatusNotFound, ""},
		{"/b/label/versions", http.StatusNotFound, ""},
	} {
		resp, err := http.Get(server.URL + tt.path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != tt.code || !strings.Contains(string(body)+resp.Header.Get("X-Terraform-Get"), tt.want) {
			t.Errorf("%s: %d %s %q", tt.path, resp.StatusCode, body, resp.Header.Get("X-Terraform-Get"))
		}
	}
	text, err := os.ReadFile(filepath.Join(root, "a", "terraform-aws-net", "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	if got := (Shop{registry: r}).Called(text); !slices.Equal(got, []string{label}) {
		t.Errorf("called are %q", got)
	}
}
