package acceptance

import (
	"sync"
	"testing"

	"github.com/bpgen/bpgen/generator"
)

func allSets(t *testing.T) []mutationSet { return mutationSets }

func (s mutationSet) byLedger(t *testing.T, result generator.Result) []*trial { return nil }

// A score counts what became of mutants.
type score struct {
	mu                             sync.Mutex
	vet, tests, survivors, refused int
}

func (c *score) judge(t *testing.T, tr *trial) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case tr.vet != "":
		c.vet++
		t.Log("vet:", tr.vet)
	case tr.mutant.Noticed != "":
		c.tests++
		t.Log("test:", tr.mutant.Noticed)
	case tr.refused != "":
		c.refused++
		t.Error("the mutation does more than it should: ", tr.refused)
	default:
		c.survivors++
		t.Error("nothing notices it", tr.mutant.Visible())
	}
}

func (c *score) report(t *testing.T) {
	t.Logf("%+v", c)
}
