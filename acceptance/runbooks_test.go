package acceptance

import (
	"bytes"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/matrix"
)

var (
	shellBlock  = regexp.MustCompile("(?ms)^ *```(?:sh|bash)\n(.*?)^ *```$")
	placeholder = regexp.MustCompile(`<[a-z][a-z0-9 _.-]*>`)
	outputRead  = regexp.MustCompile(`terraform output (?:-raw|-json) ([a-z0-9_]+)`)
	outputBlock = regexp.MustCompile(`(?m)^output "([a-z0-9_]+)"`)
	appSpec     = regexp.MustCompile(`(?m)^content=\$\((printf '[^']*') .*\)$`)
)

// newest matches a service that is given the newest revision of its family, not
// one that the reader chose: behind a pipeline it holds the image of long ago.
var newest = regexp.MustCompile(`update-service[^\n]*--task-definition "(?:\$service|<name>)"`)

var runbookSets = map[string]matrix.Row{
	"default":    {},
	"codedeploy": {"deployment": cty.StringVal("codedeploy"), "pipeline": cty.StringVal("codepipeline"), "scheduled_tasks": cty.True, "execute_command": cty.True, "operator_policies": cty.True},
	"pipeline":   {"pipeline": cty.StringVal("codepipeline"), "internal_services": cty.True, "scheduled_tasks": cty.True, "database": cty.StringVal("mysql"), "outbound": cty.StringVal("nat-gateway")},
	"blue-green": {"deployment": cty.StringVal("blue-green"), "cdn": cty.False, "database": cty.StringVal("postgresql"), "chatbot": cty.True},
	"bucket":     {"static_files": cty.StringVal("bucket"), "error_pages": cty.True, "database": cty.StringVal("aurora-postgresql"), "cache_auth": cty.StringVal("iam"), "hosted_zone": cty.StringVal("new")},
}

// TestRunbooks reads the runbooks of rendered modules as somebody who copies
// their commands: a shell must parse each block, and each output that one reads
// must be one of the module's.
func TestRunbooks(t *testing.T) {
	t.Parallel()
	for name, options := range runbookSets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result := render(t, harness.WorkDir(t), "ecs-fargate", link.Flat, options)
			files := result.Files.Files()
			outputs := outputsOf(files)
			blocks := 0
			for _, f := range files {
				if !strings.HasPrefix(f.Path, "runbooks/") {
					continue
				}
				for _, m := range shellBlock.FindAllSubmatch(f.Bytes, -1) {
					blocks++
					if out := parseShell(placeholder.ReplaceAll(m[1], []byte("word"))); out != "" {
						t.Errorf("%s: a shell does not understand\n%s\n%s", f.Path, m[1], out)
					}
					for _, read := range outputRead.FindAllSubmatch(m[1], -1) {
						if !outputs[string(read[1])] {
							t.Errorf("%s reads the output %s, which the module does not have", f.Path, read[1])
						}
					}
					if newest.Match(m[1]) {
						t.Errorf("%s gives the service the newest revision, whose image may be an old one", f.Path)
					}
				}
			}
			if blocks < 20 {
				t.Errorf("only %d blocks of commands", blocks)
			}
		})
	}
}

// TestAppSpec runs the command by which the runbook of CodeDeploy writes an
// appspec: a version that is not 0.0, as jq would write it, is not documented.
func TestAppSpec(t *testing.T) {
	t.Parallel()
	result := render(t, harness.WorkDir(t), "ecs-fargate", link.Flat, runbookSets["codedeploy"])
	runbook, ok := result.Files.Get("runbooks/codedeploy-deploy-with-codedeploy.md")
	if !ok {
		t.Fatal("there is no runbook about CodeDeploy")
	}
	m := appSpec.FindSubmatch(runbook)
	if m == nil {
		t.Fatalf("no command writes the appspec:\n%s", runbook)
	}
	out, err := exec.Command("bash", "-c", string(m[1])+` "$1" "$2"`, "bash", "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7", "8080").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"version": 0.0,`, `"TaskDefinition": "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7"`, `"ContainerPort": 8080}`} {
		if !bytes.Contains(out, []byte(want)) {
			t.Errorf("the appspec has no %s:\n%s", want, out)
		}
	}
}

// outputsOf returns the names of the outputs of a module.
func outputsOf(files []fileset.File) map[string]bool {
	names := map[string]bool{}
	for _, f := range files {
		if strings.Contains(f.Path, "/") || !strings.HasSuffix(f.Path, ".tf") {
			continue
		}
		for _, m := range outputBlock.FindAllSubmatch(f.Bytes, -1) {
			names[string(m[1])] = true
		}
	}
	return names
}

// parseShell returns what a shell that only parses says, "" for nothing.
func parseShell(script []byte) string {
	cmd := exec.Command("bash", "-n")
	cmd.Stdin = bytes.NewReader(script)
	out, err := cmd.CombinedOutput()
	if err != nil && len(out) == 0 {
		return err.Error()
	}
	return string(out)
}
