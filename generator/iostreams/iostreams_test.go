package iostreams_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bpgen/bpgen/generator/iostreams"
)

func env(m map[string]string) func(string) string { return func(k string) string { return m[k] } }

func TestColor(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		tty  bool
		env  map[string]string
		want string
	}{
		"terminal":        {true, nil, "\x1b[1mx\x1b[0m"},
		"pipe":            {false, nil, "x"},
		"NO_COLOR":        {true, map[string]string{"NO_COLOR": "1"}, "x"},
		"empty NO_COLOR":  {true, map[string]string{"NO_COLOR": ""}, "\x1b[1mx\x1b[0m"},
		"FORCE_COLOR":     {false, map[string]string{"FORCE_COLOR": "1"}, "\x1b[1mx\x1b[0m"},
		"CLICOLOR_FORCE":  {false, map[string]string{"CLICOLOR_FORCE": "1", "TERM": "dumb"}, "\x1b[1mx\x1b[0m"},
		"no force":        {false, map[string]string{"FORCE_COLOR": "0"}, "x"},
		"NO_COLOR wins":   {true, map[string]string{"FORCE_COLOR": "1", "NO_COLOR": "1"}, "x"},
		"a dumb terminal": {true, map[string]string{"TERM": "dumb"}, "x"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ios, _, out, errOut := iostreams.Test()
			ios.SetTTY(tt.tty, env(tt.env))
			io.WriteString(ios.ErrOut, ios.ErrStyle().Bold("x"))
			io.WriteString(ios.Out, ios.OutStyle().Bold("x"))
			if got := errOut.String(); got != tt.want {
				t.Errorf("stderr: %q, want %q", got, tt.want)
			}
			if got := out.String(); got != tt.want {
				t.Errorf("stdout: %q, want %q", got, tt.want)
			}
		})
	}
}

// TestVisible: what a terminal would obey is shown, also inside of colours and of
// progress, and whether there is a terminal or not.
func TestVisible(t *testing.T) {
	t.Parallel()
	const evil = "a\x1b[31mb\u202ec\r\x07\u009b"
	const shown = `a\x1b[31mb<U+202E>c\r\x07<U+009B>`
	for _, tty := range []bool{false, true} {
		ios, _, out, errOut := iostreams.Test()
		ios.SetTTY(tty, env(nil))
		ios.SetDelay(time.Nanosecond)
		io.WriteString(ios.Out, evil)
		io.WriteString(ios.ErrOut, ios.ErrStyle().Red(evil))
		if got := out.String(); got != shown {
			t.Errorf("terminal %t, stdout: %q", tty, got)
		}
		want := shown
		if tty {
			want = "\x1b[31m" + shown + "\x1b[0m"
		}
		if got := errOut.String(); got != want {
			t.Errorf("terminal %t, stderr: %q", tty, got)
		}
		errOut.Reset()
		synctest.Test(t, func(*testing.T) {
			progress := ios.Progress(evil)
			time.Sleep(time.Millisecond)
			progress.Done()
		})
		if got := errOut.String(); tty && got != shown+" ...\r\x1b[K" {
			t.Errorf("progress: %q", got)
		}
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		tty   bool
		delay time.Duration
		want  string
	}{
		"slow on a terminal":  {true, time.Nanosecond, "Rendering ...\r\x1b[K"},
		"quick on a terminal": {true, time.Hour, ""},
		"slow in a pipe":      {false, time.Nanosecond, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ios, _, _, errOut := iostreams.Test()
			ios.SetTTY(tt.tty, env(nil))
			ios.SetDelay(tt.delay)
			synctest.Test(t, func(*testing.T) {
				progress := ios.Progress("Rendering")
				time.Sleep(time.Millisecond)
				progress.Done()
				progress.Done()
			})
			if got := errOut.String(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAsk(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"yes\nmore\n": "yes", " no \r\n": "no", "": "", "half": "half"} {
		ios, in, _, errOut := iostreams.Test()
		in.WriteString(typed)
		if got, err := ios.Ask(t.Context(), "Go on? "); got != want || err != nil || errOut.String() != "Go on? " {
			t.Errorf("%q: got %q, %v after %q", typed, got, err, errOut)
		}
	}
	ios, _, _, _ := iostreams.Test()
	if ios.CanAsk() {
		t.Error("nobody is there")
	}
	if ios.SetTTY(true, env(nil)); !ios.CanAsk() {
		t.Error("somebody is there")
	}
	r, w := io.Pipe() // Nobody types.
	defer w.Close()
	ios.In = r
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ios.Ask(ctx, "Go on? "); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestProgressCounts: the line says how much is done, and never goes back.
func TestProgressCounts(t *testing.T) {
	t.Parallel()
	ios, _, _, errOut := iostreams.Test()
	ios.SetTTY(true, env(nil))
	ios.SetDelay(time.Nanosecond)
	synctest.Test(t, func(*testing.T) {
		progress := ios.Progress("Checking")
		time.Sleep(time.Millisecond)
		for _, n := range []int{1, 3, 2, 3} {
			progress.At(n, 3, "files")
		}
		progress.Done()
		progress.At(4, 4, "files")
	})
	want := "Checking ...\r\x1b[KChecking: 1 of 3 files ...\r\x1b[KChecking: 3 of 3 files ...\r\x1b[K"
	if got := errOut.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	ios, _, _, errOut = iostreams.Test()
	ios.SetDelay(time.Nanosecond)
	if progress := ios.Progress("Checking"); errOut.Len() > 0 {
		t.Error("progress in a pipe")
	} else if progress.At(1, 2, "files"); errOut.Len() > 0 {
		t.Error("a count in a pipe")
	}
}

// TestProgressFitsTheLine: what does not fit into one line could not be wiped.
func TestProgressFitsTheLine(t *testing.T) {
	t.Parallel()
	ios, _, _, errOut := iostreams.Test()
	ios.SetTTY(true, env(map[string]string{"COLUMNS": "40"}))
	ios.SetDelay(time.Nanosecond)
	synctest.Test(t, func(*testing.T) {
		progress := ios.Progress("Checking " + strings.Repeat("x", 100))
		time.Sleep(time.Millisecond)
		progress.Done()
	})
	if line, ok := strings.CutSuffix(errOut.String(), "\r\x1b[K"); !ok || line == "" || len(line) > 40 {
		t.Errorf("%q", errOut.String())
	}
}

// TestWidth: text is wrapped at the width of the terminal, and nowhere else.
func TestWidth(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		tty     bool
		columns string
		want    int
	}{
		"COLUMNS":         {true, "120", 120},
		"a terminal":      {true, "", 80},
		"no number":       {true, "wide", 80},
		"zero":            {true, "0", 80},
		"narrow":          {true, "3", 40},
		"a pipe":          {false, "120", 0},
		"a pipe, nothing": {false, "", 0},
	} {
		ios, _, _, _ := iostreams.Test()
		ios.SetTTY(tt.tty, env(map[string]string{"COLUMNS": tt.columns}))
		if out, err := ios.OutWidth(), ios.ErrWidth(); out != tt.want || err != tt.want {
			t.Errorf("%s: %d and %d columns, want %d", name, out, err, tt.want)
		}
	}
}
