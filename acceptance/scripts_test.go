package acceptance

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/cli"
	"github.com/bpgen/bpgen/generator/iostreams"
	"github.com/bpgen/bpgen/templates"
)

var update = flag.Bool("update", false, "rewrite what scripts expect (cmp) with what bpgen says")

// commands are the programs that scripts run: the test binary itself is bpgen.
var commands = map[string]func(){
	"bpgen": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		context.AfterFunc(ctx, stop)
		os.Exit(cli.Main(ctx, iostreams.System(), os.Args[1:], templates.FS, blueprints.FS))
	},
}

// TestScripts runs every script of testdata/script: a folder per command, and
// badinput for what must be refused. A script has the folder testdata/platform
// as ./platform.
func TestScripts(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob(filepath.Join("testdata", "script", "*"))
	if err != nil || len(folders) < 10 {
		t.Fatalf("too few directories of scripts: %v %v", folders, err)
	}
	for _, dir := range folders {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			testscript.Run(t, testscript.Params{
				Dir:                 dir,
				RequireExplicitExec: true,
				RequireUniqueNames:  true,
				UpdateScripts:       *update,
				Setup:               setup,
				Condition:           condition,
				Cmds: map[string]func(*testscript.TestScript, bool, []string){
					"exits":  exits,
					"repeat": repeat,
					"sparse": sparse,
					"times":  times,
					"bytes":  writeBytes,
					"empty":  empty,
				},
			})
		})
	}
}

// setup gives every script the platform directory, in BLUEPRINTS the directory of the
// built-in blueprints, and an environment without settings of bpgen.
func setup(env *testscript.Env) error {
	env.Setenv("BPGEN_PATH", "")
	env.Setenv("NO_COLOR", "")
	// bpgen remembers renders in the cache folder of the user: here its own.
	built, err := filepath.Abs(filepath.Join("..", "blueprints"))
	if err != nil {
		return err
	}
	env.Setenv("BLUEPRINTS", built)
	home := filepath.Join(env.WorkDir, ".tmp", "home")
	env.Setenv("HOME", home)
	env.Setenv("XDG_CACHE_HOME", filepath.Join(home, "cache"))
	return os.CopyFS(filepath.Join(env.WorkDir, "platform"), os.DirFS(filepath.Join("testdata", "platform")))
}

// condition is true for [full] where there is a device that is always full, and
// for [root].
func condition(name string) (bool, error) {
	if name == "root" {
		return os.Geteuid() == 0, nil
	}
	return false, fmt.Errorf("unknown condition %q", name)
}

// exits runs a program and wants the exit code: exits 2 bpgen render ...
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARG...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// repeat appends a text many times to a file: repeat FILE COUNT TEXT.
func repeat(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: repeat FILE COUNT TEXT")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	ts.Check(err)
	_, err = f.WriteString(strings.Repeat(args[2], n))
	ts.Check(errors.Join(err, f.Close()))
}

// sparse makes a file of a size without using the disk: sparse FILE BYTES.
func sparse(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sparse FILE BYTES")
	}
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_CREATE|os.O_WRONLY, 0o600)
	ts.Check(err)
	ts.Check(errors.Join(f.Truncate(n), f.Close()))
}

// writeBytes writes a file from a quoted Go string: bytes FILE '"a\x00b"'.
func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bytes FILE GOSTRING")
	}
	text, err := strconv.Unquote(args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// times makes every file of a tree an hour old (times age DIR), or wants that
// each still is (times same DIR).
func times(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: times age|same DIR")
	}
	long := time.Unix(1_700_000_000, 0)
	ts.Check(filepath.WalkDir(ts.MkAbs(args[1]), func(p string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if args[0] == "age" {
			return os.Chtimes(p, long, long)
		}
		if info, err := os.Lstat(p); err != nil || !info.ModTime().Equal(long) {
			return fmt.Errorf("%s was written (%w)", p, err)
		}
		return nil
	}))
}

// empty wants that a folder holds nothing, not even hidden files, besides the
// given names: empty DIR NAME...
func empty(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: empty DIR NAME...")
	}
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	allowed := map[string]bool{}
	for _, n := range args[1:] {
		allowed[n] = true
	}
	for _, e := range entries {
		if !allowed[e.Name()] {
			ts.Fatalf("%s holds %s", args[0], e.Name())
		}
	}
}

// bpgenCommand is bpgen as a process of its own.
func bpgenCommand(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Args = append([]string{"bpgen"}, args...)
	return cmd
}

// TestKilledRender kills whole renders at random moments, by SIGKILL and by an
// interrupt: the folder holds the old rendering or the new one.
func TestKilledRender(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	parent := t.TempDir()
	out := filepath.Join(parent, "out")
	args := func(store string) []string {
		return []string{"render", "site", "--blueprint-dir", filepath.Join("testdata", "platform"), "--out", out, "--set", "store=" + store}
	}
	want := map[string]map[string]string{}
	for _, store := range []string{"disk", "none"} {
		if text, err := bpgenCommand(args(store)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		want[store] = tree(t, out)
	}
	if maps.Equal(want["disk"], want["none"]) {
		t.Fatal("the two renderings are equal")
	}
	start := time.Now()
	if err := bpgenCommand(args("disk")...).Run(); err != nil {
		t.Fatal(err)
	}
	usual := time.Since(start)
	seen := map[string]int{}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 60 {
		cmd := bpgenCommand(args([]string{"none", "disk"}[i%2])...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.Int64N(int64(usual))))
		if i%3 == 0 {
			cmd.Process.Signal(os.Interrupt) // It may be done already.
		} else {
			cmd.Process.Kill() // It may be done already.
		}
		cmd.Wait() // However it ended.
		switch got := tree(t, out); {
		case maps.Equal(got, want["disk"]):
			seen["disk"]++
		case maps.Equal(got, want["none"]):
			seen["none"]++
		default:
			t.Fatalf("round %d: neither the old rendering nor the new one", i)
		}
	}
	t.Log(seen)
	if text, err := bpgenCommand(args("none")...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if got := tree(t, out); !maps.Equal(got, want["none"]) {
		t.Error("the last render did not come through")
	}
	if entries, err := os.ReadDir(parent); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v %v", entries, err)
	}
}

// TestKilledUpgrade kills upgrades at random moments: the directory holds the module
// as it was, or as it is upgraded, or with the conflicts marked, and the next run
// comes through.
func TestKilledUpgrade(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	parent := t.TempDir()
	out := filepath.Join(parent, "out")
	platform := filepath.Join("testdata", "platform")
	run := func(want int, args ...string) {
		t.Helper()
		cmd := bpgenCommand(args...)
		text, err := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != want {
			t.Fatalf("bpgen %q: exit code %d, want %d: %v\n%s", args, code, want, err, text)
		}
	}
	run(0, "render", "site", "--blueprint-dir", platform, "--out", out)
	store, err := os.ReadFile(filepath.Join(out, "store.tf"))
	if err == nil {
		err = os.WriteFile(filepath.Join(out, "store.tf"), bytes.Replace(store, []byte("days = 7"), []byte("days = 30"), 1), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	old := tree(t, out)
	upgrades := [][]string{{"--set", "store=tape"}, {"--set", "limits={days=14,tags=[]}"}}
	var done []map[string]string
	var usual []time.Duration
	for i, set := range upgrades {
		put(t, out, old)
		start := time.Now()
		run([]int{0, 2}[i], append([]string{"upgrade", out, "--blueprint-dir", platform}, set...)...)
		usual = append(usual, time.Since(start))
		done = append(done, tree(t, out))
		if maps.Equal(old, done[i]) {
			t.Fatalf("upgrade %d changes nothing", i)
		}
	}
	seen := map[string]int{}
	random := rand.New(rand.NewPCG(3, 4))
	for i := range 200 {
		n := i % len(upgrades)
		put(t, out, old)
		cmd := bpgenCommand(append([]string{"upgrade", out, "--blueprint-dir", platform}, upgrades[n]...)...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.Int64N(int64(usual[n]))))
		cmd.Process.Kill() // It may be done already.
		cmd.Wait()         // However it ended.
		switch got := tree(t, out); {
		case maps.Equal(got, old):
			seen["old"]++
		case maps.Equal(got, done[n]):
			seen["new"]++
		default:
			t.Fatalf("round %d: neither the old module nor the upgraded one", i)
		}
	}
	t.Log(seen)
	put(t, out, old)
	run(2, append([]string{"upgrade", out, "--blueprint-dir", platform}, upgrades[1]...)...)
	run(0, "upgrade", "--abort", out)
	if got := tree(t, out); !maps.Equal(got, old) {
		t.Error("what was taken back is not as it was")
	}
	if entries, err := os.ReadDir(parent); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v %v", entries, err)
	}
}

// TestUpgradesAtOnce starts the same upgrade twice: one does it, and the other waits
// and finds it done.
func TestUpgradesAtOnce(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	out := filepath.Join(t.TempDir(), "out")
	args := func(more ...string) []string {
		return append(more, "--blueprint-dir", filepath.Join("testdata", "platform"))
	}
	if text, err := bpgenCommand(args("render", "site", "--out", out)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if err := os.WriteFile(filepath.Join(out, "own.tf"), []byte("# mine\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		store := []string{"tape", "disk"}[i%2]
		var both [2]*exec.Cmd
		var said [2]bytes.Buffer
		for n := range both {
			both[n] = bpgenCommand(args("upgrade", out, "--set", "store="+store)...)
			both[n].Stderr = &said[n]
			if err := both[n].Start(); err != nil {
				t.Fatal(err)
			}
		}
		for n, cmd := range both {
			if err := cmd.Wait(); err != nil {
				t.Errorf("round %d: %v: %s", i, err, &said[n])
			}
		}
		got, err := os.ReadFile(filepath.Join(out, "store.tf"))
		if err != nil || !bytes.Contains(got, []byte(`"`+store+`"`)) {
			t.Errorf("round %d: %v: %s", i, err, got)
		}
	}
}

// put makes a directory hold exactly the files of tree.
func put(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for file, content := range files {
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(content), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
}

// tree reads every file below dir.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		out[p] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
