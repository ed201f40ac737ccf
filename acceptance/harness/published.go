package harness

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/bpgen/bpgen/acceptance/companions"
)

// A Shop has what published modules need beside the provider for AWS: stand-ins
// for the small providers, and a registry of modules.
type Shop struct {
	host, mirror, address string
	registry              *registry
}

// Published returns the shop for modules that lie below root as
// <owner>/<repository>. It closes with the test.
func Published(t testing.TB, core Core, root string) Shop {
	t.Helper()
	mirror, err := companionMirror()
	if err != nil {
		t.Fatal(err)
	}
	r, err := newRegistry(root)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	return Shop{host: core.RegistryHost(), mirror: mirror, address: server.URL, registry: r}
}

// With returns the provider for AWS with the shop beside it.
func (s Shop) With(t testing.TB, aws Provider) Provider {
	t.Helper()
	text, err := os.ReadFile(aws.config)
	if err != nil {
		t.Fatal(err)
	}
	const start = "provider_installation {\n"
	config := strings.Replace(string(text), start, start+fmt.Sprintf("  filesystem_mirror {\n    path = %q\n  }\n", filepath.ToSlash(s.mirror)), 1) +
		fmt.Sprintf("host %q {\n  services = {\n    \"modules.v1\" = %q\n  }\n}\n", s.host, s.address+"/")
	aws.config = filepath.Join(t.TempDir(), "shop.tfrc")
	if err := os.WriteFile(aws.config, []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	return aws
}

// Called returns the folders of the modules that configuration calls from the
// registry, and of those that they call from there.
func (s Shop) Called(configuration ...[]byte) []string {
	var out []string
	for len(configuration) > 0 {
		text := configuration[0]
		configuration = configuration[1:]
		for _, m := range registryCall.FindAllSubmatch(text, -1) {
			dir, ok := s.registry.dir(string(m[1]))
			if !ok || slices.Contains(out, dir) {
				continue
			}
			out = append(out, dir)
			files, _ := filepath.Glob(filepath.Join(dir, "*.tf")) // the pattern is sound
			for _, f := range files {
				if text, err := os.ReadFile(f); err == nil { // what cannot be read, no core reads
					configuration = append(configuration, text)
				}
			}
		}
	}
	return out
}

// companionMirror builds the companions once and lays them out for both
// registries.
var companionMirror = sync.OnceValues(func() (string, error) {
	root, err := repoRoot()
	if err != nil {
		return "", err
	}
	dir, err := tempDir("companions")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "companion"+exe())
	if _, err := goTool(root, "build", "-trimpath", "-buildvcs=false", "-o", binary, "./acceptance/companions/cmd/terraform-provider-companion"); err != nil {
		return "", err
	}
	for _, name := range companions.Names() {
		for _, host := range []string{Core{Name: Terraform}.RegistryHost(), Core{Name: Tofu}.RegistryHost()} {
			folder := filepath.Join(dir, host, "hashicorp", name, companions.Version, runtime.GOOS+"_"+runtime.GOARCH)
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return "", err
			}
			// A hard link: the provider stands in the name by which it is called.
			if err := os.Link(binary, filepath.Join(folder, "terraform-provider-"+name+"_v"+companions.Version+exe())); err != nil {
				return "", err
			}
		}
	}
	return dir, nil
})

// A registry serves modules from folders, by the protocol of module registries.
// Each is there in every version that a call asks for, and is what lies in its
// folder.
type registry struct {
	root     string
	versions map[string][]string // by "<namespace>/<name>/<provider>"
}

var (
	registryCall = regexp.MustCompile(`\bsource\s*=\s*"([\w-]+/[\w-]+/[\w-]+)"\s+version\s*=\s*"[^"\d]*(\d+(?:\.\d+)*)[^"]*"`)
	registryPath = regexp.MustCompile(`^/([\w-]+/[\w-]+/[\w-]+)/(?:versions|[\d.]+/(download))$`)
)

// newRegistry finds the calls in the configuration below root.
func newRegistry(root string) (*registry, error) {
	r := &registry{root: root, versions: map[string][]string{}}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".tf" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range registryCall.FindAllSubmatch(text, -1) {
			name, version := string(m[1]), string(m[2])
			for strings.Count(version, ".") < 2 {
				version += ".0"
			}
			if !slices.Contains(r.versions[name], version) {
				r.versions[name] = append(r.versions[name], version)
			}
		}
		return nil
	})
	return r, err
}

// dir returns the folder of a module: its repository is called by its name and
// its provider.
func (r *registry) dir(module string) (string, bool) {
	p := strings.Split(module, "/")
	dir := filepath.Join(r.root, p[0], "terraform-"+p[2]+"-"+p[1])
	_, err := os.Stat(dir)
	return dir, !errors.Is(err, fs.ErrNotExist)
}

func (r *registry) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	m := registryPath.FindStringSubmatch(req.URL.Path)
	if m == nil {
		http.NotFound(w, req)
		return
	}
	dir, ok := r.dir(m[1])
	if !ok {
		http.NotFound(w, req)
		return
	}
	if m[2] == "download" {
		w.Header().Set("X-Terraform-Get", "file://"+filepath.ToSlash(dir))
		w.WriteHeader(http.StatusNoContent)
		return
	}
	type version struct {
		Version string `json:"version"`
	}
	var all []version
	for _, v := range r.versions[m[1]] {
		all = append(all, version{v})
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"modules": []any{map[string]any{"versions": all}}}) // the core says so if it comes to nothing
}
