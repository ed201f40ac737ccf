// Package awsschema is a provider for tests that speaks for hashicorp/aws: it
// serves the schema of one of its releases over plugin protocol 5, so that the
// real core validates, plans, tests and applies offline and without an account.
//
// It takes a release whose schema package generator/schema embeds and returns a
// provider server. Planning leaves computed attributes unknown where the real
// provider does; applying gives them values that look real (ARNs, ids, host
// names). The values follow from the type and its arguments alone, so that two
// runs agree; two resources of one type with the same arguments therefore have
// the same id. It checks no more of the configuration than the schema does,
// never replaces a resource, and calls nothing.
package awsschema
