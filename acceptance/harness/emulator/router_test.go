package emulator

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// fake is an emulator that answers what it is told to, by action.
type fake map[string]func(Call) (int, string)

func (f fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, err := read(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer := f[c.Action]
	if answer == nil {
		http.Error(w, "no answer to "+c.Action, http.StatusNotImplemented)
		return
	}
	status, body := answer(c)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// over returns a router with both emulators faked.
func over(t *testing.T, f fake) *Router {
	t.Helper()
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	address, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return New(map[string]*url.URL{"moto": address, "ministack": address}, io.Discard)
}

func TestCallsAreUnderstood(t *testing.T) {
	tests := []struct {
		name                    string
		i                       Inquiry
		service, region, action string
	}{
		{"query", query("ec2", "2016-11-15", "DescribeVpcs"), "ec2", "eu-west-1", "DescribeVpcs"},
		{"target", target("ecs", "AmazonEC2ContainerServiceV20141113.ListClusters", nil), "ecs", "eu-west-1", "ListClusters"},
		{"rest", Inquiry{Service: "cloudfront", Path: "/2020-05-31/vpc-origin"}, "cloudfront", "eu-west-1", "GET /2020-05-31/vpc-origin"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.i.Region = "eu-west-1"
			c, err := tt.i.call()
			if err != nil {
				t.Fatal(err)
			}
			if c.Service != tt.service || c.Region != tt.region || c.Action != tt.action {
				t.Errorf("got %s %s %s", c.Service, c.Region, c.Action)
			}
		})
	}
	unsigned := httptest.NewRequest(http.MethodGet, "/bucket/key", nil)
	if c, err := read(unsigned); err != nil || c.Service != "s3" {
		t.Errorf("a call without signature is one of %s: %v", c.Service, err)
	}
}

// do makes a JSON call and requires the status.
func do(t *testing.T, r *Router, service, name, arguments string, status int) map[string]any {
	t.Helper()
	var in map[string]any
	if err := json.Unmarshal([]byte(arguments), &in); err != nil {
		t.Fatal(err)
	}
	a := r.Do(Inquiry{Service: service, Region: "eu-west-1", Target: "X." + name, JSON: in})
	if a.Status != status {
		t.Fatalf("%s: %d %s", name, a.Status, a.Body)
	}
	var out map[string]any
	if err := json.Unmarshal(a.Body, &out); err != nil {
		t.Fatalf("%s: %v: %s", name, err, a.Body)
	}
	return out
}

func TestScaling(t *testing.T) {
	r := over(t, nil)
	const service, on = "application-autoscaling", `"ServiceNamespace": "ecs", "ResourceId": "service/a/a", "ScalableDimension": "ecs:service:DesiredCount"`
	do(t, r, service, "PutScalingPolicy", `{`+on+`, "PolicyName": "cpu"}`, http.StatusBadRequest) // no target yet
	do(t, r, service, "RegisterScalableTarget", `{`+on+`, "MinCapacity": 2, "MaxCapacity": 4, "Tags": {"a": "b"}}`, http.StatusOK)
	do(t, r, service, "RegisterScalableTarget", `{`+on+`, "MaxCapacity": 9}`, http.StatusOK)
	do(t, r, service, "PutScalingPolicy", `{`+on+`, "PolicyName": "cpu", "PolicyType": "TargetTrackingScaling"}`, http.StatusOK)
	targets := list(do(t, r, service, "DescribeScalableTargets", `{"ServiceNamespace": "ecs", "ResourceIds": ["service/a/a"]}`, http.StatusOK)["ScalableTargets"])
	if len(targets) != 1 || object(targets[0])["MinCapacity"] != 2.0 || object(targets[0])["MaxCapacity"] != 9.0 {
		t.Fatalf("targets %v", targets)
	}
	arn := object(targets[0])["ScalableTargetARN"].(string)
	if tags := do(t, r, service, "ListTagsForResource", `{"ResourceARN": "`+arn+`"}`, http.StatusOK)["Tags"]; object(tags)["a"] != "b" {
		t.Errorf("tags %v", tags)
	}
	if none := list(do(t, r, service, "DescribeScalingPolicies", `{"ServiceNamespace": "ecs", "PolicyNames": ["memory"]}`, http.StatusOK)["ScalingPolicies"]); len(none) != 0 {
		t.Errorf("policies %v", none)
	}
	do(t, r, service, "DeregisterScalableTarget", `{`+on+`}`, http.StatusOK)
	if left := r.services[0].(*Scaling).Left(); len(left) != 0 {
		t.Errorf("left %v: a target takes its policies along", left)
	}
	do(t, r, service, "DeregisterScalableTarget", `{`+on+`}`, http.StatusBadRequest)
}

func TestQueries(t *testing.T) {
	r := over(t, nil)
	made := do(t, r, "logs", "PutQueryDefinition", `{"name": "a/b", "queryString": "fields @message"}`, http.StatusOK)["queryDefinitionId"].(string)
	do(t, r, "logs", "PutQueryDefinition", `{"name": "a/b", "queryString": "limit 1", "queryDefinitionId": "`+made+`"}`, http.StatusOK)
	found := list(do(t, r, "logs", "DescribeQueryDefinitions", `{"queryDefinitionNamePrefix": "a/"}`, http.StatusOK)["queryDefinitions"])
	if len(found) != 1 || object(found[0])["queryString"] != "limit 1" {
		t.Fatalf("found %v", found)
	}
	do(t, r, "logs", "DeleteQueryDefinition", `{"queryDefinitionId": "`+made+`"}`, http.StatusOK)
	do(t, r, "logs", "DeleteQueryDefinition", `{"queryDefinitionId": "`+made+`"}`, http.StatusBadRequest)
}

func TestAttributesAreGivenBack(t *testing.T) {
	instance := func(Call) (int, string) {
		return http.StatusOK, `<R xmlns="urn:x"><DBInstance><DbiResourceId>db-1</DbiResourceId><PerformanceInsightsEnabled>false</PerformanceInsightsEnabled></DBInstance></R>`
	}
	r := over(t, fake{"CreateDBInstance": instance, "ModifyDBInstance": instance, "DescribeDBInstances": instance})
	ask := func(action string, more ...string) string {
		form := url.Values{"Action": {action}}
		for i := 0; i < len(more); i += 2 {
			form.Set(more[i], more[i+1])
		}
		return string(r.Do(Inquiry{Service: "rds", Region: "eu-west-1", Form: form}).Body)
	}
	const on = "<PerformanceInsightsEnabled>true</PerformanceInsightsEnabled>"
	if got := ask("CreateDBInstance", "EnablePerformanceInsights", "true"); !strings.Contains(got, on) || !strings.Contains(got, `xmlns="urn:x"`) {
		t.Errorf("created %s", got)
	}
	ask("ModifyDBInstance", "DatabaseInsightsMode", "advanced")
	if got := ask("DescribeDBInstances"); !strings.Contains(got, on) || !strings.Contains(got, "<DatabaseInsightsMode>advanced<") {
		t.Errorf("described %s", got)
	}
	if got := ask("CreateDBInstance"); strings.Contains(got, "true") {
		t.Errorf("made again, it remembers its former life: %s", got)
	}
}

// ecsFake has services, task definitions, parameters and images.
type ecsFake struct {
	service map[string]any
	there   map[string]bool
}

func (e *ecsFake) answers() fake {
	tell := func(key string, value any) (int, string) {
		body, err := json.Marshal(map[string]any{key: value})
		if err != nil {
			return http.StatusInternalServerError, err.Error()
		}
		return http.StatusOK, string(body)
	}
	return fake{
		"CreateService": func(c Call) (int, string) {
			e.service = map[string]any{"serviceArn": "arn:s", "status": "ACTIVE", "desiredCount": 2, "taskDefinition": c.JSON["taskDefinition"], "deployments": []any{map[string]any{}}}
			return tell("service", e.service)
		},
		"UpdateService": func(c Call) (int, string) {
			if d := c.JSON["taskDefinition"]; d != nil {
				e.service["taskDefinition"] = d
			}
			return tell("service", e.service)
		},
		"DescribeServices": func(Call) (int, string) { return tell("services", []any{e.service}) },
		"DescribeTaskDefinition": func(c Call) (int, string) {
			return tell("taskDefinition", map[string]any{"containerDefinitions": []any{map[string]any{
				"image":   "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:" + fmt.Sprint(c.JSON["taskDefinition"]),
				"secrets": []any{map[string]any{"valueFrom": "/a/DB_HOST"}},
			}}})
		},
		"GetParameter": func(c Call) (int, string) {
			if e.there[c.Text("Name")] {
				return tell("Parameter", nil)
			}
			return http.StatusBadRequest, "{}"
		},
		"BatchGetImage": func(c Call) (int, string) {
			if e.there[object(list(c.JSON["imageIds"])[0])["imageTag"].(string)] {
				return tell("images", []any{1})
			}
			return tell("images", []any{})
		},
	}
}

func TestDeploymentsEnd(t *testing.T) {
	const breaker = `"deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": true, "rollback": true}}`
	e := &ecsFake{there: map[string]bool{}}
	r := over(t, e.answers())
	state := func(answer map[string]any) string {
		s := object(answer["service"])
		if s == nil {
			s = object(list(answer["services"])[0])
		}
		d := object(list(s["deployments"])[0])
		return fmt.Sprint(s["taskDefinition"], " ", s["runningCount"], " ", d["rolloutState"])
	}
	want := func(what string, answer map[string]any, state1 string) {
		t.Helper()
		if got := state(answer); got != state1 {
			t.Errorf("%s: %s, want %s", what, got, state1)
		}
	}
	want("made before image and parameter", do(t, r, "ecs", "CreateService", `{"taskDefinition": "v1", `+breaker+`}`, 200), "v1 0 FAILED")
	e.there["v1"], e.there["/a/DB_HOST"] = true, true
	want("a deployment that failed stays so", do(t, r, "ecs", "DescribeServices", `{}`, 200), "v1 0 FAILED")
	want("until somebody starts another", do(t, r, "ecs", "UpdateService", `{"forceNewDeployment": true}`, 200), "v1 2 COMPLETED")
	want("one that fails goes back", do(t, r, "ecs", "UpdateService", `{"taskDefinition": "v2"}`, 200), "v1 2 COMPLETED")
	e.there["v3"] = true
	want("the next one", do(t, r, "ecs", "UpdateService", `{"taskDefinition": "v3"}`, 200), "v3 2 COMPLETED")

	e.there = map[string]bool{"v1": true}
	want("without a breaker", do(t, r, "ecs", "CreateService", `{"taskDefinition": "v1"}`, 200), "v1 0 IN_PROGRESS")
	e.there["/a/DB_HOST"] = true
	want("ECS goes on trying", do(t, r, "ecs", "DescribeServices", `{}`, 200), "v1 2 COMPLETED")
}

func TestTwins(t *testing.T) {
	const twin, arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a/twin", "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a/0123456789abcdef"
	var seen string
	r := over(t, fake{
		"CreateLoadBalancer": func(Call) (int, string) { return 200, "<A><LoadBalancerArn>" + twin + "</LoadBalancerArn></A>" },
		"POST /2020-05-31/vpc-origin": func(c Call) (int, string) {
			seen = string(c.Body)
			return 201, seen
		},
		"CreateCacheSubnetGroup": func(c Call) (int, string) {
			return 200, "<A><S>" + c.Form.Get("SubnetIds.SubnetIdentifier.1") + "</S></A>"
		},
	})
	a := r.Do(Inquiry{Service: "cloudfront", Region: "us-east-1", Path: "/2020-05-31/vpc-origin", Document: "<Arn>" + arn + "</Arn>"})
	if string(a.Body) != "<Arn>"+arn+"</Arn>" || seen != "<Arn>"+twin+"</Arn>" {
		t.Errorf("ministack was told %s, the client %s", seen, a.Body)
	}
	a = r.Do(Inquiry{Service: "elasticache", Region: "eu-west-1", Form: url.Values{"Action": {"CreateCacheSubnetGroup"}, "SubnetIds.SubnetIdentifier.1": {"subnet-0abcdef0123456789"}}})
	if !strings.Contains(string(a.Body), "subnet-0abcdef0123456789") {
		t.Errorf("the client was told %s", a.Body)
	}
}

func TestTreeKeepsWhatItDoesNotKnow(t *testing.T) {
	const text = `<A xmlns="urn:a" xmlns:b="urn:b"><C b:type="x &amp; y">1 &lt; 2</C><D/></A>`
	root, err := parseTree([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	root.set("E", "new")
	if got, want := string(root.bytes()), strings.Replace(text, "<D/>", "<D></D><E>new</E>", 1); !strings.HasSuffix(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, bad := range []string{"", "<A>", "text", "<A></A></B>", "{}"} {
		if _, err := parseTree([]byte(bad)); err == nil {
			t.Errorf("%q is taken for a document", bad)
		}
	}
}

func TestCustoms(t *testing.T) {
	var put string
	r := over(t, fake{
		"DescribeDBSnapshots": func(Call) (int, string) {
			return 200, "<A><DBSnapshot><DBSnapshotIdentifier>last</DBSnapshotIdentifier><OptionGroupName>held</OptionGroupName></DBSnapshot></A>"
		},
		"DeleteOptionGroup":            func(Call) (int, string) { return 200, "<A></A>" },
		"ModifyLoadBalancerAttributes": func(Call) (int, string) { return 200, "<A></A>" },
		"PUT /logs/alb/AWSLogs/123456789012/ELBAccessLogTestFile": func(c Call) (int, string) {
			put = string(c.Body)
			return 200, ""
		},
	})
	remove := func(name string) Answer {
		return r.Do(Inquiry{Service: "rds", Region: "eu-west-1", Form: url.Values{"Action": {"DeleteOptionGroup"}, "OptionGroupName": {name}}})
	}
	if a := remove("held"); a.Status != 400 || !strings.Contains(string(a.Body), "InvalidOptionGroupStateFault") {
		t.Errorf("a group that a snapshot has is deleted: %s", a.Body)
	}
	if a := remove("free"); a.Status != 200 {
		t.Errorf("a free group is not deleted: %s", a.Body)
	}
	attributes := url.Values{"Action": {"ModifyLoadBalancerAttributes"}}
	for i, pair := range [][2]string{{"access_logs.s3.enabled", "true"}, {"access_logs.s3.bucket", "logs"}, {"access_logs.s3.prefix", "alb"}} {
		attributes.Set(fmt.Sprintf("Attributes.member.%d.Key", i+1), pair[0])
		attributes.Set(fmt.Sprintf("Attributes.member.%d.Value", i+1), pair[1])
	}
	r.Do(Inquiry{Service: "elasticloadbalancing", Region: "eu-west-1", Form: attributes})
	if put == "" {
		t.Error("no test file is written when access logs are switched on")
	}
}

func TestConnections(t *testing.T) {
	r := over(t, nil)
	arn := do(t, r, "codeconnections", "CreateConnection", `{"ConnectionName": "a", "ProviderType": "GitHub", "Tags": [{"Key": "x", "Value": "y"}]}`, 200)["ConnectionArn"].(string)
	if got := object(do(t, r, "codeconnections", "GetConnection", `{"ConnectionArn": "`+arn+`"}`, 200)["Connection"]); got["ConnectionStatus"] != "PENDING" || got["ConnectionName"] != "a" {
		t.Errorf("got %v", got)
	}
	if tags := list(do(t, r, "codeconnections", "ListTagsForResource", `{"ResourceArn": "`+arn+`"}`, 200)["Tags"]); len(tags) != 1 {
		t.Errorf("tags %v", tags)
	}
	do(t, r, "codeconnections", "DeleteConnection", `{"ConnectionArn": "`+arn+`"}`, 200)
	do(t, r, "codeconnections", "GetConnection", `{"ConnectionArn": "`+arn+`"}`, 400)
}

func TestClocks(t *testing.T) {
	r := over(t, fake{"GetPipeline": func(Call) (int, string) {
		return 200, `{"pipeline": {"name": "a"}, "metadata": {"created": "2026-01-01T00:00:00.123456", "updated": "2026-01-01T00:00:01Z"}}`
	}})
	got := object(do(t, r, "codepipeline", "GetPipeline", `{"name": "a"}`, 200)["metadata"])
	if got["created"] != 1767225600.0 || got["updated"] != 1767225601.0 {
		t.Errorf("got %v", got)
	}
}

func TestSettings(t *testing.T) {
	r := over(t, nil)
	ask := func(region, action string, more ...string) string {
		form := url.Values{"Action": {action}}
		for i := 0; i < len(more); i += 2 {
			form.Set(more[i], more[i+1])
		}
		return string(r.Do(Inquiry{Service: "ec2", Region: region, Form: form}).Body)
	}
	settings := r.services[slices.IndexFunc(r.services, func(s Service) bool { _, is := s.(*Settings); return is })].(*Settings)
	ask("eu-west-1", "EnableSnapshotBlockPublicAccess", "State", "block-all-sharing")
	ask("eu-west-1", "ModifyInstanceMetadataDefaults", "HttpTokens", "required", "HttpPutResponseHopLimit", "2")
	if got := ask("eu-west-1", "GetSnapshotBlockPublicAccessState"); !strings.Contains(got, "<state>block-all-sharing</state>") {
		t.Errorf("got %s", got)
	}
	if got := ask("eu-west-1", "GetInstanceMetadataDefaults"); !strings.Contains(got, "<httpTokens>required</httpTokens><httpPutResponseHopLimit>2</httpPutResponseHopLimit>") {
		t.Errorf("got %s", got)
	}
	if got := ask("us-west-2", "GetInstanceMetadataDefaults") + ask("us-west-2", "GetSnapshotBlockPublicAccessState"); strings.Contains(got, "required") || !strings.Contains(got, "unblocked") {
		t.Errorf("another region has %s", got)
	}
	if left := settings.Left(); len(left) != 3 {
		t.Errorf("left %v", left)
	}
	ask("eu-west-1", "DisableSnapshotBlockPublicAccess")
	ask("eu-west-1", "ModifyInstanceMetadataDefaults", "HttpTokens", "no-preference", "HttpPutResponseHopLimit", "-1")
	if left := settings.Left(); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}

// TestTrailGoesByItsARN: moto finds a trail by its name alone, and says of any other that it is deleted.
func TestTrailGoesByItsARN(t *testing.T) {
	var deleted string
	r := over(t, fake{"DeleteTrail": func(c Call) (int, string) {
		deleted = c.Text("Name")
		return http.StatusOK, `{}`
	}})
	for given, want := range map[string]string{"arn:aws:cloudtrail:eu-west-1:123456789012:trail/example": "example", "other": "other"} {
		r.Do(Inquiry{Service: "cloudtrail", Region: "eu-west-1", Target: "CloudTrail_20131101.DeleteTrail", JSON: map[string]any{"Name": given}})
		if deleted != want {
			t.Errorf("%s: moto deletes %q, want %q", given, deleted, want)
		}
	}
}
