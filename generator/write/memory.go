package write

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// A Memory keeps, in a folder of the user's own, which manifest a render led
// to. With it a render that has been done already need not be done again to
// find out that nothing changed. It is never needed: what cannot be read or
// written is as if it had never been there. The zero value remembers nothing.
type Memory struct{ dir string }

// maxMemories is how many renders are remembered.
const maxMemories = 256

// UserMemory returns the memory in the user's cache folder. One that is named
// from the working folder on, as by HOME=tmp, is none: it would be another in
// each folder, and litter there.
func UserMemory() Memory {
	dir, err := os.UserCacheDir()
	if err != nil || !filepath.IsAbs(dir) {
		return Memory{}
	}
	return Memory{filepath.Join(dir, "bpgen", "renders")}
}

// MemoryIn returns the memory in a folder of its own.
func MemoryIn(dir string) Memory { return Memory{dir} }

// Recall returns the sha256 of the manifest that the render with that key led
// to. The key is in hexadecimal.
func (m Memory) Recall(key string) (sum string, ok bool) {
	if m.dir == "" {
		return "", false
	}
	b, err := os.ReadFile(filepath.Join(m.dir, key))
	return string(b), err == nil && len(b) == 64
}

// Remember keeps the sha256 of the manifest that the render with that key led to.
func (m Memory) Remember(key, sum string) {
	if m.dir == "" || os.MkdirAll(m.dir, 0o700) != nil {
		return
	}
	f, err := os.CreateTemp(m.dir, ".new-*")
	if err != nil {
		return
	}
	_, err = f.WriteString(sum)
	if err := errors.Join(err, f.Close()); err != nil || os.Rename(f.Name(), filepath.Join(m.dir, key)) != nil {
		os.Remove(f.Name()) //nolint:errcheck // Best effort.
		return
	}
	m.forget()
}

// forget removes the oldest memories beyond maxMemories.
func (m Memory) forget() {
	entries, err := os.ReadDir(m.dir)
	if err != nil || len(entries) <= maxMemories {
		return
	}
	var infos []fs.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			infos = append(infos, info)
		}
	}
	slices.SortFunc(infos, func(a, b fs.FileInfo) int {
		return cmp.Or(b.ModTime().Compare(a.ModTime()), cmp.Compare(a.Name(), b.Name()))
	})
	for _, info := range infos[min(len(infos), maxMemories):] {
		os.Remove(filepath.Join(m.dir, info.Name())) //nolint:errcheck // Best effort.
	}
}

// Unchanged says whether dir holds exactly the tree whose manifest has the
// sha256 sum: every file as written, none edited, none missing, nothing left
// behind by a killed run. Files of others may stand beside it.
func Unchanged(dir, sum string) (Report, bool) {
	none := Report{}
	t, err := locate(dir)
	if err != nil {
		return none, false
	}
	at, err := t.open()
	if err != nil {
		return none, false
	}
	defer at.close()
	root, err := at.root()
	if err != nil {
		return none, false
	}
	defer root.Close() //nolint:errcheck // Read only.
	if at.outer == nil || len(at.leftovers(root)) > 0 {
		return none, false
	}
	manifest, err := current(root, ManifestPath)
	if err != nil || !manifest.there || manifest.big || manifest.sum() != sum {
		return none, false
	}
	owned, err := parseManifest(manifest.bytes)
	if err != nil {
		return none, false
	}
	if !recorded(root, manifest.bytes) {
		return none, false
	}
	p := newPlan()
	p.report.Unchanged = []string{ManifestPath}
	for _, name := range sortedKeys(owned) {
		file, err := current(root, name)
		if err != nil || !file.there || file.sum() != owned[name] {
			return none, false
		}
		p.report.Unchanged = append(p.report.Unchanged, name)
	}
	if err := p.walk(root, nil, owned); err != nil || p.tooBig {
		return none, false
	}
	p.report.previous = manifest.bytes
	p.sort()
	return p.report, true
}
