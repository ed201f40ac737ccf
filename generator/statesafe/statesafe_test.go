package statesafe_test

import (
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/schema"
	"github.com/bpgen/bpgen/generator/statesafe"
)

// tree makes files of a text in which "-- name --" begins each file; what comes
// before the first one is main.tf.
func tree(t *testing.T, text string) *fileset.Set {
	t.Helper()
	out := &fileset.Set{}
	name, body := "main.tf", ""
	add := func() {
		if err := out.Add(name, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	for line := range strings.Lines(text) {
		if next, ok := strings.CutPrefix(strings.TrimSpace(line), "-- "); ok {
			add()
			name, body = strings.TrimSuffix(next, " --"), ""
			continue
		}
		body += line
	}
	add()
	return out
}

// spell is a report in short: "address fate", "(data)" where it holds data.
func spell(r statesafe.Report) string {
	var out []string
	for _, c := range r.Changes {
		words := c.Address + " " + string(c.Fate)
		if c.To != "" {
			words += " to " + c.To
		}
		if c.Data {
			words += " (data)"
		}
		if c.Why != "" {
			words += ": " + c.Why
		}
		out = append(out, words)
	}
	return strings.Join(out, "\n")
}

func TestCompare(t *testing.T) {
	cluster := func(body string) string { return "resource \"aws_rds_cluster\" \"a\" {\n" + body + "\n}\n" }
	for name, tc := range map[string]struct{ old, new, want string }{
		"nothing":      {cluster(`engine = "aurora-mysql"`), cluster("# a comment\nengine   =   \"aurora-mysql\" # why"), "aws_rds_cluster.a kept (data)"},
		"in place":     {cluster(`backup_retention_period = 7`), cluster(`backup_retention_period = 35`), "aws_rds_cluster.a kept (data)"},
		"replaced":     {cluster(`engine = "aurora-mysql"`), cluster(`engine = "aurora-postgresql"`), `aws_rds_cluster.a replaced (data): engine changes from "aurora-mysql" to "aurora-postgresql"`},
		"by a local":   {cluster(`cluster_identifier = local.n`) + "locals { n = \"a\" }\n", cluster(`cluster_identifier = local.n`) + "locals { n = \"b\" }\n", `aws_rds_cluster.a replaced (data): cluster_identifier changes from "a" to "b"`},
		"local gone":   {cluster(`cluster_identifier = local.n`) + "locals { n = \"a\" }\n", cluster(`cluster_identifier = "a"`), "aws_rds_cluster.a kept (data)"},
		"ignored":      {cluster(`cluster_identifier = "a"`), cluster("cluster_identifier = \"b\"\nlifecycle { ignore_changes = [cluster_identifier] }"), "aws_rds_cluster.a kept (data)"},
		"destroyed":    {cluster(``), "", "aws_rds_cluster.a destroyed (data): no longer in the module"},
		"forgotten":    {cluster(``), "removed {\n from = aws_rds_cluster.a\n lifecycle { destroy = false }\n}\n", "aws_rds_cluster.a forgotten (data): a block removed lets it live"},
		"not let live": {cluster(``), "removed {\n from = aws_rds_cluster.a\n lifecycle { destroy = true }\n}\n", "aws_rds_cluster.a destroyed (data): no longer in the module"},
		"created":      {"", cluster(``), "aws_rds_cluster.a created (data)"},
		"moved": {
			"resource \"aws_kms_key\" \"k\" {}\n" + cluster(`kms_key_id = aws_kms_key.k.arn`),
			"resource \"aws_kms_key\" \"z\" {}\nmoved {\n from = aws_kms_key.k\n to = aws_kms_key.z\n}\n" + cluster(`kms_key_id = aws_kms_key.z.arn`),
			"aws_kms_key.k moved to aws_kms_key.z (data)\naws_rds_cluster.a kept (data)",
		},
		"follows": {
			"resource \"aws_db_subnet_group\" \"g\" { name = \"a\" }\nresource \"aws_vpc\" \"v\" { cidr_block = \"10.0.0.0/16\" }\nresource \"aws_security_group\" \"s\" { vpc_id = aws_vpc.v.id }\n",
			"resource \"aws_db_subnet_group\" \"g\" { name = \"a\" }\nresource \"aws_vpc\" \"v\" { cidr_block = \"10.1.0.0/16\" }\nresource \"aws_security_group\" \"s\" { vpc_id = aws_vpc.v.id }\n",
			"aws_db_subnet_group.g kept\naws_security_group.s replaced: vpc_id follows aws_vpc.v, which is replaced\naws_vpc.v replaced: cidr_block changes from \"10.0.0.0/16\" to \"10.1.0.0/16\"",
		},
		"for_each":    {cluster(``), cluster(`for_each = toset(["a"])`), "aws_rds_cluster.a replaced (data): for_each gives its instances new addresses"},
		"count":       {cluster(`count = 2`), cluster(`count = 1`), "aws_rds_cluster.a instances (data): count changes from 2 to 1"},
		"count 0":     {cluster(`count = 1`), cluster(`count = 0`), "aws_rds_cluster.a destroyed (data): count becomes 0"},
		"valkey":      {"resource \"aws_elasticache_replication_group\" \"a\" { engine = \"redis\" }\n", "resource \"aws_elasticache_replication_group\" \"a\" { engine = \"valkey\" }\n", "aws_elasticache_replication_group.a kept (data)"},
		"nested":      {"module \"m\" {\n source = \"./modules/m\"\n e = \"a\"\n}\n-- modules/m/main.tf --\nvariable \"e\" {}\n" + cluster(`engine = var.e`), "module \"m\" {\n source = \"./modules/m\"\n e = \"b\"\n}\n-- modules/m/main.tf --\nvariable \"e\" {}\n" + cluster(`engine = var.e`), `module.m.aws_rds_cluster.a replaced (data): engine changes from "a" to "b"`},
		"module away": {"module \"m\" { source = \"./modules/m\" }\n-- modules/m/main.tf --\n" + cluster(``), "-- modules/m/main.tf --\n" + cluster(``), "module.m.aws_rds_cluster.a destroyed (data): no longer in the module"},
		"broken":      {cluster(`engine = "a`) + "resource \"aws_lb\" \"l\" {\n", cluster(``), "aws_lb.l destroyed: no longer in the module\naws_rds_cluster.a kept (data)"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := spell(statesafe.Compare(tree(t, tc.old), tree(t, tc.new))); got != tc.want {
				t.Errorf("got\n%s\nwant\n%s", got, tc.want)
			}
		})
	}
}

func TestStopsAndKeep(t *testing.T) {
	r := statesafe.Compare(tree(t, "resource \"aws_s3_bucket\" \"a\" { bucket = \"a\" }\nresource \"aws_s3_bucket\" \"b\" { bucket = \"b\" }\nresource \"aws_lb\" \"l\" {}\n"), tree(t, "resource \"aws_s3_bucket\" \"b\" { bucket = \"c\" }\n"))
	var got []string
	for _, c := range r.Stops() {
		got = append(got, c.Address)
	}
	if s := strings.Join(got, " "); s != "aws_s3_bucket.a aws_s3_bucket.b" {
		t.Errorf("stops are %q", s)
	}
	if s := r.Stops("aws_s3_bucket.a", "aws_s3_bucket.b"); len(s) != 0 {
		t.Errorf("what is allowed stops: %v", s)
	}
	blocks, impossible := r.Keep(`aws_s3_bucket.a["x"]`, "aws_s3_bucket.b")
	want := "removed {\n  from = aws_s3_bucket.a\n\n  lifecycle {\n    destroy = false\n  }\n}\n"
	if blocks != want || strings.Join(impossible, " ") != "aws_s3_bucket.b" {
		t.Errorf("blocks are\n%s\nand impossible %q", blocks, impossible)
	}
	for _, text := range []string{r.Text(), r.Markdown()} {
		if !strings.Contains(text, "aws_s3_bucket.a") || !strings.Contains(text, "5.100.0") {
			t.Errorf("the report lacks an address or the release:\n%s", text)
		}
	}
}

func TestState(t *testing.T) {
	r := statesafe.Compare(tree(t, "resource \"aws_s3_bucket\" \"a\" { count = 2 }\nresource \"aws_s3_bucket\" \"b\" {}\n"), tree(t, ""))
	for name, src := range map[string]string{
		"show": `{"values":{"root_module":{"resources":[{"address":"aws_s3_bucket.other","mode":"managed"}],"child_modules":[{"resources":[{"address":"module.web.aws_s3_bucket.a[0]","mode":"managed"},{"address":"module.web.aws_s3_bucket.a[1]","mode":"managed"},{"address":"module.web.data.aws_s3_bucket.b","mode":"data"},{"address":"module.web.aws_lb.c","mode":"managed"}]}]}}}`,
		"pull": `{"version":4,"resources":[{"module":"module.web","mode":"managed","type":"aws_s3_bucket","name":"a","instances":[{"index_key":0},{"index_key":1}]},{"module":"module.web","mode":"managed","type":"aws_lb","name":"c","instances":[{}]},{"mode":"managed","type":"aws_s3_bucket","name":"b","instances":[{}]}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			s, err := statesafe.ReadState([]byte(src), "module.web")
			if err != nil {
				t.Fatal(err)
			}
			got := r.Check(s)
			stops := got.Stops()
			if len(stops) != 1 || strings.Join(stops[0].Objects, " ") != "aws_s3_bucket.a[0] aws_s3_bucket.a[1]" {
				t.Errorf("stops are %v", stops)
			}
			if notes := strings.Join(got.Notes, "\n"); !strings.HasPrefix(notes, "aws_lb.c exists") || len(got.Notes) != 1 {
				t.Errorf("notes are %q", notes)
			}
		})
	}
	for _, src := range []string{"", "{", "{}", "[]", `{"version":3}`} {
		if _, err := statesafe.ReadState([]byte(src), ""); err == nil {
			t.Errorf("%q is taken for a state", src)
		}
	}
}

// TestStoresAreTypes holds the list against the provider's schemas.
func TestStoresAreTypes(t *testing.T) {
	for _, major := range schema.Majors() {
		p, _ := schema.For(major)
		n := 0
		for _, typ := range p.Names(schema.KindResource) {
			if statesafe.HoldsData(typ) {
				n++
			}
		}
		if n != statesafe.StoreCount {
			t.Errorf("hashicorp/aws %s has %d of the %d types", p.Version(), n, statesafe.StoreCount)
		}
	}
}
