package harness

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// The environment variables that steer the harness.
const (
	EnvLive      = "TF_ACC"            // not empty: run what needs a core
	EnvTerraform = "BPGEN_TF"          // path of a terraform binary
	EnvTofu      = "BPGEN_TOFU"        // path of a tofu binary
	EnvMirror    = "BPGEN_MIRROR"      // folder with registry.terraform.io/hashicorp/aws; "none" for the stand-in
	EnvRequire   = "BPGEN_ACC_REQUIRE" // what must be there: terraform,tofu,mirror,checkov,tflint,trivy,emulators
	EnvForeign   = "BPGEN_ACC_FOREIGN" // folder with published modules as <owner>/<repository>
	EnvKeep      = "BPGEN_ACC_KEEP"    // not empty: leave the working folders
	EnvFresh     = "BPGEN_ACC_FRESH"   // not empty: run proofs and scans that were made before
)

// Main runs the tests of a package and says at the end what they ran with; it
// is to be called from TestMain. A skipped acceptance test is easy to miss, a
// line at the end is not.
func Main(m *testing.M) int {
	code := m.Run()
	stopProcesses()
	shared.mu.Lock()
	defer shared.mu.Unlock()
	report(os.Stderr, shared.notes)
	if shared.temp != "" {
		if err := os.RemoveAll(shared.temp); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	return code
}

func report(w io.Writer, notes []string) {
	for _, n := range slices.Sorted(slices.Values(notes)) {
		fmt.Fprintln(w, "acceptance:", n)
	}
}

// shared is what one test binary finds or builds once.
var shared struct {
	mu    sync.Mutex
	temp  string
	notes []string
}

// Live skips a test that runs a real core unless that was asked for: such tests take
// minutes, and `go test ./...` should not.
func Live(t testing.TB) {
	t.Helper()
	if os.Getenv(EnvLive) == "" {
		t.Skip(`real Terraform and OpenTofu were not asked for: "make testacc" runs these tests (or set ` + EnvLive + `=1); acceptance/README.md says how to get what they need`)
	}
}

// note keeps a line for the end of the run; a line that stands already is not
// repeated.
func note(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if !slices.Contains(shared.notes, line) {
		shared.notes = append(shared.notes, line)
	}
}

// announce says at once what is begun and takes long, so that nobody takes the
// silence for the end.
func announce(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "acceptance: "+format+"\n", args...)
}

// tempDir returns a folder that lives as long as the test binary.
func tempDir(name string) (string, error) {
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.temp == "" {
		dir, err := os.MkdirTemp("", "bpgen-acceptance-")
		if err != nil {
			return "", err
		}
		shared.temp = dir
	}
	dir := filepath.Join(shared.temp, name)
	return dir, os.MkdirAll(dir, 0o755)
}

// cacheDir returns a folder that outlives the run, for what is dear to make.
func cacheDir(name string) (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(base, "bpgen", "acceptance", name)
	return dir, os.MkdirAll(dir, 0o755)
}

// required reports whether BPGEN_ACC_REQUIRE names the thing.
func required(thing string) bool {
	return slices.Contains(strings.Split(os.Getenv(EnvRequire), ","), thing)
}

// missing ends a test that cannot run without the thing: skipped, or failed
// when it is required or was named by a variable of the environment, which then
// is wrong.
func missing(t testing.TB, thing, variable string, err error) {
	t.Helper()
	if os.Getenv(variable) != "" {
		t.Fatal(err)
	}
	if required(thing) {
		note("%s is required and missing: %v", thing, err)
		t.Fatalf("%s is required by %s: %v", thing, EnvRequire, err)
	}
	note("%s is missing, its tests were skipped: %v", thing, err)
	t.Skipf("%s is missing: %v; acceptance/README.md says how to get it", thing, err)
}

// Foreign returns the folder in which repositories with published modules lie, as
// <owner>/<repository>. They are other people's and no part of bpgen's.
func Foreign(t testing.TB) string {
	t.Helper()
	dir := os.Getenv(EnvForeign)
	if dir == "" {
		missing(t, "foreign", EnvForeign, errors.New(EnvForeign+" names no directory of published modules"))
	}
	note("published modules in the directory that %s names", EnvForeign)
	return dir
}

// repoRoot returns the folder of bpgen's go.mod, looked for upwards from the
// test's folder.
func repoRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(mod), "module github.com/bpgen/bpgen\n") {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("the tests do not run inside a checkout of bpgen")
		}
		dir = parent
	}
}
