// Package iostreams is the terminal as the commands see it: three streams and
// what they can do.
//
// System takes the process's own streams and environment; Test takes none.
// Data goes to Out, talk and diagnostics to ErrOut. Both write what a terminal
// would obey, and what nobody would see, as package visible shows it, whether a
// terminal is there or not: a pipe often ends at one. What is written as bytes is
// JSON and the files of a module.
package iostreams

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/bpgen/bpgen/generator/crash"
	"github.com/bpgen/bpgen/generator/visible"
)

// Streams are the input and output of one command.
type Streams struct {
	In     io.Reader
	Out    io.Writer
	ErrOut io.Writer

	inTTY              bool
	outTTY, errTTY     bool
	outColor, errColor bool
	outWidth, errWidth int
	delay              time.Duration // before progress is shown
	terminal           io.Writer     // ErrOut without a filter, for progress
	key                string        // of the colours
}

// over returns streams that write to out and errOut what is visible.
func over(in io.Reader, out, errOut io.Writer) *Streams {
	key := rand.Text()
	return &Streams{In: in, Out: visible.NewWriter(out, key), ErrOut: visible.NewWriter(errOut, key), terminal: errOut, key: key}
}

// System returns the streams of the process.
func System() *Streams {
	s := over(os.Stdin, os.Stdout, os.Stderr)
	s.delay = 500 * time.Millisecond
	s.inTTY = term.IsTerminal(int(os.Stdin.Fd()))
	s.outTTY = term.IsTerminal(int(os.Stdout.Fd()))
	s.errTTY = term.IsTerminal(int(os.Stderr.Fd()))
	s.setColor(os.Getenv)
	s.setWidth(os.Getenv, func(out bool) int {
		f := os.Stderr
		if out {
			f = os.Stdout
		}
		w, _, err := term.GetSize(int(f.Fd()))
		if err != nil {
			return 0
		}
		return w
	})
	return s
}

const (
	// usualWidth is how wide a terminal is that does not say so.
	usualWidth = 80
	// leastWidth is the least width that text is wrapped at.
	leastWidth = 40
)

// setWidth asks the variable COLUMNS, by which people and tests overrule what the
// terminal says, and then the terminal.
func (s *Streams) setWidth(getenv func(string) string, size func(out bool) int) {
	width := func(tty, out bool) int {
		if !tty {
			return 0
		}
		w, err := strconv.Atoi(getenv("COLUMNS"))
		if err != nil || w <= 0 {
			w = size(out)
		}
		if w <= 0 {
			w = usualWidth
		}
		return max(w, leastWidth)
	}
	s.outWidth, s.errWidth = width(s.outTTY, true), width(s.errTTY, false)
}

// setColor follows https://no-color.org, where any value but the empty one says
// no; FORCE_COLOR (https://force-color.org) and CLICOLOR_FORCE
// (https://bixense.com/clicolors) ask for colour without a terminal, such as in the
// log of a pipeline.
func (s *Streams) setColor(getenv func(string) string) {
	force := func(name string) bool { v := getenv(name); return v != "" && v != "0" }
	switch {
	case getenv("NO_COLOR") != "":
		s.outColor, s.errColor = false, false
	case force("FORCE_COLOR"), force("CLICOLOR_FORCE"):
		s.outColor, s.errColor = true, true
	default:
		s.outColor = s.outTTY && getenv("TERM") != "dumb"
		s.errColor = s.errTTY && getenv("TERM") != "dumb"
	}
}

// Test returns streams over three buffers, without a terminal.
func Test() (s *Streams, in, out, errOut *bytes.Buffer) {
	in, out, errOut = &bytes.Buffer{}, &bytes.Buffer{}, &bytes.Buffer{}
	s = over(in, out, errOut)
	s.delay = time.Hour
	return s, in, out, errOut
}

// Silent returns streams that read nothing and show nothing.
func (s *Streams) Silent() *Streams {
	silent := over(bytes.NewReader(nil), io.Discard, io.Discard)
	silent.delay = s.delay
	return silent
}

// SetTTY makes the input and both outputs terminals, or none of them. Environment variables
// come from getenv. For tests.
func (s *Streams) SetTTY(tty bool, getenv func(string) string) {
	s.inTTY, s.outTTY, s.errTTY = tty, tty, tty
	s.setColor(getenv)
	s.setWidth(getenv, func(bool) int { return 0 })
}

// SetDelay sets after how much time progress is shown. For tests.
func (s *Streams) SetDelay(d time.Duration) { s.delay = d }

// OutTTY says whether Out is a terminal.
func (s *Streams) OutTTY() bool { return s.outTTY }

// ErrTTY says whether ErrOut is a terminal.
func (s *Streams) ErrTTY() bool { return s.errTTY }

// CanAsk says whether there is somebody to ask.
func (s *Streams) CanAsk() bool { return s.inTTY && s.errTTY }

// Ask shows a question on ErrOut and returns the line that is typed, without
// blanks around it; "" when the input ends. It returns the context's error when
// that ends first.
func (s *Streams) Ask(ctx context.Context, question string) (string, error) {
	if _, err := io.WriteString(s.ErrOut, question); err != nil {
		return "", err
	}
	typed := make(chan string, 1)
	go crash.Catch(func() { //nolint:errcheck // Reading a line does not panic; without one the context ends it.
		line, _ := bufio.NewReader(s.In).ReadString('\n') // Half a line is an answer as well.
		typed <- strings.TrimSpace(line)
	})
	select {
	case line := <-typed:
		return line, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// OutWidth is the width of Out in columns, 0 when it is no terminal: what goes to a
// file or another program is not wrapped.
func (s *Streams) OutWidth() int { return s.outWidth }

// ErrWidth is OutWidth for ErrOut.
func (s *Streams) ErrWidth() int { return s.errWidth }

// A Style paints text for one of the outputs, or leaves it as it is where there
// is no colour.
type Style struct {
	on  bool
	key string
}

// ErrStyle is the style for ErrOut.
func (s *Streams) ErrStyle() Style { return Style{s.errColor, s.key} }

// OutStyle is the style for Out.
func (s *Streams) OutStyle() Style { return Style{s.outColor, s.key} }

// Paint gives text the attribute of a terminal that code names.
func (s Style) Paint(code, text string) string {
	if !s.on {
		return text
	}
	return visible.Paint(s.key, code) + text + visible.Paint(s.key, "0")
}

// Bold makes text bold.
func (s Style) Bold(text string) string { return s.Paint("1", text) }

// Dim makes text faint.
func (s Style) Dim(text string) string { return s.Paint("2", text) }

// Red is for errors and what is removed.
func (s Style) Red(text string) string { return s.Paint("31", text) }

// Green is for success and what is new.
func (s Style) Green(text string) string { return s.Paint("32", text) }

// Yellow is for warnings and what is changed.
func (s Style) Yellow(text string) string { return s.Paint("33", text) }
