// Command terraform-provider-aws serves package awsschema as a provider plugin.
//
// The version stands in the name of the executable, as Terraform wants it:
// terraform-provider-aws_v5.100.0_x5 serves the schema of version 5, any other
// name that of version 6. The environment variable AWSSCHEMA_ONLY, a list of
// types and nested blocks separated by commas, makes it serve these alone.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"

	"github.com/bpgen/bpgen/acceptance/awsschema"
)

func main() {
	major := "6"
	if strings.Contains(filepath.Base(os.Args[0]), "_v5.") {
		major = "5"
	}
	var only []string
	if list := os.Getenv("AWSSCHEMA_ONLY"); list != "" {
		only = strings.Split(list, ",")
	}
	server, err := awsschema.New(major, only...)
	if err == nil {
		err = tf5server.Serve("registry.terraform.io/hashicorp/aws", func() tfprotov5.ProviderServer { return server })
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
