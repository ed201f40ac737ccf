// Package budget bounds what the evaluation of expressions may cost.
//
// A few lines of HCL can stand for more work than any machine does: loops inside
// of loops, values that double one another, a format that is a gigabyte wide. A
// Budget counts the steps of an evaluation and the bytes of what it makes, and
// refuses with a diagnostic when they run out. It also carries the context of
// the work, so that a signal ends an evaluation where it is.
//
// It takes expressions and values and returns values and diagnostics. It knows
// nothing of templates and blueprints, and does not touch the operating system.
package budget

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/diag"
)

// The limits. The largest component of the built-in blueprint takes a few
// thousand steps and half a megabyte, foreign modules with hundreds of variables
// some ten times as much.
const (
	// MaxSteps is how many expressions one part may evaluate, each turn of a loop
	// counted.
	MaxSteps = 250_000
	// MaxBytes is how much one part may make, in values and text. What is made and
	// thrown away counts.
	MaxBytes = 24 << 20
	// MaxDepth is how deep expressions and the local values behind them may lie in
	// one another.
	MaxDepth = 5000
	// maxAllSteps and maxAllBytes bound all parts of one piece of work together.
	maxAllSteps = 3 * MaxSteps
	maxAllBytes = 3 * MaxBytes
	// maxSeriesSteps bounds a series.
	maxSeriesSteps = 8_000_000
	// constantSteps and constantBytes bound one constant: what a file writes down.
	constantSteps = 50_000
	constantBytes = 4 << 20
)

// A Budget is what one part of a piece of work may spend: one component, or the
// expressions of a blueprint. It is for one goroutine at a time.
type Budget struct {
	pool     *pool
	what     string // what is evaluated
	maxSteps int64
	maxBytes int64
	steps    int64
	bytes    int64
	told     int64 // steps that the pool knows of
	fault    *hcl.Diagnostic
	calls    map[string]call // the functions that were called, by name
}

// A pool is what all parts of one piece of work spend together. It is safe for
// concurrent use.
type pool struct {
	ctx          context.Context
	steps, bytes atomic.Int64
	most         int64 // steps
	unweighed    bool  // bytes do not add up: nothing is kept from part to part
}

// New returns the budget of a piece of work. Evaluation in it, and in what Part
// returns, ends with the context. What says what is evaluated, such as "the
// blueprint".
func New(ctx context.Context, what string) *Budget {
	return (&Budget{pool: &pool{ctx: ctx, most: maxAllSteps}}).Part(what)
}

// Series returns the budget of a series of evaluations, each of them a Part, of
// which nothing is kept: a check asks the same of a few thousand combinations.
func Series(ctx context.Context, what string) *Budget {
	return (&Budget{pool: &pool{ctx: ctx, most: maxSeriesSteps, unweighed: true}}).Part(what)
}

// Part returns the budget of one part of the same work.
func (b *Budget) Part(what string) *Budget {
	return &Budget{pool: b.pool, what: what, maxSteps: MaxSteps, maxBytes: MaxBytes}
}

// Apart returns a budget of as much again as New gives, which ends with the same
// context: for what is looked at and thrown away, so that it takes nothing from
// what is kept.
func (b *Budget) Apart(what string) *Budget { return New(b.pool.ctx, what) }

// constant returns the budget of one constant.
func constant() *Budget {
	return &Budget{pool: &pool{ctx: context.Background(), most: maxAllSteps}, what: "this constant", maxSteps: constantSteps, maxBytes: constantBytes}
}

// Stopped is the Extra of a diagnostic that says why an evaluation did not come
// to its end. What was found besides is not all there is to find.
type Stopped struct {
	// Interrupted says that the context ended, and nothing is wrong with what is
	// evaluated.
	Interrupted bool
}

// Ended says whether one of the diagnostics is Stopped.
func Ended(diags hcl.Diagnostics) bool {
	for _, d := range diags {
		if _, ok := d.Extra.(Stopped); ok {
			return true
		}
	}
	return false
}

// Fault returns why nothing more is evaluated, nil as long as there is budget.
func (b *Budget) Fault() *hcl.Diagnostic { return b.fault }

// Interrupted returns why the work must end now, nil as long as the context
// lasts. Loops that evaluate nothing ask it.
func (b *Budget) Interrupted() *hcl.Diagnostic {
	if b.fault != nil {
		return b.fault
	}
	return b.interrupted()
}

// Spent returns how many steps were taken, and bytes made.
func (b *Budget) Spent() (steps, bytes int64) { return b.steps, b.bytes }

// A Place is where something is evaluated.
type Place interface{ Range() hcl.Range }

// Step takes one step. It returns why no further one may be taken.
func (b *Budget) Step(at Place) *hcl.Diagnostic { return b.spend(1, 0, at) }

// Make takes as many bytes.
func (b *Budget) Make(bytes int, at Place) *hcl.Diagnostic { return b.spend(0, int64(bytes), at) }

// Deep refuses a depth above MaxDepth.
func (b *Budget) Deep(depth int, at Place) *hcl.Diagnostic {
	if depth <= MaxDepth || b.fault != nil {
		return b.fault
	}
	return b.stop(at, "Nested too deeply", "Evaluating %s takes more than %d levels; the limit was reached here. Look for a chain of local values in which each refers to the one before.", b.what, MaxDepth)
}

// often is how many steps are taken before the pool and the context are asked.
const often = 256

// spend takes steps and bytes.
func (b *Budget) spend(steps, bytes int64, at Place) *hcl.Diagnostic {
	if b.fault != nil {
		return b.fault
	}
	b.steps += steps
	b.bytes += bytes
	switch {
	case b.steps > b.maxSteps:
		return b.tooMany(b.maxSteps, at)
	case b.bytes > b.maxBytes:
		return b.tooMuch(b.maxBytes, at)
	case bytes == 0 && b.steps-b.told < often:
		return nil
	}
	all := b.pool.steps.Add(b.steps - b.told)
	b.told = b.steps
	switch {
	case b.pool.bytes.Add(bytes) > maxAllBytes && !b.pool.unweighed:
		return b.tooMuch(maxAllBytes, at)
	case all > b.pool.most:
		return b.tooMany(b.pool.most, at)
	}
	return b.interrupted()
}

func (b *Budget) interrupted() *hcl.Diagnostic {
	if err := b.pool.ctx.Err(); err != nil {
		b.fault = diag.Error(hcl.Range{}, "Interrupted", "Evaluation was stopped: %s.", context.Cause(b.pool.ctx))
		b.fault.Extra = Stopped{Interrupted: true}
	}
	return b.fault
}

func (b *Budget) tooMany(most int64, at Place) *hcl.Diagnostic {
	return b.stop(at, "Too much to evaluate", "Evaluating %s takes more than %d steps; the limit was reached here. Look for nested loops, and for local values that use one another many times.", b.what, most)
}

func (b *Budget) tooMuch(most int64, at Place) *hcl.Diagnostic {
	return b.stop(at, "Too much to evaluate", "Evaluating %s produces more than %d MiB of values and text; the limit was reached here. Look for nested loops, for values that double one another, and for calls that produce long strings.", b.what, most>>20)
}

// stop ends the evaluation.
func (b *Budget) stop(at Place, summary, format string, args ...any) *hcl.Diagnostic {
	b.fault = diag.Error(at.Range(), summary, "%s", fmt.Sprintf(format, args...))
	b.fault.Extra = Stopped{}
	return b.fault
}
