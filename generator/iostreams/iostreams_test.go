package iostreams_test

import (
	"testing"
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
		"a dumb terminal": {true, map[string]string{"TERM": "dumb"}, "x"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ios, _, _, _ := iostreams.Test()
			ios.SetTTY(tt.tty, env(tt.env))
			if got := ios.ErrStyle().Bold("x"); got != tt.want {
				t.Errorf("stderr: %q, want %q", got, tt.want)
			}
			if got := ios.OutStyle().Bold("x"); got != tt.want {
				t.Errorf("stdout: %q, want %q", got, tt.want)
			}
		})
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
			done := ios.Progress("Rendering")
			time.Sleep(20 * time.Millisecond)
			done()
			done()
			if got := errOut.String(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
