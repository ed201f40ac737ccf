// Package baseline keeps a module as it was rendered, beside what people make of it:
// the base of the next merge.
//
// It takes a fileset and returns the bytes of an archive, and the other way round.
// An archive is a zip whose files are stored and not compressed, in order of path and
// without times: the same files give the same bytes for ever, whatever compressor
// there is, and git can tell how little of it changed. What is read may have been
// written by anybody. The package does not touch the operating system.
package baseline

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/dirhash"

	"github.com/bpgen/bpgen/generator/fileset"
)

// Directory is where bpgen keeps what it has to know of a module.
const Directory = ".bpgen"

// Path is where the archive is in a module.
const Path = Directory + "/base.zip"

// Where an upgrade with conflicts keeps what it needs.
const (
	// PendingPath holds what it takes to go on or to go back.
	PendingPath = Directory + "/upgrade.zip"

	// ConflictsPath lists the conflicts for programs.
	ConflictsPath = Directory + "/conflicts.json"
)

// MaxSize is how large an archive may be, in bytes.
const MaxSize = 48 << 20

// maxFiles is how many files an archive may have.
const maxFiles = 20_000

// Of returns the files of a tree that belong to its base: all but bpgen's own.
func Of(tree fileset.Set) fileset.Set {
	var out fileset.Set
	for _, f := range tree.Files() {
		if !strings.HasPrefix(f.Path, Directory+"/") {
			out.Add(f.Path, f.Bytes) //nolint:errcheck // The tree has taken this path.
		}
	}
	return out
}

// Digest returns the digest of files in the form that Go and Terraform use, h1: it
// says what they hold, whatever archive they come in.
func Digest(files fileset.Set) (string, error) {
	var names []string
	for _, f := range files.Files() {
		names = append(names, f.Path)
	}
	return dirhash.Hash1(names, func(name string) (io.ReadCloser, error) {
		b, _ := files.Get(name)
		return io.NopCloser(bytes.NewReader(b)), nil
	})
}

// Pack returns the archive of files.
func Pack(files fileset.Set) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range files.Files() {
		into, err := w.CreateHeader(&zip.FileHeader{Name: f.Path, Method: zip.Store})
		if err == nil {
			_, err = into.Write(f.Bytes)
		}
		if err != nil {
			return nil, fmt.Errorf("%q cannot be packed: %w", f.Path, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// A DigestError is of an archive that holds other files than were rendered.
type DigestError struct{ Want, Got string }

// Error says which digest it has.
func (e *DigestError) Error() string {
	return fmt.Sprintf("it holds other files than the manifest says: its digest is %s, and that of the manifest %s", e.Got, e.Want)
}

// ErrTruncated is of an archive that ends too early, or is none.
var ErrTruncated = errors.New("it is truncated, or no archive that bpgen wrote")

// Open returns the files of an archive, which must have the digest want.
func Open(src []byte, want string) (fileset.Set, error) {
	files, err := Unpack(src)
	if err != nil {
		return fileset.Set{}, err
	}
	got, err := Digest(files)
	if err != nil {
		return fileset.Set{}, err
	}
	if got != want {
		return fileset.Set{}, &DigestError{want, got}
	}
	return files, nil
}

// Unpack returns the files of an archive. It takes only what Pack writes: regular
// files that are stored, under names that may be written below a directory.
func Unpack(src []byte) (fileset.Set, error) {
	var files fileset.Set
	if len(src) > MaxSize {
		return files, fmt.Errorf("it is larger than %d MiB", MaxSize>>20)
	}
	r, err := zip.NewReader(bytes.NewReader(src), int64(len(src)))
	if err != nil {
		return files, ErrTruncated
	}
	if len(r.File) > maxFiles {
		return files, fmt.Errorf("it holds more than %d files", maxFiles)
	}
	room := len(src) // Entries of an archive that was made to harm may share their bytes.
	for _, f := range r.File {
		if f.Method != zip.Store || !f.Mode().IsRegular() {
			return files, fmt.Errorf("%q in it is not a regular file that is stored, so bpgen did not write it", f.Name)
		}
		content, err := stored(f)
		if err != nil {
			return files, ErrTruncated
		}
		if room -= len(content); room < 0 {
			return files, errors.New("its files are larger than it, so bpgen did not write it")
		}
		if err := files.Add(f.Name, content); err != nil {
			return files, fmt.Errorf("bpgen did not write it: %w", err)
		}
	}
	return files, nil
}

// stored reads a file that is not compressed, so that it is no larger than its
// archive. The sum of the file is checked.
func stored(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // Read only.
	return io.ReadAll(r)
}
