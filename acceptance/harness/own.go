package harness

import (
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// OwnVersion is the version that bpgen's own provider has in tests.
const OwnVersion = "0.1.0"

// OwnProvider returns bpgen's own provider as a program, built from this checkout
// and laid out for both registries as `make install` does it.
func OwnProvider(t testing.TB, core Core) Provider {
	t.Helper()
	dir, err := ownMirror()
	if err != nil {
		t.Fatalf("terraform-provider-bpgen does not build: %v", err)
	}
	config, err := cliConfig("own-"+core.Name, dir)
	if err != nil {
		t.Fatal(err)
	}
	return Provider{Version: OwnVersion, config: config}
}

var ownMirror = sync.OnceValues(func() (string, error) {
	root, err := repoRoot()
	if err != nil {
		return "", err
	}
	dir, err := tempDir("own")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "terraform-provider-bpgen"+exe())
	if _, err := goTool(root, "build", "-o", binary, "./generator/provider/terraform-provider-bpgen"); err != nil {
		return "", err
	}
	for _, host := range []string{Core{Name: Terraform}.RegistryHost(), Core{Name: Tofu}.RegistryHost()} {
		folder := filepath.Join(dir, "mirror", host, "bpgen", "bpgen", OwnVersion, runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return "", err
		}
		if err := os.Link(binary, filepath.Join(folder, "terraform-provider-bpgen_v"+OwnVersion+exe())); err != nil {
			return "", err
		}
	}
	return filepath.Join(dir, "mirror"), nil
})

// Setenv returns a runner whose core has more variables in its environment.
func (r *Runner) Setenv(pairs ...string) *Runner {
	other := *r
	other.env = append(append([]string{}, r.env...), pairs...)
	return &other
}
