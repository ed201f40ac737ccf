package vet

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// A Severity says how much a finding matters.
type Severity int

// The severities, the gravest first.
const (
	SeverityError   Severity = iota // Terraform refuses it, or it cannot be right
	SeverityWarning                 // it works but should be mended
	SeverityNotice                  // worth knowing
)

// String returns the severity's name in lower case.
func (s Severity) String() string {
	switch s {
	case SeverityError:
		return "error"
	case SeverityWarning:
		return "warning"
	}
	return "notice"
}

// A Rule is something that vet checks, with the name that findings and ignore
// comments use.
type Rule interface {
	ID() string         // lower case with hyphens, unique
	Severity() Severity // of every finding of the rule
	Why() string        // one line: why it matters
	Link() string       // where to read more; may be empty
}

// A Checker is a Rule that looks at modules itself. It reports diagnostics that
// have a Subject, in any order; severity and Extra are filled in from the rule.
type Checker interface {
	Rule
	Check(m *Module, report func(*hcl.Diagnostic))
}

// A Noted is a Rule that the notes ask for.
type Noted interface {
	Rule
	Notes() []string // ids of the entries that it holds
	About() []string // ids of those that it speaks of alone: it holds what AWS says today instead, or a part
}

// NotesOf returns the ids of the entries of the notes that a rule holds.
func NotesOf(r Rule) []string {
	if n, ok := r.(Noted); ok {
		return n.Notes()
	}
	return nil
}

// CitedBy returns the ids of all entries of the notes that a rule names: those that it
// holds, then those that it speaks of.
func CitedBy(r Rule) []string {
	n, ok := r.(Noted)
	if !ok {
		return nil
	}
	return slices.Concat(n.Notes(), n.About())
}

// A Finding is the Extra of every diagnostic of vet.
type Finding struct {
	Rule   Rule
	Module string // the folder of the module, "" for the root
}

// FindingOf returns the Finding of a diagnostic, if it is one of vet's.
func FindingOf(d *hcl.Diagnostic) (Finding, bool) {
	return hcl.DiagnosticExtra[Finding](d)
}

// Rules returns the rules of stages 1 and 2, sorted by ID.
func Rules() []Rule {
	rules := []Rule{
		ruleParse, ruleFormat, ruleUnreadFile, ruleOverrideFile, ruleIgnore,
		ruleUnknownType, ruleUnknownArgument, ruleUnknownBlock, ruleMissingArgument, ruleBlockCount,
		ruleWrongType, ruleComputedArgument, ruleDroppedAttribute,
		ruleUnknownReference, ruleUnknownAttribute, ruleUnknownFunction, ruleMisplacedReference, ruleInstanceKey, ruleCycle,
		ruleUnusedVariable, ruleUnusedLocal, ruleUnusedData, ruleDuplicate, ruleOverride, ruleInvalidName,
		ruleUndeclaredProvider, ruleVersionConstraint, ruleModuleCall, ruleUndeclaredVariable,
		ruleRefusedDefault, ruleUnknownInstances, ruleBundleStale,
	}
	slices.SortFunc(rules, func(a, b Rule) int { return strings.Compare(a.ID(), b.ID()) })
	return rules
}

// A rule is one whose check is part of the walk through a module.
type rule struct {
	id       string
	severity Severity
	why      string
	link     string
}

func (r *rule) ID() string         { return r.id }
func (r *rule) Severity() Severity { return r.severity }
func (r *rule) Why() string        { return r.why }
func (r *rule) Link() string       { return r.link }

var _ Rule = (*rule)(nil)

const docs = "https://developer.hashicorp.com/terraform/language/"

// The rules of stages 1 and 2.
var (
	ruleParse        = &rule{"parse", SeverityError, "Terraform cannot read a file with a syntax error.", docs + "syntax/configuration"}
	ruleFormat       = &rule{"format", SeverityWarning, "A uniform layout keeps changes readable; terraform fmt produces it.", "https://developer.hashicorp.com/terraform/cli/commands/fmt"}
	ruleUnreadFile   = &rule{"unread-file", SeverityNotice, "vet cannot check what it cannot read.", ""}
	ruleOverrideFile = &rule{"override-file", SeverityNotice, "vet checks a block without the changes that an override file makes to it.", docs + "files/override"}
	ruleIgnore       = &rule{"ignore-comment", SeverityWarning, "An exception without a reason, or without effect, misleads the next reader.", ""}

	ruleUnknownType      = &rule{"unknown-type", SeverityError, "The provider has no such type.", docs + "resources/syntax"}
	ruleUnknownArgument  = &rule{"unknown-argument", SeverityError, "Terraform refuses arguments that the schema does not have.", docs + "syntax/configuration"}
	ruleUnknownBlock     = &rule{"unknown-block", SeverityError, "Terraform refuses blocks that the schema does not have.", docs + "syntax/configuration"}
	ruleMissingArgument  = &rule{"missing-argument", SeverityError, "Terraform refuses a block that lacks a required argument.", docs + "syntax/configuration"}
	ruleBlockCount       = &rule{"block-count", SeverityError, "The schema limits how many nested blocks there can be.", docs + "syntax/configuration"}
	ruleWrongType        = &rule{"wrong-type", SeverityError, "The value cannot be converted to the required type.", docs + "expressions/type-constraints"}
	ruleComputedArgument = &rule{"computed-argument", SeverityError, "The provider computes the value; configuration cannot set it.", docs + "resources/syntax"}
	ruleDroppedAttribute = &rule{"dropped-attribute", SeverityWarning, "Terraform silently drops attributes that the object type does not have.", docs + "expressions/type-constraints"}

	ruleUnknownReference   = &rule{"unknown-reference", SeverityError, "The name is not declared in this module.", docs + "expressions/references"}
	ruleUnknownAttribute   = &rule{"unknown-attribute", SeverityError, "The value has no such attribute.", docs + "expressions/references"}
	ruleUnknownFunction    = &rule{"unknown-function", SeverityError, "Neither Terraform nor OpenTofu has such a function.", docs + "functions"}
	ruleMisplacedReference = &rule{"misplaced-reference", SeverityError, "The name can only be used elsewhere.", docs + "expressions/references"}
	ruleInstanceKey        = &rule{"instance-key", SeverityError, "With count or for_each there are many instances; without, there is one.", docs + "expressions/references"}
	ruleCycle              = &rule{"cycle", SeverityError, "Terraform cannot order things that depend on each other.", ""}

	ruleUnusedVariable = &rule{"unused-variable", SeverityWarning, "Callers can set it, but it changes nothing.", docs + "values/variables"}
	ruleUnusedLocal    = &rule{"unused-local", SeverityWarning, "Dead code misleads its readers.", docs + "values/locals"}
	ruleUnusedData     = &rule{"unused-data", SeverityWarning, "It is read on every plan, and can fail, for no benefit.", docs + "data-sources"}
	ruleDuplicate      = &rule{"duplicate", SeverityError, "A name may be declared once in a module.", docs + "syntax/configuration"}
	ruleOverride       = &rule{"override", SeverityError, "Terraform refuses an override of what is not declared.", docs + "files/override"}
	ruleInvalidName    = &rule{"invalid-name", SeverityError, "Terraform refuses names that cannot be referenced or that it reserves.", docs + "syntax/configuration#identifiers"}

	ruleUndeclaredProvider = &rule{"undeclared-provider", SeverityError, "A provider configuration must be declared, or passed in by the caller.", docs + "providers/configuration"}
	ruleVersionConstraint  = &rule{"version-constraint", SeverityError, "Terraform cannot install a provider when no version satisfies the constraints.", docs + "expressions/version-constraints"}
	ruleModuleCall         = &rule{"module-call", SeverityError, "The call does not match the called module.", docs + "modules/syntax"}
	ruleRefusedDefault     = &rule{"refused-default", SeverityError, "A default that the variable's own validation rejects fails every plan that relies on it.", docs + "values/variables#custom-validation-rules"}
	ruleUnknownInstances   = &rule{"unknown-instances", SeverityError, "Terraform must know the instances of a block when it plans.", docs + "meta-arguments/for_each#limitations-on-values-used-in-for_each"}
	ruleBundleStale        = &rule{"bundle-stale", SeverityError, "AWS runs the archive, but people read the directory.", ""}
	ruleUndeclaredVariable = &rule{"undeclared-variable", SeverityWarning, "The value is for a variable that the module does not have.", docs + "values/variables"}
)
