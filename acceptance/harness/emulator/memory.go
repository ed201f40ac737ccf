package emulator

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
)

// remembered lists what the emulators take and do not give back. AWS gives it
// back as it was written.
var remembered = []forgotten{
	{service: "ec2", element: "item", key: "securityGroupRuleId", named: "SecurityGroupRule.1.SecurityGroupRuleId", fields: []field{
		{"IpPermissions.1.Groups.1.Description", "description"},
		{"IpPermissions.1.UserIdGroupPairs.1.Description", "description"},
		{"IpPermissions.1.IpRanges.1.Description", "description"},
		{"IpPermissions.1.Ipv6Ranges.1.Description", "description"},
		{"IpPermissions.1.PrefixListIds.1.Description", "description"},
		{"SecurityGroupRule.1.SecurityGroupRule.Description", "description"},
	}},
	{service: "rds", element: "DBCluster", key: "DbClusterResourceId", drop: []string{"ScalingConfigurationInfo"}, fields: []field{
		{"DatabaseInsightsMode", "DatabaseInsightsMode"},
	}},
	{service: "rds", element: "DBInstance", key: "DbiResourceId", drop: []string{"ReadReplicaSourceDBInstanceIdentifier"}, fields: []field{
		{"DatabaseInsightsMode", "DatabaseInsightsMode"},
		{"EnablePerformanceInsights", "PerformanceInsightsEnabled"},
		{"PerformanceInsightsKMSKeyId", "PerformanceInsightsKMSKeyId"},
		{"PerformanceInsightsRetentionPeriod", "PerformanceInsightsRetentionPeriod"},
	}},
	{service: "codebuild", element: "project", key: "name", fields: []field{
		{"cache", "cache"},
		{"logsConfig", "logsConfig"},
		{"queuedTimeoutInMinutes", "queuedTimeoutInMinutes"},
	}},
	{service: "codedeploy", element: "deploymentGroupInfo", key: "deploymentGroupId", fields: []field{
		{"alarmConfiguration", "alarmConfiguration"},
	}},
	// The members of a replication group have what the group was given.
	{service: "elasticache", element: "ReplicationGroup", key: "ReplicationGroupId", fields: []field{{"PreferredMaintenanceWindow", "PreferredMaintenanceWindow"}}},
	{service: "elasticache", element: "CacheCluster", key: "ReplicationGroupId"},
	{service: "ecs", element: "service", key: "serviceArn", fields: []field{
		{"availabilityZoneRebalancing", "availabilityZoneRebalancing"},
		{"deploymentConfiguration", "deploymentConfiguration"},
		{"enableECSManagedTags", "enableECSManagedTags"},
		{"healthCheckGracePeriodSeconds", "healthCheckGracePeriodSeconds"},
	}},
}

// A forgotten is a kind of object of which an emulator forgets something.
type forgotten struct {
	service string
	element string // of an XML answer, or the name in a JSON one, alone or with an s for a list
	key     string // what tells an object from others, for as long as it lives
	named   string // argument that names the object in a call whose answer does not
	fields  []field
	drop    []string // what an emulator invents
}

// A field is an argument of a call and the attribute that it becomes.
type field struct{ argument, attribute string }

// Attributes completes the answers of emulators by what was written earlier.
type Attributes struct {
	mu   sync.Mutex
	kept map[string]map[string]any // key of an object -> attribute -> value
}

// NewAttributes returns a memory of nothing.
func NewAttributes() *Attributes { return &Attributes{kept: map[string]map[string]any{}} }

// Remember keeps what a call writes, and completes the answer.
func (m *Attributes) Remember(c Call, a *Answer, _ *Router) {
	if a.Status >= 400 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, f := range remembered {
		switch {
		case f.service != c.Service:
		case c.JSON != nil:
			m.inJSON(f, c, a)
		case c.Form != nil:
			m.inXML(f, c, a)
		}
	}
}

// writes reports whether a call changes what it answers with.
func writes(c Call) bool {
	for _, verb := range []string{"Create", "Modify", "Update", "Restore", "Authorize"} {
		if strings.HasPrefix(c.Action, verb) {
			return true
		}
	}
	return false
}

// keep returns what is known of an object, after the call.
func (m *Attributes) keep(f forgotten, c Call, key string, argument func(string) (any, bool)) map[string]any {
	if m.kept[key] == nil || strings.HasPrefix(c.Action, "Create") && writes(c) {
		m.kept[key] = map[string]any{}
	}
	if writes(c) {
		for _, field := range f.fields {
			if v, given := argument(field.argument); given {
				m.kept[key][field.attribute] = v
			}
		}
	}
	return m.kept[key]
}

func (m *Attributes) inXML(f forgotten, c Call, a *Answer) {
	root, err := parseTree(a.Body)
	if err != nil {
		return
	}
	argument := func(name string) (any, bool) { return c.Form.Get(name), c.Form.Has(name) }
	if named := c.Form.Get(f.named); f.named != "" && named != "" {
		m.keep(f, c, named, argument)
	}
	changed := false
	root.each(f.element, func(t *tree) {
		key := t.value(f.key)
		if key == "" {
			return
		}
		known := m.keep(f, c, key, argument)
		for _, attribute := range slices.Sorted(maps.Keys(known)) {
			t.set(attribute, known[attribute].(string))
			changed = true
		}
		t.drop(func(child *tree) bool {
			gone := slices.Contains(f.drop, child.name)
			changed = changed || gone
			return gone
		})
	})
	if changed {
		a.Body = root.bytes()
	}
}

func (m *Attributes) inJSON(f forgotten, c Call, a *Answer) {
	var answer map[string]any
	if err := json.Unmarshal(a.Body, &answer); err != nil {
		return
	}
	argument := func(name string) (any, bool) { v, given := c.JSON[name]; return v, given }
	if key, _ := answer[f.key].(string); key != "" { // all that some calls answer with
		m.keep(f, c, key, argument)
	}
	objects := list(answer[f.element+"s"])
	if one := answer[f.element]; one != nil {
		objects = append(objects, one)
	}
	for _, o := range objects {
		o := object(o)
		key, _ := o[f.key].(string)
		if key == "" {
			continue
		}
		maps.Copy(o, m.keep(f, c, key, argument))
	}
	if len(objects) == 0 {
		return
	}
	if body, err := json.Marshal(answer); err == nil {
		a.Body = body
	}
}
