// Package generator renders blueprints: it is the linker of bpgen, from the
// chosen options to the files of a Terraform module in memory.
//
// Generate calls the stages in order, each a package of its own: catalog
// (load), resolve, specialise, link, render and vet. Nothing here touches the
// operating system; package write puts a result on the disk.
//
// bpgen is a program: none of its packages is an API for other modules, and each
// may change with any release (adr/20261130-a-program-not-a-library.md).
package generator
