package baseline_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/baseline"
	"github.com/bpgen/bpgen/generator/fileset"
)

func tree(t *testing.T, files map[string]string) fileset.Set {
	t.Helper()
	var out fileset.Set
	for name, text := range files {
		if err := out.Add(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func pack(t *testing.T, files fileset.Set) []byte {
	t.Helper()
	b, err := baseline.Pack(files)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestPack(t *testing.T) {
	t.Parallel()
	files := tree(t, map[string]string{"main.tf": "a = 1\n", "envs/prd.tfvars": "", "files/x.zip": "PK\x03\x04\x00\xff"})
	src := pack(t, files)
	if again := pack(t, tree(t, map[string]string{"files/x.zip": "PK\x03\x04\x00\xff", "envs/prd.tfvars": "", "main.tf": "a = 1\n"})); !bytes.Equal(src, again) {
		t.Error("the order of adding shows in the archive")
	}
	if !bytes.Contains(src, []byte("a = 1\n")) {
		t.Error("the files are not stored as they are")
	}
	digest, err := baseline.Digest(files)
	if err != nil || digest != "h1:g3Fcwj74/cbdlZFFLdhHMNE8KHaTFmxZfEDIkbHQLVg=" {
		t.Errorf("digest %s, %v", digest, err)
	}
	back, err := baseline.Open(src, digest)
	if err != nil || back.Len() != files.Len() {
		t.Fatal(back.Len(), err)
	}
	for _, f := range files.Files() {
		if b, ok := back.Get(f.Path); !ok || !bytes.Equal(b, f.Bytes) {
			t.Errorf("%s came back as %q", f.Path, b)
		}
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	got := baseline.Of(tree(t, map[string]string{"main.tf": "", ".bpgen/manifest.json": "{}", ".bpgenx": "", "a/.bpgen/x": ""}))
	for name, want := range map[string]bool{"main.tf": true, ".bpgen/manifest.json": false, ".bpgenx": true, "a/.bpgen/x": true} {
		if _, ok := got.Get(name); ok != want {
			t.Errorf("%s: %v", name, ok)
		}
	}
}

// TestOpen refuses what bpgen did not write, each with its own words.
func TestOpen(t *testing.T) {
	t.Parallel()
	whole := pack(t, tree(t, map[string]string{"main.tf": "a = 1\n", "b.tf": strings.Repeat("b", 500)}))
	made := func(headers ...zip.FileHeader) []byte {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		for _, h := range headers {
			into, err := w.CreateHeader(&h)
			if err == nil {
				_, err = into.Write([]byte("x"))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	link := zip.FileHeader{Name: "x"}
	link.SetMode(fs.ModeSymlink | 0o777)
	device := zip.FileHeader{Name: "x"}
	device.SetMode(fs.ModeDevice | 0o666)
	damaged := bytes.Replace(whole, []byte("a = 1"), []byte("a = 2"), 1)
	for name, c := range map[string]struct {
		src  []byte
		want string
	}{
		"empty":      {nil, "truncated"},
		"truncated":  {whole[:len(whole)/2], "truncated"},
		"no archive": {[]byte("<<<<<<< ours\n"), "truncated"},
		"damaged":    {damaged, "truncated"},
		"other":      {pack(t, tree(t, map[string]string{"main.tf": "a = 2\n"})), "holds other files than the manifest says"},
		"compressed": {made(zip.FileHeader{Name: "x", Method: zip.Deflate}), "not a regular file"},
		"link":       {made(link), "not a regular file"},
		"device":     {made(device), "not a regular file"},
		"outside":    {made(zip.FileHeader{Name: "../x"}), "leads out"},
		"absolute":   {made(zip.FileHeader{Name: "/x"}), "is absolute"},
		"twice":      {made(zip.FileHeader{Name: "x"}, zip.FileHeader{Name: "x"}), "two files have the path"},
		"large":      {make([]byte, baseline.MaxSize+1), "larger than 48 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := baseline.Open(c.src, "h1:x")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if truncated := errors.Is(err, baseline.ErrTruncated); truncated != (c.want == "truncated") {
				t.Errorf("truncated: %v", truncated)
			}
		})
	}
}

// TestShared refuses an archive two of whose files are the same bytes of it: a small
// one could be as many gigabytes as it likes.
func TestShared(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("b", 10_000)
	one := pack(t, tree(t, map[string]string{"a": text}))
	two := pack(t, tree(t, map[string]string{"a": text, "b": text}))
	data := bytes.Index(one, []byte("PK\x01\x02")) // where the list of files begins
	list := bytes.Index(two, []byte("PK\x01\x02"))
	shared := slices.Concat(one[:data], two[list:])
	second := data + bytes.LastIndex(two[list:], []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(shared[second+42:], 0)                // where the second file is
	binary.LittleEndian.PutUint32(shared[len(shared)-6:], uint32(data)) //nolint:gosec // It is small.
	if _, err := baseline.Unpack(shared); err == nil || !strings.Contains(err.Error(), "larger than it") {
		t.Errorf("got %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	var set fileset.Set
	if err := set.Add("main.tf", []byte("a = 1\n")); err != nil {
		f.Fatal(err)
	}
	src, err := baseline.Pack(set)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(src)
	f.Fuzz(func(t *testing.T, src []byte) {
		files, err := baseline.Unpack(src)
		if err != nil {
			return
		}
		again, err := baseline.Pack(files)
		if err != nil {
			t.Fatal(err)
		}
		back, err := baseline.Unpack(again)
		if err != nil || back.Len() != files.Len() {
			t.Errorf("what was read cannot be packed and read again: %v", err)
		}
	})
}
