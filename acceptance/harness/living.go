package harness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Against returns a runner whose core works for real: with the real provider, in
// an AWS and a region. refresh is to be called when the files of the module have
// changed, since the core sees only the types that they name.
func (r *Runner) Against(t testing.TB, p Provider, a *AWS, region string) (against *Runner, refresh func()) {
	t.Helper()
	if !p.Real {
		missing(t, "mirror", EnvMirror, errors.New("a life needs the real hashicorp/aws"))
	}
	common, err := realProcess(p.binary)
	if err != nil {
		t.Fatal(err)
	}
	env := a.Env(region)
	out := r.Setenv(env...)
	fleet := newFleet(t, p.binary, env)
	return out, func() {
		t.Helper()
		names, err := namesIn(blockType, []string{out.Dir})
		if err != nil {
			t.Fatal(err)
		}
		seen := newView(names)
		seen.whole = true
		address, err := common.window(t, seen, fleet)
		if err != nil {
			t.Fatal(err)
		}
		out.attach(t, address)
	}
}

// Follow runs a script as it stands, as somebody would who follows a runbook: in
// the folder of the runner, where "terraform" is the core and "aws" the client, led
// to the AWS. See standIns for other programs.
func (r *Runner) Follow(t testing.TB, a *AWS, script string, patience time.Duration) (string, error) {
	t.Helper()
	bin := t.TempDir()
	for name, target := range map[string]string{Terraform: r.core.Path, "aws": filepath.Join(a.client, "aws")} {
		if err := os.Symlink(target, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range standIns {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/usr/bin/env bash\nset -euo pipefail\n"+text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-euo", "pipefail")
	cmd.Dir, cmd.Stdin = r.Dir, strings.NewReader(script)
	cmd.Env = append(append([]string{}, r.env...), "TF_CLI_ARGS_apply=-auto-approve -no-color", "TF_CLI_ARGS_plan=-no-color", "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := runTied(cmd)
	if ctx.Err() != nil {
		err = fmt.Errorf("no end in %s", patience)
	}
	if err != nil {
		return stdout.String(), fmt.Errorf("with %s as terraform: %w; calls: %s\n%s", r.core.Name, err, a.Log, tail(stdout.String()+stderr.String()))
	}
	return stdout.String(), nil
}

// FirstTag is the commit that git tells in a script that Follow runs.
const FirstTag = "1f0c2d3"

// standIns are programs that a script finds in place of those of that name: what
// they do lies outside AWS. Only a push of docker has an effect, an image without
// layers in the registry.
var standIns = map[string]string{
	"git":  "echo " + FirstTag + "\n",
	"curl": "printf '200\\n'\n",
	"docker": `if [ "$1" = login ]; then cat >/dev/null; fi
[ "$1" = push ] || exit 0
image=${!#}
tag=${image##*:} name=${image%:*} name=${name#*/}
digest=$(printf '%s' "$tag" | sha256sum | cut -d ' ' -f 1)
aws ecr put-image --repository-name "$name" --image-tag "$tag" --query image.imageId.imageTag --output text --image-manifest \
  "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\",\"config\":{\"mediaType\":\"application/vnd.docker.container.image.v1+json\",\"size\":1,\"digest\":\"sha256:$digest\"},\"layers\":[]}"
`,
}
