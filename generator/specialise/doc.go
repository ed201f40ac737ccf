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
//
// HCL has literals for tuples, objects and nulls without a type, but none for
// lists, maps and nulls that have one. How a constant is written therefore rests
// on who reads it, which is found beforehand for every expression (demand.go):
//
//   - who converts to a type of its own gets the short form: ["a"], { k = "v" },
//     null;
//   - who sees the type gets the shortest text that has it (spell.go):
//     tolist(["a"]), tomap({ k = "v" }), tostring(null);
//   - a null object, and an empty list beside what is not one, take their type
//     from the arm of a conditional that is never chosen, false ? { p = "" } :
//     null: there is no function for it. Where something of the same type stands
//     beside them, they take it from there and stay null and [].
package specialise
