// Package statesafe says what becomes of the objects of a module when its code
// changes, before anything is planned.
//
// It takes the files of a module before and after, and returns what happens by
// address: kept, moved, created, destroyed, replaced, or perhaps another number of
// instances, each with whether it holds data. Which changed arguments replace an
// object it knows from the table that package schema embeds. It follows calls of
// modules that are among the files, locals, variables, and blocks moved and removed.
// The package is pure, evaluates nothing but constants and never fails: what does not
// parse it reads by its lines. It knows of what a change is sure to do, and of nothing
// that a provider decides by code; so a plan may replace more.
package statesafe
