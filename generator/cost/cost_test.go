package cost

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/home"
)

func TestPrices(t *testing.T) {
	t.Parallel()
	l, err := prices()
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Prices) < 30 || Date() == "" {
		t.Errorf("%d prices of %q", len(l.Prices), Date())
	}
	for _, code := range Regions() {
		if !slices.ContainsFunc(home.Regions(), func(r home.Region) bool { return r.Code == code }) {
			t.Errorf("%s is no region", code)
		}
	}
	for name, src := range map[string]string{
		"no yaml":           "date: [",
		"no date":           "regions: [us-east-1]\nprices: {}\n",
		"no regions":        "date: \"2026-11\"\nprices: {}\n",
		"a region missing":  "date: \"2026-11\"\nregions: [us-east-1, eu-west-1]\nprices:\n  secret: { unit: month, values: [0.4] }\n",
		"another unit":      "date: \"2026-11\"\nregions: [us-east-1]\nprices:\n  secret: { unit: year, values: [0.4] }\n",
		"for nothing":       "date: \"2026-11\"\nregions: [us-east-1]\nprices:\n  secret: { unit: month, values: [0] }\n",
		"an unknown column": "date: \"2026-11\"\nregions: [us-east-1]\ncurrency: USD\nprices: {}\n",
	} {
		if _, err := read([]byte(src)); err == nil {
			t.Errorf("%s: was read", name)
		}
	}
}

func estimate(t *testing.T, src string, variables map[string]cty.Value) Estimate {
	t.Helper()
	file, diags := hclsyntax.ParseConfig([]byte(src), "main.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	files := []*hcl.File{file}
	first := New(files, nil).Estimate(variables, "us-east-1")
	// What an estimate with other values has left behind changes nothing.
	c := New(files, nil)
	c.Estimate(nil, "us-east-1")
	c.Estimate(others(variables), "us-east-1")
	for range 2 {
		if again := c.Estimate(variables, "us-east-1"); !reflect.DeepEqual(again, first) {
			t.Errorf("estimated by itself: %v; behind others: %v", first, again)
		}
	}
	return first
}

// others returns other values for the same variables.
func others(variables map[string]cty.Value) map[string]cty.Value {
	out := map[string]cty.Value{}
	for name, v := range variables {
		switch v.Type() {
		case cty.Number:
			out[name] = v.Add(cty.NumberIntVal(1))
		case cty.Bool:
			out[name] = v.Not()
		default:
			out[name] = cty.NullVal(v.Type())
		}
	}
	return out
}

// TestEstimateAgain: what differs is evaluated anew, over locals and arguments.
func TestEstimateAgain(t *testing.T) {
	t.Parallel()
	file, diags := hclsyntax.ParseConfig([]byte(`
locals {
  each  = var.zones
  zones = local.each + 1
}
resource "aws_subnet" "a" { count = local.zones }
resource "aws_nat_gateway" "a" { count = length(aws_subnet.a) }
`), "main.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	c := New([]*hcl.File{file}, nil)
	for _, zones := range []int64{1, 2, 1} {
		e := c.Estimate(map[string]cty.Value{"zones": cty.NumberIntVal(zones)}, "us-east-1")
		if want := fmt.Sprint(zones + 1); len(e.Items) != 1 || e.Items[0].What != want {
			t.Errorf("%d zones: %v, want %s gateways", zones, e.Items, want)
		}
	}
}

// TestCache: with what other code has left behind, an estimate is what it is by
// itself, whatever differs: the block, a variable, a local value, a resource that it
// refers to, or others of a type. What does not differ is found.
func TestCache(t *testing.T) {
	t.Parallel()
	const local, subnets = "locals {\n  zones = var.zones\n}\n", "resource \"aws_subnet\" \"a\" {\n  count = 2\n}\n"
	const gateways = "resource \"aws_nat_gateway\" \"a\" {\n  count = local.zones + length(aws_subnet.a)\n}\n"
	const service = "resource \"aws_ecs_service\" \"a\" {\n  task_definition = aws_ecs_task_definition.a.arn\n  desired_count = 2\n}\n"
	const task, proxy = "resource \"aws_ecs_task_definition\" \"a\" {\n  cpu = 512\n  memory = 1024\n}\n", "resource \"aws_db_proxy\" \"a\" {\n}\n"
	const database = "resource \"aws_db_instance\" \"a\" {\n  instance_class = \"db.m7g.large\"\n}\n"
	const named = "resource \"aws_subnet\" \"b\" {\n  size = local.zones + 2\n  tags = local.zones\n}\n"
	const counted = "locals {\n  size = aws_subnet.b.size\n}\nresource \"aws_nat_gateway\" \"b\" {\n  count = local.size\n}\n"
	modules := []string{
		local + subnets + gateways,
		strings.Replace(local, "var.zones", "var.zones + 1", 1) + subnets + gateways,
		local + strings.Replace(subnets, "2", "3", 1) + gateways,
		local + subnets + strings.Replace(gateways, "+", "*", 1),
		local + gateways,
		subnets + gateways,
		task + service, strings.Replace(task, "512", "256", 1) + service, service,
		// A local value that is read through another resource's argument, and one that
		// counts by such an argument, which without it is not known.
		local + named + counted, local + strings.Replace(named, "2", "5", 1) + counted, local + counted,
		strings.Replace(local, "var.zones", "var.zones + 1", 1) + named + counted,
		proxy, database + proxy, strings.Replace(database, "large", "2xlarge", 1) + proxy, database + strings.Replace(database, "\"a\"", "\"b\"", 1) + proxy,
	}
	cache := &Cache{}
	for range 2 {
		for _, src := range modules {
			file, diags := hclsyntax.ParseConfig([]byte(src), "main.tf", hcl.InitialPos)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			for _, zones := range []cty.Value{cty.NumberIntVal(1), cty.NumberIntVal(2), cty.DynamicVal} {
				variables := map[string]cty.Value{"zones": zones}
				want := New([]*hcl.File{file}, nil).Estimate(variables, "us-east-1")
				if got := New([]*hcl.File{file}, cache).Estimate(variables, "us-east-1"); !reflect.DeepEqual(got, want) {
					t.Errorf("%s with %#v: %v, by itself %v", src, zones, got, want)
				}
			}
		}
	}
	// Three values each for the gateways of four modules and those without subnets
	// or without a local value, and of those that count by an argument; once for the rest.
	if want := 3*5 + 1 + 3 + 7 + 3*3 + 1; cache.shares.number != want {
		t.Errorf("%d shares were kept, want %d", cache.shares.number, want)
	}
}

// TestOf prices modules by hand: the list says 0.045 for an hour of a NAT gateway.
func TestOf(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		src       string
		variables map[string]cty.Value
		items     string // name: what = dollars
		unpriced  string
		byUse     string
	}{
		"count": {src: `resource "aws_nat_gateway" "a" { count = var.zones }`, variables: map[string]cty.Value{"zones": cty.NumberIntVal(2)},
			items: "NAT gateways: 2 = 65.70", byUse: "NAT (gigabytes)"},
		"count of what is not known": {src: `resource "aws_nat_gateway" "a" { count = length(data.aws_availability_zones.a.names) }`,
			unpriced: "aws_nat_gateway.a (the amount depends on values set at apply)", byUse: "NAT (gigabytes)"},
		"endpoints in as many subnets": {src: `
resource "aws_subnet" "a" {
  count = 3
}
resource "aws_vpc_endpoint" "a" {
  for_each          = toset(["ecr.api", "logs"])
  vpc_endpoint_type = "Interface"
  subnet_ids        = aws_subnet.a[*].id
}
resource "aws_vpc_endpoint" "s3" {
  vpc_endpoint_type = "Gateway"
}`, items: "Interface endpoints, one address in each zone: 6 = 43.80", byUse: "VPC endpoints (gigabytes)"},
		"tasks": {src: `
resource "aws_ecs_task_definition" "a" {
  cpu    = var.size.cpu
  memory = tostring(var.size.memory)
}
resource "aws_ecs_service" "a" {
  task_definition = aws_ecs_task_definition.a.arn
  desired_count   = 2
}`, variables: map[string]cty.Value{"size": cty.ObjectVal(map[string]cty.Value{"cpu": cty.NumberIntVal(512), "memory": cty.NumberIntVal(1024)})},
			items: "Fargate tasks, at the initial number: 1 × virtual CPU, 2 × GB = 36.04"},
		"tasks on ARM": {src: `
resource "aws_ecs_task_definition" "a" {
  cpu    = 1024
  memory = 2048
  runtime_platform {
    cpu_architecture = "ARM64"
  }
}
resource "aws_ecs_service" "a" {
  task_definition = aws_ecs_task_definition.a.arn
  desired_count   = 1
}`, items: "Fargate tasks, at the initial number: 1 × virtual CPU, 2 × GB = 28.84"},
		"tasks of somebody else": {src: `resource "aws_ecs_service" "a" {
  task_definition = var.task
  desired_count   = 1
}`, unpriced: "aws_ecs_service.a (the amount depends on values set at apply)"},
		"a cluster, its secret and its instances": {src: `
resource "aws_rds_cluster" "a" {
  manage_master_user_password = true
}
resource "aws_rds_cluster_instance" "a" {
  count          = 2
  instance_class = "db.t4g.medium"
}`, items: "Secrets: 1 = 0.40; Database instances: 2 × db.t4g.medium = 106.58", byUse: "Aurora (storage, requests and backups)"},
		"serverless": {src: `
resource "aws_rds_cluster" "a" {
  serverlessv2_scaling_configuration {
    min_capacity = 0.5
    max_capacity = 4
  }
}
resource "aws_rds_cluster_instance" "a" {
  instance_class = "db.serverless"
}`, items: "Database instances: 0.50 × capacity unit, at least = 43.80", byUse: "Aurora (storage, requests and backups)"},
		"a class without a price": {src: `resource "aws_rds_cluster_instance" "a" {
  instance_class = "db.x99.huge"
}`, unpriced: "Database instances (aurora db.x99.huge: not in the price list)"},
		"an instance in two zones": {src: `resource "aws_db_instance" "a" {
  instance_class    = "db.t4g.medium"
  allocated_storage = 20
  multi_az          = true
}`, items: "Database instances: 2 × db.t4g.medium = 94.90; Database storage, in GB: 40 = 4.60"},
		"a proxy by what stands behind it": {src: `
resource "aws_db_proxy" "a" {
}
resource "aws_db_proxy_endpoint" "a" {
  vpc_subnet_ids = ["subnet-1", "subnet-2"]
}
resource "aws_rds_cluster_instance" "a" {
  count          = 2
  instance_class = "db.r7g.2xlarge"
}`, items: "Database proxy: 16 × virtual CPU = 175.20; Interface endpoints, one address in each zone: 2 = 14.60",
			unpriced: "Database instances (aurora db.r7g.2xlarge: not in the price list)"},
		"a proxy before serverless": {src: `
resource "aws_db_proxy" "a" {
}
resource "aws_rds_cluster" "a" {
  serverlessv2_scaling_configuration {
    min_capacity = 0.5
  }
}
resource "aws_rds_cluster_instance" "a" {
  instance_class = "db.serverless"
}`, items: "Database proxy: 8 × capacity unit, at least = 87.60; Database instances: 0.50 × capacity unit, at least = 43.80", byUse: "Aurora (storage, requests and backups)"},
		"a proxy before an instance in two zones": {src: `
resource "aws_db_proxy" "a" {
}
resource "aws_db_instance" "a" {
  instance_class    = "db.t4g.medium"
  allocated_storage = 20
  multi_az          = true
}`, items: "Database proxy: 2 × virtual CPU = 21.90; Database instances: 2 × db.t4g.medium = 94.90; Database storage, in GB: 40 = 4.60"},
		"a proxy before a database of somebody else": {src: `resource "aws_db_proxy" "a" {
}`, unpriced: "aws_db_proxy.a (the amount depends on values set at apply)"},
		"a proxy before a class of another kind": {src: `
resource "aws_db_proxy" "a" {
}
resource "aws_db_instance" "a" {
  instance_class    = "db.x99.huge"
  allocated_storage = 20
}`, items: "Database storage, in GB: 20 = 2.30", unpriced: "Database instances (rds db.x99.huge: not in the price list); aws_db_proxy.a (the amount depends on values set at apply)"},
		"a cache in shards": {src: `resource "aws_elasticache_replication_group" "a" {
  engine                  = "valkey"
  node_type               = "cache.t4g.small"
  num_node_groups         = 2
  replicas_per_node_group = 1
}`, items: "Cache nodes: 4 × cache.t4g.small = 74.75"},
		"rules": {src: `resource "aws_wafv2_web_acl" "a" {
  rule {
    name = "a"
  }
  dynamic "rule" {
    for_each = toset(["b", "c"])
    content {}
  }
}`, items: "WAF: 1 × web ACL, 3 × rule = 8", byUse: "WAF (requests)"},
		"alarms by names that follow from arguments": {src: `
locals {
  nodes = [for i in range(2) : format("%s-%d", aws_elasticache_replication_group.a.replication_group_id, i)]
}
resource "aws_elasticache_replication_group" "a" {
  replication_group_id = "${var.name}-cache"
  engine               = "redis"
  node_type            = "cache.t4g.micro"
  num_cache_clusters   = length(local.nodes)
}
resource "aws_cloudwatch_metric_alarm" "a" {
  for_each = { for n in local.nodes : n => aws_elasticache_replication_group.a.arn }
}`, variables: map[string]cty.Value{"name": cty.StringVal("x")}, items: "Cache nodes: 2 × cache.t4g.micro = 23.36; Alarms: 2 = 0.20"},
		"open and closed load balancers": {src: `
resource "aws_lb" "a" {
  internal = true
}
resource "aws_lb" "b" {
  subnets = ["a", "b"]
}`, items: "Load balancers: 2 = 32.85; Public IPv4 addresses: 2 = 7.30", byUse: "Elastic Load Balancing (capacity units)"},
		"a local that needs itself":                 {src: "locals {\n  a = local.a\n}\nresource \"aws_eip\" \"a\" {\n  count = local.a\n}", unpriced: "aws_eip.a (the amount depends on values set at apply)"},
		"pipelines":                                 {src: "resource \"aws_codepipeline\" \"a\" {\n  pipeline_type = \"V2\"\n}\nresource \"aws_codepipeline\" \"b\" {}\n", items: "Pipelines: 1 = 1", byUse: "CodePipeline (minutes)"},
		"what costs nothing, and what nobody knows": {src: "resource \"aws_iam_role\" \"a\" {}\nresource \"aws_quantum_computer\" \"a\" {}\n", unpriced: "aws_quantum_computer"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := estimate(t, tt.src, tt.variables)
			var items []string
			for _, i := range e.Items {
				items = append(items, i.Name+": "+i.What+" = "+strings.TrimSuffix(fmt.Sprintf("%.2f", i.Dollars), ".00"))
			}
			if got := strings.Join(items, "; "); got != tt.items {
				t.Errorf("items: %s, want %s", got, tt.items)
			}
			if got := strings.Join(e.Unpriced, "; "); got != tt.unpriced {
				t.Errorf("not priced: %s, want %s", got, tt.unpriced)
			}
			if got := strings.Join(e.ByUse, "; "); got != tt.byUse {
				t.Errorf("by use: %s, want %s", got, tt.byUse)
			}
		})
	}
}

// TestCostsNothing: a type that only joins others or says what they may do is free,
// unless AWS bills just that.
func TestCostsNothing(t *testing.T) {
	t.Parallel()
	for typ, want := range map[string]bool{
		"aws_sqs_queue_redrive_allow_policy": true, "aws_sqs_queue_policy": true, "aws_ecr_repository_policy": true, "aws_autoscaling_policy": true,
		"aws_autoscaling_attachment": true, "aws_volume_attachment": true, "aws_eip_association": true, "aws_route_table_association": true,
		"aws_fms_policy": false, "aws_ec2_client_vpn_network_association": false, "aws_ec2_transit_gateway_peering_attachment": false, "aws_networkmanager_vpc_attachment": false,
		"aws_sqs_queue": false, "aws_mq_broker": false,
	} {
		if got := costsNothing(typ); got != want {
			t.Errorf("%s is free: %t", typ, got)
		}
	}
}
