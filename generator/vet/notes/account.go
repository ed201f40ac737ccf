package notes

import (
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/schema"
)

// account are the rules about who may act in an account.
var account = []*rule{
	{
		id: "foreign-trust", severity: fault, title: "Role for more people than intended",
		why:   "A trust policy that names a whole account or everyone gives the role to people nobody chose. A principal of another account needs an external ID as well, because it may also work for others.",
		notes: []string{"sts.trusted-entity-user-arn", "sts.external-id"}, link: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
		check: func(f *finder) {
			for _, r := range f.of("aws_iam_role") {
				for _, t := range r.trusts() {
					f.trust(r, t)
				}
			}
		},
	},
}

// trust reports a statement of a trust policy that allows too many.
func (f *finder) trust(role thing, t trust) {
	for _, p := range t.aws {
		switch {
		case len(t.keys) == 0 && !t.open && p.text == "*":
			f.find(p.expr.Range(), "Anyone in AWS can assume %s. Name the users and roles that may.", role.name())
		case len(t.keys) == 0 && !t.open && (bareAccount.MatchString(p.text) || strings.HasSuffix(f.tail(p.expr), ":root")):
			f.find(p.expr.Range(), "Every user and role of an account can assume %s, if its administrators allow it. Name the users and roles by their ARNs.", role.name())
		case !t.open && foreign.MatchString(p.text) && !slices.ContainsFunc(t.keys, isAgreed):
			f.find(p.expr.Range(), "%s trusts a principal of another account without an external ID. Add a StringEquals condition on sts:ExternalId.", role.name())
		}
	}
	for _, p := range t.federated {
		if !t.open && role.m.isProvider(p.expr) && !slices.ContainsFunc(t.keys, isNoAudience) {
			f.find(p.expr.Range(), "Every user of the OIDC provider can assume %s. Add a condition on its :sub that names the organization.", role.name())
		}
	}
}

var (
	bareAccount = regexp.MustCompile(`^[0-9]{12}$`)
	foreign     = regexp.MustCompile(`^arn:[a-z-]+:iam::[0-9]{12}:(user|role)/`) // the own account is looked up, not written down
)

// isAgreed is true for a condition that only those can meet who were meant.
func isAgreed(key string) bool {
	key = strings.ToLower(key)
	return key == "sts:externalid" || strings.HasPrefix(key, "aws:principalorg") || key == "aws:multifactorauthpresent"
}

func isNoAudience(key string) bool { return !strings.HasSuffix(strings.ToLower(key), ":aud") }

// isProvider says whether a principal is known to be an OIDC provider of the account.
func (m *module) isProvider(e hclsyntax.Expression) bool {
	if v, ok := m.value(e, 0); ok {
		return strings.Contains(textOf(v), ":oidc-provider/")
	}
	refs, _ := m.refs(e, nil, 0)
	return slices.ContainsFunc(refs, func(r ref) bool { return r.res.Type == "aws_iam_openid_connect_provider" })
}

// A trust is a statement of a trust policy that allows to assume a role.
type trust struct {
	aws, federated []item
	keys           []string // of conditions, without what is not known at their beginning
	open           bool     // there may be other conditions
}

// trusts returns the statements of a role's trust policy, as far as the code spells them out.
func (t thing) trusts() []trust {
	a, ok := t.arg("assume_role_policy")
	if !ok {
		return nil
	}
	if e, ok := t.m.json(a.expr, 0); ok {
		list, _ := t.m.field(e, "Statement")
		return t.m.trustsIn(list)
	}
	refs, _ := a.refs()
	var out []trust
	for _, r := range refs {
		if r.res.Kind != schema.KindData || r.res.Type != "aws_iam_policy_document" {
			continue
		}
		blocks, _ := t.m.thing(r.res).blocks("statement")
		for _, b := range blocks {
			if !b.has("effect") || b.text("effect") == "Allow" {
				out = append(out, trustOf(b))
			}
		}
	}
	return out
}

// trustsIn reads statements that are written as objects.
func (m *module) trustsIn(list hclsyntax.Expression) []trust {
	if list == nil {
		return nil
	}
	items, _ := m.list(list, 0)
	if len(items) == 0 {
		items = []item{{expr: list}}
	}
	var out []trust
	for _, it := range items {
		principal, ok := m.field(it.expr, "Principal")
		if !ok || m.fieldText(it.expr, "Effect") != "Allow" {
			continue
		}
		s := trust{}
		s.keys, s.open = m.conditionKeys(it.expr)
		if v, ok := m.value(principal, 0); ok && textOf(v) == "*" {
			s.aws = []item{{principal, "*"}}
		}
		if p, ok := m.field(principal, "AWS"); ok {
			s.aws, _ = m.list(p, 0)
		}
		if p, ok := m.field(principal, "Federated"); ok {
			s.federated, _ = m.list(p, 0)
		}
		out = append(out, s)
	}
	return out
}

// conditionKeys returns the keys of a statement's conditions; open says that there may be others.
func (m *module) conditionKeys(statement hclsyntax.Expression) (keys []string, open bool) {
	if _, spelled := m.object(statement, 0); !spelled {
		return nil, true
	}
	condition, ok := m.field(statement, "Condition")
	if !ok {
		return nil, false
	}
	operators, ok := m.object(condition, 0)
	if !ok {
		return nil, true
	}
	for _, operator := range operators.Items {
		of, ok := m.object(operator.ValueExpr, 0)
		if !ok {
			return nil, true
		}
		for _, c := range of.Items {
			key := m.key(c.KeyExpr)
			if k, ok := c.KeyExpr.(*hclsyntax.ObjectConsKeyExpr); ok && key == "" {
				key = m.tail(k.Wrapped)
			}
			keys, open = append(keys, key), open || key == ""
		}
	}
	return keys, open
}

// trustOf reads a statement of a policy document.
func trustOf(b thing) trust {
	s := trust{}
	principals, _ := b.blocks("principals")
	for _, p := range principals {
		ids, _ := p.list("identifiers")
		switch p.text("type") {
		case "*":
			for _, id := range ids {
				s.aws = append(s.aws, item{id.expr, "*"})
			}
		case "AWS":
			s.aws = append(s.aws, ids...)
		case "Federated":
			s.federated = append(s.federated, ids...)
		}
	}
	conditions, open := b.blocks("condition")
	s.open = open
	for _, c := range conditions {
		a, ok := c.arg("variable")
		if !ok {
			s.open = true
			continue
		}
		key := c.m.tail(a.expr)
		s.keys, s.open = append(s.keys, key), s.open || key == ""
	}
	return s
}
