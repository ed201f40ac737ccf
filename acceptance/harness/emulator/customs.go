package emulator

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Customs are what AWS does besides, or refuses, and the emulators do not: most
// of it only shows when something is to be destroyed.
type Customs struct{}

// Serve refuses to delete an option group that a snapshot still has. It deletes
// what moto and ministack cannot: CodeDeploy's objects, of which moto keeps what it
// has, and builds and trails by their ARN.
func (Customs) Serve(c Call, r *Router) (Answer, bool) {
	switch {
	case c.Service == "codedeploy" && (c.Action == "DeleteDeploymentGroup" || c.Action == "DeleteApplication"):
		return ok(map[string]any{}), true
	case c.Service == "codebuild" && c.Action == "DeleteProject" && strings.HasPrefix(c.Text("name"), "arn:"):
		_, name, _ := strings.Cut(c.Text("name"), ":project/")
		return r.invoke(Inquiry{Service: c.Service, Region: c.Region, Target: c.Request.Header.Get("X-Amz-Target"), JSON: map[string]any{"name": name}}), true
	case c.Service == "cloudtrail" && c.Action == "DeleteTrail" && strings.HasPrefix(c.Text("Name"), "arn:"):
		_, name, _ := strings.Cut(c.Text("Name"), ":trail/")
		return r.invoke(Inquiry{Service: c.Service, Region: c.Region, Target: c.Request.Header.Get("X-Amz-Target"), JSON: map[string]any{"Name": name}}), true
	}
	if c.Service != "rds" || c.Action != "DeleteOptionGroup" {
		return Answer{}, false
	}
	list := query("rds", "2014-10-31", "DescribeDBSnapshots")
	list.Region = c.Region
	root, err := parseTree(r.invoke(list).Body)
	if err != nil {
		return failure(http.StatusInternalServerError, err.Error()), true
	}
	held := ""
	root.each("DBSnapshot", func(t *tree) {
		if t.value("OptionGroupName") == c.Form.Get("OptionGroupName") {
			held = t.value("DBSnapshotIdentifier")
		}
	})
	if held == "" {
		return Answer{}, false
	}
	return refusedXML("InvalidOptionGroupStateFault", "The option group '"+c.Form.Get("OptionGroupName")+"' cannot be deleted because it is in use by the snapshot "+held+"."), true
}

// Remember writes the test file that Elastic Load Balancing writes when access
// logs are switched on: the bucket is no longer empty.
func (Customs) Remember(c Call, a *Answer, r *Router) {
	if c.Service != "elasticloadbalancing" || c.Action != "ModifyLoadBalancerAttributes" || a.Status >= 400 {
		return
	}
	of := map[string]string{}
	for i := 1; c.Form.Has(fmt.Sprintf("Attributes.member.%d.Key", i)); i++ {
		of[c.Form.Get(fmt.Sprintf("Attributes.member.%d.Key", i))] = c.Form.Get(fmt.Sprintf("Attributes.member.%d.Value", i))
	}
	if of["access_logs.s3.enabled"] != "true" {
		return
	}
	path := strings.ReplaceAll("/"+of["access_logs.s3.bucket"]+"/"+of["access_logs.s3.prefix"]+"/AWSLogs/"+Account+"/ELBAccessLogTestFile", "//", "/")
	r.invoke(Inquiry{Service: "s3", Region: c.Region, Method: http.MethodPut, Path: (&url.URL{Path: path}).String(), Document: "Enable AccessLog for ELB"})
}
