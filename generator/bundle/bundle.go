// Package bundle makes archives of the code that functions run: of files/orders/ the
// archive files/orders.zip beside it, which is what AWS gets. People read and test the
// directory.
//
// It takes files in memory and returns bytes, the same for the same files on every
// machine: names in order, nothing compressed, all of 1980 and readable by all. It
// reads archives that anybody may have made, within the limits of guard. It does not
// touch the operating system.
package bundle

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
)

// Extension is that of archives.
const Extension = ".zip"

// maxFiles is how many files of an archive are looked at.
const maxFiles = 1_000

// ErrTooLarge is the error of an archive that is too large to be looked at. Such an
// archive is not made by bpgen.
var ErrTooLarge = errors.New("it is too large to be read")

// A Bundle is an archive with the directory beside it that it is made of.
type Bundle struct {
	Archive string         // path of the archive
	Bytes   []byte         // what it holds now
	Dir     string         // path of the directory
	Files   []fileset.File // what is to be in the archive, by their paths in the directory
}

// Find returns the bundles among files, in order: the archives that have a directory of
// their name beside them.
func Find(files []fileset.File) []Bundle {
	var out []Bundle
	for _, f := range files {
		dir, ok := strings.CutSuffix(f.Path, Extension)
		if !ok || hidden(f.Path) {
			continue
		}
		if parts, any := within(files, dir); any {
			out = append(out, Bundle{Archive: f.Path, Bytes: f.Bytes, Dir: dir, Files: parts})
		}
	}
	slices.SortFunc(out, func(a, b Bundle) int { return strings.Compare(a.Archive, b.Archive) })
	return out
}

// within returns the files of a directory that belong into its archive, and whether
// there are any in the directory at all.
func within(files []fileset.File, dir string) (parts []fileset.File, found bool) {
	for _, f := range files {
		name, ok := strings.CutPrefix(f.Path, dir+"/")
		if found = found || ok; ok && Holds(name) {
			parts = append(parts, fileset.File{Path: name, Bytes: f.Bytes})
		}
	}
	return parts, found
}

// Holds says whether a file of a directory belongs into its archive: tests do not, nor
// do files that are hidden.
func Holds(name string) bool { return !strings.HasSuffix(name, ".test.mjs") && !hidden(name) }

func hidden(name string) bool { return strings.HasPrefix(name, ".") || strings.Contains(name, "/.") }

// Source returns the archive that a file is a source of, "" for none. There says
// whether there is a file of a path.
func Source(name string, there func(path string) bool) string {
	for dir := path.Dir(name); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if there(dir + Extension) {
			return dir + Extension
		}
	}
	return ""
}

// Make returns the archive of files.
func Make(files []fileset.File) ([]byte, error) {
	if len(files) == 0 {
		return nil, fmt.Errorf("there is nothing to put into the archive")
	}
	sorted := slices.SortedFunc(slices.Values(files), func(a, b fileset.File) int { return strings.Compare(a.Path, b.Path) })
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range sorted {
		if err := fileset.CheckPath(f.Path); err != nil {
			return nil, err
		}
		to, err := w.CreateRaw(header(f))
		if err != nil {
			return nil, err
		}
		if _, err := to.Write(f.Bytes); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if out.Len() > guard.MaxSize {
		return nil, fmt.Errorf("the archive would be larger than %d KiB; let a pipeline upload code of that size", guard.MaxSize>>10)
	}
	return out.Bytes(), nil
}

// header describes a file so that nothing but its name and its content matters.
func header(f fileset.File) *zip.FileHeader {
	const utf8 = 0x800 // says so of the name
	h := &zip.FileHeader{Name: f.Path, Method: zip.Store, Flags: utf8, CRC32: crc32.ChecksumIEEE(f.Bytes)}
	h.CompressedSize64, h.UncompressedSize64 = uint64(len(f.Bytes)), uint64(len(f.Bytes))
	h.SetMode(0o644)
	h.ModifiedDate = 1<<5 | 1 //nolint:staticcheck // The first day that the format knows; Modified would add a field of its own.
	return h
}

// Read returns the files of an archive, in order. It trusts nothing in it.
func Read(archive []byte) ([]fileset.File, error) {
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, err
	}
	if len(r.File) > maxFiles {
		return nil, ErrTooLarge
	}
	var out fileset.Set
	left := int64(guard.MaxTotal)
	for _, f := range r.File {
		if strings.HasSuffix(f.Name, "/") && f.UncompressedSize64 == 0 {
			continue // a directory, which some programs put in
		}
		if !f.Mode().IsRegular() {
			return nil, fmt.Errorf("%q in it is not a regular file", f.Name)
		}
		src, err := content(f, left)
		if err != nil {
			return nil, err
		}
		left -= int64(len(src))
		if err := out.Add(f.Name, src); err != nil {
			return nil, err
		}
	}
	return out.Files(), nil
}

// content returns a file of an archive, of no more than left bytes, whatever the
// archive says of its size.
func content(f *zip.File, left int64) ([]byte, error) {
	most := min(left, guard.MaxSize)
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%q in it cannot be read: %w", f.Name, err)
	}
	defer r.Close() //nolint:errcheck // Read only.
	src, err := io.ReadAll(io.LimitReader(r, most+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%q in it cannot be read: %w", f.Name, err)
	case int64(len(src)) > most:
		return nil, ErrTooLarge
	}
	return src, nil
}

// Stale says in which way an archive is not what its directory is, "" when it is,
// whichever program made it. The error is ErrTooLarge.
func (b Bundle) Stale() (string, error) {
	packed, err := Read(b.Bytes)
	switch {
	case errors.Is(err, ErrTooLarge):
		return "", err
	case err != nil:
		return "it cannot be read: " + err.Error(), nil //nolint:nilerr // That is what is wrong with it.
	}
	have := map[string][]byte{}
	for _, f := range packed {
		have[f.Path] = f.Bytes
	}
	for _, f := range b.Files {
		src, ok := have[f.Path]
		if delete(have, f.Path); !ok {
			return fmt.Sprintf("%q is missing from it", f.Path), nil
		} else if !bytes.Equal(src, f.Bytes) {
			return fmt.Sprintf("%q differs", f.Path), nil
		}
	}
	for _, f := range packed {
		if _, ok := have[f.Path]; ok {
			return fmt.Sprintf("it contains %q, which is not in the directory", f.Path), nil
		}
	}
	return "", nil
}

// Directory returns the files of a directory that belong into its archive, by their
// paths in it.
func Directory(fsys fs.FS, dir string) ([]fileset.File, error) {
	var out []fileset.File
	var budget guard.Budget
	err := fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		rel := strings.TrimPrefix(name, dir+"/")
		switch {
		case err != nil:
			return err
		case name != dir && hidden(rel) && d.IsDir():
			return fs.SkipDir
		case d.IsDir() || !Holds(rel):
			return nil
		}
		src, diags := guard.ReadFile(fsys, name, name)
		if !diags.HasErrors() {
			diags = budget.Take(name, src, false)
		}
		if diags.HasErrors() {
			return diags
		}
		out = append(out, fileset.File{Path: rel, Bytes: src})
		return nil
	})
	return out, err
}
