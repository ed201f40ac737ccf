package vet

import (
	"sync"

	"github.com/zclconf/go-cty/cty"
)

// A spec is what Terraform's own language (not a provider) allows in a block.
type spec struct {
	attrs  map[string]specAttr
	blocks map[string]specBlock
	open   bool // further arguments and blocks are allowed and only their expressions checked
	skip   bool // the content is read elsewhere
}

type specAttr struct {
	how      how
	ty       cty.Type // for howValue; the zero value for any
	required bool
}

type specBlock struct {
	*spec
	labels   int
	min, max int  // 0 for none
	self     bool // `self` has a meaning inside
}

// A how says how the expression of an argument of the language is read.
type how int

const (
	howValue     how = iota // an ordinary expression
	howConstant             // an expression without references
	howKeyword              // a word such as `destroy`, a type, or an address that need not exist
	howAddresses            // a list of addresses, as depends_on takes
	howIgnore               // a list of the block's own arguments, or `all`
	howProvider             // a provider configuration
	howProviders            // a map from provider configurations to provider configurations
	howTriggers             // a list of references, also to attributes
	howAddress              // the address of a declared resource
	howInstances            // count or for_each; read before the rest of the block
	howElsewhere            // checked where the block is
)

func value(ty cty.Type) specAttr    { return specAttr{ty: ty} }
func constant(ty cty.Type) specAttr { return specAttr{how: howConstant, ty: ty} }
func by(h how) specAttr             { return specAttr{how: h} }
func must(a specAttr) specAttr      { a.required = true; return a }

// A language holds the specs, by keyword of the top-level block, and those that
// are added to a provider's schema.
type language struct {
	top       map[string]*spec
	topLabels map[string]int
	resource  *spec // resource and ephemeral
	data      *spec
}

// terraformLanguage covers Terraform up to 1.14 and OpenTofu up to 1.12: a word
// that only one of them knows is for them to refuse.
var terraformLanguage = sync.OnceValue(func() *language {
	condition := &spec{attrs: map[string]specAttr{
		"condition": must(value(cty.Bool)), "error_message": must(value(cty.String)),
	}}
	anything := &spec{open: true}
	provisioner := &spec{open: true,
		attrs:  map[string]specAttr{"when": by(howKeyword), "on_failure": by(howKeyword)},
		blocks: map[string]specBlock{"connection": {spec: anything, self: true}},
	}
	lifecycle := &spec{
		attrs: map[string]specAttr{
			"create_before_destroy": constant(cty.Bool), "prevent_destroy": value(cty.Bool), "destroy": value(cty.Bool),
			"ignore_changes": by(howIgnore), "replace_triggered_by": by(howTriggers), "enabled": value(cty.Bool),
		},
		blocks: map[string]specBlock{
			"precondition": {spec: condition}, "postcondition": {spec: condition, self: true}, "action_trigger": {spec: anything},
		},
	}
	instances := func(more map[string]specAttr) map[string]specAttr {
		more["count"], more["for_each"] = by(howInstances), by(howInstances)
		more["provider"], more["depends_on"] = by(howProvider), by(howAddresses)
		return more
	}
	l := &language{
		resource: &spec{attrs: instances(map[string]specAttr{}), blocks: map[string]specBlock{
			"lifecycle":   {spec: lifecycle, max: 1},
			"connection":  {spec: anything, max: 1, self: true},
			"provisioner": {spec: provisioner, labels: 1, self: true},
		}},
		data: &spec{attrs: instances(map[string]specAttr{}), blocks: map[string]specBlock{
			"lifecycle": {spec: lifecycle, max: 1},
		}},
	}
	l.top = map[string]*spec{
		"terraform": {
			attrs: map[string]specAttr{"required_version": constant(cty.String), "experiments": by(howKeyword)},
			blocks: map[string]specBlock{
				"required_providers": {spec: &spec{skip: true}}, "provider_meta": {spec: anything, labels: 1},
				"backend": {spec: anything, labels: 1, max: 1}, "cloud": {spec: anything, max: 1}, "encryption": {spec: anything, max: 1},
			},
		},
		"variable": {
			attrs: map[string]specAttr{
				"type": by(howKeyword), "default": by(howElsewhere), "description": constant(cty.String), "deprecated": constant(cty.String),
				"const": constant(cty.Bool), "sensitive": constant(cty.Bool), "nullable": constant(cty.Bool), "ephemeral": constant(cty.Bool),
			},
			blocks: map[string]specBlock{"validation": {spec: condition}},
		},
		"output": {
			attrs: map[string]specAttr{
				"value": must(by(howElsewhere)), "description": constant(cty.String), "deprecated": constant(cty.String),
				"sensitive": constant(cty.Bool), "ephemeral": constant(cty.Bool), "depends_on": by(howAddresses), "type": by(howKeyword),
			},
			blocks: map[string]specBlock{"precondition": {spec: condition}},
		},
		"module": {
			attrs: instances(map[string]specAttr{
				"source": must(by(howKeyword)), "version": by(howKeyword), "providers": by(howProviders),
			}),
			blocks: map[string]specBlock{"lifecycle": {spec: lifecycle, max: 1}},
		},
		"locals":   {open: true},
		"provider": {attrs: map[string]specAttr{"alias": constant(cty.String), "version": constant(cty.String), "for_each": by(howInstances)}},
		"moved":    {attrs: map[string]specAttr{"from": must(by(howKeyword)), "to": must(by(howKeyword))}},
		"removed": {
			attrs:  map[string]specAttr{"from": must(by(howKeyword))},
			blocks: map[string]specBlock{"lifecycle": {spec: lifecycle, max: 1}, "provisioner": {spec: provisioner, labels: 1, self: true}, "connection": {spec: anything, max: 1, self: true}},
		},
		"import": {attrs: map[string]specAttr{
			"to": must(by(howAddress)), "id": value(cty.String), "identity": value(cty.NilType),
			"provider": by(howProvider), "for_each": by(howInstances),
		}},
		"check":     {blocks: map[string]specBlock{"assert": {spec: condition, min: 1}, "data": {spec: anything, labels: 2, max: 1}}},
		"resource":  l.resource,
		"data":      l.data,
		"ephemeral": l.resource,
		"action":    anything,
		"language":  anything,
	}
	l.topLabels = map[string]int{
		"variable": 1, "output": 1, "module": 1, "provider": 1, "check": 1,
		"resource": 2, "data": 2, "ephemeral": 2, "action": 2,
	}
	return l
})
