// Package harness runs Terraform and OpenTofu for the acceptance tests.
//
// It takes the environment (see README.md one folder up) and finds a Terraform
// binary, an OpenTofu binary and a mirror with the real hashicorp/aws, builds
// the stand-in provider awsschema, and returns runners that call init, validate,
// test, plan, apply and console in a folder of their own. What is missing skips
// a test with the reason, or fails it when BPGEN_ACC_REQUIRE names it. It is for
// tests only: nothing else of bpgen may import it.
package harness
