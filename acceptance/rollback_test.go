package acceptance

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/matrix"
)

var commandBlock = regexp.MustCompile("(?s)\n```bash\n(.*?)```")

// clouds stand for the tools that runbooks call, with an answer to each.
const clouds = `terraform() { echo example; }
aws() {
  case "$*" in
  *describe-services*) printf 'arn:td/example:7\tarn:td/example:7\tarn:td/example:9\tNone\n' ;;
  *list-task-definitions*) printf 'arn:td/example:9\tarn:td/example:8\tarn:td/example:7\tarn:td/example-orders:3\tarn:td/example:6\n' ;;
  *deregister-task-definition*) echo "gone ${4}" ;;
  *) echo "not expected: $*" ;;
  esac
}
`

// TestOldRevisionsGo runs the commands that remove old task definitions: what is in
// service stays, whatever its age, and so do other families (review A8).
func TestOldRevisionsGo(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not on the PATH: the package bash has it")
	}
	dir := t.TempDir()
	render(t, dir, "ecs-fargate", link.Flat, nil)
	blocks := commandBlock.FindAllStringSubmatch(text(t, filepath.Join(dir, "runbooks", "service-run-one-off-task.md")), -1)
	script := blocks[len(blocks)-1][1]
	if !strings.Contains(script, "deregister-task-definition") {
		t.Fatalf("the last commands are not those that remove revisions:\n%s", script)
	}
	out, err := exec.Command(bash, "-c", clouds+script).CombinedOutput()
	if want := "gone arn:td/example:8\ngone arn:td/example:6\n"; err != nil || string(out) != want {
		t.Errorf("%v, got\n%swant\n%s", err, out, want)
	}
}

// TestRollbackIsAnError holds that Terraform compares the revision in service with
// its own where it deploys, and only there, and that the runbook asks for more than a
// stable service (review B1).
func TestRollbackIsAnError(t *testing.T) {
	t.Parallel()
	postcondition := regexp.MustCompile(`postcondition \{\n\s+condition\s+= self\.task_definition == aws_ecs_task_definition\.service\.arn\n`)
	for name, test := range map[string]struct {
		row  matrix.Row
		here bool
	}{
		"rolling":    {nil, true},
		"blue-green": {matrix.Row{"deployment": cty.StringVal("blue-green")}, true},
		"codedeploy": {matrix.Row{"deployment": cty.StringVal("codedeploy")}, false},
		"pipeline":   {matrix.Row{"pipeline": cty.StringVal("external")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			render(t, dir, "ecs-fargate", link.Flat, test.row)
			service := text(t, filepath.Join(dir, "service.tf"))
			if postcondition.MatchString(service) != test.here || strings.Contains(service, "wait_for_steady_state") != test.here {
				t.Errorf("an apply notices a roll-back: want %v in\n%s", test.here, service)
			}
			runbook := text(t, filepath.Join(dir, "runbooks", "service-deploy-and-roll-back.md"))
			status := map[bool]string{false: "rolloutState=='COMPLETED'", true: "stabilityStatus=='STEADY_STATE'"}[name == "codedeploy"]
			if !strings.Contains(runbook, status) || !strings.Contains(runbook, `test "${image##*:}" = "$tag"`) {
				t.Errorf("the runbook does not ask for %s and the image in service", status)
			}
			if strings.Contains(runbook, "pipeline=true") || strings.Contains(runbook, "bpgen:") {
				t.Error("the runbook names an option that is not there, or a directive is left")
			}
			if !strings.Contains(text(t, filepath.Join(dir, "runbooks", "service-first-apply.md")), "-var image_tag=\n") {
				t.Error("the runbook of the first apply does not begin without an image")
			}
		})
	}
}
