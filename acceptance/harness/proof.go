package harness

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/bpgen/bpgen/generator/fileset"
)

// Proven runs a proof about rendered files, unless the same one has passed on
// this machine before: the same files, words, core and provider. A proof that
// failed is run again. It logs which of the two it was; BPGEN_ACC_FRESH runs all
// proofs anew. Words tell proofs of the same files apart, and are to be changed
// when what is proven changes.
func Proven(t testing.TB, core Core, p Provider, words string, proof func(), files ...fileset.Set) {
	t.Helper()
	name := proofOf(t, core, p, words, files)
	if info, err := os.Stat(name); err == nil && os.Getenv(EnvFresh) == "" {
		t.Logf("proven before, on %s: the same files with the same core and provider", info.ModTime().Format(time.DateOnly))
		note("some proofs of the option matrix were kept from an earlier run; %s=1 runs all of them anew", EnvFresh)
		return
	}
	proof()
	if !t.Failed() {
		if err := os.WriteFile(name, []byte(words+"\n"), 0o644); err != nil {
			t.Log(err)
		}
	}
}

// Known returns what was found out about files, or finds it out, as Proven does for
// what passes or fails. What comes with an error is not kept.
func Known[T any](t testing.TB, core Core, p Provider, words string, find func() (T, error), files ...fileset.Set) (T, error) {
	t.Helper()
	name := proofOf(t, core, p, words, files)
	var out T
	if text, err := os.ReadFile(name); err == nil && os.Getenv(EnvFresh) == "" && json.Unmarshal(text, &out) == nil {
		note("some proofs of the option matrix were kept from an earlier run; %s=1 runs all of them anew", EnvFresh)
		return out, nil
	}
	out, err := find()
	if err != nil {
		return out, err
	}
	text, err := json.Marshal(out)
	if err == nil {
		err = os.WriteFile(name, text, 0o644)
	}
	if err != nil {
		t.Log(err)
	}
	return out, nil
}

// proofOf returns the file in which a proof is kept.
func proofOf(t testing.TB, core Core, p Provider, words string, files []fileset.Set) string {
	t.Helper()
	h := sha256.New()
	part := func(b []byte) { fmt.Fprintf(h, "%d:", len(b)); h.Write(b) }
	part([]byte(words))
	part([]byte(core.Name + " " + core.Version + " aws " + p.Version))
	if !p.Real { // the stand-in changes with bpgen
		exe, err := os.ReadFile(p.binary)
		if err != nil {
			t.Fatal(err)
		}
		part(exe)
	}
	for _, set := range files {
		part([]byte("set"))
		for _, f := range set.Files() {
			part([]byte(f.Path))
			part(f.Bytes)
		}
	}
	dir, err := cacheDir("proofs")
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, hex.EncodeToString(h.Sum(nil)))
}

// Sources returns files of bpgen's repository, by patterns below its root: what
// a proof is made with is a part of it.
func Sources(patterns ...string) (fileset.Set, error) {
	var set fileset.Set
	root, err := repoRoot()
	if err != nil {
		return set, err
	}
	for _, pattern := range patterns {
		names, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil {
			return set, err
		}
		if len(names) == 0 {
			return set, fmt.Errorf("there is no %s", pattern)
		}
		for _, name := range names {
			if info, err := os.Stat(name); err != nil || info.IsDir() {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return set, err
			}
			rel, err := filepath.Rel(root, name)
			if err != nil {
				return set, err
			}
			if err := set.Add(filepath.ToSlash(rel), text); err != nil {
				return set, err
			}
		}
	}
	return set, nil
}
