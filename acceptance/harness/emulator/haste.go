package emulator

import "strings"

// Haste spares lives the waiting that proves nothing here. The provider waits
// half a minute for every change of DNS records that it is told of before it
// asks whether all servers know them, and the emulators' know them at once.
type Haste struct{}

// Remember says nothing of a change of records that has come through.
func (Haste) Remember(c Call, a *Answer, _ *Router) {
	if c.Service != "route53" || a.Status >= 400 || !strings.HasPrefix(c.Action, "POST ") || !strings.HasSuffix(strings.TrimSuffix(c.Action, "/"), "/rrset") {
		return
	}
	root, err := parseTree(a.Body)
	if err != nil {
		return
	}
	root.drop(func(t *tree) bool { return t.name == "ChangeInfo" })
	a.Body = root.bytes()
}
