// Package fileset holds a tree of files in memory: the result of a render
// before anything touches the disk.
//
// It takes slash-separated relative paths and bytes and keeps them sorted by
// path. It imports nothing else of bpgen and never touches the operating
// system.
package fileset

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A File is one file of a Set.
type File struct {
	Path  string // slash-separated, relative, clean
	Bytes []byte
}

// SHA256 returns the file's digest in lower-case hexadecimal.
func (f File) SHA256() string { return Digest(f.Bytes) }

// Digest returns the SHA-256 of a file's content in lower-case hexadecimal, as
// manifests have it.
func Digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// A Set is a tree of files, sorted by path. The zero value is empty and ready.
type Set struct {
	files []File
}

// Add puts a file into the set. It fails when the path is unsafe (see
// CheckPath), stands in the set already, differs from a path of the set in
// letter case alone, which some file systems cannot hold, or when one of the two
// would have to be a folder.
func (s *Set) Add(path string, content []byte) error {
	if err := CheckPath(path); err != nil {
		return err
	}
	for _, f := range s.files {
		switch {
		case strings.EqualFold(f.Path, path):
			return fmt.Errorf("two files have the path %q", path)
		case within(f.Path, path), within(path, f.Path):
			return fmt.Errorf("the files %q and %q cannot both exist: one would have to be a directory", f.Path, path)
		}
	}
	i, _ := slices.BinarySearchFunc(s.files, path, func(f File, p string) int { return strings.Compare(f.Path, p) })
	s.files = slices.Insert(s.files, i, File{Path: path, Bytes: content})
	return nil
}

// within says whether path lies below a folder called dir.
func within(path, dir string) bool {
	return len(path) > len(dir) && path[len(dir)] == '/' && strings.EqualFold(path[:len(dir)], dir)
}

// Files returns the files in order of path. The slice must not be changed.
func (s *Set) Files() []File { return s.files }

// Get returns the content of the file at path and whether there is one.
func (s *Set) Get(path string) ([]byte, bool) {
	for _, f := range s.files {
		if f.Path == path {
			return f.Bytes, true
		}
	}
	return nil, false
}

// Len returns the number of files.
func (s *Set) Len() int { return len(s.files) }

// Override says whether Terraform or OpenTofu takes a file for an override file:
// one whose blocks stand for no blocks of their own but change those of others.
func Override(path string) bool {
	name := path[strings.LastIndexByte(path, '/')+1:]
	for _, ext := range []string{".tf", ".tf.json", ".tofu", ".tofu.json"} {
		if base, ok := strings.CutSuffix(name, ext); ok && (base == "override" || strings.HasSuffix(base, "_override")) {
			return true
		}
	}
	return false
}

// CheckPath says whether path may be written below an output folder on every
// system: relative, clean, slash-separated UTF-8, not too long, without "..",
// control characters, characters or names that Windows reserves, or trailing
// dots and spaces.
func CheckPath(path string) error {
	fail := func(why string) error { return fmt.Errorf("the file name %q %s", path, why) }
	switch {
	case path == "":
		return fail("is empty")
	case strings.HasPrefix(path, "/"):
		return fail("is absolute; use a path relative to the output directory")
	case len(path) > 400:
		return fail("is longer than 400 bytes")
	case !utf8.ValidString(path):
		return fail("is not valid UTF-8")
	}
	for _, r := range path {
		if r < 0x20 || r == 0x7f || strings.ContainsRune(`\:*?"<>|`, r) {
			return fail(fmt.Sprintf("contains the character %q, which some systems do not allow", r))
		}
	}
	for part := range strings.SplitSeq(path, "/") {
		base, _, _ := strings.Cut(part, ".")
		switch {
		case part == "..":
			return fail("leads out of the output directory")
		case part == "" || part == ".":
			return fail("is not clean: it has an empty or \".\" part")
		case strings.HasSuffix(part, ".") || strings.HasSuffix(part, " "):
			return fail("has a part that ends with a dot or a space, which Windows drops")
		case len(part) > 255:
			return fail("has a part of more than 255 bytes, the limit of most file systems")
		case reserved(strings.TrimRight(base, " ")):
			return fail(fmt.Sprintf("has the part %q, a name that Windows reserves", part))
		}
	}
	return nil
}

func reserved(base string) bool {
	b := strings.ToUpper(base)
	switch b {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	port, number := strings.CutPrefix(b, "COM")
	if !number {
		port, number = strings.CutPrefix(b, "LPT")
	}
	// Windows takes the superscript digits for digits here.
	return number && utf8.RuneCountInString(port) == 1 && strings.ContainsAny(port, "0123456789¹²³")
}
