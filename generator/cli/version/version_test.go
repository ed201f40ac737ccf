package version_test

import (
	"runtime/debug"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
	"github.com/bpgen/bpgen/generator/cli/version"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	shelltest.Flags(t, version.NewCmd, map[string]shelltest.FlagCase[version.Options]{
		"least":    {},
		"json":     {Args: []string{"--json"}, Want: version.Options{JSON: true}},
		"argument": {Args: []string{"x"}, Err: "takes no arguments"},
	})
}

func TestRead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		info *debug.BuildInfo
		want string // start of the line
	}{
		"none":     {nil, "bpgen (unknown) go1."},
		"checkout": {&debug.BuildInfo{}, "bpgen (devel) go1."},
		"release":  {&debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}}, "bpgen v1.2.3 go1."},
		"commit": {&debug.BuildInfo{Main: debug.Module{Version: "(devel)"}, Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "true"},
		}}, "bpgen (devel) (0123456789ab, changed) go1."},
	}
	for name, tt := range tests {
		if got := version.Read(tt.info).String(); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

func TestRelease(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"v1.2.3": "v1.2.3", "v1.2.3-rc.1": "v1.2.3-rc.1", "(devel)": "", "(unknown)": "",
		"v1.2.3+dirty": "", "v0.0.0-20261130120000-0123456789ab": "",
	} {
		if got := (version.Info{Version: given}).Release(); got != want {
			t.Errorf("%s: got %q, want %q", given, got, want)
		}
	}
}
