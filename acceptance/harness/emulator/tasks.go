package emulator

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Tasks decide how the deployments of ECS services end, for in the emulators all
// end well. A task starts when the parameters and secrets that its definition
// names exist, and its images where they are of a repository of the account. If
// it cannot, a deployment with a circuit breaker fails: the service goes back to
// the revision that ran before, and where there is none it stays without tasks
// until somebody updates it. Without a breaker ECS goes on trying.
type Tasks struct {
	mu   sync.Mutex
	runs map[string]*run // by ARN of the service
}

// A run is what a service is about.
type run struct {
	definition string // of the deployment under way or ended
	before     string // the one that ran last
	breaker    bool
	rollback   bool
	failed     bool
	why        string
}

// NewTasks returns what decides for services that are still to be made.
func NewTasks() *Tasks { return &Tasks{runs: map[string]*run{}} }

// Remember completes what the emulator says of services.
func (t *Tasks) Remember(c Call, a *Answer, r *Router) {
	if c.Service != "ecs" || a.Status >= 400 {
		return
	}
	switch c.Action {
	case "CreateService", "UpdateService", "DescribeServices", "DeleteService":
	default:
		return
	}
	var answer map[string]any
	if json.Unmarshal(a.Body, &answer) != nil {
		return
	}
	services := list(answer["services"])
	if one := answer["service"]; one != nil {
		services = append(services, one)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range services {
		t.service(c, object(s), r)
	}
	if body, err := json.Marshal(answer); err == nil {
		a.Body = body
	}
}

// service decides about one service and writes it into what is said of it.
func (t *Tasks) service(c Call, s map[string]any, r *Router) {
	arn, _ := s["serviceArn"].(string)
	if s["status"] != "ACTIVE" || object(s["deploymentController"])["type"] == "EXTERNAL" {
		return
	}
	state := t.runs[arn]
	if state == nil || c.Action == "CreateService" {
		state = &run{}
		t.runs[arn] = state
	}
	wanted, _ := s["taskDefinition"].(string)
	starts := c.Action == "CreateService"
	if c.Action == "UpdateService" {
		starts = c.JSON["forceNewDeployment"] == true || c.JSON["taskDefinition"] != nil && wanted != state.definition
	}
	breaker := object(object(s["deploymentConfiguration"])["deploymentCircuitBreaker"])
	state.breaker, state.rollback = breaker["enable"] == true, breaker["rollback"] == true
	if starts || state.failed && !state.breaker {
		state.definition = wanted
		state.why = obstacle(c, wanted, r)
		state.failed = state.why != ""
	}
	if s["desiredCount"] == 0.0 {
		state.failed, state.why = false, ""
	}
	if state.failed && state.breaker && state.rollback && state.before != "" {
		s["taskDefinition"], state.definition = state.before, state.before
		state.failed = false
	}
	if !state.failed {
		state.before = state.definition
	}
	tell(s, state)
}

// tell writes a run into the description of its service.
func tell(s map[string]any, state *run) {
	running, rollout, reason := s["desiredCount"], "COMPLETED", "ECS deployment completed."
	if state.failed {
		running, rollout, reason = 0, "IN_PROGRESS", state.why
		if state.breaker {
			rollout, reason = "FAILED", "ECS deployment circuit breaker: tasks failed to start. "+state.why
		}
	}
	s["runningCount"], s["pendingCount"] = running, 0
	deployments := list(s["deployments"])
	if len(deployments) == 0 {
		return // CodeDeploy's are task sets
	}
	if len(deployments) > 1 {
		deployments = deployments[:1]
		s["deployments"] = deployments
	}
	d := object(deployments[0])
	d["status"], d["taskDefinition"], d["desiredCount"], d["runningCount"], d["pendingCount"] = "PRIMARY", s["taskDefinition"], s["desiredCount"], running, 0
	d["rolloutState"], d["rolloutStateReason"], d["failedTasks"] = rollout, reason, 0
	if state.failed {
		d["failedTasks"] = 3
	}
}

// image is one of a repository of an account.
var image = regexp.MustCompile(`^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/([^:@]+)[:@](.+)$`)

// obstacle tells why a task of a definition cannot start, or "".
func obstacle(c Call, definition string, r *Router) string {
	var answer struct {
		TaskDefinition struct {
			ContainerDefinitions []struct {
				Image   string
				Secrets []struct{ ValueFrom string }
			}
		}
	}
	if !ask(r, "ecs", c.Region, "AmazonEC2ContainerServiceV20141113.DescribeTaskDefinition", map[string]any{"taskDefinition": definition}, &answer) {
		return "there is no task definition " + definition
	}
	var lacks []string
	for _, container := range answer.TaskDefinition.ContainerDefinitions {
		if m := image.FindStringSubmatch(container.Image); m != nil && !hasImage(r, m[1], m[2], m[3], m[4]) {
			lacks = append(lacks, "CannotPullContainerError: "+container.Image+": not found")
		}
		for _, secret := range container.Secrets {
			if !hasSecret(c, r, secret.ValueFrom) {
				lacks = append(lacks, "ResourceInitializationError: unable to retrieve "+secret.ValueFrom)
			}
		}
	}
	slices.Sort(lacks)
	return strings.Join(slices.Compact(lacks), "; ")
}

func hasImage(r *Router, account, region, repository, tag string) bool {
	wanted := map[string]any{"imageTag": tag}
	if strings.HasPrefix(tag, "sha256:") {
		wanted = map[string]any{"imageDigest": tag}
	}
	var answer struct{ Images []any }
	return ask(r, "ecr", region, "AmazonEC2ContainerRegistry_V20150921.BatchGetImage",
		map[string]any{"registryId": account, "repositoryName": repository, "imageIds": []any{wanted}}, &answer) && len(answer.Images) > 0
}

// hasSecret looks for a parameter by name or ARN, or for a secret by ARN, which
// may end in :key:stage:version.
func hasSecret(c Call, r *Router, from string) bool {
	if parts := strings.Split(from, ":"); strings.HasPrefix(from, "arn:") && len(parts) >= 7 && parts[2] == "secretsmanager" {
		return ask(r, "secretsmanager", parts[3], "secretsmanager.DescribeSecret", map[string]any{"SecretId": strings.Join(parts[:7], ":")}, nil)
	}
	region := c.Region
	if parts := strings.SplitN(from, ":", 6); len(parts) == 6 {
		region, from = parts[3], strings.TrimPrefix(parts[5], "parameter")
	}
	return ask(r, "ssm", region, "AmazonSSM.GetParameter", map[string]any{"Name": from}, nil)
}

// ask makes a JSON call of the router's own and reads the answer.
func ask(r *Router, service, region, target string, arguments map[string]any, answer any) bool {
	a := r.invoke(Inquiry{Service: service, Region: region, Target: target, JSON: arguments})
	return a.Status == http.StatusOK && (answer == nil || json.Unmarshal(a.Body, answer) == nil)
}
