// Package acceptance proves what bpgen renders with real Terraform and OpenTofu:
// rendered modules with the real hashicorp/aws 5.100 and with awsschema, equal
// plans of the flat and the nested layout, and the conformance cases.
//
// It has tests only; they run when TF_ACC is set (make testacc). README.md says
// how to run one, what they need and how to look into a failure.
package acceptance
