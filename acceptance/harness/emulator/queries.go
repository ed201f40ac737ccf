package emulator

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Queries are the saved queries of CloudWatch Logs Insights, which moto does not
// know.
type Queries struct {
	mu   sync.Mutex
	kept map[string]map[string]any // region and id -> definition
}

// NewQueries returns a service without saved queries.
func NewQueries() *Queries { return &Queries{kept: map[string]map[string]any{}} }

// Serve answers the calls that are about saved queries.
func (q *Queries) Serve(c Call, _ *Router) (Answer, bool) {
	if c.Service != "logs" || !strings.Contains(c.Action, "QueryDefinition") {
		return Answer{}, false
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	key := c.Region + "|" + c.Text("queryDefinitionId")
	switch c.Action {
	case "PutQueryDefinition":
		if c.Text("queryDefinitionId") == "" {
			d := id(fmt.Sprint(c.Region, c.Text("name"), len(q.kept)))
			c.JSON["queryDefinitionId"] = strings.Join([]string{d[:8], d[8:12], d[12:16], d[16:20], d[20:]}, "-")
			key = c.Region + "|" + c.Text("queryDefinitionId")
		} else if q.kept[key] == nil {
			return refused("ResourceNotFoundException", "no query definition "+key), true
		}
		definition := maps.Clone(c.JSON)
		definition["lastModified"] = time.Now().UnixMilli()
		q.kept[key] = definition
		return ok(map[string]any{"queryDefinitionId": definition["queryDefinitionId"]}), true
	case "DeleteQueryDefinition":
		if q.kept[key] == nil {
			return refused("ResourceNotFoundException", "no query definition "+key), true
		}
		delete(q.kept, key)
		return ok(map[string]any{"success": true}), true
	}
	found := []any{}
	for _, key := range slices.Sorted(maps.Keys(q.kept)) {
		name, _ := q.kept[key]["name"].(string)
		if strings.HasPrefix(key, c.Region+"|") && strings.HasPrefix(name, c.Text("queryDefinitionNamePrefix")) {
			found = append(found, q.kept[key])
		}
	}
	return ok(map[string]any{"queryDefinitions": found}), true
}

// Left returns what was made and not removed.
func (q *Queries) Left() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Sorted(maps.Keys(q.kept))
}
