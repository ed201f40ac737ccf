package harness

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bpgen/bpgen/generator/schema"
)

// RealVersion is the release of hashicorp/aws that aws_provider = "5" is
// tested with.
const RealVersion = "5.100.0"

// A Provider is a release of hashicorp/aws as a core is to find it.
type Provider struct {
	Version string
	Real    bool   // false: awsschema
	config  string // CLI configuration file
	binary  string
}

// Program returns the provider's own program.
func (p Provider) Program() string { return p.binary }

// NoProvider is for modules that need none.
var NoProvider = Provider{}

// RealAWS returns the real hashicorp/aws for the core. Where it is not to be
// had, awsschema with the schema of the same release takes its place, and the
// output says so; with "mirror" in BPGEN_ACC_REQUIRE the test fails instead.
func RealAWS(t testing.TB, core Core) Provider {
	t.Helper()
	dir, err := realMirror(core)
	if err == nil {
		var config, binary string
		if config, err = cliConfig("real-"+core.Name, dir); err == nil {
			binary, err = providerIn(packageDir(dir, core.RegistryHost(), RealVersion))
		}
		if err == nil {
			note("hashicorp/aws %s, the real one", RealVersion)
			return Provider{Version: RealVersion, Real: true, config: config, binary: binary}
		}
	}
	if named := os.Getenv(EnvMirror); required("mirror") || named != "" && named != "none" {
		missing(t, "mirror", EnvMirror, err)
	}
	note("hashicorp/aws %s is NOT the real one: awsschema took its place: %v", RealVersion, err)
	t.Logf("awsschema takes the place of hashicorp/aws %s: %v", RealVersion, err)
	return SchemaAWS(t, core, "5")
}

// SchemaAWS returns awsschema with the schema of a major version.
func SchemaAWS(t testing.TB, core Core, major string) Provider {
	t.Helper()
	p, ok := schema.For(major)
	if !ok {
		t.Fatalf("there is no schema of hashicorp/aws %s", major)
	}
	dir, err := schemaMirror()
	if err != nil {
		t.Fatalf("awsschema: %v", err)
	}
	config, err := cliConfig("schema-"+major+"-"+core.Name, filepath.Join(dir, major))
	if err != nil {
		t.Fatal(err)
	}
	note("awsschema with the schema of hashicorp/aws %s", p.Version())
	return Provider{Version: p.Version(), config: config, binary: filepath.Join(dir, schemaBinary())}
}

// schemaMirror builds awsschema once and lays it out for both registries, in a
// mirror per major version: a module that allows both must get the asked one.
var schemaMirror = sync.OnceValues(func() (string, error) {
	root, err := repoRoot()
	if err != nil {
		return "", err
	}
	dir, err := tempDir("schema")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, schemaBinary())
	// The same bytes in every checkout, so that proofs can be kept.
	if _, err := goTool(root, "build", "-trimpath", "-buildvcs=false", "-o", binary, "./acceptance/awsschema/cmd/terraform-provider-aws"); err != nil {
		return "", err
	}
	for _, major := range schema.Majors() {
		p, _ := schema.For(major)
		for _, host := range []string{Core{Name: Terraform}.RegistryHost(), Core{Name: Tofu}.RegistryHost()} {
			folder := packageDir(filepath.Join(dir, major), host, p.Version())
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return "", err
			}
			name := "terraform-provider-aws_v" + p.Version() + "_x5" + exe()
			// A hard link: the version stands in the name by which it is called.
			if err := os.Link(binary, filepath.Join(folder, name)); err != nil {
				return "", err
			}
		}
	}
	return dir, nil
})

func schemaBinary() string { return "awsschema" + exe() }

// packageDir is where a filesystem mirror keeps one release.
func packageDir(mirror, host, version string) string {
	return filepath.Join(mirror, host, "hashicorp", "aws", version, runtime.GOOS+"_"+runtime.GOARCH)
}

// realMirror returns a folder in which the core finds the real provider: the
// mirror of the machine, seen under the core's own registry, or a download.
func realMirror(core Core) (string, error) {
	source, err := findMirror(os.Getenv(EnvMirror), usualMirrors(), core)
	if err != nil {
		return "", err
	}
	mirror, err := tempDir("real-" + core.Name)
	if err != nil {
		return "", err
	}
	link := packageDir(mirror, core.RegistryHost(), RealVersion)
	if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
		return "", err
	}
	if err := os.Symlink(source, link); err != nil && !errors.Is(err, fs.ErrExist) { // another test may be first
		return "", err
	}
	return mirror, nil
}

// usualMirrors lists where Terraform itself looks, and where images put it.
func usualMirrors() []string {
	dirs := []string{"/opt/tf-plugins", "/opt/terraform/plugins", "/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins"}
	if home, err := os.UserHomeDir(); err == nil {
		dirs = append(dirs, filepath.Join(home, ".terraform.d", "plugins"), filepath.Join(home, ".local", "share", "terraform", "plugins"))
	}
	return dirs
}

// providerIn returns the provider's program in an unpacked package.
func providerIn(dir string) (string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "terraform-provider-aws_*"))
	if err != nil {
		return "", err
	}
	if len(files) == 0 {
		return "", fmt.Errorf("no hashicorp/aws in %s", dir)
	}
	return files[0], nil
}

// findMirror returns the folder of the unpacked real provider. A folder that
// the environment names must hold it; then the usual ones are tried, then the
// registry, whose download is kept for the next run.
func findMirror(named string, usual []string, core Core) (string, error) {
	in := func(mirror string) string {
		for _, host := range []string{Core{Name: Terraform}.RegistryHost(), Core{Name: Tofu}.RegistryHost()} {
			dir := packageDir(mirror, host, RealVersion)
			if _, err := providerIn(dir); err == nil {
				return dir
			}
		}
		return ""
	}
	if named == "none" {
		return "", errors.New(EnvMirror + " is none")
	}
	if named != "" {
		if dir := in(named); dir != "" {
			return dir, nil
		}
		return "", fmt.Errorf("%s is %s, which has no unpacked hashicorp/aws %s for %s_%s", EnvMirror, named, RealVersion, runtime.GOOS, runtime.GOARCH)
	}
	cache, err := cacheDir("plugins")
	if err != nil {
		return "", err
	}
	for _, mirror := range append(usual, cache) {
		if dir := in(mirror); dir != "" {
			return dir, nil
		}
	}
	if err := download(core, cache); err != nil {
		return "", fmt.Errorf("no mirror under the usual directories and no registry: %w", err)
	}
	if dir := in(cache); dir != "" {
		return dir, nil
	}
	return "", errors.New("the registry gave no provider")
}

var downloads sync.Map // core's name -> func() error

// download has the core install the provider from its registry, with the cache
// as plugin cache, whose layout is that of a mirror.
func download(core Core, cache string) error {
	once, _ := downloads.LoadOrStore(core.Name, sync.OnceValue(func() error {
		dir, err := tempDir("download-" + core.Name)
		if err != nil {
			return err
		}
		config := filepath.Join(dir, "cli.tfrc")
		text := fmt.Sprintf("plugin_cache_dir = %q\nprovider_installation {\n  direct {}\n}\n", filepath.ToSlash(cache))
		if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
			return err
		}
		module := fmt.Sprintf("terraform {\n  required_providers {\n    aws = { source = \"hashicorp/aws\", version = %q }\n  }\n}\n", RealVersion)
		if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(module), 0o644); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, core.Path, "init", "-no-color", "-input=false")
		cmd.Dir, cmd.Env = dir, baseEnv(config)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s init: %s", core.Name, firstLine(string(out)))
		}
		return nil
	}))
	return once.(func() error)()
}

// cliConfig writes a CLI configuration file that finds providers in one mirror
// and nowhere else.
func cliConfig(name, mirror string) (string, error) {
	dir, err := tempDir("config")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, name+".tfrc")
	text := "disable_checkpoint = true\n"
	if mirror != "" {
		text += fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(mirror))
	}
	return path, os.WriteFile(path, []byte(text), 0o644)
}

// baseEnv is the environment of a core: that of the test without anything that
// would change its answer, offline, and with credentials that open nothing.
func baseEnv(config string) []string {
	var env []string
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		if strings.HasPrefix(name, "TF_") || strings.HasPrefix(name, "AWS_") || strings.HasPrefix(name, "TOFU_") || name == "AWSSCHEMA_ONLY" || name == "BPGEN_PATH" {
			continue
		}
		env = append(env, kv)
	}
	return append(env,
		"TF_CLI_CONFIG_FILE="+config,
		"TF_IN_AUTOMATION=1",
		"TF_INPUT=0",
		"CHECKPOINT_DISABLE=1",
		// A quarter of a test's CPU is collecting garbage that the end of the process takes along.
		"GOGC=400",
		"GOMEMLIMIT=2GiB",
		"AWS_ACCESS_KEY_ID=test",
		"AWS_SECRET_ACCESS_KEY=test",
		"AWS_REGION=eu-west-1",
		"AWS_EC2_METADATA_DISABLED=true",
		"AWS_CONFIG_FILE="+os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE="+os.DevNull,
	)
}

// firstLine returns the first line of a core's complaint that says something.
func firstLine(out string) string {
	for line := range strings.Lines(out) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "Error:") || strings.Contains(line, "Error: ") {
			return line
		}
	}
	first, _, _ := strings.Cut(strings.TrimSpace(out), "\n")
	return cmp.Or(first, "no output")
}
