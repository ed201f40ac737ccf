package generator_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/bundle"
	"github.com/bpgen/bpgen/generator/catalog/catalogtest"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
)

const functions = `-- templates/function/main.tf --
variable "bundle" {
  type = string
}

resource "terraform_data" "this" {
  input = filebase64sha256("${path.module}/files/${var.bundle}.zip")
}
-- templates/function/files/orders/index.mjs --
// notes: s3.retention stays as it is, for the archive is
export const handler = async () => "{{ var.bundle }}";
-- templates/function/files/orders/index.test.mjs --
import "./index.mjs";
-- templates/function/files/mail/index.mjs --
export const handler = async () => "mail";
-- blueprints/case/blueprint.hcl --
blueprint "case" {
  version = "1.0.0"
  summary = "case"
}

option "bundle" {
  type    = string
  default = "orders"
  why     = "test"
}

component "app" {
  template = "function"
  with     = { bundle = option.bundle }
}
`

// TestBundlesAreRendered: of the handlers of a template the module has the one that it
// runs, with its archive, its source and its test, byte for byte; an archive that is
// older than its directory is an error.
func TestBundlesAreRendered(t *testing.T) {
	t.Parallel()
	archive := txtar.Parse([]byte(functions))
	var source []fileset.File
	for _, f := range archive.Files {
		source = append(source, fileset.File{Path: f.Name, Bytes: f.Data})
	}
	packed := map[string][]byte{}
	for _, name := range []string{"orders", "mail"} {
		dir := "templates/function/files/" + name
		b := bundle.Find(append([]fileset.File{{Path: dir + ".zip"}}, source...))
		content, err := bundle.Make(b[0].Files)
		if err != nil {
			t.Fatal(err)
		}
		packed[name] = content
		archive.Files = append(archive.Files, txtar.File{Name: dir + ".zip", Data: content})
	}
	render := func(layout link.Layout, name string) (generator.Result, string) {
		cat, diags := catalogtest.Archive(t, archive)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		res, diags := generator.Generate(t.Context(), generator.Request{Catalog: cat, Blueprint: "case", Layout: layout, Inputs: []resolve.Input{{Name: "bundle", Raw: name, Source: "test"}}})
		var text []string
		for _, d := range diags {
			text = append(text, d.Subject.String()+": "+d.Detail)
		}
		return res, strings.Join(text, "\n")
	}
	for name, want := range map[string][]string{"orders": {"orders.zip", "orders/index.mjs", "orders/index.test.mjs"}, "mail": {"mail.zip", "mail/index.mjs"}} {
		res, text := render(link.Flat, name)
		if text != "" {
			t.Fatal(text)
		}
		var got []string
		for _, f := range res.Files.Files() {
			file, ok := strings.CutPrefix(f.Path, "files/app/")
			if !ok {
				continue
			}
			got = append(got, file)
			for _, of := range archive.Files {
				if of.Name == "templates/function/files/"+file && !bytes.Equal(of.Data, f.Bytes) {
					t.Errorf("%s is not what the template has:\n%s", f.Path, f.Bytes)
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: the module has %q, want %q", name, got, want)
		}
	}
	res, text := render(link.Nested, "mail")
	for _, file := range []string{"orders.zip", "orders/index.mjs", "orders/index.test.mjs", "mail.zip", "mail/index.mjs"} {
		if _, ok := res.Files.Get("modules/app/files/" + file); !ok || text != "" {
			t.Errorf("the child module lacks %s: %s", file, text)
		}
	}
	for i, f := range archive.Files {
		if f.Name == "templates/function/files/mail/index.mjs" {
			archive.Files[i].Data = []byte("export const handler = async () => \"changed\";\n")
		}
	}
	if _, text := render(link.Flat, "orders"); text != "" {
		t.Errorf("an archive that the module does not have: %s", text)
	}
	const want = `app.tf:2,28-63: The archive files/app/mail.zip does not match the directory files/app/mail: its "index.mjs" differs. After a change to the directory, run "bpgen bundle" in the module.`
	if _, text := render(link.Flat, "mail"); text != want {
		t.Errorf("an archive older than its directory:\n%s\nwant\n%s", text, want)
	}
}
