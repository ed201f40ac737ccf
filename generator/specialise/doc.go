// Package specialise evaluates the expressions and blocks of a template as far
// as the chosen constants allow.
//
// It takes a template, what its variables are bound to and the provider's
// types, and returns a *Component: blocks of HCL text in which everything that
// was known is folded, everything else is the original text, and every name is
// the one of the linked module. What cannot be decided stays in the code:
// specialising never changes what a module means. The next stage is link.
//
// An expression becomes a Result, which is known (a cty value), shaped (a list
// or object whose elements are results) or residual (text). Text is always
// spliced from the source, so comments and layout survive.
package specialise
