package emulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// lists are the calls that tell what stands in an account, of the services of
// which lives make something.
var lists = []Inquiry{
	query("ec2", "2016-11-15", "DescribeVpcs"),
	query("ec2", "2016-11-15", "DescribeSubnets"),
	query("ec2", "2016-11-15", "DescribeSecurityGroups"),
	query("ec2", "2016-11-15", "DescribeRouteTables"),
	query("ec2", "2016-11-15", "DescribeInternetGateways"),
	{Service: "ec2", Form: url.Values{"Action": {"DescribeVpcEndpoints"}, "Version": {"2016-11-15"}, "Filter.1.Name": {"vpc-endpoint-state"}, "Filter.1.Value.1": {"available"}}},
	query("ec2", "2016-11-15", "DescribeFlowLogs"),
	query("ec2", "2016-11-15", "DescribeAddresses"),
	query("elasticloadbalancing", "2015-12-01", "DescribeLoadBalancers"),
	query("elasticloadbalancing", "2015-12-01", "DescribeTargetGroups"),
	query("rds", "2014-10-31", "DescribeDBClusters"),
	query("rds", "2014-10-31", "DescribeDBInstances"),
	query("rds", "2014-10-31", "DescribeDBClusterSnapshots"),
	query("rds", "2014-10-31", "DescribeDBSnapshots"),
	query("rds", "2014-10-31", "DescribeDBSubnetGroups"),
	query("rds", "2014-10-31", "DescribeDBParameterGroups"),
	query("rds", "2014-10-31", "DescribeDBClusterParameterGroups"),
	query("elasticache", "2015-02-02", "DescribeReplicationGroups"),
	query("elasticache", "2015-02-02", "DescribeCacheSubnetGroups"),
	query("elasticache", "2015-02-02", "DescribeCacheParameterGroups"),
	query("iam", "2010-05-08", "ListRoles"),
	query("iam", "2010-05-08", "ListOpenIDConnectProviders"),
	target("cloudtrail", "CloudTrail_20131101.DescribeTrails", map[string]any{"includeShadowTrails": false}),
	query("sns", "2010-03-31", "ListTopics"),
	query("monitoring", "2010-08-01", "DescribeAlarms"),
	target("ecr", "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories", nil),
	target("ssm", "AmazonSSM.DescribeParameters", nil),
	target("secretsmanager", "secretsmanager.ListSecrets", nil),
	target("logs", "Logs_20140328.DescribeLogGroups", nil),
	target("acm", "CertificateManager.ListCertificates", nil),
	target("events", "AWSEvents.ListRules", nil),
	target("wafv2", "AWSWAF_20190729.ListWebACLs", map[string]any{"Scope": "CLOUDFRONT"}),
	{Service: "s3", Path: "/"},
	{Service: "cloudfront", Path: "/2020-05-31/distribution"},
	{Service: "cloudfront", Path: "/2020-05-31/vpc-origin"},
	{Service: "cloudfront", Path: "/2020-05-31/cache-policy?Type=custom"},
	{Service: "cloudfront", Path: "/2020-05-31/origin-request-policy?Type=custom"},
	{Service: "cloudfront", Path: "/2020-05-31/function"},
}

func query(service, version, action string) Inquiry {
	return Inquiry{Service: service, Form: url.Values{"Action": {action}, "Version": {version}}}
}

func target(service, name string, arguments map[string]any) Inquiry {
	return Inquiry{Service: service, Target: name, JSON: arguments}
}

// standing are the names of objects: ARNs, ids of EC2 and CloudFront, names of
// buckets.
var standing = regexp.MustCompile(`arn:aws[a-z-]*:[^"<\s]+|\b(?:vpc|subnet|sg|rtb|igw|vpce|fl|eipalloc|acl|nat)-[0-9a-f]{8,17}\b|<(?:Id|Name)>[^<]+</(?:Id|Name)>`)

// A Left is an account with what stands in it: the names of objects, each with
// the call that tells of it.
type Left map[string]string

// Standing tells what stands in the regions.
func (r *Router) Standing(regions ...string) (Left, error) {
	left := Left{}
	for _, region := range regions {
		for _, i := range lists {
			i.Region = region
			what := strings.Join([]string{i.Service, i.Form.Get("Action") + i.Target + i.Path, region}, " ")
			a := r.Do(i)
			if a.Status != http.StatusOK {
				return nil, fmt.Errorf("%s: %d %s", what, a.Status, clip(a.Body))
			}
			for _, name := range standing.FindAllString(string(a.Body), -1) {
				left[name] = what
			}
		}
	}
	for _, region := range regions {
		for _, arn := range r.clusters(region) {
			left[arn] = "ecs ListClusters " + region
		}
	}
	for _, s := range r.services {
		if s, ok := s.(interface{ Left() []string }); ok {
			for _, name := range s.Left() {
				left[name] = "kept by the router"
			}
		}
	}
	return left, nil
}

// clusters are the active ECS clusters of a region: moto lists those that are
// gone, too.
func (r *Router) clusters(region string) []string {
	const api = "AmazonEC2ContainerServiceV20141113."
	var all struct{ ClusterArns []any }
	var about struct {
		Clusters []struct{ ClusterArn, Status string }
	}
	if !ask(r, "ecs", region, api+"ListClusters", nil, &all) || len(all.ClusterArns) == 0 ||
		!ask(r, "ecs", region, api+"DescribeClusters", map[string]any{"clusters": all.ClusterArns}, &about) {
		return nil
	}
	var active []string
	for _, c := range about.Clusters {
		if c.Status == "ACTIVE" {
			active = append(active, c.ClusterArn)
		}
	}
	return active
}

// Since returns what was not there before, sorted by name.
func (l Left) Since(before Left) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(l)) {
		if _, there := before[name]; !there {
			out = append(out, name+" ("+l[name]+")")
		}
	}
	return out
}

// A Key is a key of KMS with what it encrypts.
type Key struct {
	ARN   string
	State string   // Enabled, PendingDeletion
	Holds []string // ARNs of snapshots, databases and retained backups
}

// Keys returns the customer's keys of a region.
func (r *Router) Keys(region string) ([]Key, error) {
	holds := map[string][]string{}
	for _, i := range []struct{ action, element, arn string }{
		{"DescribeDBClusterSnapshots", "DBClusterSnapshot", "DBClusterSnapshotArn"},
		{"DescribeDBSnapshots", "DBSnapshot", "DBSnapshotArn"},
		{"DescribeDBClusters", "DBCluster", "DBClusterArn"},
		{"DescribeDBInstances", "DBInstance", "DBInstanceArn"},
	} {
		q := query("rds", "2014-10-31", i.action)
		q.Region = region
		root, err := parseTree(r.Do(q).Body)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", i.action, err)
		}
		root.each(i.element, func(t *tree) {
			holds[t.value("KmsKeyId")] = append(holds[t.value("KmsKeyId")], t.value(i.arn))
		})
	}
	for _, m := range r.memories {
		if b, ok := m.(*Backups); ok {
			for arn, key := range b.keys {
				holds[key] = append(holds[key], "automated backups of "+arn)
			}
		}
	}
	var all struct{ Keys []struct{ KeyArn string } }
	if err := json.Unmarshal(r.Do(Inquiry{Service: "kms", Region: region, Target: "TrentService.ListKeys"}).Body, &all); err != nil {
		return nil, err
	}
	var keys []Key
	for _, k := range all.Keys {
		var about struct {
			KeyMetadata struct{ KeyState, KeyManager string }
		}
		if err := json.Unmarshal(r.Do(Inquiry{Service: "kms", Region: region, Target: "TrentService.DescribeKey", JSON: map[string]any{"KeyId": k.KeyArn}}).Body, &about); err != nil {
			return nil, err
		}
		if about.KeyMetadata.KeyManager != "AWS" {
			keys = append(keys, Key{ARN: k.KeyArn, State: about.KeyMetadata.KeyState, Holds: holds[k.KeyArn]})
		}
	}
	return keys, nil
}
