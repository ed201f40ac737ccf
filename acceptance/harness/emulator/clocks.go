package emulator

import (
	"encoding/json"
	"time"
)

// Clocks put times right that an emulator writes as text where the protocol has
// the number of seconds.
type Clocks struct{}

// Remember rewrites the times of pipelines.
func (Clocks) Remember(c Call, a *Answer, _ *Router) {
	if c.Service != "codepipeline" || a.Status >= 400 {
		return
	}
	var answer map[string]any
	if json.Unmarshal(a.Body, &answer) != nil {
		return
	}
	pipelines := append(list(answer["pipelines"]), answer["metadata"])
	for _, p := range pipelines {
		for _, name := range []string{"created", "updated"} {
			text, _ := object(p)[name].(string)
			for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05.999999", "2006-01-02 15:04:05.999999"} {
				if at, err := time.Parse(layout, text); err == nil {
					object(p)[name] = at.Unix()
				}
			}
		}
	}
	if body, err := json.Marshal(answer); err == nil {
		a.Body = body
	}
}
