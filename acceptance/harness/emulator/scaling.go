package emulator

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Scaling is Application Auto Scaling, which hangs in moto and is unknown to
// ministack: targets, policies and scheduled actions that are kept as they were
// written, as its API reference documents them. It scales nothing.
type Scaling struct {
	mu   sync.Mutex
	kept map[string]map[string]map[string]any // kind -> key -> what was written
	tags map[string]map[string]any
}

// NewScaling returns a service without targets.
func NewScaling() *Scaling {
	return &Scaling{
		kept: map[string]map[string]map[string]any{"ScalableTargets": {}, "ScalingPolicies": {}, "ScheduledActions": {}},
		tags: map[string]map[string]any{},
	}
}

// scalingCalls tells the kind that an action is about, and what it does.
var scalingCalls = map[string]struct{ kind, does string }{
	"RegisterScalableTarget":   {"ScalableTargets", "put"},
	"DeregisterScalableTarget": {"ScalableTargets", "delete"},
	"DescribeScalableTargets":  {"ScalableTargets", "list"},
	"PutScalingPolicy":         {"ScalingPolicies", "put"},
	"DeleteScalingPolicy":      {"ScalingPolicies", "delete"},
	"DescribeScalingPolicies":  {"ScalingPolicies", "list"},
	"PutScheduledAction":       {"ScheduledActions", "put"},
	"DeleteScheduledAction":    {"ScheduledActions", "delete"},
	"DescribeScheduledActions": {"ScheduledActions", "list"},
}

// Serve answers a call of the service.
func (s *Scaling) Serve(c Call, _ *Router) (Answer, bool) {
	if c.Service != "application-autoscaling" {
		return Answer{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch c.Action {
	case "TagResource":
		for key, value := range object(c.JSON["Tags"]) {
			s.tagsOf(c)[key] = value
		}
		return ok(map[string]any{}), true
	case "UntagResource":
		for _, key := range list(c.JSON["TagKeys"]) {
			delete(s.tagsOf(c), fmt.Sprint(key))
		}
		return ok(map[string]any{}), true
	case "ListTagsForResource":
		return ok(map[string]any{"Tags": s.tagsOf(c)}), true
	}
	call, known := scalingCalls[c.Action]
	if !known {
		return refused("UnknownOperationException", c.Action), true
	}
	switch call.does {
	case "put":
		return s.put(call.kind, c), true
	case "delete":
		return s.remove(call.kind, c), true
	}
	return s.list(call.kind, c), true
}

func (s *Scaling) tagsOf(c Call) map[string]any {
	arn := c.Text("ResourceARN")
	if s.tags[arn] == nil {
		s.tags[arn] = map[string]any{}
	}
	return s.tags[arn]
}

// scalingKey is what tells an object from others of its kind.
func scalingKey(c Call, name string) string {
	return strings.Join([]string{c.Region, c.Text("ServiceNamespace"), c.Text("ResourceId"), c.Text("ScalableDimension"), name}, "|")
}

func (s *Scaling) put(kind string, c Call) Answer {
	name := c.Text("PolicyName") + c.Text("ScheduledActionName")
	key := scalingKey(c, name)
	if kind != "ScalableTargets" && s.kept["ScalableTargets"][scalingKey(c, "")] == nil {
		return refused("ObjectNotFoundException", "No scalable target registered for service namespace: "+c.Text("ServiceNamespace")+", resource ID: "+c.Text("ResourceId"))
	}
	old := s.kept[kind][key]
	kept := map[string]any{"CreationTime": time.Now().Unix(), "SuspendedState": map[string]any{"DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": false, "ScheduledScalingSuspended": false}}
	maps.Copy(kept, old)
	maps.Copy(kept, c.JSON)
	delete(kept, "Tags")
	arn := fmt.Sprintf("arn:aws:application-autoscaling:%s:"+Account+":", c.Region)
	answer := map[string]any{}
	switch kind {
	case "ScalableTargets":
		kept["RoleARN"] = "arn:aws:iam::" + Account + ":role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService"
		kept["ScalableTargetARN"] = arn + "scalable-target/" + id(key)
		answer["ScalableTargetARN"] = kept["ScalableTargetARN"]
		if old == nil && c.JSON["Tags"] != nil {
			s.tags[kept["ScalableTargetARN"].(string)] = object(c.JSON["Tags"])
		}
	case "ScalingPolicies":
		kept["PolicyARN"] = "arn:aws:autoscaling:" + c.Region + ":" + Account + ":scalingPolicy:" + id(key) + ":resource/" + c.Text("ServiceNamespace") + "/" + c.Text("ResourceId") + ":policyName/" + name
		kept["Alarms"] = []any{}
		answer["PolicyARN"], answer["Alarms"] = kept["PolicyARN"], kept["Alarms"]
	case "ScheduledActions":
		kept["ScheduledActionARN"] = arn + "scheduledAction:" + id(key) + ":scheduledActionName/" + name
	}
	s.kept[kind][key] = kept
	return ok(answer)
}

func (s *Scaling) remove(kind string, c Call) Answer {
	key := scalingKey(c, c.Text("PolicyName")+c.Text("ScheduledActionName"))
	if s.kept[kind][key] == nil {
		return refused("ObjectNotFoundException", "nothing is registered as "+key)
	}
	delete(s.kept[kind], key)
	if kind == "ScalableTargets" { // takes its policies and actions along
		for _, other := range []string{"ScalingPolicies", "ScheduledActions"} {
			maps.DeleteFunc(s.kept[other], func(k string, _ map[string]any) bool { return strings.HasPrefix(k, key) })
		}
	}
	return ok(map[string]any{})
}

func (s *Scaling) list(kind string, c Call) Answer {
	found := []any{}
	for _, key := range slices.Sorted(maps.Keys(s.kept[kind])) {
		o := s.kept[kind][key]
		if !strings.HasPrefix(key, c.Region+"|"+c.Text("ServiceNamespace")+"|") {
			continue
		}
		if matches(o, "ResourceId", c.JSON["ResourceId"], c.JSON["ResourceIds"]) && matches(o, "ScalableDimension", c.JSON["ScalableDimension"], nil) &&
			matches(o, "PolicyName", nil, c.JSON["PolicyNames"]) && matches(o, "ScheduledActionName", nil, c.JSON["ScheduledActionNames"]) {
			found = append(found, o)
		}
	}
	return ok(map[string]any{kind: found})
}

// Left returns what was made and not removed.
func (s *Scaling) Left() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var left []string
	for kind, objects := range s.kept {
		for key := range objects {
			left = append(left, kind+" "+key)
		}
	}
	slices.Sort(left)
	return left
}

// matches reports whether an object has the asked value, or one of the values,
// where any are asked for.
func matches(o map[string]any, name string, one, many any) bool {
	if wanted := list(many); len(wanted) > 0 {
		return slices.Contains(wanted, o[name])
	}
	return one == nil || o[name] == one
}
