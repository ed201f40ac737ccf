package merge_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/merge"
)

var (
	seeds  = flag.String("seeds", "7", "seeds of the edits that TestMeasure makes, with commas between")
	rounds = flag.Int("rounds", 1, "how many times TestMeasure edits each rendering, for each seed and number of edits")
	peers  = flag.Bool("peers", false, "TestMeasure runs git merge-file and, when it is there, mergiraf beside bpgen")
)

// A score counts files that both sides changed.
type score struct{ files, could, clean, falseConflicts, wrong int }

func (s *score) String() string {
	return fmt.Sprintf("%6d files  %6d without a true conflict  %6d merged clean  %4d false conflicts  %4d wrong", s.files, s.could, s.clean, s.falseConflicts, s.wrong)
}

// A tool merges all files of a module and says which of them have conflicts.
type tool struct {
	name  string
	merge func(t testing.TB, base, ours, theirs fileset.Set) (fileset.Set, map[string]bool, []merge.Conflict)
	score score
}

// TestMeasure edits the default rendering by a program and merges it with others.
// bpgen must make no false conflict and nothing wrong; with -peers it says what git
// and mergiraf do with the same files.
//
//	go test ./generator/merge -run TestMeasure -v -peers -rounds 10 -seeds 7,202,303
func TestMeasure(t *testing.T) {
	base, others := renderings()
	tools := []*tool{{name: "bpgen", merge: byBpgen}}
	if *peers {
		tools = append(tools, &tool{name: "git merge-file", merge: byProcess("git", "merge-file", "-p", "--diff3")})
		if p, err := exec.LookPath("mergiraf"); err == nil {
			tools = append(tools, &tool{name: "mergiraf", merge: byProcess(p, "merge")})
		}
	}
	for _, word := range strings.Split(*seeds, ",") {
		seed, err := strconv.ParseUint(word, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		for round := range *rounds {
			for _, edits := range []int{6, 9, 12} {
				for i, v := range others {
					r := rand.New(rand.NewPCG(seed, uint64(1000*round+100*i+edits)))
					sample(t, r, base, v, edits, tools, fmt.Sprintf("seed %d, round %d, %d edits, %s", seed, round, edits, versions[i].name))
				}
			}
		}
	}
	for _, tool := range tools {
		t.Logf("%-15s %s", tool.name, &tool.score)
	}
	if s := tools[0].score; s.falseConflicts > 0 || s.wrong > 0 || s.files < 100 {
		t.Errorf("bpgen: %s", &s)
	}
}

// sample edits all files of base and merges them with a version.
func sample(t *testing.T, r *rand.Rand, base, version rendering, n int, tools []*tool, where string) {
	t.Helper()
	var ours fileset.Set
	edits := map[string][]edit{}
	for _, f := range base.files.Files() {
		content := f.Bytes
		if path.Ext(f.Path) == ".tf" && path.Dir(f.Path) == "." {
			text, made := edited(r, f.Path, string(f.Bytes), base.marks[f.Path], n)
			content, edits[f.Path] = []byte(text), made
		}
		if err := ours.Add(f.Path, content); err != nil {
			t.Fatal(err)
		}
	}
	want := expected(t, base, version, edits)
	for _, tool := range tools {
		got, conflicted, conflicts := tool.merge(t, base.files, ours, version.files)
		judgeAll(t, tool, want, got, conflicted, conflicts, changedOnBoth(base.files, ours, version.files), where)
	}
}

// changedOnBoth lists the files that both sides changed.
func changedOnBoth(base, ours, theirs fileset.Set) (out []string) {
	for _, f := range base.Files() {
		o, _ := ours.Get(f.Path)
		if t, ok := theirs.Get(f.Path); ok && path.Ext(f.Path) == ".tf" && !bytes.Equal(t, f.Bytes) && !bytes.Equal(o, f.Bytes) {
			out = append(out, f.Path)
		}
	}
	return out
}

// What is expected of a unit.
type outcome struct {
	verdict  verdict
	node     *node // nil when it is to be gone
	file     string
	comments []edit
	edits    []edit
}

// expected says by the marks what a merge has to come to: for each unit what stands
// in it, or that it has a true conflict.
func expected(t *testing.T, base, version rendering, edits map[string][]edit) map[string]*outcome {
	t.Helper()
	was, now := units(t, base), units(t, version)
	out := map[string]*outcome{}
	for address, n := range now {
		out[address] = &outcome{node: n.node.clone(), file: n.file}
	}
	for address, n := range was {
		if out[address] == nil {
			out[address] = &outcome{file: n.file}
		}
	}
	for file, made := range edits {
		for _, e := range made {
			if e.kind == ownBlock {
				out[e.name] = &outcome{file: file, node: &node{address: e.name, typ: e.name, attrs: map[string]attr{"a": {code: "1"}}}}
				continue
			}
			o := out[e.unit]
			o.edits = append(o.edits, e)
			if e.kind == words {
				o.comments = append(o.comments, e)
				continue
			}
			v := judge(e, was[e.unit].node, o.node)
			if e.onlyWords() && v == clean {
				o.comments = append(o.comments, e)
			}
			if v == trueConflict || o.verdict == clean {
				o.verdict = v
			}
		}
	}
	return out
}

type placed struct {
	node *node
	file string
}

func units(t *testing.T, r rendering) map[string]placed {
	t.Helper()
	out := map[string]placed{}
	for _, f := range r.files.Files() {
		if path.Ext(f.Path) == ".tf" && path.Dir(f.Path) == "." {
			for _, n := range model(t, r, f.Path) {
				out[n.address] = placed{n, f.Path}
			}
		}
	}
	return out
}

// judgeAll compares what a tool made with what is expected, and counts by file.
func judgeAll(t *testing.T, tool *tool, want map[string]*outcome, got fileset.Set, conflicted map[string]bool, conflicts []merge.Conflict, files []string, where string) {
	t.Helper()
	have, unread := map[string]*node{}, map[string]bool{}
	twice := map[string]bool{}
	for _, f := range got.Files() {
		if path.Ext(f.Path) != ".tf" || path.Dir(f.Path) != "." {
			continue
		}
		found, err := modelOf(withoutConflicts(string(f.Bytes)), nil)
		if err != nil {
			unread[f.Path] = true
			continue
		}
		for _, n := range found {
			twice[n.address] = have[n.address] != nil
			have[n.address] = n
		}
	}
	blamed := map[string]bool{}
	for _, c := range conflicts {
		blamed[c.Address] = true
	}
	for _, file := range files {
		s := &tool.score
		s.files++
		possible, wrong, falsely := true, "", conflicted[file]
		for address, o := range want {
			if o.file != file {
				continue
			}
			possible = possible && o.verdict != trueConflict
			falsely = falsely && o.verdict == clean
			named := slices.ContainsFunc(conflicts, func(c merge.Conflict) bool { return concerns(c.Address, address) })
			if conflicts != nil && named && o.verdict == clean {
				falsely, wrong = true, fmt.Sprintf("%s has a conflict that it should not have: %v", address, conflicts)
				break
			}
			if conflicted[file] && (conflicts == nil || named) {
				continue
			}
			if o.verdict == trueConflict {
				wrong = fmt.Sprintf("%s has a true conflict, and nothing says so: %+v", address, o.edits)
			}
			if why := o.differs(have[address], twice[address], got); why != "" && o.verdict == clean {
				wrong = address + ": " + why
			}
		}
		if possible {
			s.could++
		}
		switch {
		case falsely:
			s.falseConflicts++
		case !conflicted[file]:
			s.clean++
		}
		if unread[file] && !conflicted[file] {
			wrong = "the result does not parse"
		}
		if wrong != "" && !falsely {
			s.wrong++
		}
		if tool.name == "bpgen" && (falsely || wrong != "") {
			t.Errorf("%s: %s: false %v, wrong: %s", where, file, falsely, wrong)
		}
	}
}

// concerns says whether a conflict's address lies in a unit of the yardstick.
func concerns(at, unit string) bool {
	unit = strings.TrimPrefix(unit, "resource.")
	if rest, ok := strings.CutPrefix(unit, "variable."); ok {
		unit = "var." + rest
	}
	return at == unit || strings.HasPrefix(at, unit+".") || strings.HasPrefix(at, unit+"[")
}

// differs says what is not as expected in a unit.
func (o *outcome) differs(have *node, twice bool, got fileset.Set) string {
	switch {
	case o.node == nil && have == nil:
		return ""
	case o.node == nil:
		return "it should be gone"
	case have == nil:
		return "it is gone"
	case twice:
		return "it stands there twice"
	case o.node.canon() != have.canon():
		return "is\n" + have.canon() + "\nand not\n" + o.node.canon()
	}
	for _, e := range o.comments {
		b := o.node.under(e.path)
		if b == nil || e.name != "" && b.attrs[e.name].code == "" {
			continue
		}
		if !slices.ContainsFunc(got.Files(), func(f fileset.File) bool { return at(string(f.Bytes), e) }) {
			return fmt.Sprintf("the comment %q of %s is gone or stands elsewhere", e.comment, e.name)
		}
	}
	return ""
}

// at says whether the comment of an edit stands at its argument.
func at(text string, e edit) bool {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if !strings.HasSuffix(strings.TrimSpace(line), e.comment) {
			continue
		}
		if e.kind == words {
			for i++; i < len(lines) && strings.HasPrefix(strings.TrimSpace(lines[i]), "#"); i++ {
			}
			return i < len(lines) && strings.HasPrefix(strings.TrimSpace(lines[i]), e.name+" ")
		}
		return true
	}
	return false
}

// withoutConflicts takes conflicts out of a file, so that the rest can be read.
func withoutConflicts(text string) string {
	var b strings.Builder
	inside := false
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(line, "<<<<<<<"):
			inside = true
		case strings.HasPrefix(line, ">>>>>>>"):
			inside = false
		case !inside:
			b.WriteString(line)
		}
	}
	return b.String()
}

func byBpgen(t testing.TB, base, ours, theirs fileset.Set) (fileset.Set, map[string]bool, []merge.Conflict) {
	t.Helper()
	res, diags := merge.Merge(merge.Input{Base: base, Ours: ours, Theirs: theirs})
	if len(diags) > 0 {
		t.Error(diags)
	}
	conflicted := map[string]bool{}
	conflicts := []merge.Conflict{}
	for _, c := range res.Conflicts {
		if path.Ext(c.Path) == ".tf" {
			conflicted[c.Path] = true
			conflicts = append(conflicts, c)
		}
	}
	return res.Files, conflicted, conflicts
}

// byProcess merges file by file with a program that takes ours, base and theirs, or
// base, ours and theirs.
func byProcess(name string, args ...string) func(testing.TB, fileset.Set, fileset.Set, fileset.Set) (fileset.Set, map[string]bool, []merge.Conflict) {
	return func(t testing.TB, base, ours, theirs fileset.Set) (out fileset.Set, conflicted map[string]bool, _ []merge.Conflict) {
		t.Helper()
		dir := t.TempDir()
		conflicted = map[string]bool{}
		files := map[string][]byte{}
		for _, f := range theirs.Files() {
			files[f.Path] = f.Bytes
		}
		for _, f := range base.Files() {
			o, _ := ours.Get(f.Path)
			th, ok := theirs.Get(f.Path)
			switch {
			case path.Ext(f.Path) != ".tf" || !ok || bytes.Equal(o, f.Bytes):
				continue
			case bytes.Equal(th, f.Bytes):
				files[f.Path] = o
				continue
			}
			write := func(name string, content []byte) string {
				p := filepath.Join(dir, name+".tf")
				if err := os.WriteFile(p, content, 0o600); err != nil {
					t.Fatal(err)
				}
				return p
			}
			b, mine, yours := write("base", f.Bytes), write("ours", o), write("theirs", th)
			order := []string{mine, b, yours}
			if filepath.Base(name) == "mergiraf" {
				order = []string{b, mine, yours}
			}
			cmd := exec.Command(name, append(args[:len(args):len(args)], order...)...)
			text, err := cmd.Output()
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			conflicted[f.Path] = err != nil
			files[f.Path] = text
		}
		for p, content := range files {
			if err := out.Add(p, content); err != nil {
				t.Fatal(err)
			}
		}
		return out, conflicted, nil
	}
}

// TestYardstickFinds shows that the measurement counts what is wrong: a tool that
// drops our edits, one that puts them into another block, one that calls everything a
// conflict.
func TestYardstickFinds(t *testing.T) {
	t.Parallel()
	base, others := renderings()
	drops := &tool{name: "drops", merge: func(_ testing.TB, _, _, theirs fileset.Set) (fileset.Set, map[string]bool, []merge.Conflict) {
		return theirs, map[string]bool{}, []merge.Conflict{}
	}}
	misplaces := &tool{name: "misplaces", merge: func(t testing.TB, base, ours, theirs fileset.Set) (fileset.Set, map[string]bool, []merge.Conflict) {
		t.Helper()
		res, conflicted, conflicts := byBpgen(t, base, ours, theirs)
		var out fileset.Set
		for _, f := range res.Files() {
			put(t, &out, f.Path, misplaced(f.Bytes))
		}
		return out, conflicted, conflicts
	}}
	cries := &tool{name: "cries", merge: func(t testing.TB, base, ours, theirs fileset.Set) (fileset.Set, map[string]bool, []merge.Conflict) {
		t.Helper()
		res, conflicted, conflicts := byBpgen(t, base, ours, theirs)
		for _, f := range res.Files() {
			conflicted[f.Path] = true
		}
		return res, conflicted, conflicts
	}}
	sample(t, rand.New(rand.NewPCG(5, 5)), base, others[len(others)-1], 12, []*tool{drops, misplaces, cries}, "")
	if s := drops.score; s.wrong < s.files/2 {
		t.Errorf("what drops edits: %s", &s)
	}
	if s := misplaces.score; s.wrong == 0 {
		t.Errorf("what misplaces edits: %s", &s)
	}
	if s := cries.score; s.falseConflicts < s.could/2 {
		t.Errorf("what cries: %s", &s)
	}
}

// misplaced moves an argument of ours from its block to the end of the next one.
func misplaced(src []byte) []byte {
	lines := strings.SplitAfter(string(src), "\n")
	for i, line := range lines {
		if !strings.HasPrefix(strings.TrimSpace(line), "own_argument") {
			continue
		}
		ends := 0
		for j := i; j < len(lines); j++ {
			if lines[j] != "}\n" {
				continue
			}
			if ends++; ends == 2 {
				rest := append(slices.Clone(lines[i+1:j]), line)
				return []byte(strings.Join(append(append(slices.Clone(lines[:i]), rest...), lines[j:]...), ""))
			}
		}
	}
	return src
}
