// Command terraform-provider-companion serves package companions as a provider
// plugin. Which provider it is stands in the name by which it is called, such as
// terraform-provider-random_v99.0.0.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/bpgen/bpgen/acceptance/companions"
)

func main() {
	name, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(os.Args[0]), "terraform-provider-"), "_")
	p, err := companions.New(name)
	if err == nil {
		err = providerserver.Serve(context.Background(), func() provider.Provider { return p }, providerserver.ServeOpts{
			Address: "registry.terraform.io/hashicorp/" + name, ProtocolVersion: 5,
		})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
