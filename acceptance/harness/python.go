package harness

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

// A pythonTool is a program of the Python package index, pinned by a file of
// requirements below acceptance/tools.
type pythonTool struct {
	name         string // of the package
	module       string // that must be there to be imported; "" where only the version counts
	requirements string // below acceptance/tools
}

// install installs the pinned release into a virtual environment, once per
// version and machine, and returns the folder of its programs.
func (p pythonTool) install() (bin, version string, err error) {
	root, err := repoRoot()
	if err != nil {
		return "", "", err
	}
	requirements := filepath.Join(root, "acceptance", "tools", filepath.FromSlash(p.requirements))
	text, err := os.ReadFile(requirements)
	if err != nil {
		return "", "", err
	}
	pin := regexp.MustCompile(`(?m)^` + p.name + `(?:\[\w+\])?==(\S+)`).FindSubmatch(text)
	if pin == nil {
		return "", "", fmt.Errorf("%s pins no %s", requirements, p.name)
	}
	version = string(pin[1])
	python, err := exec.LookPath("python3")
	if err != nil {
		return "", "", err
	}
	dir, err := cacheDir(p.name + "-" + version + "-" + runtime.GOOS + "-" + runtime.GOARCH)
	if err != nil {
		return "", "", err
	}
	bin = filepath.Join(dir, "bin")
	return bin, version, alone(dir, func() error {
		// A virtual environment cannot be moved, so a mark says that it is whole. It
		// may also have outlived the Python that it was made with.
		mark := filepath.Join(dir, "complete")
		if _, err := os.Stat(mark); err == nil && exec.Command(filepath.Join(bin, "python3"), "-c", "import "+p.module).Run() == nil {
			return nil
		}
		announce("installing %s %s by pip; it is kept in %s", p.name, version, dir)
		note("%s %s was installed by pip", p.name, version)
		for _, command := range [][]string{
			{python, "-m", "venv", "--clear", dir},
			{filepath.Join(bin, "pip"), "install", "--quiet", "--disable-pip-version-check", "--no-input", "--requirement", requirements},
		} {
			if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
				return fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, tail(string(out)))
			}
		}
		return os.WriteFile(mark, nil, 0o644)
	})
}
