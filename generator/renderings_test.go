package generator_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
)

// TestPartition holds that no combination of options writes the partition of
// most regions down, which China and the US government do not have.
func TestPartition(t *testing.T) {
	t.Parallel()
	cat := builtIn(t)
	for _, s := range samples(t, cat) {
		res := renderSample(t, cat, s, link.Flat)
		for _, f := range res.Files.Files() {
			example := strings.HasPrefix(f.Path, "examples/") // whose values are those of one account
			if strings.HasSuffix(f.Path, ".tf") && !example && strings.Contains(string(f.Bytes), `"arn:aws:`) {
				t.Errorf("%s: an ARN begins with arn:aws: instead of data.aws_partition: with %s", f.Path, s)
			}
		}
	}
}

// TestNothingDecidedStays holds that no combination of options leaves a conditional
// in the code whose condition says true or false, but for a typed null and the like:
// there the arm that is not taken has no reference and gives the other its type.
func TestNothingDecidedStays(t *testing.T) {
	t.Parallel()
	cat := builtIn(t)
	session := generator.NewSession(cat)
	for _, s := range samples(t, cat) {
		res, diags := session.Generate(t.Context(), generator.Request{Blueprint: s.blueprint, Inputs: inputs(s.row), Layout: link.Flat})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		for _, f := range res.Files.Files() {
			if !strings.HasSuffix(f.Path, ".tf") {
				continue
			}
			file, diags := hclsyntax.ParseConfig(f.Bytes, f.Path, hcl.InitialPos)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			_ = hclsyntax.VisitAll(file.Body.(*hclsyntax.Body), func(n hclsyntax.Node) hcl.Diagnostics {
				if c, ok := n.(*hclsyntax.ConditionalExpr); ok && decided(c) {
					t.Errorf("%s: with %s a choice stays that is none: %s", c.Range(), s, c.Range().SliceBytes(f.Bytes))
				}
				return nil
			})
		}
	}
}

func decided(c *hclsyntax.ConditionalExpr) bool {
	l, ok := c.Condition.(*hclsyntax.LiteralValueExpr)
	if !ok || l.Val.Type() != cty.Bool {
		return false
	}
	other := c.FalseResult
	if l.Val.False() {
		other = c.TrueResult
	}
	return len(other.Variables()) > 0
}

// TestOriginIsReplacedInOrder holds the order in which another load balancer
// takes the place of one: CloudFront refuses to change an origin in use, and AWS
// to delete what one leads to.
func TestOriginIsReplacedInOrder(t *testing.T) {
	t.Parallel()
	res := render(t, builtIn(t), nil, link.Flat)
	for _, c := range []struct{ file, object, needs string }{
		{"cdn.tf", `resource "aws_cloudfront_vpc_origin" "cdn" {`, `create_before_destroy = true`},
		{"cdn.tf", `resource "aws_cloudfront_vpc_origin" "cdn" {`, `replace_triggered_by  = [terraform_data.cdn_origin]`},
		{"cdn.tf", `resource "terraform_data" "cdn_origin" {`, `input = aws_lb.load_balancer.arn`},
		{"load-balancer.tf", `resource "aws_lb" "load_balancer" {`, `create_before_destroy = true`},
	} {
		text, _ := res.Files.Get(c.file)
		_, block, ok := strings.Cut(string(text), c.object)
		block, _, _ = strings.Cut(block, "\n}\n")
		if !ok || !strings.Contains(block, c.needs) {
			t.Errorf("%s: %s lacks %s", c.file, c.object, c.needs)
		}
	}
}

// TestProxyWaitsForInstances holds that a cluster is registered at its proxy when
// its instances are there: AWS refuses it while one is being made or set up.
func TestProxyWaitsForInstances(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"aurora-mysql", "aurora-postgresql"} {
		res := render(t, builtIn(t), []resolve.Input{{Name: "database", Raw: engine, Source: "test"}, {Name: "database_proxy", Raw: "true", Source: "test"}}, link.Flat)
		text, _ := res.Files.Get("database-proxy.tf")
		_, block, ok := strings.Cut(string(text), `resource "aws_db_proxy_target" "database_proxy" {`)
		block, _, _ = strings.Cut(block, "\n}\n")
		_, waits, _ := strings.Cut(block, "depends_on")
		if !ok || !strings.Contains(waits, "aws_rds_cluster_instance.database,") {
			t.Errorf("%s: the proxy's target does not wait for the instances", engine)
		}
	}
}

// TestClassesByEngine holds that an instance class is refused where the engine
// has no Database Insights on it.
func TestClassesByEngine(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile(`regex\(("\^db[^\n]*?\$"), var\.database_size\.class\)`)
	for _, c := range []struct {
		engine, class string
		want          bool
	}{
		{"aurora-mysql", "db.t4g.medium", true},
		{"aurora-mysql", "db.t3.medium", false},
		{"aurora-mysql", "db.serverless", true},
		{"aurora-mysql", "db.r7g.large", true},
		{"aurora-postgresql", "db.t3.medium", true},
		{"aurora-postgresql", "db.t2.medium", false},
	} {
		res := render(t, builtIn(t), []resolve.Input{{Name: "database", Raw: c.engine, Source: "test"}}, link.Flat)
		text, _ := res.Files.Get("variables.tf")
		m := pattern.FindSubmatch(text)
		if m == nil {
			t.Fatalf("%s: variables.tf has no pattern of classes", c.engine)
		}
		classes, err := strconv.Unquote(string(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		if got := regexp.MustCompile(classes).MatchString(c.class); got != c.want {
			t.Errorf("%s: %s is allowed: %v, want %v", c.engine, c.class, got, c.want)
		}
	}
}
