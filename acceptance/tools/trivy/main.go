// Command trivy runs the checks of Trivy over Terraform modules and prints what
// it found as JSON.
//
//	trivy FOLDER MODULE...
//
// The modules are folders below FOLDER, out of which nothing is read. The
// checks are those that this release of Trivy carries. It does what `trivy
// config` does, without all that makes Trivy take ten minutes to build.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/aquasecurity/trivy/pkg/iac/rego"
	"github.com/aquasecurity/trivy/pkg/iac/scan"
	"github.com/aquasecurity/trivy/pkg/iac/scanners/terraform"
	"github.com/aquasecurity/trivy/pkg/log"
)

// A finding is what one check says about one place.
type finding struct {
	ID       string
	Severity string
	Module   string
	File     string
	Line     int
	End      int
	Text     string
	Status   string // failed, passed or ignored
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: trivy FOLDER MODULE...")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root string, modules []string, out io.Writer) error {
	log.SetDefault(log.New(log.NewHandler(os.Stderr, &log.Options{Level: log.LevelError})))
	// One for all modules: to compile the checks takes longer than to run them.
	checks := rego.NewScanner(rego.WithEmbeddedPolicies(true), rego.WithEmbeddedLibraries(true))
	files := os.DirFS(root)
	if err := checks.LoadPolicies(files); err != nil {
		return err
	}
	status := map[scan.Status]string{scan.StatusFailed: "failed", scan.StatusPassed: "passed", scan.StatusIgnored: "ignored"}
	findings := []finding{}
	for _, module := range modules {
		s := terraform.New(terraform.ScannerWithDownloadsAllowed(false), terraform.ScannerWithStopOnHCLError(true), terraform.ScannerWithAllDirectories(false))
		s.RegoScannerProvider = rego.NewRegoScannerProvider(rego.WithRegoScanner(checks))
		results, err := s.ScanFS(context.Background(), files, module)
		if err != nil {
			return fmt.Errorf("%s: %w", module, err)
		}
		for _, r := range results {
			findings = append(findings, finding{
				ID: r.Rule().ID, Severity: string(r.Severity()), Module: module,
				File: r.Range().GetLocalFilename(), Line: r.Range().GetStartLine(), End: r.Range().GetEndLine(),
				Text: r.Description(), Status: status[r.Status()],
			})
		}
	}
	return json.NewEncoder(out).Encode(findings)
}
