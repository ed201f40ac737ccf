// Command terraform-provider-bpgen serves the provider to Terraform and OpenTofu.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/object/builtin"
	"github.com/bpgen/bpgen/generator/platform"
	bpgen "github.com/bpgen/bpgen/generator/provider"
	"github.com/bpgen/bpgen/templates"
)

// address is the provider's in the public registry.
const address = "registry.terraform.io/bpgen/bpgen"

func main() {
	waiting := flag.Bool("debug", false, "serve until interrupted, and print how Terraform can attach to this process")
	flag.Parse()
	p := bpgen.New(bpgen.Environment{
		BuiltIn: catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS, Formatted: true, Objects: builtin.Objects()},
		Path:    os.Getenv(platform.PathVariable),
		Version: version(),
	})
	var options []tf6server.ServeOpt
	if *waiting {
		options = append(options, tf6server.WithManagedDebug())
	}
	err := tf6server.Serve(address, func() tfprotov6.ProviderServer { return p.Server(os.Stderr) }, options...)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// version is that of the build.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
