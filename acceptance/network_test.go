package acceptance

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/matrix"
)

// ofNetworks are the resources that only the owner of a network may have.
var ofNetworks = regexp.MustCompile(`(?m)^resource "(aws_(?:default_\w+|vpc|subnet|internet_gateway|nat_gateway|eip|route|route_table|route_table_association|network_acl|vpc_endpoint|flow_log))"`)

// TestNetworkOfOthers finds nothing of a network in a module that is given one,
// and no link to a file that is not there.
func TestNetworkOfOthers(t *testing.T) {
	t.Parallel()
	bp := builtInBlueprint(t, "ecs-fargate")
	axes, rows := pairs(t, bp)
	for _, row := range append(rows, matrix.Row{}) {
		own := row["network"] != cty.StringVal("existing")
		if own && len(row) > 0 {
			continue
		}
		files, err := renderedWith("ecs-fargate", row, nil)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, f := range files.Files() {
			if !strings.HasSuffix(f.Path, ".tf") {
				continue
			}
			if m := ofNetworks.FindSubmatch(f.Bytes); m != nil {
				found = true
				if !own {
					t.Errorf("%s: %s has a resource %s", label(row, axes), f.Path, m[1])
				}
			}
		}
		if found != own {
			t.Errorf("resources of a network: %t, with a network of its own: %t", found, own)
		}
		readme, ok := files.Get("README.md")
		if !ok {
			t.Fatal("there is no README.md")
		}
		for _, m := range regexp.MustCompile(`\]\((\w[^):]*\.\w+)\)`).FindAllSubmatch(readme, -1) {
			if _, ok := files.Get(string(m[1])); !ok {
				t.Errorf("README.md links to %s, which is not there", m[1])
			}
		}
		if !own && bytes.Contains(readme, []byte("runbooks/network.md")) {
			t.Error("README.md speaks of the runbook of a network that is not made")
		}
	}
}
