package completion

import (
	"bytes"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/cli/shell"
)

// A kind is a shell that scripts are known for.
type kind struct {
	name, title string
	write       func(root *cobra.Command) ([]byte, error)
	place       func(m machine) (string, error)                           // where the script goes
	missing     func(m machine, file string) (why string, lines []string) // what is to be done for the shell to load it, "" for nothing
}

var kinds = []kind{
	{"bash", "bash", writeBash, placeBash, missingBash},
	{"zsh", "zsh", generated((*cobra.Command).GenZshCompletion), placeZsh, missingZsh},
	{"fish", "fish", generated(func(c *cobra.Command, w io.Writer) error { return c.GenFishCompletion(w, true) }), placeFish, nothing},
	{"powershell", "PowerShell", generated((*cobra.Command).GenPowerShellCompletionWithDesc), placePowerShell, missingPowerShell},
}

// withoutPackage takes the place of cobra's own function of that name, which fails
// at every Tab where the package bash-completion is not installed.
const withoutPackage = `
# Bash ends words at = and : and the package bash-completion puts them together
# again. Where it is not installed, that is done here.
__bpgen_init_completion()
{
    COMPREPLY=()
    if declare -F _get_comp_words_by_ref >/dev/null 2>&1; then
        _get_comp_words_by_ref "$@" cur prev words cword
        return
    fi
    local i word joined=
    words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ ${#words[@]} -gt 0 && ( -n $joined || $word == [=:]* ) ]]; then
            words[${#words[@]}-1]+=$word
        else
            words+=("$word")
        fi
        joined=
        if [[ $word == *[=:] ]]; then
            joined=yes
        fi
    done
    cword=$((${#words[@]} - 1))
    cur=${words[cword]}
    prev=${words[cword > 0 ? cword - 1 : 0]}
}
`

func writeBash(root *cobra.Command) ([]byte, error) {
	var b bytes.Buffer
	err := root.GenBashCompletionV2(&b, true)
	b.WriteString(withoutPackage)
	return b.Bytes(), err
}

// generated returns what cobra generates.
func generated(by func(*cobra.Command, io.Writer) error) func(*cobra.Command) ([]byte, error) {
	return func(root *cobra.Command) ([]byte, error) {
		var b bytes.Buffer
		err := by(root, &b)
		return b.Bytes(), err
	}
}

// placeBash is where the package bash-completion looks when a command is completed
// for the first time.
func placeBash(m machine) (string, error) {
	// The variable may hold several directories, the user's own first.
	if dir, _, _ := strings.Cut(m.getenv("BASH_COMPLETION_USER_DIR"), ":"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "completions", "bpgen"), nil
	}
	return m.under("XDG_DATA_HOME", ".local/share", "bash-completion", "completions", "bpgen")
}

// bashCompletion is where the package bash-completion has its main file: on Linux
// and FreeBSD, and with Homebrew and MacPorts.
var bashCompletion = []string{
	"/usr/share/bash-completion/bash_completion", "/usr/local/share/bash-completion/bash_completion", "/run/current-system/sw/share/bash-completion/bash_completion",
	"/opt/homebrew/share/bash-completion/bash_completion", "/home/linuxbrew/.linuxbrew/share/bash-completion/bash_completion", "/opt/local/share/bash-completion/bash_completion",
}

func missingBash(m machine, file string) (why string, lines []string) {
	if slices.ContainsFunc(bashCompletion, m.exists) || m.mentions(m.home(), ".bashrc", file) {
		return "", nil
	}
	return "The bash-completion package, which loads this script, was not found. Install it, or add this line to ~/.bashrc:", []string{"source " + shell.Quote(file)}
}

func placeZsh(m machine) (string, error) {
	return m.under("XDG_DATA_HOME", ".local/share", "zsh", "site-functions", "_bpgen")
}

func missingZsh(m machine, file string) (why string, lines []string) {
	dir := filepath.Dir(file)
	startup := m.home()
	if zdotdir := m.getenv("ZDOTDIR"); filepath.IsAbs(zdotdir) {
		startup = zdotdir
	}
	if m.mentions(startup, ".zshrc", dir) {
		return "", nil
	}
	return "If that directory is not in fpath yet, add these lines to ~/.zshrc:", []string{"fpath=(" + shell.Quote(dir) + " $fpath)", "autoload -Uz compinit && compinit"}
}

func placeFish(m machine) (string, error) {
	return m.under("XDG_CONFIG_HOME", ".config", "fish", "completions", "bpgen.fish")
}

func nothing(machine, string) (why string, lines []string) { return "", nil }

func placePowerShell(m machine) (string, error) {
	if m.system == "windows" {
		return m.under("APPDATA", "AppData/Roaming", "bpgen", "completion.ps1")
	}
	return m.under("XDG_CONFIG_HOME", ".config", "powershell", "bpgen-completion.ps1")
}

func missingPowerShell(_ machine, file string) (why string, lines []string) {
	return "Add this line to your PowerShell profile, $PROFILE, unless it is already there:", []string{". '" + strings.ReplaceAll(file, "'", "''") + "'"}
}

// mentions says whether a startup file names a path, in one of the ways in which
// people write their home directory.
func (m machine) mentions(dir, startup, path string) bool {
	text := m.read(filepath.Join(dir, startup))
	below, ok := strings.CutPrefix(path, m.home())
	return strings.Contains(text, path) || ok && slices.ContainsFunc([]string{"~", "$HOME", "${HOME}"}, func(home string) bool { return strings.Contains(text, home+below) })
}
