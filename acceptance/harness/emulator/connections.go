package emulator

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// Connections are those of CodeConnections to places of source code, which
// moto does not know. A new one is pending until somebody has agreed to it at the
// other end, which nobody does here.
type Connections struct {
	mu   sync.Mutex
	kept map[string]map[string]any // ARN -> connection
	tags map[string]map[string]any // ARN -> key -> value
}

// NewConnections returns a service without connections.
func NewConnections() *Connections {
	return &Connections{kept: map[string]map[string]any{}, tags: map[string]map[string]any{}}
}

// Serve answers a call of the service, under its new name or its old one.
func (s *Connections) Serve(c Call, _ *Router) (Answer, bool) {
	if c.Service != "codeconnections" && c.Service != "codestar-connections" {
		return Answer{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	arn := c.Text("ConnectionArn") + c.Text("ResourceArn")
	if c.Action == "CreateConnection" {
		d := id(c.Region + c.Text("ConnectionName"))
		arn = "arn:aws:codeconnections:" + c.Region + ":" + Account + ":connection/" + strings.Join([]string{d[:8], d[8:12], d[12:16], d[16:20], d[20:]}, "-")
		s.kept[arn] = map[string]any{
			"ConnectionArn": arn, "ConnectionName": c.JSON["ConnectionName"], "ConnectionStatus": "PENDING",
			"OwnerAccountId": Account, "ProviderType": c.JSON["ProviderType"],
		}
		s.tags[arn] = map[string]any{}
	}
	if s.kept[arn] == nil {
		return refused("ResourceNotFoundException", "no connection "+arn), true
	}
	switch c.Action {
	case "CreateConnection", "TagResource":
		for _, tag := range list(c.JSON["Tags"]) {
			key, _ := object(tag)["Key"].(string)
			s.tags[arn][key] = object(tag)["Value"]
		}
		return ok(map[string]any{"ConnectionArn": arn, "Tags": s.tagsOf(arn)}), true
	case "UntagResource":
		for _, key := range list(c.JSON["TagKeys"]) {
			key, _ := key.(string)
			delete(s.tags[arn], key)
		}
		return ok(map[string]any{}), true
	case "ListTagsForResource":
		return ok(map[string]any{"Tags": s.tagsOf(arn)}), true
	case "GetConnection":
		return ok(map[string]any{"Connection": s.kept[arn]}), true
	case "DeleteConnection":
		delete(s.kept, arn)
		return ok(map[string]any{}), true
	}
	return refused("UnknownOperationException", c.Action), true
}

func (s *Connections) tagsOf(arn string) []any {
	tags := []any{}
	for _, key := range slices.Sorted(maps.Keys(s.tags[arn])) {
		tags = append(tags, map[string]any{"Key": key, "Value": s.tags[arn][key]})
	}
	return tags
}

// Left returns what was made and not removed.
func (s *Connections) Left() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.kept))
}
