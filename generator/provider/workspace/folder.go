package workspace

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/write"
)

// allow sets the folders that may be written: the working directory and those
// of the configuration.
func (w *Workspace) allow(paths []string) error {
	home, err := os.Getwd()
	if err != nil {
		return fmt.Errorf("cannot determine the working directory: %w", err)
	}
	var errs []error
	for _, p := range append([]string{home}, paths...) {
		real, err := follow(p)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		w.places, w.shown = append(w.places, real), append(w.shown, p)
	}
	return errors.Join(errs...)
}

// Folder returns the absolute path of a folder to write, relative ones being
// below the working directory. It refuses one that lies, by name or over a
// symbolic link, neither there nor below a path that the configuration allows.
func (w *Workspace) Folder(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("the path is empty")
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	real, err := follow(dir)
	if err != nil {
		return "", err
	}
	for _, place := range w.places {
		if real == place || strings.HasPrefix(real, strings.TrimSuffix(place, string(filepath.Separator))+string(filepath.Separator)) {
			return abs, nil
		}
	}
	return "", fmt.Errorf("the path %q is outside the directories that may be written, %s; if this is intended, add its directory to allowed_paths in the provider block", dir, diag.Quoted(w.shown, "and"))
}

// follow returns the absolute path of a name without symbolic links, as far as
// it exists.
func follow(name string) (string, error) {
	if strings.ContainsRune(name, 0) {
		return "", fmt.Errorf("the path %q contains a NUL character", name)
	}
	abs, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	where, err := write.Follow(abs)
	if err != nil {
		return "", fmt.Errorf("cannot resolve the path %q: %w", name, err)
	}
	return where, nil
}
