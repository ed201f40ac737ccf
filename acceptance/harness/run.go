package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/bpgen/bpgen/generator/fileset"
)

// limit is the longest that one command of a core may take.
const limit = 10 * time.Minute

// A Runner runs one core in one folder, which holds a root module.
type Runner struct {
	Dir  string
	core Core
	env  []string
}

// In returns a runner for the module in dir. Its working data lie beside it, in
// a folder of the test's own.
func (c Core) In(t testing.TB, dir string, p Provider) *Runner {
	t.Helper()
	config := p.config
	if config == "" {
		var err error
		if config, err = cliConfig("none", ""); err != nil {
			t.Fatal(err)
		}
	}
	return &Runner{Dir: dir, core: c, env: append(baseEnv(config), "TF_DATA_DIR="+filepath.Join(WorkDir(t), "data"))}
}

// At returns a runner for a copy of the module in another folder, which need not
// be initialised again: it shares the working data of this one.
func (r *Runner) At(dir string) *Runner {
	other := *r
	other.Dir = dir
	return &other
}

// OnlyTypes makes awsschema serve only the types that the files of the folders
// name, which is all that their modules can use; see awsschema.New.
func (r *Runner) OnlyTypes(dirs ...string) error { return r.only(blockType, dirs) }

// OnlyNames is OnlyTypes and leaves out nested blocks, too, that the files
// neither write nor refer to. Plans of modules are only comparable when they
// were made with the same names.
func (r *Runner) OnlyNames(dirs ...string) error { return r.only(usedName, dirs) }

func (r *Runner) only(name *regexp.Regexp, dirs []string) error {
	names, err := namesIn(name, dirs)
	if err != nil {
		return err
	}
	r.env = append(r.env, "AWSSCHEMA_ONLY="+strings.Join(names, ","))
	return nil
}

// namesIn returns the names that the files of the folders hold, sorted.
func namesIn(name *regexp.Regexp, dirs []string) ([]string, error) {
	var names []string
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".tf" && !(name == usedName && strings.HasSuffix(path, ".tftest.hcl")) {
				return err
			}
			text, err := os.ReadFile(path)
			for _, m := range name.FindAllSubmatch(text, -1) {
				names = append(names, string(slices.Concat(m[1:]...)))
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

var (
	blockType = regexp.MustCompile(`(?m)^\s*(?:resource|data)\s+"?(aws_\w+)"?\s`)
	// Types, nested blocks, and what follows a point.
	usedName = regexp.MustCompile(blockType.String() + `|^\s*(?:dynamic\s+")?(\w+)"?\s*\{|\.([a-z]\w*)`)
)

// WorkDir returns a folder for a test's files. It goes when the test ends,
// unless BPGEN_ACC_KEEP is set: then the log says where it is.
func WorkDir(t testing.TB) string {
	t.Helper()
	if os.Getenv(EnvKeep) == "" {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp("", "bpgen-"+regexp.MustCompile(`\W+`).ReplaceAllString(t.Name(), "-")+"-")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s keeps %s", EnvKeep, dir)
	return dir
}

// WriteFiles writes a rendered tree below dir.
func WriteFiles(dir string, files fileset.Set) error {
	for _, f := range files.Files() {
		if err := WriteFile(filepath.Join(dir, filepath.FromSlash(f.Path)), f.Bytes); err != nil {
			return err
		}
	}
	return nil
}

// WriteFile writes one file and the folders that it needs.
func WriteFile(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}

// An Error is a command of a core that failed.
type Error struct {
	Command string
	Code    int
	Output  string // standard error, or standard output when that is empty
}

// Error tells the command and the end of what it said.
func (e *Error) Error() string {
	return fmt.Sprintf("%s: exit %d\n%s", e.Command, e.Code, tail(e.Output))
}

// Run runs a command of the core and returns its standard output.
func (r *Runner) Run(stdin string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, r.core.Path, args...)
	cmd.Dir, cmd.Env = r.Dir, r.env
	cmd.Stdin = strings.NewReader(stdin)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := runTied(cmd)
	if err == nil {
		return stdout.String(), nil
	}
	e := &Error{Command: r.core.Name + " " + strings.Join(args, " "), Code: -1, Output: stderr.String()}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		e.Code = exit.ExitCode()
	} else {
		e.Output += err.Error()
	}
	if ctx.Err() != nil {
		e.Output += fmt.Sprintf("\nstopped after %s", limit)
	}
	if strings.TrimSpace(e.Output) == "" {
		e.Output = stdout.String()
	}
	return stdout.String(), e
}

// Shell runs a script as somebody would who follows instructions: in the folder
// of the runner, where "terraform" is the core. It returns what the script writes
// to standard output.
func (r *Runner) Shell(t testing.TB, script string) (string, error) {
	t.Helper()
	bin := t.TempDir()
	if err := os.Symlink(r.core.Path, filepath.Join(bin, Terraform)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-eu")
	cmd.Dir, cmd.Stdin = r.Dir, strings.NewReader(script)
	cmd.Env = append(append([]string{}, r.env...), "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.String(), fmt.Errorf("with %s as terraform: %w\n%s", r.core.Name, err, tail(stdout.String()+stderr.String()))
	}
	return stdout.String(), nil
}

// Init runs init.
func (r *Runner) Init() error {
	_, err := r.Run("", "init", "-no-color", "-input=false")
	return err
}

// Validate runs validate; warnings are returned, errors are an error.
func (r *Runner) Validate() (warnings []string, err error) {
	out, err := r.Run("", "validate", "-json", "-no-color")
	var v tfjson.ValidateOutput
	if jsonErr := json.Unmarshal([]byte(out), &v); jsonErr != nil {
		if err == nil {
			err = jsonErr
		}
		return nil, err
	}
	var bad []string
	for _, d := range v.Diagnostics {
		line := d.Summary + ": " + d.Detail
		if d.Range != nil {
			line = fmt.Sprintf("%s:%d: %s", d.Range.Filename, d.Range.Start.Line, line)
		}
		if d.Severity == tfjson.DiagnosticSeverityError {
			bad = append(bad, line)
		} else {
			warnings = append(warnings, line)
		}
	}
	if len(bad) > 0 || !v.Valid {
		return warnings, fmt.Errorf("%s validate: %s", r.core.Name, strings.Join(bad, "\n"))
	}
	return warnings, err
}

// Plan runs plan and returns it as JSON.
func (r *Runner) Plan(args ...string) (*tfjson.Plan, error) {
	file, err := r.planFile(args...)
	if err != nil {
		return nil, err
	}
	out, err := r.Run("", "show", "-json", "-no-color", file)
	if err != nil {
		return nil, err
	}
	plan := &tfjson.Plan{}
	plan.UseJSONNumber(true)
	if err := plan.UnmarshalJSON([]byte(out)); err != nil {
		return nil, fmt.Errorf("%s show -json: %w", r.core.Name, err)
	}
	return plan, nil
}

func (r *Runner) planFile(args ...string) (string, error) {
	file := filepath.Join(r.Dir, "acceptance.tfplan")
	_, err := r.Run("", append([]string{"plan", "-no-color", "-input=false", "-out", file}, args...)...)
	return file, err
}

// Apply applies the last plan that Plan made, or plans and applies.
func (r *Runner) Apply(args ...string) error {
	file := filepath.Join(r.Dir, "acceptance.tfplan")
	if _, err := os.Stat(file); err == nil && len(args) == 0 {
		_, err := r.Run("", "apply", "-no-color", "-input=false", file)
		return err
	}
	_, err := r.Run("", append([]string{"apply", "-auto-approve", "-no-color", "-input=false"}, args...)...)
	return err
}

// Settled runs a plan that must find nothing to do.
func (r *Runner) Settled(args ...string) error {
	out, err := r.Run("", append([]string{"plan", "-detailed-exitcode", "-no-color", "-input=false"}, args...)...)
	var e *Error
	if errors.As(err, &e) && e.Code == 2 {
		return fmt.Errorf("a second plan is not empty:\n%s", tail(out))
	}
	return err
}

// State returns the state as JSON.
func (r *Runner) State() (*tfjson.State, error) {
	out, err := r.Run("", "show", "-json", "-no-color")
	if err != nil {
		return nil, err
	}
	state := &tfjson.State{}
	state.UseJSONNumber(true)
	if err := state.UnmarshalJSON([]byte(out)); err != nil {
		return nil, fmt.Errorf("%s show -json: %w", r.core.Name, err)
	}
	return state, nil
}

// Addresses returns the addresses in the state, sorted.
func (r *Runner) Addresses() ([]string, error) {
	out, err := r.Run("", "state", "list")
	addresses := strings.Split(strings.TrimSpace(out), "\n")
	if out == "" {
		addresses = nil
	}
	slices.Sort(addresses)
	return addresses, err
}

// Outputs returns the values of the outputs. Numbers are json.Number.
func (r *Runner) Outputs() (map[string]any, error) {
	out, err := r.Run("", "output", "-json", "-no-color")
	if err != nil {
		return nil, err
	}
	var outputs map[string]struct{ Value any }
	dec := json.NewDecoder(strings.NewReader(out))
	dec.UseNumber()
	if err := dec.Decode(&outputs); err != nil {
		return nil, err
	}
	values := map[string]any{}
	for name, o := range outputs {
		values[name] = o.Value
	}
	return values, nil
}

// Console evaluates one expression and returns what console prints.
func (r *Runner) Console(expression string) (string, error) {
	out, err := r.Run(expression+"\n", "console", "-no-color")
	return strings.TrimSuffix(out, "\n"), err
}

// tail returns the last lines of a long output.
func tail(s string) string {
	const most = 60
	lines := strings.Split(strings.TrimSpace(s), "\n")
	if len(lines) > most {
		lines = append([]string{fmt.Sprintf("(%d lines left out)", len(lines)-most)}, lines[len(lines)-most:]...)
	}
	return strings.Join(lines, "\n")
}
