package write

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"github.com/bpgen/bpgen/generator/baseline"
	"github.com/bpgen/bpgen/generator/fileset"
)

// Manifest returns the manifest of the last render into the directory dir; nil
// where there was none. It is what stands there, which anybody may have written.
func Manifest(dir string) ([]byte, error) {
	var b []byte
	err := inside(dir, func(root *os.Root) (err error) {
		b, err = readManifest(root)
		return err
	})
	return b, err
}

// inside opens a directory for a look. One that is not there is not looked at.
func inside(dir string, look func(root *os.Root) error) error {
	t, err := locate(dir)
	if err != nil {
		return err
	}
	at, err := t.open()
	if err != nil {
		return unreadable(t.shown, err)
	}
	defer at.close()
	root, err := at.root()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unreadable(t.shown, err)
	}
	defer root.Close() //nolint:errcheck // Read only.
	return unreadable(t.shown, look(root))
}

// readManifest returns the manifest of the last render; nil when there was none.
func readManifest(root *os.Root) ([]byte, error) {
	s, err := current(root, ManifestPath)
	switch {
	case err != nil || !s.there:
		return nil, err
	case s.size > maxRead:
		return nil, said("%s is %s, which bpgen did not write: restore it, or remove it to treat all files as not written by bpgen", ManifestPath, s.sum())
	case s.big: // Of a module with very many files.
		return root.ReadFile(filepath.FromSlash(ManifestPath))
	}
	return s.bytes, nil
}

// parseManifest returns the sha256 of every file that a manifest lists. The
// manifest nil lists none.
func parseManifest(b []byte) (map[string]string, error) {
	if b == nil {
		return nil, nil
	}
	var m struct {
		Files map[string]string `json:"files"`
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, said("cannot read %s (%s), so bpgen cannot tell its own files from others: restore it, or remove it to treat all files as not written by bpgen", ManifestPath, err)
	}
	for name := range m.Files {
		if err := fileset.CheckPath(name); err != nil {
			return nil, said("%s was not written by bpgen: %s", ManifestPath, err)
		}
	}
	return m.Files, nil
}

// restated returns a manifest that says of some files another sha256, or does
// not list them where that is "", and, unless base is nil, has another base. All else in it, known here
// or not, stays as it is, in its order.
func restated(manifest []byte, sums map[string]string, base *fileset.Set) ([]byte, error) {
	files, err := parseManifest(manifest)
	if err != nil {
		return nil, err
	}
	listed := map[string]string{}
	for _, from := range []map[string]string{files, sums} {
		for name, sum := range from {
			if listed[name] = sum; sum == "" {
				delete(listed, name)
			}
		}
	}
	var out bytes.Buffer
	out.WriteByte('{')
	dec := json.NewDecoder(bytes.NewReader(manifest))
	if _, err := dec.Token(); err != nil { // The bracket.
		return nil, err
	}
	for first := true; dec.More(); first = false {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		switch {
		case key == "files":
			value, err = plainJSON(listed)
		case key == "base" && base != nil:
			value, err = digestJSON(*base)
		}
		if err != nil {
			return nil, err
		}
		name, err := plainJSON(key)
		if err != nil {
			return nil, err
		}
		if !first {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, "%s:%s", name, value)
	}
	out.WriteByte('}')
	var shaped bytes.Buffer
	if err := json.Indent(&shaped, out.Bytes(), "", "  "); err != nil {
		return nil, err
	}
	shaped.WriteByte('\n')
	return shaped.Bytes(), nil
}

func digestJSON(base fileset.Set) ([]byte, error) {
	digest, err := baseline.Digest(base)
	if err != nil {
		return nil, err
	}
	return plainJSON(digest)
}

// settled says whether two manifests differ in nothing but where a rendering comes
// from: then the older one stays, so that another release of bpgen alone changes no
// module.
func settled(before, after []byte) bool {
	var was, is map[string]json.RawMessage
	if json.Unmarshal(before, &was) != nil || json.Unmarshal(after, &is) != nil {
		return false
	}
	for _, m := range []map[string]json.RawMessage{was, is} {
		for name, value := range m {
			var shaped bytes.Buffer
			if json.Compact(&shaped, value) == nil {
				m[name] = shaped.Bytes()
			}
		}
		for _, name := range []string{"source", "digest", "generator"} {
			delete(m, name)
		}
	}
	return maps.EqualFunc(was, is, func(a, b json.RawMessage) bool { return bytes.Equal(a, b) })
}

// plainJSON is json.Marshal that leaves & and its like alone, as the renderer does.
func plainJSON(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return out.Bytes(), err
}
