package rerender_test

import (
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/rerender"
	"github.com/bpgen/bpgen/generator/schema"
)

func TestLosses(t *testing.T) {
	t.Parallel()
	const (
		mysql    = "resource \"aws_db_instance\" \"db\" {\n  engine = \"mysql\"\n}\n"
		mariadb  = "resource \"aws_db_instance\" \"db\" {\n  engine = \"mariadb\"\n}\n"
		redis    = "resource \"aws_elasticache_replication_group\" \"c\" {\n  engine = \"redis\"\n}\n"
		valkey   = "resource \"aws_elasticache_replication_group\" \"c\" {\n  engine = \"valkey\"\n}\n"
		bucket   = "resource \"aws_s3_bucket\" \"logs\" {\n}\n"
		renamed  = "resource \"aws_s3_bucket\" \"access\" {\n}\n"
		counted  = "resource \"aws_s3_bucket\" \"logs\" {\n  count = 1\n}\n"
		keyed    = "resource \"aws_s3_bucket\" \"logs\" {\n  for_each = toset([\"a\"])\n}\n"
		moved    = "moved {\n  from = aws_s3_bucket.logs\n  to   = aws_s3_bucket.access\n}\n"
		removed  = "removed {\n  from = aws_s3_bucket.logs\n\n  lifecycle {\n    destroy = false\n  }\n}\n"
		purged   = "removed {\n  from = aws_s3_bucket.logs\n\n  lifecycle {\n    destroy = true\n  }\n}\n"
		instance = "resource \"aws_rds_cluster_instance\" \"a\" {\n}\n\ndata \"aws_s3_bucket\" \"b\" {\n  bucket = \"b\"\n}\n"
		call     = "module \"database\" {\n  source = \"./modules/database\"\n  engine = \"mysql\"\n}\n"
		queue    = "resource \"aws_sqs_queue\" \"dead_letter\" {\n}\n"
		logs     = "resource \"aws_cloudwatch_log_group\" \"app\" {\n}\n"
		keptLogs = "resource \"aws_cloudwatch_log_group\" \"app\" {\n  skip_destroy = true\n}\n"
		host     = "resource \"aws_ssm_parameter\" \"host\" {\n  value = \"x\"\n}\n"
		byHand   = "resource \"aws_ssm_parameter\" \"token\" {\n  value = \"x\"\n\n  lifecycle {\n    ignore_changes = [value]\n  }\n}\n"
		topic    = "resource \"aws_sns_topic\" \"t\" {\n}\n"
		recalled = "module \"database\" {\n  source = \"./modules/database\"\n  engine = \"mariadb\"\n}\n"
	)
	file := func(path, was, is string) rerender.File {
		f := rerender.File{Path: path}
		if was != "" {
			f.Old = []byte(was)
		}
		if is != "" {
			f.New = []byte(is)
		}
		return f
	}
	for name, tt := range map[string]struct {
		files []rerender.File
		want  string // addresses
		why   string
	}{
		"nothing was there":         {files: []rerender.File{file("main.tf", "", bucket)}},
		"nothing is lost":           {files: []rerender.File{file("main.tf", bucket, bucket+mysql)}},
		"a file goes":               {files: []rerender.File{file("main.tf", bucket+mysql, "")}, want: "aws_db_instance.db aws_s3_bucket.logs", why: "no longer in the module"},
		"to another file":           {files: []rerender.File{file("a.tf", bucket, ""), file("b.tf", "", bucket)}},
		"another engine":            {files: []rerender.File{file("main.tf", mysql, mariadb)}, want: "aws_db_instance.db", why: `from "mysql" to "mariadb"`},
		"another argument":          {files: []rerender.File{file("main.tf", strings.Replace(bucket, "{", "{\n  bucket = \"a\"", 1), strings.Replace(bucket, "{", "{\n  bucket = \"b\"", 1))}, want: "aws_s3_bucket.logs", why: `replaced, because bucket changes from "a" to "b"`},
		"an argument in place":      {files: []rerender.File{file("main.tf", bucket, strings.Replace(bucket, "{", "{\n  force_destroy = true", 1))}},
		"Redis becomes Valkey":      {files: []rerender.File{file("main.tf", redis, valkey)}},
		"Valkey becomes no Redis":   {files: []rerender.File{file("main.tf", valkey, redis)}, want: "aws_elasticache_replication_group.c", why: `from "valkey" to "redis"`},
		"renamed":                   {files: []rerender.File{file("main.tf", bucket, renamed)}, want: "aws_s3_bucket.logs"},
		"renamed and moved":         {files: []rerender.File{file("main.tf", bucket, renamed), file("moved.tf", "", moved)}},
		"moved to nowhere":          {files: []rerender.File{file("main.tf", bucket, moved)}, want: "aws_s3_bucket.logs"},
		"let go":                    {files: []rerender.File{file("main.tf", bucket, removed)}},
		"removed with its object":   {files: []rerender.File{file("main.tf", bucket, purged)}, want: "aws_s3_bucket.logs"},
		"counted":                   {files: []rerender.File{file("main.tf", bucket, counted)}},
		"with keys":                 {files: []rerender.File{file("main.tf", bucket, keyed)}, want: "aws_s3_bucket.logs", why: "for_each"},
		"what holds no data itself": {files: []rerender.File{file("main.tf", instance, "")}},
		"messages":                  {files: []rerender.File{file("main.tf", queue+topic, "")}, want: "aws_sqs_queue.dead_letter", why: "no longer in the module"},
		"logs":                      {files: []rerender.File{file("main.tf", logs, "")}, want: "aws_cloudwatch_log_group.app"},
		"logs that stay":            {files: []rerender.File{file("main.tf", keptLogs, "")}},
		"parameters":                {files: []rerender.File{file("main.tf", host+byHand, "")}, want: "aws_ssm_parameter.token"},
		"an example":                {files: []rerender.File{file("examples/complete/main.tf", bucket, ""), file("tests/setup/main.tf", bucket, "")}},
		"no code":                   {files: []rerender.File{file("README.md", bucket, "")}},
		"a child module":            {files: []rerender.File{file("modules/logs/main.tf", bucket, "")}, want: "module.logs.aws_s3_bucket.logs"},
		"to another layout":         {files: []rerender.File{file("logs.tf", bucket, ""), file("modules/logs/main.tf", "", bucket)}, want: "aws_s3_bucket.logs"},
		"the engine of a call":      {files: []rerender.File{file("main.tf", call, recalled)}, want: "module.database", why: `from "mysql" to "mariadb"`},
		"a call goes":               {files: []rerender.File{file("main.tf", call, "")}},
		"nothing in half a file":    {files: []rerender.File{file("main.tf", "resource {{{", mysql)}},
		"something in half a file":  {files: []rerender.File{file("main.tf", bucket+mysql+"locals {", mariadb)}, want: "aws_s3_bucket.logs"},
		"too large":                 {files: []rerender.File{{Path: "main.tf", Unread: true}}, want: "main.tf", why: "its contents are unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var addresses []string
			var why string
			for _, l := range rerender.Losses(tt.files) {
				addresses = append(addresses, l.Address)
				why += l.Why + "\n"
			}
			if got := strings.Join(addresses, " "); got != tt.want || !strings.Contains(why, tt.why) {
				t.Errorf("got %q: %s", got, why)
			}
		})
	}
}

// TestStoresAreTypes holds the list against the provider's schemas.
func TestStoresAreTypes(t *testing.T) {
	t.Parallel()
	p, ok := schema.For("6")
	if !ok {
		t.Fatal("no schema")
	}
	if len(rerender.Stores) < 20 {
		t.Errorf("only %d types", len(rerender.Stores))
	}
	for typ, byEngine := range rerender.Stores {
		b, ok := p.Type(schema.KindResource, typ)
		if !ok {
			t.Errorf("%s is no type of the provider", typ)
			continue
		}
		if _, has := b.Attributes["engine"]; has != byEngine {
			t.Errorf("%s: has the argument engine: %t", typ, has)
		}
	}
}
