package acceptance

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/matrix"
)

// TestLifeCanFail puts faults back that renderings once had, and that only show
// in the course of a life: each is found.
func TestLifeCanFail(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	small := life{blueprint: "ecs-fargate", name: "small", region: homeRegion, options: matrix.Row{
		"cdn": cty.False, "waf": cty.False, "alarms": cty.False, "cache": cty.StringVal("none"), "aws_provider": cty.StringVal("5"),
	}}
	files, err := renderedWith("ecs-fargate", small.options, nil)
	if err != nil {
		t.Fatal(err)
	}
	means, err := small.means()
	if err != nil {
		t.Fatal(err)
	}
	faults, err := harness.Sources("acceptance/life_fault_test.go", "acceptance/testdata/life/*")
	if err != nil {
		t.Fatal(err)
	}
	core := harness.Either(t)
	provider := harness.RealAWS(t, core)
	// The service is made as soon as its listener is.
	t.Run("order", func(t *testing.T) {
		t.Parallel()
		changed := mutated(t, files, remove("aws_ecs_service.service", "depends_on"))
		lacks, err := order(t, core, changed)
		if err != nil {
			t.Fatal(err)
		}
		for _, need := range []string{"aws_vpc_endpoint.", "aws_route_table_association.", "aws_vpc_security_group_egress_rule."} {
			if !strings.Contains(strings.Join(lacks, "\n"), "before "+need) {
				t.Errorf("nobody notices that the service may be made before %s: %v", need, lacks)
			}
		}
	})
	for name, find := range map[string]func(*testing.T, life){"restore": findReplacement, "key": findLostKey} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			harness.Proven(t, core, provider, "TestLifeCanFail "+name, func() { find(t, small) }, files, means, faults)
		})
	}
}

// findReplacement restores a cluster and leaves it another identifier than the
// configuration gives it.
func findReplacement(t *testing.T, small life) {
	v := database(t, small)
	script, err := instructions(filepath.Join("testdata", "life", "restore-that-replaces.md"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.r.Follow(t, v.aws, script, 5*time.Minute); err != nil {
		t.Fatal(err)
	}
	plan, err := v.r.Plan(databaseAlone)
	if err != nil {
		t.Fatal(err)
	}
	if err := allowed(restore(), plan); err == nil || !strings.Contains(err.Error(), "aws_rds_cluster.database: [delete create]") {
		t.Errorf("nobody notices that the plan replaces the restored cluster: %v", err)
	}
}

// findLostKey destroys a cluster together with the key of its last snapshot.
func findLostKey(t *testing.T, small life) {
	v := database(t, small, set("aws_rds_cluster.database", "kms_key_id", `aws_kms_key.database.arn`))
	if err := v.r.Apply(databaseAlone, "-var=deletion_protection=false"); err != nil {
		t.Fatal(err)
	}
	if _, err := v.r.Run("", "destroy", "-auto-approve", "-no-color", "-var=deletion_protection=false"); err != nil {
		t.Fatal(err)
	}
	err := v.gone()
	if err == nil || !strings.Contains(err.Error(), "goes, and with it ") || !strings.Contains(err.Error(), "cluster-snapshot:example-db-final") {
		t.Errorf("nobody notices that the key of the last snapshot goes: %v", err)
	}
}

// databaseAlone restricts a command to the database and what it needs.
const databaseAlone = "-target=aws_rds_cluster_instance.database"

// database applies the database of a module with faults.
func database(t *testing.T, l life, faults ...mutation) *living {
	t.Helper()
	core := harness.Either(t)
	v := begin(t, l, core, harness.RealAWS(t, core))
	files, err := renderedWith("ecs-fargate", v.options, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(faults) > 0 {
		key := []byte("resource \"aws_kms_key\" \"database\" {\n  enable_key_rotation = true\n}\n")
		if err := harness.WriteFile(filepath.Join(v.dir, "key.tf"), key); err != nil {
			t.Fatal(err)
		}
		v.look()
	}
	if err := harness.WriteFiles(v.dir, mutated(t, files, faults...)); err != nil {
		t.Fatal(err)
	}
	if err := v.r.Apply(databaseAlone); err != nil {
		t.Fatal(err)
	}
	return v
}

// mutated returns the files of a module with mutations.
func mutated(t *testing.T, files fileset.Set, mutations ...mutation) fileset.Set {
	t.Helper()
	all := slices.Clone(files.Files())
	for _, m := range mutations {
		changed, err := m.apply(all)
		if err != nil {
			t.Fatal(err)
		}
		for i := range all {
			if all[i].Path == changed.Path {
				all[i] = changed
			}
		}
	}
	var out fileset.Set
	for _, f := range all {
		if err := out.Add(f.Path, f.Bytes); err != nil {
			t.Fatal(err)
		}
	}
	return out
}
