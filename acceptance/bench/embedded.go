package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// embed builds bpgen twice from the source around the working directory: with one
// blueprint built in, and with that one and those of a team. Neither changes the source:
// Go takes the difference from an overlay.
func embed(ctx context.Context, dir, team string) (one, many string, err error) {
	text, err := output(ctx, ".", "go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return "", "", err
	}
	root := strings.TrimSpace(text)
	if one, err = build(ctx, root, filepath.Join(dir, "one"), ""); err != nil {
		return "", "", err
	}
	many, err = build(ctx, root, filepath.Join(dir, "many"), team)
	return one, many, err
}

// build builds bpgen below dir with the measured blueprint alone and those of a team, if
// one is named, and returns the program.
func build(ctx context.Context, root, dir, team string) (string, error) {
	tree := filepath.Join(dir, "tree")
	for _, part := range []string{"blueprints", "templates"} {
		if err := os.CopyFS(filepath.Join(tree, part), os.DirFS(filepath.Join(root, part))); err != nil {
			return "", err
		}
	}
	others, err := filepath.Glob(filepath.Join(tree, "blueprints", "*", "blueprint.hcl"))
	if err != nil {
		return "", err
	}
	for _, other := range others {
		if filepath.Base(filepath.Dir(other)) != blueprint {
			if err := os.Remove(other); err != nil { // the rest of its directory stays: Go embeds no empty one
				return "", err
			}
		}
	}
	if team != "" {
		if err := os.CopyFS(tree, os.DirFS(team)); err != nil {
			return "", err
		}
	}
	objects := filepath.Join(dir, "objects.bin")
	if _, err := output(ctx, root, "go", "run", "./generator/object/gen", "-root", tree, "-to", objects); err != nil {
		return "", err
	}
	replace, err := difference(root, tree)
	if err != nil {
		return "", err
	}
	replace[filepath.Join(root, "generator", "object", "builtin", "objects.bin")] = objects
	overlay := filepath.Join(dir, "overlay.json")
	content, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(overlay, content, 0o600); err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "bpgen")
	_, err = output(ctx, root, "go", "build", "-trimpath", "-overlay", overlay, "-o", binary, ".")
	return binary, err
}

// difference returns an overlay that makes what is below root like a tree: files that
// only the tree has, and "" for those that it lacks.
func difference(root, tree string) (map[string]string, error) {
	out := map[string]string{}
	for _, side := range []struct{ has, lacks string }{{tree, root}, {root, tree}} {
		for _, part := range []string{"blueprints", "templates"} {
			err := filepath.WalkDir(filepath.Join(side.has, part), func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				rel, err := filepath.Rel(side.has, path)
				if err != nil {
					return err
				}
				if _, err := os.Stat(filepath.Join(side.lacks, rel)); err == nil {
					return nil
				}
				to := path
				if side.has == root {
					to = ""
				}
				out[filepath.Join(root, rel)] = to
				return nil
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// output runs a program to its end and returns what it printed.
func output(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%v: %w\n%s", cmd.Args, err, stderr.String())
	}
	return string(out), nil
}
