package bundle_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/bpgen/bpgen/generator/bundle"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/templates"
)

func files(pairs ...string) []fileset.File {
	var out []fileset.File
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, fileset.File{Path: pairs[i], Bytes: []byte(pairs[i+1])})
	}
	return out
}

func pack(t *testing.T, in []fileset.File) []byte {
	t.Helper()
	out, err := bundle.Make(in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestMake: the same files make the same bytes, in whatever order they come, with
// nothing of the machine in them.
func TestMake(t *testing.T) {
	t.Parallel()
	one, two := files("index.mjs", "a", "lib/ü.mjs", "b"), files("lib/ü.mjs", "b", "index.mjs", "a")
	archive := pack(t, one)
	if !bytes.Equal(archive, pack(t, two)) {
		t.Error("the order of the files shows in the archive")
	}
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range r.File {
		if f.Name != one[i].Path || f.Mode() != 0o644 || f.Method != zip.Store || f.Modified.Year() != 1980 || f.Flags&8 != 0 || len(f.Extra) > 0 {
			t.Errorf("%s: mode %v, method %d, date %v, flags %x, extra %x", f.Name, f.Mode(), f.Method, f.Modified, f.Flags, f.Extra)
		}
	}
	back, err := bundle.Read(archive)
	if err != nil || !slices.EqualFunc(back, one, func(a, b fileset.File) bool { return a.Path == b.Path && bytes.Equal(a.Bytes, b.Bytes) }) {
		t.Errorf("read back it is %v, %v", back, err)
	}
	for name, in := range map[string][]fileset.File{
		"nothing": nil, "out": files("../x.mjs", "a"), "large": files("x.mjs", strings.Repeat("x", 2<<20)),
	} {
		if _, err := bundle.Make(in); err == nil {
			t.Errorf("%s: there is an archive", name)
		}
	}
}

// forged makes an archive as somebody else might.
func forged(t *testing.T, add func(*zip.Writer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	if err := errors.Join(add(w), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func entry(name, content string, mode fs.FileMode) func(*zip.Writer) error {
	return func(w *zip.Writer) error {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate}
		h.SetMode(mode)
		to, err := w.CreateHeader(h)
		if err == nil {
			_, err = to.Write([]byte(content))
		}
		return err
	}
}

// TestReadTrustsNothing: paths that lead out, links, names that stand twice, and what
// unpacks to more than anybody writes.
func TestReadTrustsNothing(t *testing.T) {
	t.Parallel()
	many := func(w *zip.Writer) error {
		var err error
		for range 1_001 {
			err = errors.Join(err, entry("x", "", 0o644)(w))
		}
		return err
	}
	lying := func(w *zip.Writer) error { // it says that the file is small
		var deflated bytes.Buffer
		inner := zip.NewWriter(&deflated)
		if err := errors.Join(entry("x", strings.Repeat("0", 3<<20), 0o644)(inner), inner.Close()); err != nil {
			return err
		}
		r, err := zip.NewReader(bytes.NewReader(deflated.Bytes()), int64(deflated.Len()))
		if err != nil {
			return err
		}
		raw, err := r.File[0].OpenRaw()
		if err != nil {
			return err
		}
		h := r.File[0].FileHeader
		h.UncompressedSize64 = 10
		to, err := w.CreateRaw(&h)
		if err != nil {
			return err
		}
		var body bytes.Buffer
		if _, err := body.ReadFrom(raw); err != nil {
			return err
		}
		_, err = to.Write(body.Bytes())
		return err
	}
	for name, tt := range map[string]struct {
		add  func(*zip.Writer) error
		want string
	}{
		"out":       {entry("../../etc/passwd", "x", 0o644), "leads out"},
		"absolute":  {entry("/etc/passwd", "x", 0o644), "is absolute"},
		"backslash": {entry(`a\b`, "x", 0o644), "character"},
		"link":      {entry("x", "/etc/passwd", fs.ModeSymlink|0o777), "not a regular file"},
		"twice":     {func(w *zip.Writer) error { return errors.Join(entry("x", "a", 0o644)(w), entry("X", "b", 0o644)(w)) }, "two files"},
		"bomb":      {entry("x", strings.Repeat("0", 3<<20), 0o644), bundle.ErrTooLarge.Error()},
		"many":      {many, bundle.ErrTooLarge.Error()},
		"lying":     {lying, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := bundle.Read(forged(t, tt.add))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%d files, %v; want an error with %q", len(got), err, tt.want)
			}
		})
	}
	for _, text := range []string{"", "PK", "not an archive", strings.Repeat("PK\x05\x06", 100)} {
		if _, err := bundle.Read([]byte(text)); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}

// TestStale: an archive is what its directory is, whoever packed it, or says how not.
func TestStale(t *testing.T) {
	t.Parallel()
	source := files("f/orders/index.mjs", "a", "f/orders/lib/x.mjs", "b", "f/orders/index.test.mjs", "t", "f/orders/.cache", "c", "f/other.zip", "alone")
	for name, tt := range map[string]struct {
		archive []byte
		want    string
	}{
		"ours": {pack(t, files("index.mjs", "a", "lib/x.mjs", "b")), ""},
		"theirs": {forged(t, func(w *zip.Writer) error {
			return errors.Join(entry("lib/", "", fs.ModeDir|0o755)(w), entry("lib/x.mjs", "b", 0o755)(w), entry("index.mjs", "a", 0o600)(w))
		}), ""},
		"older":   {pack(t, files("index.mjs", "z", "lib/x.mjs", "b")), `"index.mjs" differs`},
		"lacking": {pack(t, files("index.mjs", "a")), `"lib/x.mjs" is missing from it`},
		"more":    {pack(t, files("index.mjs", "a", "lib/x.mjs", "b", "node_modules/y.mjs", "y")), `it contains "node_modules/y.mjs", which is not in the directory`},
		"tests":   {pack(t, files("index.mjs", "a", "lib/x.mjs", "b", "index.test.mjs", "t")), `it contains "index.test.mjs", which is not in the directory`},
		"broken":  {[]byte("x"), "it cannot be read: zip: not a valid zip file"},
	} {
		found := bundle.Find(append(files("f/orders.zip", string(tt.archive)), source...))
		if len(found) != 1 || found[0].Archive != "f/orders.zip" || found[0].Dir != "f/orders" {
			t.Fatalf("%s: found %v", name, found)
		}
		if got, err := found[0].Stale(); got != tt.want || err != nil {
			t.Errorf("%s: %q, %v; want %q", name, got, err, tt.want)
		}
	}
	large := bundle.Bundle{Bytes: forged(t, entry("x", strings.Repeat("0", 3<<20), 0o644))}
	if _, err := large.Stale(); !errors.Is(err, bundle.ErrTooLarge) {
		t.Errorf("a large archive: %v", err)
	}
}

// TestSource: a file belongs to the innermost archive of a directory around it.
func TestSource(t *testing.T) {
	t.Parallel()
	there := func(p string) bool { return p == "f/a.zip" || p == "f/a/b.zip" }
	for name, want := range map[string]string{
		"f/a/index.mjs": "f/a.zip", "f/a/lib/x.mjs": "f/a.zip", "f/a/b/y.mjs": "f/a/b.zip", "f/c/index.mjs": "", "index.mjs": "", "f/a.zip": "",
	} {
		if got := bundle.Source(name, there); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// stale returns what is wrong with the archives of a tree: each is to be what Make
// makes of its directory.
func stale(t *testing.T, fsys fs.FS) (wrong []string, n int) {
	t.Helper()
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		dir, isArchive := strings.CutSuffix(name, bundle.Extension)
		if err != nil || d.IsDir() || !isArchive {
			return err
		}
		if _, err := fs.Stat(fsys, dir); err != nil {
			return nil //nolint:nilerr // An archive without a directory is made elsewhere.
		}
		n++
		parts, err := bundle.Directory(fsys, dir)
		if err != nil {
			return err
		}
		have, err := fs.ReadFile(fsys, name)
		if err == nil && !bytes.Equal(have, pack(t, parts)) {
			wrong = append(wrong, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return wrong, n
}

// TestBundles: the archives of the built-in templates are what make generate makes of
// their directories, byte for byte.
func TestBundles(t *testing.T) {
	t.Parallel()
	wrong, n := stale(t, templates.FS)
	for _, name := range wrong {
		t.Errorf("templates/%s is not what its directory is: run make generate", name)
	}
	t.Logf("%d archives", n)
	// That it would notice:
	good := fstest.MapFS{
		"t/files/a.zip": {Data: pack(t, files("index.mjs", "a"))}, "t/files/a/index.mjs": {Data: []byte("a")}, "t/files/a/index.test.mjs": {Data: []byte("t")},
		"t/files/b.zip": {Data: []byte("alone")},
	}
	if wrong, n := stale(t, good); len(wrong) > 0 || n != 1 {
		t.Errorf("of a good archive of %d: %v", n, wrong)
	}
	good["t/files/a/index.mjs"] = &fstest.MapFile{Data: []byte("changed")}
	if wrong, _ := stale(t, good); !slices.Equal(wrong, []string{"t/files/a.zip"}) {
		t.Errorf("an old archive is not noticed: %v", wrong)
	}
}

// FuzzRead: whatever the bytes are, reading ends, and what is read can be packed.
func FuzzRead(f *testing.F) {
	archive, err := bundle.Make(files("index.mjs", "a", "lib/x.mjs", "b"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(archive)
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := bundle.Read(in)
		if err != nil || len(got) == 0 {
			return
		}
		if _, err := bundle.Make(got); err != nil && !strings.Contains(err.Error(), "larger") {
			t.Errorf("%q is read and cannot be packed: %v", in, err)
		}
	})
}
