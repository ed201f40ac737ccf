package iostreams_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/bpgen/bpgen/generator/iostreams"
)

// acting makes the test binary say how wide it finds its terminal.
const acting = "BPGEN_TEST_WIDTH"

func TestMain(m *testing.M) {
	if os.Getenv(acting) != "" {
		ios := iostreams.System()
		fmt.Fprintf(os.Stdout, "%d %d", ios.OutWidth(), ios.ErrWidth())
		return
	}
	os.Exit(m.Run())
}

// TestRealTerminal: the width is that of the terminal, each output for itself.
func TestRealTerminal(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		width   uint16
		columns string
		out     bool // standard output is the terminal as well
		want    string
	}{
		"120 columns":         {120, "", true, "120 120"},
		"one that says not":   {0, "", true, "80 80"},
		"COLUMNS":             {120, "100", true, "100 100"},
		"output goes to less": {120, "", false, "0 120"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			master, slave := terminal(t, tt.width)
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), acting+"=1", "COLUMNS="+tt.columns)
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, slave
			if tt.out {
				cmd.Stdout = slave
			}
			if err := cmd.Run(); err != nil {
				t.Fatal(err)
			}
			got := out.String()
			if tt.out {
				b := make([]byte, 100)
				n, err := master.Read(b)
				if err != nil {
					t.Fatal(err)
				}
				got = string(b[:n])
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// terminal opens a terminal of that many columns.
func terminal(t *testing.T, width uint16) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no terminals here:", err)
	}
	t.Cleanup(func() { master.Close() })
	fd := int(master.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: width}); err != nil {
		t.Fatal(err)
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { slave.Close() })
	return master, slave
}
