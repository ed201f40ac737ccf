package functions

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator/internal/golden"
)

// TestMain lets the harness say what the live tests ran with; the testing package
// ends the process with what m.Run returned.
func TestMain(m *testing.M) { harness.Main(m) }

// live returns a runner of a core in a directory of its own, or skips: these tests
// need the program and run only when TF_ACC is set.
func live(t *testing.T, core string) *terraform {
	t.Helper()
	harness.Live(t)
	tf := &terraform{binary: harness.Find(t, core).Path, home: t.TempDir()}
	config := filepath.Join(tf.home, "terraform.tfrc")
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tf.env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+config, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
	return tf
}

type terraform struct {
	binary string
	home   string
	env    []string
}

// run calls terraform in dir and returns what it wrote.
func (tf *terraform) run(dir, stdin string, args ...string) (stdout, stderr string, err error) {
	cmd := exec.Command(tf.binary, args...)
	cmd.Dir, cmd.Env, cmd.Stdin = dir, tf.env, strings.NewReader(stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	return out.String(), errs.String(), err
}

func (tf *terraform) version(t *testing.T) string {
	t.Helper()
	out, _, err := tf.run(tf.home, "", "version", "-json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		t.Fatal(err)
	}
	return v.Version
}

var summary = regexp.MustCompile(`(?m)^Error: (.*)$`)

// record asks terraform console what each expression is. A local value holds
// the expression, since the console reads only one line from a pipe. The type
// takes one process per expression, for an error spoils a whole module; the
// values of all that are no error come from one.
func (tf *terraform) record(t *testing.T, exprs []string) []row {
	t.Helper()
	fixture, err := os.ReadFile(contextFile)
	if err != nil {
		t.Fatal(err)
	}
	module := func(name string, body string) string {
		dir := filepath.Join(tf.home, name)
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Error(err)
		}
		for file, text := range map[string]string{"context.tf": string(fixture), "main.tf": body} {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
				t.Error(err)
			}
		}
		return dir
	}

	rows := make([]row, len(exprs))
	var wait sync.WaitGroup
	next := make(chan int)
	for range 2 {
		wait.Go(func() {
			for i := range next {
				rows[i].Expr = exprs[i]
				dir := module(fmt.Sprintf("type%d", i), "locals {\n  value = "+exprs[i]+"\n}\n")
				stdout, stderr, err := tf.run(dir, "type(local.value)\n", "console", "-no-color")
				if m := summary.FindStringSubmatch(stderr); m != nil {
					rows[i].Error, rows[i].Message = true, m[1]
				} else if err != nil {
					t.Errorf("%s: %v\n%s", exprs[i], err, stderr)
				}
				if !rows[i].Error {
					rows[i].Type = strings.ReplaceAll(strings.Join(strings.Fields(stdout), ""), ",)", ")")
				}
			}
		})
	}
	for i := range exprs {
		next <- i
	}
	close(next)
	wait.Wait()

	var good []int
	for i, r := range rows {
		if !r.Error {
			good = append(good, i)
		}
	}
	tf.values(t, module, rows, good)
	return rows
}

// values fills in the values of the rows that are no error. When terraform
// cannot say them all in one go, it looks for the row that is to blame.
func (tf *terraform) values(t *testing.T, module func(name, body string) string, rows []row, which []int) {
	t.Helper()
	var body, list strings.Builder
	body.WriteString("locals {\n")
	list.WriteString("jsonencode({")
	for _, i := range which {
		fmt.Fprintf(&body, "  value%d = %s\n", i, rows[i].Expr)
		fmt.Fprintf(&list, "%d = { sensitive = issensitive(local.value%d), value = nonsensitive(jsonencode(local.value%d)) }, ", i, i, i)
	}
	body.WriteString("}\n")
	list.WriteString("})\n")
	dir := module(fmt.Sprintf("values%d-%d", which[0], which[len(which)-1]), body.String())
	stdout, stderr, _ := tf.run(dir, list.String(), "console", "-no-color")

	var text string
	if err := json.Unmarshal([]byte(stdout), &text); err != nil {
		if len(which) == 1 {
			t.Errorf("%s: no error, but no value: %s\n%s", rows[which[0]].Expr, stdout, stderr)
			return
		}
		half := len(which) / 2
		tf.values(t, module, rows, which[:half])
		tf.values(t, module, rows, which[half:])
		return
	}
	var values map[int]struct {
		Sensitive bool   `json:"sensitive"`
		Value     string `json:"value"`
	}
	if err := json.Unmarshal([]byte(text), &values); err != nil {
		t.Fatal(err)
	}
	for i, v := range values {
		rows[i].Sensitive, rows[i].Value = v.Sensitive, v.Value
	}
}

// TestOracleLive re-checks the recorded results with the terraform on PATH.
// With -update it records them anew.
func TestOracleLive(t *testing.T) {
	tf := live(t, harness.Terraform)
	now := oracle{Terraform: tf.version(t), Rows: tf.record(t, expressions(t))}
	if golden.Update() {
		var text bytes.Buffer
		enc := json.NewEncoder(&text)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", " ")
		if err := enc.Encode(now); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(oracleFile, text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	recorded := readOracle(t)
	was := map[string]row{}
	for _, r := range recorded.Rows {
		was[r.Expr] = r
	}
	for _, r := range now.Rows {
		if old, ok := was[r.Expr]; !ok || old.result != r.result {
			t.Errorf("%s\nterraform %s says  %+v\nrecorded from %s: %+v", r.Expr, now.Terraform, r.result, recorded.Terraform, old.result)
		}
	}
}

// TestNamesLive demands that the package takes a stand on every function that
// terraform has, and invents none.
func TestNamesLive(t *testing.T) {
	tf := live(t, harness.Terraform)
	out, _, err := tf.run(tf.home, "", "metadata", "functions", "-json")
	if err != nil {
		t.Fatal(err)
	}
	var meta struct {
		Signatures map[string]json.RawMessage `json:"function_signatures"`
	}
	if err := json.Unmarshal([]byte(out), &meta); err != nil {
		t.Fatal(err)
	}
	table := Table()
	for name := range meta.Signatures {
		if _, folds := table[name]; folds == NeverFolded(name) {
			t.Errorf("%s: in the table %t, never folded %t; want exactly one", name, folds, NeverFolded(name))
		}
	}
	for name := range table {
		if _, ok := meta.Signatures[name]; !ok {
			t.Errorf("terraform has no function %s", name)
		}
	}
}
