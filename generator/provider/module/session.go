package module

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/bpgen/bpgen/generator/provider/workspace"
	"github.com/bpgen/bpgen/generator/secret"
	"github.com/bpgen/bpgen/generator/visible"
	"github.com/bpgen/bpgen/generator/write"
)

// A Session is what the modules of one configured provider share: the workspace,
// and who has which folder. Terraform configures a provider anew for each plan
// and each apply, and so begins a session anew. It is safe for concurrent use.
type Session struct {
	space *workspace.Workspace

	mu      sync.Mutex
	claims  []claim
	written map[string]string // by place: the token of who wrote there
}

// Begin returns a session, which the provider hands out as its ResourceData each
// time it is configured.
func Begin(w *workspace.Workspace) *Session {
	return &Session{space: w, written: map[string]string{}}
}

// A place is the folder of a module.
type place struct {
	dir  string // absolute
	real string // the same with all symbolic links followed
	id   string
}

// place returns the place of a path, and refuses one that may not be written. What
// is refused is not repeated: Terraform may hold it for sensitive, and shows where it
// stands if it does not.
func (s *Session) place(path string) (place, error) {
	p, err := s.find(path)
	if err == nil {
		return p, nil
	}
	var m secret.Mask
	m.Word(path)
	if abs, err := filepath.Abs(path); err == nil {
		m.Word(abs)
	}
	return place{}, errors.New(m.Text(err.Error()))
}

func (s *Session) find(path string) (place, error) {
	dir, err := s.space.Folder(path)
	if err != nil {
		return place{}, err
	}
	if strings.ContainsFunc(path, visible.Hidden) {
		// Terraform shows paths and identifiers as they are.
		return place{}, errors.New("the path contains a control character or an invisible character: choose another")
	}
	real, err := write.Resolve(dir)
	if err != nil {
		return place{}, err
	}
	home, err := os.Getwd()
	if err != nil {
		return place{}, fmt.Errorf("cannot determine the working directory: %w", err)
	}
	realHome, err := filepath.EvalSymlinks(home)
	if err != nil {
		return place{}, fmt.Errorf("cannot determine the working directory: %w", err)
	}
	if within(real, realHome) {
		return place{}, fmt.Errorf("the path %q is or contains the working directory, which holds the configuration being applied: give the module a directory of its own, such as %q", path, "modules/web")
	}
	return place{dir: dir, real: real, id: identify(home, dir)}, nil
}

// identify names a folder without detours: relative to the working directory
// where it lies below that.
func identify(home, dir string) string {
	if within(home, dir) {
		if rel, err := filepath.Rel(home, dir); err == nil {
			dir = rel
		}
	}
	return filepath.ToSlash(dir)
}

// within says whether path is dir or lies below it.
func within(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}

// A stage is what a module has to do with a folder in a plan.
type stage int

const (
	creates  stage = iota // it is new, and will lie there
	holds                 // it lies there already and stays, or moves there
	leaves                // it lies there and moves away
	destroys              // it lies there and goes
)

// A claim is one module's claim to a folder.
type claim struct {
	real  string
	token string // of the resource's record; "" for one that is new
	stage stage
	path  string // as the configuration says
}

// claim notes a claim and returns one of another module that cannot stand beside
// it, if there is one.
func (s *Session) claim(c claim) (claim, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.claims {
		if c.against(other) {
			return other, true
		}
	}
	s.claims = append(s.claims, c)
	return claim{}, false
}

// against says whether two claims are those of two modules that would write to
// or remove each other's files.
func (c claim) against(other claim) bool {
	if !within(c.real, other.real) && !within(other.real, c.real) {
		return false
	}
	if c.token != "" && c.token == other.token {
		return false // The same resource, asked about twice.
	}
	goes := func(s stage) bool { return s == leaves || s == destroys }
	return !goes(c.stage) || !goes(other.stage)
}

// why says what to do about a claim that is in the way of another.
func (c claim) why(mine claim) string {
	does := map[stage]string{creates: "will be created there", holds: "is already there", leaves: "is there now and will move", destroys: "is there now and will be destroyed"}
	text := fmt.Sprintf("The path %q is %q of another bpgen_module: one with path = %q, which %s. ", mine.path, c.real, c.path, does[c.stage])
	if c.real != mine.real {
		text = fmt.Sprintf("The path %q and the path %q of another bpgen_module are nested. ", mine.path, c.path)
	}
	switch {
	case mine.stage == destroys || c.stage == destroys:
		text += "Destroying one would delete the files of the other. If the resource was only renamed, add a moved block; if two resources had the same path, let Terraform forget this one with a removed block that sets destroy = false. Otherwise destroy first, and create in a second apply."
	case mine.stage == leaves || c.stage == leaves:
		text += "Move one first, and create the other in a second apply."
	default:
		text += "Each module needs a directory of its own."
	}
	return text
}

// wrote notes that the resource with this token wrote to a place.
func (s *Session) wrote(real, token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.written[real] = token
}

// taken says whether another resource wrote to a place in this session.
func (s *Session) taken(real, token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	by, ok := s.written[real]
	return ok && by != token
}
