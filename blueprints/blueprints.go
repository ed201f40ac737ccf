// Package blueprints embeds the reference architectures, one folder each, and
// the ledger of the notes they cite. It imports nothing of bpgen.
package blueprints

import "embed"

// FS holds <name>/blueprint.hcl, parts/<name>.hcl and notes/<system>.yaml.
//
//go:embed all:*
var FS embed.FS
