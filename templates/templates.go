// Package templates embeds the building blocks: one folder each, an ordinary
// Terraform module. It imports nothing of bpgen.
package templates

import "embed"

// FS holds one folder per template.
//
//go:embed all:*
var FS embed.FS
