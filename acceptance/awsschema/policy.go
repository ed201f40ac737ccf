package awsschema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// A policyDocument is an IAM policy; the fields stand in the order in which the
// real provider writes them.
type policyDocument struct {
	Version   string            `json:",omitempty"`
	ID        string            `json:"Id,omitempty"`
	Statement []policyStatement `json:",omitempty"`
}

// A policyStatement holds what may be a string or a list as any.
type policyStatement struct {
	Sid          string `json:",omitempty"`
	Effect       string `json:",omitempty"`
	Action       any    `json:",omitempty"`
	NotAction    any    `json:",omitempty"`
	Resource     any    `json:",omitempty"`
	NotResource  any    `json:",omitempty"`
	Principal    any    `json:",omitempty"`
	NotPrincipal any    `json:",omitempty"`
	Condition    any    `json:",omitempty"`
}

// renderPolicy returns the JSON of an aws_iam_policy_document, indented and
// minified.
func renderPolicy(config cty.Value) (pretty, minified string, err error) {
	doc := policyDocument{Version: text(config, "version"), ID: text(config, "policy_id")}
	if doc.Version == "" {
		doc.Version = "2012-10-17"
	}
	for _, source := range stringsOf(config, "source_policy_documents") {
		if err := mergePolicy(&doc, source, false); err != nil {
			return "", "", fmt.Errorf("source_policy_documents: %w", err)
		}
	}
	for _, s := range elements(config, "statement") {
		doc.Statement = append(doc.Statement, newStatement(s))
	}
	for _, override := range stringsOf(config, "override_policy_documents") {
		if err := mergePolicy(&doc, override, true); err != nil {
			return "", "", fmt.Errorf("override_policy_documents: %w", err)
		}
	}
	min, err := encode(doc)
	if err != nil {
		return "", "", err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(min), "", "  "); err != nil {
		return "", "", err
	}
	return out.String(), min, nil
}

// encode is json.Marshal without the escapes that are meant for HTML.
func encode(v any) (string, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return strings.TrimSuffix(out.String(), "\n"), err
}

// mergePolicy adds the statements of another document; with override a
// statement takes the place of the one with the same Sid.
func mergePolicy(doc *policyDocument, source string, override bool) error {
	var other policyDocument
	if err := json.Unmarshal([]byte(source), &other); err != nil {
		return err
	}
	if other.ID != "" && (override || doc.ID == "") {
		doc.ID = other.ID
	}
	for _, s := range other.Statement {
		at := slices.IndexFunc(doc.Statement, func(d policyStatement) bool { return d.Sid != "" && d.Sid == s.Sid })
		switch {
		case at < 0:
			doc.Statement = append(doc.Statement, s)
		case override:
			doc.Statement[at] = s
		default:
			return fmt.Errorf("two statements have the Sid %q", s.Sid)
		}
	}
	return nil
}

func newStatement(s cty.Value) policyStatement {
	out := policyStatement{
		Sid:          text(s, "sid"),
		Effect:       text(s, "effect"),
		Action:       oneOrMany(stringsOf(s, "actions")),
		NotAction:    oneOrMany(stringsOf(s, "not_actions")),
		Resource:     oneOrMany(stringsOf(s, "resources")),
		NotResource:  oneOrMany(stringsOf(s, "not_resources")),
		Principal:    principals(elements(s, "principals")),
		NotPrincipal: principals(elements(s, "not_principals")),
	}
	if out.Effect == "" {
		out.Effect = "Allow"
	}
	conditions := map[string]map[string]any{}
	for _, c := range elements(s, "condition") {
		test := text(c, "test")
		if conditions[test] == nil {
			conditions[test] = map[string]any{}
		}
		var values []string
		for _, v := range elements(c, "values") {
			values = append(values, policyVariable(v.AsString()))
		}
		if len(values) == 1 {
			conditions[test][text(c, "variable")] = values[0]
		} else {
			conditions[test][text(c, "variable")] = values
		}
	}
	if len(conditions) > 0 {
		out.Condition = conditions
	}
	return out
}

// oneOrMany returns one string as it is and several as a list in descending
// order, as the real provider does.
func oneOrMany(list []string) any {
	for i := range list {
		list[i] = policyVariable(list[i])
	}
	switch len(list) {
	case 0:
		return nil
	case 1:
		return list[0]
	}
	slices.Sort(list)
	slices.Reverse(list)
	return list
}

// policyVariable turns the provider's &{aws:username} into ${aws:username}.
func policyVariable(s string) string { return strings.ReplaceAll(s, "&{", "${") }

func principals(list []cty.Value) any {
	byType := map[string][]string{}
	for _, p := range list {
		kind := text(p, "type")
		byType[kind] = append(byType[kind], stringsOf(p, "identifiers")...)
	}
	if len(byType) == 0 {
		return nil
	}
	if all := byType["*"]; len(byType) == 1 && len(all) == 1 && all[0] == "*" {
		return "*"
	}
	out := map[string]any{}
	for kind, ids := range byType {
		out[kind] = oneOrMany(ids)
	}
	return out
}
