package write

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// How long a writer waits for another one before it says so, and before it
// gives up.
const (
	saysAfter    = time.Second
	givesUpAfter = time.Minute
)

// lock keeps a second bpgen out of the same parent folder until release. The
// operating system drops the lock when the process dies. With create, a parent
// folder that is missing is made first; without, there is nothing to lock.
//
// Whoever may read a folder may lock it, so nobody is waited for without end.
func (a *applier) lock(ctx context.Context, t *target, create bool, levels int) (*site, error) {
	s := &site{target: t}
	start, told := time.Now(), false
	for {
		holder, err := s.try(create, levels)
		if err != errBusy { //nolint:errorlint // It is never wrapped.
			if err != nil {
				s.release(true)
			}
			return s, err
		}
		waited := time.Since(start)
		switch {
		case waited >= a.until(a.givesUp, givesUpAfter):
			return s, said("%s has held the lock on the directory %q for %s; nothing was written to %q: stop it, or try again later", holder, t.parent, waited.Round(time.Second), t.shown)
		case !told && waited >= a.until(a.says, saysAfter):
			told = true
			a.notice("waiting for %s, which holds the lock on the directory %q", holder, t.parent)
		}
		select {
		case <-ctx.Done():
			return s, said("interrupted while another bpgen was writing to %q", t.parent)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (a *applier) until(set, usual time.Duration) time.Duration {
	if set > 0 {
		return set
	}
	return usual
}

// try takes the lock if nobody has it. When somebody has, the first result says
// who.
func (s *site) try(create bool, levels int) (holder string, err error) {
	if err := s.reach(create, levels); err != nil {
		if err == errBusy { //nolint:errorlint // It is never wrapped.
			s.release(true)
			s.made = nil
		}
		return "another process", err
	}
	if s.none {
		return "", nil
	}
	from := s.outer
	if from == nil {
		// The folder itself, then: who cannot read its parent comes here, too.
		root, err := s.root()
		switch {
		case errors.Is(err, fs.ErrNotExist) && create:
			return "", said("you may not read the directory %q; nothing was written to %q", s.parent, s.shown)
		case errors.Is(err, fs.ErrNotExist):
			s.none = true
			return "", nil
		case err != nil:
			return "", err
		}
		defer root.Close() //nolint:errcheck // Read only.
		from = root
	}
	f, err := from.Open(".")
	if err != nil {
		return "", err
	}
	s.file = f
	if !tryLock(f) && (s.outer == nil || s.stands()) {
		return "", nil
	}
	holder = "another process"
	if pid := lockedBy(f); pid > 0 {
		holder = fmt.Sprintf("process %d", pid)
	}
	s.close()
	s.before, s.made = s.before+len(s.made), nil // Who has the lock uses them.
	return holder, errBusy
}
