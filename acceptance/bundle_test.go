package acceptance

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/bpgen/bpgen/acceptance/harness"
)

// TestBundle takes the code of a function from its directory to the plan: bpgen packs
// it, programs of others read the archive that is rendered, the real provider accepts
// the module, and what is planned is the hash of just that archive.
func TestBundle(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	own := harness.WorkDir(t)
	archive, err := txtar.ParseFile(filepath.Join("testdata", "bundle", "function.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{} // what the archive holds
	for _, f := range archive.Files {
		if err := harness.WriteFile(filepath.Join(own, filepath.FromSlash(f.Name)), f.Data); err != nil {
			t.Fatal(err)
		}
		if name, ok := strings.CutPrefix(f.Name, "templates/function/files/orders/"); ok && !strings.HasSuffix(name, ".test.mjs") {
			want[name] = string(f.Data)
		}
	}
	for _, name := range []string{"orders", "mail"} {
		if code, stderr := harness.Bpgen(t, own, "bundle", "templates/function/files/"+name); code != 0 {
			t.Fatalf("bundle: exit %d\n%s", code, stderr)
		}
	}
	for _, layout := range []string{"flat", "nested"} {
		for _, name := range harness.Cores() {
			t.Run(layout+"/"+name, func(t *testing.T) {
				t.Parallel()
				core := harness.Find(t, name)
				dir := filepath.Join(harness.WorkDir(t), "out")
				if code, stderr := harness.Bpgen(t, own, "render", "orders", "--blueprint-dir", own, "--layout", layout, "--set", "aws_provider=5", "--out", dir); code != 0 {
					t.Fatalf("render: exit %d\n%s", code, stderr)
				}
				zip := only(t, dir, layout == "nested")
				readable(t, zip, want)
				hash := planOf(t, core, dir)
				content, err := os.ReadFile(zip)
				if err != nil {
					t.Fatal(err)
				}
				if sum := sha256.Sum256(content); hash != base64.StdEncoding.EncodeToString(sum[:]) {
					t.Errorf("planned %s, the hash of another archive", hash)
				}
				r := core.In(t, dir, harness.RealAWS(t, core))
				if err := r.Init(); err != nil {
					t.Fatal(err)
				}
				validate(t, r)
				if layout == "nested" { // what a child module is called with is unknown to validate
					return
				}
				if err := os.Remove(zip); err != nil {
					t.Fatal(err)
				}
				if _, err := r.Validate(); err == nil || !strings.Contains(err.Error(), "orders.zip") {
					t.Errorf("without the archive the module is valid: %v", err)
				}
			})
		}
	}
}

// only returns the archive of a rendered module. Flat has the one that the function
// runs; in the nested layout child modules keep what their template has.
func only(t *testing.T, dir string, nested bool) string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == ".bpgen" {
			return fs.SkipDir // what bpgen keeps for itself
		}
		if filepath.Ext(path) == ".zip" {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(found, func(path string) bool { return filepath.Base(path) == "orders.zip" })
	if i < 0 || !nested && len(found) > 1 {
		t.Fatalf("the module has the archives %q", found)
	}
	return found[i]
}

// readers are programs that list an archive and print a file of it.
var readers = []struct {
	name      string
	list, cat []string
}{
	{"unzip", []string{"unzip", "-Z1"}, []string{"unzip", "-p"}},
	{"python3", []string{"python3", "-c", "import sys, zipfile; print('\\n'.join(zipfile.ZipFile(sys.argv[1]).namelist()))"},
		[]string{"python3", "-c", "import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))"}},
}

// readable has each of the readers that are here list the archive and print its files.
func readable(t *testing.T, zip string, want map[string]string) {
	t.Helper()
	tried := 0
	for _, reader := range readers {
		if _, err := exec.LookPath(reader.name); err != nil {
			continue
		}
		tried++
		output := func(args ...string) string {
			var stderr bytes.Buffer
			cmd := exec.Command(args[0], args[1:]...)
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%q: %v\n%s", args, err, &stderr)
			}
			return string(out)
		}
		names := strings.Fields(output(append(slices.Clone(reader.list), zip)...))
		for _, name := range names {
			if got := output(append(slices.Clone(reader.cat), zip, name)...); got != want[name] {
				t.Errorf("%s: %s contains\n%s", reader.name, name, got)
			}
		}
		if len(names) != len(want) {
			t.Errorf("%s: the archive contains %q", reader.name, names)
		}
	}
	if tried == 0 {
		t.Skip("neither unzip nor python3 is here to read the archive")
	}
}

// planOf returns the hash of the code that the module plans for its function.
func planOf(t *testing.T, core harness.Core, dir string) string {
	t.Helper()
	r := core.In(t, copyTree(t, dir), harness.SchemaAWS(t, core, "5"))
	if err := r.Init(); err != nil {
		t.Fatal(err)
	}
	plan, err := r.Plan()
	if err != nil {
		t.Fatal(err)
	}
	for _, rc := range plan.ResourceChanges {
		if after, ok := rc.Change.After.(map[string]any); ok && rc.Type == "aws_lambda_function" {
			hash, _ := after["source_code_hash"].(string)
			return hash
		}
	}
	t.Fatal("no function is planned")
	return ""
}
