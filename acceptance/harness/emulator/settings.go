package emulator

import (
	"net/http"
	"strings"
	"sync"
)

// Settings are what holds for a whole account and region, and moto does not know:
// defaults of instance metadata, and whether snapshots may be public.
type Settings struct {
	mu   sync.Mutex
	kept map[string]map[string]string // region -> name of the setting -> value
}

// NewSettings returns a service in which nothing was set.
func NewSettings() *Settings { return &Settings{kept: map[string]map[string]string{}} }

// metadataDefaults are the parameters of ModifyInstanceMetadataDefaults, with their
// names in the answer, and what says that there is no preference.
var metadataDefaults = []struct{ asked, given, none string }{
	{"HttpTokens", "httpTokens", "no-preference"},
	{"HttpPutResponseHopLimit", "httpPutResponseHopLimit", "-1"},
	{"HttpEndpoint", "httpEndpoint", "no-preference"},
	{"InstanceMetadataTags", "instanceMetadataTags", "no-preference"},
}

// Serve answers the calls that are about these settings.
func (s *Settings) Serve(c Call, _ *Router) (Answer, bool) {
	if c.Service != "ec2" {
		return Answer{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	of := s.kept[c.Region]
	if of == nil {
		of = map[string]string{"state": "unblocked"}
		s.kept[c.Region] = of
	}
	switch c.Action {
	case "EnableSnapshotBlockPublicAccess":
		of["state"] = c.Text("State")
	case "DisableSnapshotBlockPublicAccess":
		of["state"] = "unblocked"
	case "ModifyInstanceMetadataDefaults":
		for _, d := range metadataDefaults {
			if v := c.Text(d.asked); v != "" {
				of[d.given] = v
			}
			if of[d.given] == d.none {
				delete(of, d.given)
			}
		}
		return ec2Answer(c.Action, "<return>true</return>"), true
	case "GetInstanceMetadataDefaults":
		var b strings.Builder
		for _, d := range metadataDefaults {
			if v := of[d.given]; v != "" {
				b.WriteString("<" + d.given + ">" + escaped(v) + "</" + d.given + ">")
			}
		}
		return ec2Answer(c.Action, "<accountLevel>"+b.String()+"</accountLevel>"), true
	case "GetSnapshotBlockPublicAccessState":
	default:
		return Answer{}, false
	}
	return ec2Answer(c.Action, "<state>"+escaped(of["state"])+"</state>"), true
}

// Left returns the settings that are not as they are in a new account.
func (s *Settings) Left() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for region, of := range s.kept {
		for name, value := range of {
			if value != "unblocked" {
				out = append(out, region+" "+name)
			}
		}
	}
	return out
}

// ec2Answer is a successful answer of EC2.
func ec2Answer(action, body string) Answer {
	return Answer{Status: http.StatusOK, Type: "text/xml;charset=UTF-8", Body: []byte("<" + action + "Response><requestId>0</requestId>" + body + "</" + action + "Response>")}
}
