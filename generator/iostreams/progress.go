package iostreams

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/bpgen/bpgen/generator/columns"
)

// A Progress is a line on the terminal that says what is being done, and how much
// of it is.
type Progress struct {
	streams *Streams
	what    string
	timer   *time.Timer // nil without a terminal

	mu       sync.Mutex
	done     int
	of       string
	count    string
	shown    bool
	finished bool
}

// wipe goes to the beginning of the line and empties it.
const wipe = "\r\x1b[K"

// Progress shows what on ErrOut when Done is not called within half a second
// and ErrOut is a terminal.
func (s *Streams) Progress(what string) *Progress {
	p := &Progress{streams: s, what: what}
	if s.errTTY {
		p.timer = time.AfterFunc(s.delay, p.begin)
	}
	return p
}

func (p *Progress) begin() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.finished {
		p.shown = true
		p.show("")
	}
}

// show writes the line, on one line of the terminal: only that can be wiped.
func (p *Progress) show(before string) {
	line := columns.Wrap(p.what, p.streams.errWidth-len(p.count)-len(" ..."))[0] + p.count + " ..."
	io.WriteString(p.streams.terminal, before+line) //nolint:errcheck // Talk only.
}

// At says that n of all are done, such as 3 of 90 files. It may be called from
// several goroutines: what is shown does not go back.
func (p *Progress) At(n, all int, what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timer == nil || p.finished || what == p.of && n <= p.done {
		return
	}
	p.done, p.of, p.count = n, what, fmt.Sprintf(": %d of %d %s", n, all, what)
	if p.shown {
		p.show(wipe)
	}
}

// Done wipes the line.
func (p *Progress) Done() {
	if p.timer == nil {
		return
	}
	p.timer.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown && !p.finished {
		io.WriteString(p.streams.terminal, wipe) //nolint:errcheck // Talk only.
	}
	p.finished = true
}
