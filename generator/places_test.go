package generator_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// onePlace is what tells that something was written for the place of the notes.
var onePlace = regexp.MustCompile(`Tokyo|ap-northeast-1|Japan`)

// placesAllowed lists the files, or folders with a slash at their end, that may
// name the place of the notes, each with why.
var placesAllowed = map[string]string{
	"blueprints/notes/":                            "the notes themselves",
	"blueprints/proofs/":                           "proofs of what the notes say",
	"generator/home/home.go":                       "the default, with its citation",
	"generator/home/region.go":                     "the table of regions",
	"generator/home/mysql.go":                      "the zones that RDS knows",
	"generator/home/zones.txt":                     "the zones of the world",
	"generator/home/home_test.go":                  "tests of what follows from a zone",
	"generator/check/testdata/":                    "tests of the check that finds places",
	"generator/places_test.go":                     "this test",
	"acceptance/testdata/script/vet/home.txtar":    "a test of the option home",
	"acceptance/testdata/script/render/home.txtar": "a test of the option home",
	"generator/cost/prices.yaml":                   "the regions that have prices",
	"generator/resolve/resolve_test.go":            "tests of the option home",
	"generator/vet/notes/notes_test.go":            "tests of rules that go by the option home",
	"generator/vet/notes/testdata/":                "findings name the default home",
	"generator/cli/render/render_test.go":          "shows the default of the option home",
	"generator/cli/cli_test.go":                    "shows the default of the option home",
	"generator/render/testdata/":                   "rendered with the default of the option home",
	"generator/provider/docs/":                     "made of the default of the option home and of quotes of the notes",
	"generator/object/builtin/objects.bin":         "made of templates and blueprints, which are looked at themselves",
	"examples/":                                    "rendered with the default of the option home",
}

// TestPlaces holds that nothing outside the option home, its tables and the notes
// is for the place of the notes.
func TestPlaces(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short: it reads all text that there is, and nothing at once")
	}
	found, allowed := placesIn(t, os.DirFS(".."))
	for _, f := range found {
		t.Errorf("%s: only notes, tables and what is made of the default may name a place; take it from the option home", f)
	}
	for name := range placesAllowed {
		if _, err := fs.Stat(os.DirFS(".."), strings.TrimSuffix(name, "/")); err != nil {
			t.Errorf("placesAllowed names %s, which is not there", name)
		}
	}
	for _, name := range []string{"blueprints/notes/", "generator/home/home.go"} {
		if !allowed[name] {
			t.Errorf("%s names no place: the files are not read", name)
		}
	}
}

// TestPlacesFinds shows that it can fail.
func TestPlacesFinds(t *testing.T) {
	t.Parallel()
	found, _ := placesIn(t, fstest.MapFS{
		"templates/a/main.tf":       {Data: []byte("region = \"ap-northeast-1\"\n")},
		"templates/b/main.tf":       {Data: []byte("# notes: region.tokyo-three-azs\nzones = 3 # notes: region.tokyo-three-azs as in Tokyo\n")},
		"blueprints/notes/rds.yaml": {Data: []byte("Tokyo\n")},
		"blueprints/a/README.md":    {Data: []byte("Tokyo\n")},
		"web/.bpgen/manifest.json":  {Data: []byte("{}\n")},
		"web/main.tf":               {Data: []byte("region = \"ap-northeast-1\"\n")},
	})
	if len(found) != 1 || !strings.HasPrefix(found[0], "templates/a/main.tf:1") {
		t.Errorf("got %q", found)
	}
}

// triedOut says whether a directory is what somebody rendered, as the README
// begins with: none of ours.
func triedOut(root fs.FS, dir string) bool {
	_, err := fs.Stat(root, path.Join(dir, ".bpgen", "manifest.json"))
	return err == nil
}

// placesIn returns the lines that name the place of the notes, and which of the
// allowed names were needed. What stands behind a citation is a quote.
func placesIn(t *testing.T, root fs.FS) (found []string, allowed map[string]bool) {
	t.Helper()
	allowed = map[string]bool{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if strings.HasPrefix(d.Name(), ".") && name != "." && d.Name() != ".bpgen" || name == "bin" || name == "dist" {
				return fs.SkipDir
			}
			if triedOut(root, name) {
				return fs.SkipDir
			}
			return nil
		}
		src, err := fs.ReadFile(root, name)
		if err != nil || !onePlace.Match(src) {
			return err
		}
		if page, _ := path.Match("blueprints/*/README.md", name); page {
			return nil // made of the default of the option home
		}
		for dir := name; dir != "."; dir = path.Dir(dir) {
			for _, entry := range []string{dir, dir + "/"} {
				if placesAllowed[entry] != "" {
					allowed[entry] = true
					return nil
				}
			}
		}
		for i, line := range strings.Split(string(src), "\n") {
			if own, _, _ := strings.Cut(line, "notes:"); onePlace.MatchString(own) {
				found = append(found, name+":"+strconv.Itoa(i+1)+": "+strings.TrimSpace(own))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found, allowed
}
