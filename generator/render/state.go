package render

import (
	"slices"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/link"
)

// state says how environments are kept apart. A module without profiles has one
// environment, and its caller decides.
func (r *renderer) state() []byte {
	d := &document{}
	profiles := r.Blueprint.Profiles
	if len(profiles) == 0 {
		return nil
	}
	first, last := profiles[0], profiles[len(profiles)-1]
	d.paragraph("## State")
	warning := "Give every environment its own state and its own name."
	if len(profiles) > 1 {
		warning += " A plan with the values of " + text(last.Name) + " against the state of " + text(first.Name) + " turns " + text(first.Name) + " into " + text(last.Name) + ": only the state distinguishes the environments."
	}
	d.paragraph(warning)
	if !slices.ContainsFunc(r.Module.Versions.Providers, func(p link.Provider) bool { return p.Name == "aws" }) {
		return d.Bytes() // where its state is kept is not for us to guess
	}
	if r.needsAliases() {
		d.paragraph("Write a root module for each environment, such as ", code("environments/"+first.Name), ", with a backend and a module block of its own.")
		return d.Bytes()
	}
	d.paragraph("Leave the key out of the backend in ", code("backend.tf"), ":")
	d.fence("hcl", r.backend())
	d.paragraph("Then each environment has its own key and its own local data directory, so a plan cannot use the state of another:")
	d.fence("sh", []byte("export TF_DATA_DIR=.terraform-"+first.Name+"\n"+
		r.program()+" init -backend-config=\"key="+r.Blueprint.Name+"/"+first.Name+".tfstate\"\n"+
		r.program()+" plan -var-file="+envPath(first)+"\n"))
	return d.Bytes()
}

// backend returns a partial configuration of the S3 backend. The lock is a file
// beside the state, which needs no table.
func (r *renderer) backend() []byte {
	file := hclwrite.NewEmptyFile()
	s3 := file.Body().AppendNewBlock("terraform", nil).Body().AppendNewBlock("backend", []string{"s3"}).Body()
	region := "<region>"
	if r.saysRegion() {
		region = r.region()
	}
	s3.SetAttributeValue("region", cty.StringVal(region))
	s3.SetAttributeValue("bucket", cty.StringVal("<bucket with versions>"))
	s3.SetAttributeValue("encrypt", cty.True)
	s3.SetAttributeValue("use_lockfile", cty.True)
	return r.printed(file)
}
