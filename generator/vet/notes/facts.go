package notes

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/schema"
	"github.com/bpgen/bpgen/generator/vet"
)

// networks says where the default routes of the subnets of a tree lead.
type networks struct {
	public  map[*vet.Resource]bool // to an Internet Gateway
	nat     map[*vet.Resource]bool // to a NAT Gateway
	nowhere map[*vet.Resource]bool // there is none
}

// A way is where a default route leads.
type way int

const (
	wayNone way = iota
	wayInternet
	wayNAT
	wayOther // somewhere else, or it depends
)

func (m *module) networks() *networks {
	in := m.joined()
	if in.nets != nil {
		return in.nets
	}
	in.nets = &networks{public: map[*vet.Resource]bool{}, nat: map[*vet.Resource]bool{}, nowhere: map[*vet.Resource]bool{}}
	tables, decided := m.tables()
	for s, all := range m.subnetWays(tables) {
		same := func(w way) bool { return !slices.ContainsFunc(all, func(x way) bool { return x != w }) }
		in.nets.public[s] = same(wayInternet)
		in.nets.nat[s] = same(wayNAT)
		in.nets.nowhere[s] = same(wayNone) && decided && m.Whole()
	}
	return in.nets
}

// tables says where the default route of every route table leads. Decided says
// that every route is known to belong to a table.
func (m *module) tables() (tables map[*vet.Resource]way, decided bool) {
	tables, decided = map[*vet.Resource]way{}, true
	lead := func(table thing, to way) {
		switch old := tables[table.res]; {
		case to == wayNone:
			return // this is no default route
		case old != wayNone && old != to:
			to = wayOther
		}
		tables[table.res] = to
	}
	for _, r := range m.everywhere("aws_route") {
		found, whole := r.reach("route_table_id", "aws_route_table")
		decided = decided && whole
		for _, t := range found {
			lead(t, wayOf(r, "destination_cidr_block"))
		}
	}
	for _, t := range m.everywhere("aws_route_table") {
		routes, open := t.blocks("route")
		for _, r := range routes {
			lead(t, wayOf(r, "cidr_block"))
		}
		if open || len(routes) == 0 && t.has("route") {
			lead(t, wayOther)
		}
	}
	return tables, decided
}

// subnetWays returns where the tables of every subnet lead.
func (m *module) subnetWays(tables map[*vet.Resource]way) map[*vet.Resource][]way {
	ways := map[*vet.Resource][]way{}
	for _, a := range m.everywhere("aws_route_table_association") {
		subnets, _ := a.reach("subnet_id", "aws_subnet")
		found, whole := a.reach("route_table_id", "aws_route_table")
		for _, s := range subnets {
			if !whole {
				ways[s.res] = append(ways[s.res], wayOther)
			}
			for _, t := range found {
				ways[s.res] = append(ways[s.res], tables[t.res])
			}
		}
	}
	return ways
}

// wayOf says where a route leads when it is a default route.
func wayOf(r thing, destination string) way {
	dest, known := r.value(destination)
	switch {
	case !r.has(destination):
		return wayNone // for IPv6, or to a prefix list
	case !known:
		return wayOther
	case textOf(dest) != "0.0.0.0/0":
		return wayNone
	}
	if c := r.res.Block.Body.Attributes["count"]; c != nil {
		if _, choice := c.Expr.(*hclsyntax.ConditionalExpr); choice && !r.certainly().sure {
			return wayOther
		}
	}
	if found, whole := r.reach("gateway_id", "aws_internet_gateway"); whole && len(found) > 0 {
		return wayInternet
	}
	if r.has("nat_gateway_id") && !r.has("gateway_id") {
		return wayNAT
	}
	return wayOther
}

// in is true when a subnet of the argument is one of the set.
func in(path string, set func(*networks) map[*vet.Resource]bool) test {
	return func(t thing) (hcl.Range, bool) {
		args, _ := t.args(path)
		for _, a := range args {
			found, _ := t.m.reach(a, "aws_subnet", 0)
			for _, s := range found {
				if set(t.m.networks())[s.res] {
					return a.expr.Range(), true
				}
			}
		}
		return hcl.Range{}, false
	}
}

func public(n *networks) map[*vet.Resource]bool  { return n.public }
func viaNAT(n *networks) map[*vet.Resource]bool  { return n.nat }
func nowhere(n *networks) map[*vet.Resource]bool { return n.nowhere }

// An opening is one source that a security group admits.
type opening struct {
	thing // the rule, or the block
	at    hcl.Range
	cidr  string // "" when it is not known
	expr  hclsyntax.Expression
	vpc   string // the address of the VPC all of which it admits, "" for none
}

// openings returns the address ranges that a security group admits.
func (m *module) openings(group thing) []opening {
	var out []opening
	add := func(r thing, path string) {
		args, _ := r.args(path)
		for _, a := range args {
			if vpc := a.wholeVPC(); vpc != "" {
				out = append(out, opening{r, a.expr.Range(), "", a.expr, vpc})
				continue
			}
			items, _ := a.list()
			for _, it := range items {
				out = append(out, opening{r, it.expr.Range(), it.text, it.expr, ""})
			}
		}
	}
	for _, r := range group.users("aws_vpc_security_group_ingress_rule", "security_group_id") {
		add(r, "cidr_ipv4")
		add(r, "cidr_ipv6")
	}
	for _, r := range group.users("aws_security_group_rule", "security_group_id") {
		if r.text("type") == "ingress" {
			add(r, "cidr_blocks")
			add(r, "ipv6_cidr_blocks")
		}
	}
	blocks, _ := group.blocks("ingress")
	for _, b := range blocks {
		add(b, "cidr_blocks")
		add(b, "ipv6_cidr_blocks")
	}
	return out
}

// wholeVPC returns the address of a VPC whose range an argument is.
func (a arg) wholeVPC() string {
	refs, _ := a.refs()
	for _, r := range refs {
		if r.res.Type == "aws_vpc" && r.attr == "cidr_block" {
			return r.res.Address()
		}
	}
	return ""
}

// everyone says whether a CIDR holds every address.
func everyone(cidr string) bool { return cidr == "0.0.0.0/0" || cidr == "::/0" }

// roles says which roles the tasks of a tree take on.
type roles struct {
	execution, task map[*vet.Resource]bool
	whole           bool // all of them are known
}

func (m *module) taskRoles() *roles {
	in := m.joined()
	if in.roles != nil {
		return in.roles
	}
	in.roles = &roles{map[*vet.Resource]bool{}, map[*vet.Resource]bool{}, true}
	for _, t := range m.everywhere("aws_ecs_task_definition") {
		for path, set := range map[string]map[*vet.Resource]bool{"execution_role_arn": in.roles.execution, "task_role_arn": in.roles.task} {
			found, whole := t.reach(path, "aws_iam_role")
			in.roles.whole = in.roles.whole && whole
			for _, r := range found {
				set[r.res] = true
			}
		}
	}
	return in.roles
}

// A statement is one statement of a policy.
type statement struct {
	at         hcl.Range
	allow      bool
	actions    []string // those that are known
	known      bool     // all actions are
	resources  []hclsyntax.Expression
	everywhere bool     // one of the resources is "*"
	anyone     bool     // the principal is "*"
	services   []string // principals that are services
	condition  bool
}

// statements returns the statements of a thing's policy, as far as the code
// spells them out with jsonencode, as JSON or in a policy document.
func (t thing) statements() []statement {
	args, _ := t.args("policy")
	var out []statement
	for _, a := range args {
		out = append(out, a.m.statements(a)...)
	}
	return out
}

func (m *module) statements(a arg) []statement {
	if e, ok := m.json(a.expr, 0); ok {
		list, ok := m.field(e, "Statement")
		if !ok {
			return nil
		}
		items, _ := m.list(list, 0)
		if len(items) == 0 {
			items = []item{{expr: list}}
		}
		var out []statement
		for _, it := range items {
			if _, ok := m.object(it.expr, 0); ok {
				out = append(out, m.statement(it.expr))
			}
		}
		return out
	}
	refs, _ := a.refs()
	var out []statement
	for _, r := range refs {
		if r.res.Kind == schema.KindData && r.res.Type == "aws_iam_policy_document" {
			blocks, _ := m.thing(r.res).blocks("statement")
			for _, b := range blocks {
				out = append(out, document(b))
			}
			continue
		}
		if next := r.res.Block.Body.Attributes[r.attr]; next != nil && r.res.Type == "aws_iam_policy" {
			out = append(out, m.statements(arg{m.thing(r.res), next.Expr})...)
		}
	}
	return out
}

func (m *module) statement(e hclsyntax.Expression) statement {
	s := statement{at: e.Range(), allow: m.fieldText(e, "Effect") == "Allow"}
	if a, ok := m.field(e, "Action"); ok {
		s.at = a.Range()
		items, whole := m.list(a, 0)
		s.actionsOf(items, whole)
	}
	if r, ok := m.field(e, "Resource"); ok {
		items, _ := m.list(r, 0)
		s.resourcesOf(items)
	}
	if p, ok := m.field(e, "Principal"); ok {
		v, _ := m.value(p, 0)
		s.anyone = textOf(v) == "*"
		for _, key := range []string{"AWS", "*"} {
			if aws, ok := m.field(p, key); ok {
				items, _ := m.list(aws, 0)
				s.anyone = s.anyone || slices.ContainsFunc(items, func(it item) bool { return it.text == "*" })
			}
		}
	}
	if p, ok := m.dig(e, "Principal", "Service"); ok {
		items, _ := m.list(p, 0)
		for _, it := range items {
			s.services = append(s.services, it.text)
		}
	}
	_, s.condition = m.field(e, "Condition")
	return s
}

func document(b thing) statement {
	s := statement{at: b.rng, allow: !b.has("effect") || b.text("effect") == "Allow"}
	if a, ok := b.arg("actions"); ok {
		s.at = a.expr.Range()
		items, whole := a.list()
		s.actionsOf(items, whole)
	}
	items, _ := b.list("resources")
	s.resourcesOf(items)
	principals, _ := b.blocks("principals")
	for _, p := range principals {
		ids, _ := p.list("identifiers")
		kind := p.text("type")
		for _, it := range ids {
			if kind == "Service" {
				s.services = append(s.services, it.text)
			}
		}
		s.anyone = s.anyone || (kind == "*" || kind == "AWS") && slices.ContainsFunc(ids, func(it item) bool { return it.text == "*" })
	}
	s.condition = b.has("condition")
	return s
}

func (s *statement) actionsOf(items []item, whole bool) {
	s.known = whole && len(items) > 0
	for _, it := range items {
		s.known = s.known && it.text != ""
		if it.text != "" {
			s.actions = append(s.actions, it.text)
		}
	}
}

func (s *statement) resourcesOf(items []item) {
	for _, it := range items {
		s.resources = append(s.resources, it.expr)
		s.everywhere = s.everywhere || it.text == "*"
	}
}

// does says whether an action is known to be among those of the statement.
func (s *statement) does(pred func(string) bool) bool { return slices.ContainsFunc(s.actions, pred) }

// A grant is a statement that is attached to a role.
type grant struct {
	statement
	role thing
}

// grants returns the statements that policies in the code give to roles.
func (m *module) grants() []grant {
	var out []grant
	for _, p := range m.of("aws_iam_role_policy") {
		for _, s := range p.statements() {
			found, _ := p.reach("role", "aws_iam_role")
			for _, r := range found {
				out = append(out, grant{s, r})
			}
		}
	}
	for _, p := range m.of("aws_iam_role_policy_attachment") {
		policies, _ := p.reach("policy_arn", "aws_iam_policy")
		found, _ := p.reach("role", "aws_iam_role")
		for _, policy := range policies {
			for _, s := range policy.statements() {
				for _, r := range found {
					out = append(out, grant{s, r})
				}
			}
		}
	}
	return out
}

// region returns the region that a resource is in, when the code says it.
func (t thing) region() (string, bool) {
	if t.has("region") {
		r := t.text("region")
		return r, r != ""
	}
	alias := ""
	if p := t.res.Block.Body.Attributes["provider"]; p != nil {
		e, ok := p.Expr.(*hclsyntax.ScopeTraversalExpr)
		if !ok || e.Traversal.RootName() != "aws" {
			return "", false
		}
		alias = stepName(e.Traversal, 1)
	}
	return t.m.providerRegion(alias)
}

// providerRegion returns the region of a configuration of the AWS provider, which the
// caller of the module may have.
func (m *module) providerRegion(alias string) (string, bool) {
	for _, b := range m.Blocks {
		if b.Type != "provider" || len(b.Labels) != 1 || b.Labels[0] != "aws" {
			continue
		}
		p := thing{m: m, body: b.Body, rng: b.DefRange()}
		if p.text("alias") == alias {
			r := p.text("region")
			return r, r != ""
		}
	}
	by, call := m.Caller()
	if call == nil {
		return "", false
	}
	if a := call.Body.Attributes["providers"]; a != nil {
		passed, ok := passedAs(a.Expr, alias)
		if !ok {
			return "", false
		}
		alias = passed
	}
	if alias != "" && call.Body.Attributes["providers"] == nil {
		return "", false // only the one without an alias is inherited
	}
	return moduleOf(by).providerRegion(alias)
}

// passedAs returns the alias of the configuration that a call passes as the AWS provider
// with an alias.
func passedAs(providers hclsyntax.Expression, alias string) (string, bool) {
	o, ok := providers.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return "", false
	}
	of := func(x hclsyntax.Expression) (string, bool) {
		t, diags := hcl.AbsTraversalForExpr(x)
		if diags.HasErrors() || t.RootName() != "aws" {
			return "", false
		}
		return stepName(t, 1), true
	}
	for _, it := range o.Items {
		key := it.KeyExpr
		if k, ok := key.(*hclsyntax.ObjectConsKeyExpr); ok {
			key = k.Wrapped
		}
		if as, ok := of(key); ok && as == alias {
			return of(it.ValueExpr)
		}
	}
	return "", false
}

// elsewhere is true when a resource is known to be in another region.
func elsewhere(region string) test {
	return func(t thing) (hcl.Range, bool) {
		r, ok := t.region()
		return t.rng, ok && r != region
	}
}

// certificates returns the certificates that an argument names.
func (t thing) certificates(path string) []thing {
	found, _ := t.reach(path, "aws_acm_certificate")
	return found
}

// containers returns the container definitions of a task definition that the
// code spells out, and whether they are all.
func (t thing) containers() (out []hclsyntax.Expression, whole bool) {
	a, ok := t.arg("container_definitions")
	if !ok {
		return nil, false
	}
	e, ok := t.m.json(a.expr, 0)
	if !ok {
		return nil, false
	}
	items, whole := t.m.list(e, 0)
	for _, it := range items {
		_, object := t.m.object(it.expr, 0)
		whole = whole && object
		if object {
			out = append(out, it.expr)
		}
	}
	return out, whole
}

// prefixed returns a predicate for texts that begin with one of the words.
func prefixed(words ...string) func(string) bool {
	return func(s string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(s, w) })
	}
}

// among returns a predicate for texts that are one of the words.
func among(words ...string) func(string) bool {
	return func(s string) bool { return slices.Contains(words, s) }
}
