// Package crash turns a panic into a diagnostic, from whatever goroutine it
// comes.
//
// A panic ends the process unless the goroutine in which it happens recovers.
// So whoever starts one takes Group or Catch, which carry the panic to the
// goroutine that waits; and the shells, the stages and the caches that serve
// others recover, and say Diagnostic. It does not print and does not exit.
package crash

import (
	"bytes"
	"path"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/diag"
)

// Reports is where a bug is told.
const Reports = "https://github.com/bpgen/bpgen/issues"

// TraceVariable is the environment variable with which the shells show stacks.
const TraceVariable = "BPGEN_TRACE"

// A Panic is what recover returned, with the stack of where it happened.
type Panic struct {
	Value any
	Stack []byte
}

// Recovered makes a Panic of what recover returned; a Panic stays as it is. It
// is called by the deferred function, while the stack is still that of the panic.
func Recovered(v any) *Panic {
	if p, ok := v.(*Panic); ok {
		return p
	}
	return &Panic{v, debug.Stack()}
}

// Error is for the runtime, should nobody recover.
func (p *Panic) Error() string {
	text := "panic"
	switch v := p.Value.(type) {
	case error:
		text = v.Error()
	case string:
		text = v
	}
	return text + "\n\n" + string(p.Stack)
}

// Catch runs f and returns its panic, nil without one.
func Catch(f func()) (p *Panic) {
	defer func() {
		if v := recover(); v != nil {
			p = Recovered(v)
		}
	}()
	f()
	return nil
}

// Diagnose is deferred where a function of the named result diags must not
// panic: it appends what happened.
func Diagnose(diags *hcl.Diagnostics) {
	if v := recover(); v != nil {
		*diags = append(*diags, Diagnostic(Recovered(v)))
	}
}

// A Group runs functions side by side. Its zero value is ready for use.
type Group struct {
	wg    sync.WaitGroup
	first atomic.Pointer[Panic]
}

// Go runs f in a goroutine.
func (g *Group) Go(f func()) {
	g.wg.Go(func() {
		if p := Catch(f); p != nil {
			g.first.CompareAndSwap(nil, p)
		}
	})
}

// Wait waits for all functions, and panics when one of them did.
func (g *Group) Wait() {
	g.wg.Wait()
	if p := g.first.Load(); p != nil {
		panic(p)
	}
}

// Diagnostic says to a user that bpgen is at fault, and where. What the panic
// itself says may hold values of the user's, so only the runtime's words are
// repeated.
func Diagnostic(p *Panic) *hcl.Diagnostic {
	what := "bpgen reached an unexpected state"
	if err, ok := p.Value.(runtime.Error); ok {
		what += ": " + strings.TrimPrefix(err.Error(), "runtime error: ")
	}
	if at := p.place(); at != "" {
		what += " (" + at + ")"
	}
	d := diag.Bug(hcl.Range{}, "%s.", what)
	d.Detail += " Please report it, and how to reproduce it, at " + Reports + ". The environment variable " + TraceVariable + "=1 shows where in the program it happened."
	d.Extra = p
	return d
}

// Trace returns the stacks of all panics among the diagnostics.
func Trace(diags hcl.Diagnostics) string {
	var b strings.Builder
	for _, d := range diags {
		if p, ok := d.Extra.(*Panic); ok {
			b.WriteString(p.Error() + "\n")
		}
	}
	return b.String()
}

// module begins the names of all functions of bpgen.
const module = "github.com/bpgen/bpgen/"

var position = regexp.MustCompile(`([^/\s]+\.go:\d+)(?: \+0x[0-9a-f]+)?$`)

// place returns package, file and line of the innermost function of bpgen, ""
// when there is none.
func (p *Panic) place() string {
	_, stack, _ := bytes.Cut(p.Stack, []byte("\npanic("))
	lines := strings.Split(string(stack), "\n")
	for i, line := range lines[:max(len(lines)-1, 0)] {
		name, ours := strings.CutPrefix(line, module)
		if m := position.FindStringSubmatch(lines[i+1]); ours && m != nil {
			folder, function := path.Split(name)
			pkg, _, _ := strings.Cut(function, ".")
			return folder + pkg + "/" + m[1]
		}
	}
	return ""
}
