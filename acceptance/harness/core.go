package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// The cores.
const (
	Terraform = "terraform"
	Tofu      = "tofu"
)

// Cores lists both, for subtests.
func Cores() []string { return []string{Terraform, Tofu} }

// A Core is a binary of Terraform or OpenTofu.
type Core struct {
	Name    string // Terraform or Tofu
	Path    string
	Version string
}

// RegistryHost is the host that a bare "hashicorp/aws" means to the core.
func (c Core) RegistryHost() string {
	if c.Name == Tofu {
		return "registry.opentofu.org"
	}
	return "registry.terraform.io"
}

// minimum is the oldest release that rendered modules support.
var minimum = map[string][2]int{Terraform: {1, 11}, Tofu: {1, 10}}

var found sync.Map // name -> func() (Core, error)

// Find returns the core of that name, or ends the test when there is none.
func Find(t testing.TB, name string) Core {
	t.Helper()
	once, _ := found.LoadOrStore(name, sync.OnceValues(func() (Core, error) { return locate(name) }))
	core, err := once.(func() (Core, error))()
	if err != nil {
		missing(t, name, binaryEnv[name], err)
	}
	note("%s %s", core.Name, core.Version)
	return core
}

// Either returns Terraform, or OpenTofu where Terraform is not to be had and
// not required.
func Either(t testing.TB) Core {
	t.Helper()
	if _, err := locate(Terraform); err != nil && !required(Terraform) && os.Getenv(EnvTerraform) == "" {
		return Find(t, Tofu)
	}
	return Find(t, Terraform)
}

// binaryEnv names the variables that give a binary's path.
var binaryEnv = map[string]string{Terraform: EnvTerraform, Tofu: EnvTofu}

// locate looks at the environment variable, at PATH, and builds OpenTofu.
func locate(name string) (Core, error) {
	env := binaryEnv[name]
	if path := os.Getenv(env); path != "" {
		core, err := probe(name, path)
		if err != nil {
			return Core{}, fmt.Errorf("%s: %w", env, err)
		}
		return core, nil
	}
	if path, err := exec.LookPath(name); err == nil {
		core, err := probe(name, path)
		if err == nil {
			return core, nil
		}
		if name == Terraform {
			return Core{}, err
		}
		note("tofu on PATH is not used: %v", err)
	}
	if name == Terraform {
		return Core{}, fmt.Errorf("no terraform on PATH and %s is not set", env)
	}
	path, err := buildTofu()
	if err != nil {
		return Core{}, err
	}
	return probe(name, path)
}

// probe asks a binary for its version and refuses what is too old.
func probe(name, path string) (Core, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return Core{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "version", "-json")
	cmd.Env = baseEnv(os.DevNull)
	out, err := cmd.Output()
	if err != nil {
		return Core{}, fmt.Errorf("%s version: %w", path, err)
	}
	var v struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal(out, &v); err != nil {
		return Core{}, fmt.Errorf("%s version: %w", path, err)
	}
	var major, minor int
	if _, err := fmt.Sscanf(v.Version, "%d.%d", &major, &minor); err != nil {
		return Core{}, fmt.Errorf("%s has the odd version %q", path, v.Version)
	}
	if least := minimum[name]; major < least[0] || major == least[0] && minor < least[1] {
		return Core{}, fmt.Errorf("%s is %s %s; %d.%d is the oldest that rendered modules support", path, name, v.Version, least[0], least[1])
	}
	return Core{Name: name, Path: path, Version: v.Version}, nil
}

// buildTofu builds OpenTofu from the pinned tools module, once per version and
// machine.
func buildTofu() (string, error) {
	root, err := repoRoot()
	if err != nil {
		return "", err
	}
	tools := filepath.Join(root, "acceptance", "tools", "tofu")
	version, err := goTool(tools, "list", "-m", "-f", "{{.Version}}", "github.com/opentofu/opentofu")
	if err != nil {
		return "", err
	}
	dir, err := cacheDir("tofu-" + strings.TrimSpace(version) + "-" + runtime.GOOS + "-" + runtime.GOARCH)
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "tofu"+exe())
	return path, buildOnce(path, "OpenTofu "+strings.TrimSpace(version), tools, "-s -w -X github.com/opentofu/opentofu/version.dev=no", "github.com/opentofu/opentofu/cmd/tofu")
}

// buildOnce builds a package of a tools module into path, when it is not there yet.
func buildOnce(path, what, tools, ldflags, pkg string) error {
	return alone(filepath.Dir(path), func() error {
		if _, err := os.Stat(path); err == nil {
			return nil
		}
		announce("building %s from acceptance/tools/%s, which takes minutes; it is kept in %s", what, filepath.Base(tools), filepath.Dir(path))
		note("%s was built from acceptance/tools/%s", what, filepath.Base(tools))
		part := path + ".part" // A build that was stopped leaves no program.
		if _, err := goTool(tools, "build", "-trimpath", "-ldflags", ldflags, "-o", part, pkg); err != nil {
			return err
		}
		return os.Rename(part, path)
	})
}

// alone calls make while no other process makes what belongs into the directory: the
// packages' tests run side by side, and a build that runs twice takes twice as long.
func alone(dir string, make func() error) error {
	unlock, err := lockedfile.MutexAt(dir + ".lock").Lock()
	if err != nil {
		return err
	}
	defer unlock()
	return make()
}

// goTool runs the go command in a folder.
func goTool(dir string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, tail(stderr.String()))
	}
	return string(out), nil
}

func exe() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}
