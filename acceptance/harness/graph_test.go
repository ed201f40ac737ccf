package harness

import (
	"slices"
	"testing"
)

func TestGraphLacks(t *testing.T) {
	text := `digraph {
		"[root] aws_ecs_service.a (expand)" -> "[root] local.x (expand)"
		"[root] local.x (expand)" -> "[root] aws_vpc_endpoint.b (expand)"
		"aws_ecs_service.a" -> "aws_route.c"
	}`
	g := Graph{edges: map[string][]string{}}
	for _, m := range graphEdge.FindAllStringSubmatch(text, -1) {
		g.edges[m[1]] = append(g.edges[m[1]], m[2])
	}
	got := g.Lacks("aws_ecs_service.a", []string{"aws_ssm_parameter.d", "aws_vpc_endpoint.b", "aws_route.c"})
	if !slices.Equal(got, []string{"aws_ssm_parameter.d"}) {
		t.Errorf("lacks %v", got)
	}
}
