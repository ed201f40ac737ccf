package emulator

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Twins let ministack speak of what lives in moto. ElastiCache looks for the
// subnets that it is given, and CloudFront for the load balancer of a VPC
// origin; each gets a twin in ministack, and a client sees the names of moto.
type Twins struct {
	mu    sync.Mutex
	pairs [][2]string // name in moto, name in ministack
}

// NewTwins returns an exchange of no names.
func NewTwins() *Twins { return &Twins{} }

var (
	subnetName   = regexp.MustCompile(`subnet-[0-9a-f]{8,17}`)
	balancerName = regexp.MustCompile(`arn:aws:elasticloadbalancing:([a-z0-9-]+):\d{12}:loadbalancer/app/([a-zA-Z0-9-]+)/[0-9a-z]+`)
	elementARN   = regexp.MustCompile(`<LoadBalancerArn>([^<]+)</LoadBalancerArn>`)
)

// Serve exchanges the names in calls to ElastiCache and CloudFront.
func (t *Twins) Serve(c Call, r *Router) (Answer, bool) {
	if c.Service != "elasticache" && c.Service != "cloudfront" {
		return Answer{}, false
	}
	text := string(c.Body)
	for _, name := range slices.Compact(slices.Sorted(slices.Values(subnetName.FindAllString(text, -1)))) {
		t.subnet(c.Region, name)
	}
	for _, m := range balancerName.FindAllStringSubmatch(text, -1) {
		if err := t.balancer(r, m[0], m[1], m[2]); err != nil {
			return failure(http.StatusInternalServerError, err.Error()), true
		}
	}
	return Answer{}, false
}

// subnet gives a subnet the next of the three that ministack has in each region.
func (t *Twins) subnet(region, name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known(name) {
		return
	}
	taken := 0
	for _, p := range t.pairs {
		if strings.HasPrefix(p[1], "subnet-") {
			taken++
		}
	}
	t.pairs = append(t.pairs, [2]string{name, fmt.Sprintf("subnet-%08d", taken%3+1)})
}

// balancer makes a load balancer in ministack.
func (t *Twins) balancer(r *Router, arn, region, name string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known(arn) {
		return nil
	}
	form := url.Values{"Action": {"CreateLoadBalancer"}, "Version": {"2015-12-01"}, "Name": {name}, "Subnets.member.1": {"subnet-00000001"}, "Subnets.member.2": {"subnet-00000002"}}
	a := r.at("ministack", Inquiry{Service: "elasticloadbalancing", Region: region, Form: form})
	m := elementARN.FindSubmatch(a.Body)
	if m == nil {
		return fmt.Errorf("no twin of %s: %s", arn, clip(a.Body))
	}
	t.pairs = append(t.pairs, [2]string{arn, string(m[1])})
	return nil
}

func (t *Twins) known(name string) bool {
	return slices.ContainsFunc(t.pairs, func(p [2]string) bool { return p[0] == name })
}

// exchange replaces names of the one side by those of the other.
func (t *Twins) exchange(body []byte, from int) []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, p := range t.pairs {
		body = bytes.ReplaceAll(body, []byte(p[from]), []byte(p[1-from]))
		body = bytes.ReplaceAll(body, []byte(url.QueryEscape(p[from])), []byte(url.QueryEscape(p[1-from])))
	}
	return body
}
