package emulator

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// A Call is a request to AWS, as far as the router understands it.
type Call struct {
	Service string // as in the scope of a signature: ec2, application-autoscaling
	Region  string
	Action  string // CreateVpc; of a REST service the method and the path: "POST /2020-05-31/vpc-origin"
	Body    []byte
	Form    url.Values     // of the query protocol, else nil
	JSON    map[string]any // of the JSON protocol, else nil
	Request *http.Request
}

// scope is the part of a signature that names the region and the service.
var scope = regexp.MustCompile(`Credential=[^/,]+/\d{8}/([^/,]+)/([^/,]+)/aws4_request`)

// read understands a request. Its body can be read again afterwards.
func read(r *http.Request) (Call, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return Call{}, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	c := Call{Body: body, Request: r, Action: r.Method + " " + r.URL.Path}
	signed := r.Header.Get("Authorization")
	if signed == "" {
		signed = "Credential=" + r.URL.Query().Get("X-Amz-Credential")
	}
	if m := scope.FindStringSubmatch(signed); m != nil {
		c.Region, c.Service = m[1], m[2]
	}
	target := r.Header.Get("X-Amz-Target")
	switch {
	case target != "":
		_, c.Action, _ = strings.Cut(target, ".")
		if c.Service == "" {
			c.Service = serviceOfTarget(target)
		}
		if err := json.Unmarshal(body, &c.JSON); err != nil {
			c.JSON = nil // the emulator will say so
		}
	case strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		if form, err := url.ParseQuery(string(body)); err == nil && form.Get("Action") != "" {
			c.Form, c.Action = form, form.Get("Action")
		}
	}
	if c.Service == "" {
		c.Service = "s3" // the one that may be called without a signature
	}
	return c, nil
}

// serviceOfTarget tells the service of an unsigned call by its target, such as
// AWSCognitoIdentityService.GetId.
func serviceOfTarget(target string) string {
	name, _, _ := strings.Cut(target, ".")
	name, _, _ = strings.Cut(name, "_")
	return strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(name, "Amazon"), "Service"))
}

// Text returns a parameter of the call, a string, whichever protocol it speaks.
func (c Call) Text(name string) string {
	if c.Form != nil {
		return c.Form.Get(name)
	}
	s, _ := c.JSON[name].(string)
	return s
}
