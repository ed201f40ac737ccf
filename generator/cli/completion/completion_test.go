package completion

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	shelltest.Flags(t, NewCmd, map[string]shelltest.FlagCase[Options]{
		"least":      {},
		"shell":      {Args: []string{"zsh"}, Want: Options{Shell: "zsh"}},
		"install":    {Args: []string{"--install"}, Want: Options{Install: true}},
		"print":      {Args: []string{"fish", "--print"}, Want: Options{Shell: "fish", Print: true}},
		"both":       {Args: []string{"fish", "--print", "--install"}, Err: "give one of them"},
		"two shells": {Args: []string{"fish", "zsh"}, Err: "takes one shell"},
	})
}

// on returns a machine with that environment and those files.
func on(system string, env map[string]string, files map[string]string) machine {
	return machine{
		getenv: func(k string) string { return env[k] },
		read:   func(name string) string { return files[filepath.ToSlash(name)] },
		exists: func(name string) bool { _, ok := files[name]; return ok },
		system: system,
	}
}

// TestPlaces: scripts go where each shell looks for them by itself, or by one line.
func TestPlaces(t *testing.T) {
	t.Parallel()
	home := map[string]string{"HOME": "/home/a"}
	const loader = "/usr/share/bash-completion/bash_completion"
	tests := map[string]struct {
		shell string
		env   map[string]string
		files map[string]string
		want  string
		lines []string // still to be added
	}{
		"bash":               {"bash", home, map[string]string{loader: ""}, "/home/a/.local/share/bash-completion/completions/bpgen", nil},
		"bash, no package":   {"bash", home, nil, "/home/a/.local/share/bash-completion/completions/bpgen", []string{"source /home/a/.local/share/bash-completion/completions/bpgen"}},
		"bash, has the line": {"bash", home, map[string]string{"/home/a/.bashrc": "source /home/a/.local/share/bash-completion/completions/bpgen\n"}, "/home/a/.local/share/bash-completion/completions/bpgen", nil},
		"bash, XDG":          {"bash", map[string]string{"XDG_DATA_HOME": "/data"}, map[string]string{loader: ""}, "/data/bash-completion/completions/bpgen", nil},
		"bash, own place":    {"bash", map[string]string{"BASH_COMPLETION_USER_DIR": "/b:/c"}, map[string]string{loader: ""}, "/b/completions/bpgen", nil},
		"relative XDG":       {"fish", map[string]string{"HOME": "/home/a", "XDG_CONFIG_HOME": "data"}, nil, "/home/a/.config/fish/completions/bpgen.fish", nil},
		"zsh":                {"zsh", home, nil, "/home/a/.local/share/zsh/site-functions/_bpgen", []string{"fpath=(/home/a/.local/share/zsh/site-functions $fpath)", "autoload -Uz compinit && compinit"}},
		"zsh, has the line":  {"zsh", home, map[string]string{"/home/a/.zshrc": "fpath=(/home/a/.local/share/zsh/site-functions $fpath)"}, "/home/a/.local/share/zsh/site-functions/_bpgen", nil},
		"zsh, ZDOTDIR":       {"zsh", map[string]string{"HOME": "/h", "ZDOTDIR": "/z"}, map[string]string{"/z/.zshrc": "fpath=(/h/.local/share/zsh/site-functions $fpath)"}, "/h/.local/share/zsh/site-functions/_bpgen", nil},
		"fish":               {"fish", home, nil, "/home/a/.config/fish/completions/bpgen.fish", nil},
		"powershell":         {"powershell", map[string]string{"HOME": "/home/o'hara"}, nil, "/home/o'hara/.config/powershell/bpgen-completion.ps1", []string{". '/home/o''hara/.config/powershell/bpgen-completion.ps1'"}},
		"a blank":            {"zsh", map[string]string{"HOME": "/a b"}, nil, "/a b/.local/share/zsh/site-functions/_bpgen", []string{"fpath=('/a b/.local/share/zsh/site-functions' $fpath)", "autoload -Uz compinit && compinit"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := on("linux", tt.env, tt.files)
			k := kinds[slices.IndexFunc(kinds, func(k kind) bool { return k.name == tt.shell })]
			file, err := k.place(m)
			if err != nil || filepath.ToSlash(file) != tt.want {
				t.Fatalf("%q, %v, want %q", file, err, tt.want)
			}
			if why, lines := k.missing(m, file); !slices.Equal(lines, tt.lines) || (why == "") != (lines == nil) {
				t.Errorf("%q %q, want %q", why, lines, tt.lines)
			}
		})
	}
	for _, k := range kinds {
		if file, err := k.place(on("linux", nil, nil)); err == nil {
			t.Errorf("%s: without a home directory the script goes to %q", k.name, file)
		}
	}
}

func TestShellOfUser(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"/bin/bash": "bash", "/usr/local/bin/fish": "fish", "/usr/bin/pwsh": "powershell", "/bin/tcsh": "", "": "", "/bin/sh": "",
	} {
		if got := on("linux", map[string]string{"SHELL": value}, nil).shell(); got != want {
			t.Errorf("%q: got %q, want %q", value, got, want)
		}
	}
	if got := on("windows", nil, nil).shell(); got != "powershell" {
		t.Errorf("on Windows: %q", got)
	}
}

// TestScriptsDiffer: each script begins with a line that tells whose it is.
func TestScriptsDiffer(t *testing.T) {
	t.Parallel()
	f, _ := shelltest.New(t, false, nil)
	for _, k := range kinds {
		script, err := k.write(NewCmd(f, nil))
		if line := string(firstLine(script)); err != nil || !strings.Contains(line, "completion") {
			t.Errorf("%s: %q, %v", k.name, line, err)
		}
	}
}
