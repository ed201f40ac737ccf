package acceptance

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/acceptance/harness/emulator"
	"github.com/bpgen/bpgen/generator/matrix"
)

// livesOfECSFargate are the option sets of ecs-fargate that are led through their lives.
func livesOfECSFargate() []life {
	text, on, off := cty.StringVal, cty.True, cty.False
	only := []string{harness.Terraform}
	return []life{
		{name: "default", cores: harness.Cores(), region: homeRegion, options: matrix.Row{}, steps: slices.Concat(
			opening(),
			[]step{
				option("static files, dashboard", matrix.Row{"static_files": text("bucket"), "dashboard": on}, `aws_s3_|aws_cloudfront_|aws_cloudwatch_dashboard\.`, `aws_cloudfront_distribution\.`),
				restore(),
				engine("database_mysql_version", "8.0.mysql_aurora.3.10.4"),
			},
			closing(false),
		)},
		{name: "postgresql", cores: only, region: "eu-west-1",
			options: matrix.Row{"cdn": off, "waf": off, "database": text("postgresql"), "cache": text("none"), "alarms": off},
			steps: slices.Concat(
				opening(),
				[]step{option("cache, alarms", matrix.Row{"cache": text("redis"), "alarms": on}, `.*`, `aws_ecs_service\.`), restore()},
				closing(true),
			)},
		{name: "aurora-postgresql", cores: only, region: "us-west-2",
			options: matrix.Row{"database": text("aurora-postgresql"), "alarms": off},
			steps:   slices.Concat(opening(), []step{option("alarms", matrix.Row{"alarms": on}, `.*`, ``), restore()}, closing(true))},
		{name: "mysql", cores: only, region: "eu-west-1",
			options: matrix.Row{"database": text("mysql"), "cdn": off, "waf": off, "cache": text("valkey")},
			steps:   slices.Concat(opening(), []step{restore()}, closing(false))},
		{name: "codepipeline", cores: only, region: homeRegion,
			options: matrix.Row{"deployment": text("codedeploy"), "pipeline": text("codepipeline"), "cache": text("none")},
			steps:   slices.Concat(opening()[:1], closing(true))},
		{name: "nat-gateway", cores: only, region: "us-west-2",
			options: matrix.Row{"outbound": text("nat-gateway"), "sidecars": text("firelens"), "database": text("none"), "cdn": off, "waf": off},
			steps:   slices.Concat(opening(), closing(true))},
		{name: "internal-services", cores: only, region: homeRegion,
			options: matrix.Row{"internal_services": on, "scheduled_tasks": on, "database": text("none"), "cache": text("none")},
			steps:   slices.Concat(opening(), closing(true))},
		{name: "static-bucket", cores: only, region: "eu-west-1",
			options: matrix.Row{"static_files": text("bucket"), "error_pages": on, "database": text("none"), "cache": text("none")},
			steps:   slices.Concat(opening(), closing(true))},
	}
}

// opening is how every life of a service begins: up to a service that runs.
func opening() []step {
	return []step{
		firstApply(func(v *living) error { return v.set(map[string]any{"image_tag": ""}) }, (*living).begun),
		{name: "first image", do: (*living).firstImage, quiet: true, check: (*living).runs},
		{name: "new image", do: func(v *living) error { return v.deploy("2a7b9c4") }, replaces: revisions, updates: `aws_ecs_service\.`, check: (*living).runs},
		variable("more tasks", map[string]any{"service_scaling": map[string]int{"desired": 4, "min": 3, "max": 9}}, `aws_appautoscaling_target\.`),
	}
}

// revisions are the objects that every change replaces: AWS keeps the old ones.
const revisions = `aws_ecs_task_definition\.`

// closing is how every life of a service ends. What is disposable goes without more ado; what
// is not is emptied by hand first, and leaves its last snapshot.
func closing(disposable bool) []step {
	values := map[string]any{"log_retention_days": 180, "maintenance_window": "tue:18:00-tue:19:00", "load_balancer_health_check_path": "/health", "deletion_protection": false}
	updates := `aws_cloudwatch_log_group\.|aws_rds_cluster|aws_db_instance\.|aws_elasticache_replication_group\.|aws_lb_target_group\.|aws_s3_bucket_lifecycle_configuration\.|aws_lb\.`
	empty := []step{{name: "emptied", do: (*living).empty, quiet: true}}
	if disposable {
		values["disposable"] = true
		updates += `|aws_s3_bucket\.|aws_ecr_repository\.|aws_kms_key\.|aws_secretsmanager_secret\.`
		empty = nil
	}
	return slices.Concat(
		[]step{
			newer("a newer template", templateEdit{"network/main.tf", `description       = "HTTPS from the VPC"`, `description       = "HTTPS from inside"`}, `aws_vpc_security_group_ingress_rule\.network_endpoints`),
			variable("other values", values, updates),
		},
		empty,
		[]step{destroyed()},
	)
}

// engine moves the database to a newer minor version.
func engine(variable, version string) step {
	return step{name: "newer engine", updates: `aws_rds_cluster\.|aws_rds_cluster_instance\.|aws_db_instance\.`, do: func(v *living) error {
		return v.set(map[string]any{variable: version})
	}}
}

// deploy pushes an image and has the module run it.
func (v *living) deploy(tag string) error {
	if err := v.push(tag); err != nil {
		return err
	}
	return v.set(map[string]any{"image_tag": tag})
}

func (v *living) push(tag string) error {
	return v.aws.Push(v.life.region, v.name(), tag)
}

// begun holds the first apply against what it promises: nothing of it has failed,
// and a runbook says how to go on.
func (v *living) begun() error {
	services, err := v.services()
	if err != nil {
		return err
	}
	for _, s := range services {
		if s.failed() {
			v.t.Errorf("after the first apply %s", s)
		}
	}
	return nil
}

// firstImage follows the runbook from the first apply to a service that runs.
func (v *living) firstImage() error {
	script, err := instructions(filepath.Join(v.dir, "runbooks", "service-first-apply.md"))
	if err != nil {
		return err
	}
	_, after, _ := strings.Cut(script, "-var image_tag=\n") // the first apply, done by the step before
	if _, err := v.r.Follow(v.t, v.aws, after, 10*time.Minute); err != nil {
		return err
	}
	return v.set(map[string]any{"image_tag": harness.FirstTag})
}

// A service is what ECS says of one.
type service struct {
	ServiceName, Status, TaskDefinition string
	DesiredCount, RunningCount          int
	Deployments                         []struct{ RolloutState, RolloutStateReason, TaskDefinition string }
}

// failed reports whether ECS has given up a deployment, or goes on in vain.
func (s service) failed() bool { return s.RunningCount != s.DesiredCount }

// String tells how the service is.
func (s service) String() string {
	return fmt.Sprintf("the service %s runs %d of %d tasks: %+v", s.ServiceName, s.RunningCount, s.DesiredCount, s.Deployments)
}

// services asks ECS for the services of the module's cluster.
func (v *living) services() ([]service, error) {
	var names struct{ ServiceArns []any }
	if err := v.ecs("ListServices", map[string]any{"cluster": v.name()}, &names); err != nil {
		return nil, err
	}
	var answer struct{ Services []service }
	if err := v.ecs("DescribeServices", map[string]any{"cluster": v.name(), "services": names.ServiceArns}, &answer); err != nil {
		return nil, err
	}
	if len(answer.Services) == 0 {
		return nil, fmt.Errorf("there is no service in the cluster %s", v.name())
	}
	return answer.Services, nil
}

// runs requires that all services have all their tasks, of the revision that the
// state holds.
func (v *living) runs() error {
	services, err := v.services()
	if err != nil {
		return err
	}
	for _, s := range services {
		if s.failed() || s.DesiredCount == 0 {
			return errors.New(s.String())
		}
	}
	return nil
}

func (v *living) ecs(action string, arguments map[string]any, answer any) error {
	a := v.aws.Router.Do(emulator.Inquiry{Service: "ecs", Region: v.life.region, Target: "AmazonEC2ContainerServiceV20141113." + action, JSON: arguments})
	if a.Status != 200 {
		return fmt.Errorf("%s: %d %s", action, a.Status, a.Body)
	}
	return json.Unmarshal(a.Body, answer)
}

// restore follows the runbook that restores the database.
func restore() step {
	return step{name: "restore", updates: `aws_rds_cluster\.|aws_rds_cluster_instance\.|aws_db_instance\.`, do: func(v *living) error {
		runbook, err := filepath.Glob(filepath.Join(v.dir, "runbooks", "database*-restore.md"))
		if err != nil {
			return err
		}
		if len(runbook) != 1 {
			return fmt.Errorf("there is not one runbook to restore the database: %v", runbook)
		}
		script, err := instructions(runbook[0])
		if err != nil {
			return err
		}
		_, err = v.r.Follow(v.t, v.aws, script, 15*time.Minute)
		return err
	}}
}

// empty deletes what a destroy refuses to delete: images, and logs with all their
// versions.
func (v *living) empty() error {
	_, err := v.r.Follow(v.t, v.aws, `
repository=$(terraform output -raw repository_url) repository=${repository##*/}
images=$(aws ecr list-images --repository-name "$repository" --query imageIds --output json)
if [ "$images" != "[]" ]; then aws ecr batch-delete-image --repository-name "$repository" --image-ids "$images" --query 'length(imageIds)'; fi
for bucket in $(aws s3api list-buckets --query 'Buckets[].Name' --output text); do
  aws s3api list-object-versions --bucket "$bucket" --query '[Versions,DeleteMarkers][][].[Key,VersionId]' --output text | while read -r key version; do
    if [ "$key" != None ]; then aws s3api delete-object --bucket "$bucket" --key "$key" --version-id "$version" >/dev/null; fi
  done
done
`, 2*time.Minute)
	return err
}
