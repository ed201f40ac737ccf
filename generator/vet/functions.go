package vet

import "github.com/zclconf/go-cty/cty"

// functionType returns the type that a function of Terraform or OpenTofu
// returns, cty.DynamicPseudoType when it depends on the arguments, and whether
// there is such a function.
func functionType(name string) (cty.Type, bool) {
	switch name {
	case "alltrue", "anytrue", "can", "cidrcontains", "contains", "endswith", "fileexists", "issensitive", "startswith", "strcontains", "tobool":
		return cty.Bool, true
	case "abs", "ceil", "floor", "length", "log", "max", "min", "pow", "signum", "timecmp", "tonumber", "index", "parseint", "sum":
		return cty.Number, true
	case "abspath", "base64decode", "base64encode", "base64gunzip", "base64gzip", "base64sha256", "base64sha512", "basename", "bcrypt",
		"chomp", "cidrhost", "cidrnetmask", "cidrsubnet", "dirname", "file", "filebase64", "filebase64sha256", "filebase64sha512",
		"filemd5", "filesha1", "filesha256", "filesha512", "format", "formatdate", "indent", "join", "jsonencode", "lower", "md5", "pathexpand",
		"plantimestamp", "replace", "rsadecrypt", "sha1", "sha256", "sha512", "strrev", "substr", "templatestring", "textdecodebase64",
		"textencodebase64", "timeadd", "timestamp", "title", "tostring", "trim", "trimprefix", "trimspace", "trimsuffix", "upper",
		"urldecode", "urlencode", "uuid", "uuidv5", "yamlencode":
		return cty.String, true
	case "cidrsubnets", "compact", "sort", "split":
		return cty.List(cty.String), true
	case "range":
		return cty.List(cty.Number), true
	case "fileset":
		return cty.Set(cty.String), true
	case "transpose":
		return cty.Map(cty.List(cty.String)), true
	case "chunklist", "coalesce", "coalescelist", "concat", "convert", "csvdecode", "distinct", "element", "ephemeralasnull",
		"flatten", "flipsensitive", "formatlist", "jsondecode", "keys", "lookup", "matchkeys", "merge", "nonsensitive", "one",
		"regex", "regexall", "reverse", "sensitive", "setintersection", "setproduct", "setsubtract", "setunion", "slice",
		"templatefile", "tolist", "tomap", "toset", "try", "type", "values", "yamldecode", "zipmap":
		return cty.DynamicPseudoType, true
	}
	return cty.DynamicPseudoType, false
}

// ofOpenTofu are the functions that Terraform does not have.
var ofOpenTofu = map[string]bool{"base64gunzip": true, "cidrcontains": true, "urldecode": true}

// functionNames are the names for suggestions.
var functionNames = []string{
	"abs", "abspath", "alltrue", "anytrue", "base64decode", "base64encode", "base64gunzip", "base64gzip", "base64sha256", "base64sha512",
	"basename", "bcrypt", "can", "ceil", "chomp", "chunklist", "cidrcontains", "cidrhost", "cidrnetmask", "cidrsubnet", "cidrsubnets",
	"coalesce", "coalescelist", "compact", "concat", "contains", "csvdecode", "dirname", "distinct", "element", "endswith",
	"ephemeralasnull", "file", "filebase64", "filebase64sha256", "filebase64sha512", "fileexists", "filemd5", "fileset", "filesha1",
	"filesha256", "filesha512", "flatten", "floor", "format", "formatdate", "formatlist", "indent", "index", "issensitive", "join",
	"jsondecode", "jsonencode", "keys", "length", "log", "lookup", "lower", "matchkeys", "max", "md5", "merge", "min", "nonsensitive",
	"one", "parseint", "pathexpand", "plantimestamp", "pow", "range", "regex", "regexall", "replace", "reverse", "rsadecrypt",
	"sensitive", "setintersection", "setproduct", "setsubtract", "setunion", "sha1", "sha256", "sha512", "signum", "slice", "sort",
	"split", "startswith", "strcontains", "strrev", "substr", "sum", "templatefile", "templatestring", "textdecodebase64",
	"textencodebase64", "timeadd", "timecmp", "timestamp", "title", "tobool", "tolist", "tomap", "tonumber", "toset", "tostring",
	"transpose", "trim", "trimprefix", "trimspace", "trimsuffix", "try", "type", "upper", "urldecode", "urlencode", "uuid", "uuidv5",
	"values", "yamldecode", "yamlencode", "zipmap",
}
