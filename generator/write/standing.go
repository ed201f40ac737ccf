package write

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/bpgen/bpgen/generator/fileset"
)

const (
	maxHeld = 1 << 20  // bytes of a file that are held in memory, to compare and to show
	maxRead = 16 << 20 // bytes of a file that are read at all; bpgen writes none that is larger
)

// A standing is the file that stands at a path of the output folder.
type standing struct {
	there  bool
	size   int64
	bytes  []byte // nil of one that is big
	big    bool
	digest string
}

// sum is the sha256 of the file; of one that is too large to be bpgen's, which
// is not read, it is its size in words.
func (s *standing) sum() string {
	if s.there && s.digest == "" {
		s.digest = fileset.Digest(s.bytes)
	}
	return s.digest
}

// is says whether the file has this content.
func (s *standing) is(content []byte) bool {
	switch {
	case !s.there || s.size != int64(len(content)):
		return false
	case s.big:
		return s.sum() == fileset.Digest(content)
	}
	return bytes.Equal(s.bytes, content)
}

// current reads the file at name. Whatever else stands there, or a link on the
// way to it, is an error.
func current(root *os.Root, name string) (*standing, error) {
	for i, c := range name {
		if c != '/' {
			continue
		}
		info, err := root.Lstat(filepath.FromSlash(name[:i]))
		if errors.Is(err, fs.ErrNotExist) {
			return &standing{}, nil
		}
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			return nil, inTheWay(name[:i], info.Mode(), "a directory")
		}
	}
	info, err := root.Lstat(filepath.FromSlash(name))
	if errors.Is(err, fs.ErrNotExist) {
		return &standing{}, nil
	}
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, inTheWay(name, info.Mode(), "a file")
	}
	return readFile(root, name, info)
}

// readFile reads the file that was seen at name, as far as its size allows.
func readFile(root *os.Root, name string, seen fs.FileInfo) (*standing, error) {
	s := &standing{there: true, size: seen.Size()}
	if s.size > maxRead {
		s.big, s.digest = true, fmt.Sprintf("a file of %d bytes", s.size)
		return s, nil
	}
	f, err := root.OpenFile(filepath.FromSlash(name), os.O_RDONLY|openFlags, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // Read only.
	if is, err := f.Stat(); err != nil || !is.Mode().IsRegular() || !os.SameFile(is, seen) {
		return nil, errors.Join(err, said("%q in the output directory changed while bpgen read it; nothing was changed: try again", name))
	}
	if s.size > maxHeld {
		hash := sha256.New()
		s.size, err = io.Copy(hash, io.LimitReader(f, maxRead+1))
		s.big, s.digest = true, hex.EncodeToString(hash.Sum(nil))
		return s, err
	}
	held := bytes.NewBuffer(make([]byte, 0, s.size+bytes.MinRead))
	s.size, err = held.ReadFrom(io.LimitReader(f, maxHeld+1))
	s.bytes = held.Bytes()
	return s, err
}
