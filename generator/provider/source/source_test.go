package source_test

import (
	"fmt"
	"testing"

	"github.com/bpgen/bpgen/generator/provider/source"
)

// TestTypes holds that no two blueprints share a data source, and that none takes
// the name of another one.
func TestTypes(t *testing.T) {
	t.Parallel()
	got := source.Types([]string{"ecs-fargate", "a-b", "a_b", "blueprint", "blueprints", "Site", "1st"}, "blueprint", "blueprints")
	if s := fmt.Sprint(got); s != "map[1st:_1st Site:site ecs-fargate:ecs_fargate]" {
		t.Errorf("got %s", s)
	}
}
