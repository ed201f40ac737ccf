package acceptance

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
)

// gaps are the attributes, by type of resource, that the emulators do not give
// back as they were written, each with the reason. A plan may set them again.
var gaps = map[string]string{
	"aws_ec2_transit_gateway_vpc_attachment.tags":     "moto forgets the tags with which an attachment is made",
	"aws_ec2_transit_gateway_vpc_attachment.tags_all": "moto forgets the tags with which an attachment is made",
	"aws_vpn_connection.preshared_key_storage":        "moto says Standard, whatever is asked for",
}

// guarded are attributes that findings in reviews were about: no gap may hide
// them.
var guarded = []string{
	"aws_ecs_service.task_definition", "aws_ecs_service.desired_count", "aws_ecs_service.deployment_circuit_breaker", "aws_ecs_service.load_balancer",
	"aws_rds_cluster.cluster_identifier", "aws_rds_cluster.deletion_protection", "aws_rds_cluster.skip_final_snapshot", "aws_rds_cluster.kms_key_id",
	"aws_rds_cluster.engine_version", "aws_rds_cluster.delete_automated_backups", "aws_rds_cluster_instance.identifier",
	"aws_db_instance.identifier", "aws_db_instance.deletion_protection", "aws_db_instance.skip_final_snapshot", "aws_db_instance.kms_key_id",
	"aws_db_instance.engine_version", "aws_db_instance.option_group_name", "aws_db_instance.delete_automated_backups",
	"aws_db_option_group.name", "aws_rds_cluster_parameter_group.parameter", "aws_db_parameter_group.parameter",
	"aws_kms_key.deletion_window_in_days", "aws_kms_key.policy", "aws_ssm_parameter.value",
	"aws_wafv2_web_acl.rule", "aws_s3_bucket.force_destroy", "aws_ecr_repository.force_delete",
	"aws_iam_role_policy.policy", "aws_lb_listener.default_action", "aws_lb_target_group.port", "aws_vpc_endpoint.policy",
	"aws_cloudfront_cache_policy.min_ttl", "aws_scheduler_schedule.target",
}

// figures are what is counted in one life.
type figures struct {
	steps     int
	destroyed int
	gaps      map[string]int
	config    *tfjson.Config
	took      time.Duration
}

// A ledger adds up the figures of lives.
type ledger struct {
	mu    sync.Mutex
	lives int // that came to their end
	used  map[string]int
}

// add notes the figures of a life that came to its end, and holds them against
// what is asked of one.
func (l *ledger) add(t *testing.T, v *living) {
	attributes, standIn := coverage(v.figures.config)
	t.Logf("%d resources applied, %d destroyed, %d steps, %d of %d attributes in %d gaps, %s",
		v.applied, v.figures.destroyed, v.figures.steps, standIn, attributes, len(v.figures.gaps), v.figures.took.Round(time.Second))
	if v.applied == 0 || 100*v.figures.destroyed < 95*v.applied {
		t.Errorf("%d of %d resources were destroyed", v.figures.destroyed, v.applied)
	}
	if attributes == 0 || 100*standIn > 5*attributes {
		t.Errorf("%d of %d attributes are not held against what AWS says of them", standIn, attributes)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lives++
	for pair, times := range v.figures.gaps {
		l.used[pair] += times
	}
}

// close requires that the list of gaps holds what was needed and nothing else:
// that every entry was needed shows only when all lives were led to their end.
func (l *ledger) close(t *testing.T, lives int) {
	t.Helper()
	for _, pair := range slices.Sorted(maps.Keys(gaps)) {
		if slices.Contains(guarded, pair) {
			t.Errorf("the gap %s hides what a finding was about", pair)
		}
		if l.used[pair] == 0 && l.lives >= lives {
			t.Errorf("no life needs the gap %s: %s", pair, gaps[pair])
		}
	}
}

// coverage counts the attributes that a module sets, by type of resource, and
// those of them that stand in the list of gaps.
func coverage(c *tfjson.Config) (attributes, standIn int) {
	if c == nil || c.RootModule == nil {
		return 0, 0
	}
	seen := map[string]bool{}
	for _, r := range c.RootModule.Resources {
		if r.Mode != tfjson.ManagedResourceMode {
			continue
		}
		for name := range r.Expressions {
			seen[r.Type+"."+name] = true
		}
	}
	for pair := range seen {
		if _, ok := gaps[pair]; ok {
			standIn++
		}
	}
	return len(seen), standIn
}

// TestGapsAreReasoned holds the lists against each other, without a life.
func TestGapsAreReasoned(t *testing.T) {
	for pair, reason := range gaps {
		kind, attribute, ok := strings.Cut(pair, ".")
		if !ok || !strings.HasPrefix(kind, "aws_") || attribute == "" || len(strings.Fields(reason)) < 3 {
			t.Errorf("the gap %q: %q wants a type, an attribute and a reason", pair, reason)
		}
		if slices.Contains(guarded, pair) {
			t.Errorf("the gap %s hides what a finding was about", pair)
		}
	}
}
