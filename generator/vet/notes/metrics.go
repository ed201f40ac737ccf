package notes

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// watched holds the metrics to watch by namespace, as AWS spells them, and the types
// of resources that publish them.
var watched = []struct {
	namespace, types string
	metrics          []string
}{
	{"AWS/ApplicationELB", "aws_lb aws_alb", []string{"HealthyHostCount", "HTTPCode_ELB_4XX_Count", "HTTPCode_ELB_5XX_Count", "HTTPCode_Target_4XX_Count", "HTTPCode_Target_5XX_Count", "RejectedConnectionCount", "TargetConnectionErrorCount", "TargetTLSNegotiationErrorCount"}},
	{"AWS/ApiGateway", "aws_api_gateway_stage aws_apigatewayv2_stage", []string{"IntegrationLatency", "Latency", "4XXError|4xx", "5XXError|5xx"}},
	{"AWS/EC2", "aws_instance", []string{"StatusCheckFailed_Instance", "StatusCheckFailed_System"}},
	{"AWS/ECS", "aws_ecs_service", []string{"CPUUtilization", "MemoryUtilization"}},
	{"ECS/ContainerInsights", "aws_ecs_service", []string{"RunningTaskCount"}},
	{"AWS/RDS", "aws_rds_cluster aws_db_instance", []string{"CPUUtilization", "DatabaseConnections", "FreeableMemory", "EngineUptime"}},
}

// watch returns the rule that who watches one metric of a service watches all
// that the notes name. An alarm or a dashboard counts; a module without either
// is watched from elsewhere.
func watch(id, what, namespace string, ids ...string) *rule {
	r := &rule{
		id: id, defaults: true, severity: advice, title: "Unmonitored metric",
		why:  "Each of the notes' metrics of " + what + " shows a failure that the others do not.",
		link: metricsDocs + "aws-services-cloudwatch-metrics.html",
	}
	for _, name := range ids {
		r.notes = append(r.notes, "cloudwatch-metrics."+name)
	}
	r.check = func(f *finder) {
		alarms := f.everywhere("aws_cloudwatch_metric_alarm")
		if !f.first() || len(alarms) == 0 || !f.Whole() || f.sharesAlarms(namespace) {
			return
		}
		if missing := f.missing(namespace, f.monitored()); len(missing) > 0 {
			f.find(alarms[0].rng, "The module has alarms, but for %s it does not monitor %s. Add alarms, or show them on a dashboard.", what, strings.Join(missing, ", "))
		}
	}
	return r
}

// sharesAlarms says whether the tree may have some of the alarms only: what is monitored
// here is given from outside, and so are the names of its load balancers, services or
// databases.
func (f *finder) sharesAlarms(namespace string) bool {
	return !f.published(namespace) && slices.ContainsFunc(f.everywhere("aws_cloudwatch_metric_alarm"), func(a thing) bool { return a.m.givenDimensions(a.body) })
}

// givenDimensions says whether the dimensions of an alarm, or of one of its metrics,
// come from a variable that somebody outside of the tree may set.
func (m *module) givenDimensions(b *hclsyntax.Body) bool {
	if a := b.Attributes["dimensions"]; a != nil && m.restsOnCaller(a.Expr, 0) {
		return true
	}
	return slices.ContainsFunc(b.Blocks, func(n *hclsyntax.Block) bool { return m.givenDimensions(n.Body) })
}

// restsOnCaller says whether an expression refers to a variable that is not known to be
// set within the tree.
func (m *module) restsOnCaller(x hclsyntax.Expression, step int) bool {
	if step > maxSteps {
		return true
	}
	m = m.home(x)
	return slices.ContainsFunc(x.Variables(), func(ref hcl.Traversal) bool {
		if ref.RootName() != "var" {
			return false
		}
		next := m.Given(stepName(ref, 1))
		return next == nil || m.restsOnCaller(next, step+1)
	})
}

// missing returns the metrics of a namespace that are not monitored; none when the
// module monitors nothing that AWS publishes of its kind, or has nothing to monitor.
func (f *finder) missing(namespace string, seen monitored) []string {
	var out []string
	for _, w := range watched {
		if w.namespace != namespace && (namespace != "AWS/ECS" || w.namespace != "ECS/ContainerInsights" || !f.insights()) {
			continue
		}
		for _, m := range w.metrics {
			if m == "EngineUptime" && len(f.everywhere("aws_rds_cluster")) == 0 {
				continue // of Aurora alone
			}
			if !slices.ContainsFunc(strings.Split(m, "|"), func(s string) bool { return seen.has(w.namespace, s) }) {
				name, _, _ := strings.Cut(m, "|")
				out = append(out, name)
			}
		}
	}
	if seen.speaksOf(namespace) || len(out) > 0 && f.published(namespace) && seen.watches() {
		return out
	}
	return nil
}

// published says whether something publishes the metrics of a namespace.
func (f *finder) published(namespace string) bool {
	for _, w := range watched {
		if w.namespace == namespace && len(f.everywhere(w.types)) > 0 {
			return true
		}
	}
	return false
}

// insights says whether a cluster has Container Insights.
func (f *finder) insights() bool {
	return slices.ContainsFunc(f.everywhere("aws_ecs_cluster"), func(c thing) bool {
		_, on := inside("setting", both(is("name", "containerInsights"), is("value", "enabled", "enhanced")))(c)
		return on
	})
}

// misnamed finds metrics that AWS does not publish under the name or in the namespace
// that the code gives.
func misnamed(f *finder) {
	if !f.first() {
		return
	}
	for _, r := range f.readings() {
		for _, w := range watched {
			for _, m := range w.metrics {
				switch {
				case r.space == w.namespace && r.name != m && strings.EqualFold(r.name, m):
					f.find(r.at, "The alarm watches %q; AWS publishes %q.", r.name, m)
				case r.space == "AWS/ECS" && w.namespace == "ECS/ContainerInsights" && r.name == m:
					f.find(r.at, "The alarm watches %s in AWS/ECS. The metric is in the namespace ECS/ContainerInsights.", r.name)
				}
			}
		}
	}
	for _, a := range f.everywhere("aws_cloudwatch_metric_alarm") {
		if n := a.text("metric_name"); a.text("namespace") == "AWS/ECS" && among("PendingTaskCount", "DesiredTaskCount")(n) {
			f.find(a.rng, "The alarm watches %s in AWS/ECS. The metric is in the namespace ECS/ContainerInsights.", n)
		}
	}
}

// A reading is a metric that an alarm watches.
type reading struct {
	space, name string
	at          hcl.Range
}

// readings returns what the alarms watch: what they come to when all of that can be
// worked out, else what the code spells out.
func (f *finder) readings() []reading {
	if out, all := f.evaluated(); all {
		return out
	}
	return f.joined().spelled().readings
}

// An evaluated is what the alarms come to; all is false when some cannot be worked out.
type evaluated struct {
	readings []reading
	all      bool
}

// evaluated works out what the alarms come to, once for all rules that ask: they all
// look at defaults.
func (f *finder) evaluated() (out []reading, all bool) {
	in := f.joined()
	if in.evaluated == nil {
		in.evaluated = f.evaluate()
	}
	return in.evaluated.readings, in.evaluated.all
}

func (f *finder) evaluate() *evaluated {
	out := &evaluated{all: true}
	for _, a := range f.everywhere("aws_cloudwatch_metric_alarm") {
		copies, known := a.copies()
		out.all = out.all && known
		for _, c := range copies {
			for _, at := range append(within(c, "metric_query.metric"), c) {
				if !at.has("metric_name") {
					continue
				}
				space, name := at.label("namespace"), at.label("metric_name")
				out.all = out.all && space != "" && name != ""
				out.readings = append(out.readings, reading{space, name, at.rng})
			}
		}
	}
	return out
}

// label returns a text that AWS or the module defines, "" when it is not known. One
// that holds a name that the user chooses is none of AWS's.
func (t thing) label(path string) string {
	a, ok := t.arg(path)
	if !ok {
		return ""
	}
	if len(a.in) == 0 {
		if v, ok := a.m.value(a.expr, 0); ok {
			return textOf(v)
		}
	}
	w := weigh(a.m.eval(a.expr, a.in), a.expr.Range())
	if w.fromDefault && !t.presume {
		return ""
	}
	return textOf(w.Value)
}

// labels returns the texts of a list or of one argument, as label does.
func (t thing) labels(path string) []string {
	a, ok := t.arg(path)
	if !ok {
		return nil
	}
	v := weigh(a.m.eval(a.expr, a.in), a.expr.Range()).Value
	if !v.IsKnown() {
		return []string{""}
	}
	if v.IsNull() || !v.CanIterateElements() {
		return []string{textOf(v)}
	}
	var out []string
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		out = append(out, textOf(e))
	}
	return out
}

// monitored holds the names of metrics by namespace; those of "" are of any.
type monitored map[string]map[string]bool

func (m monitored) note(space, name string) {
	if m[space] == nil {
		m[space] = map[string]bool{}
	}
	m[space][name] = true
}

func (m monitored) has(space, name string) bool { return m[space][name] || m[""][name] }

// watches says whether something of the services that the rules know is monitored.
func (m monitored) watches() bool {
	for _, w := range watched {
		if len(m[w.namespace]) > 0 {
			return true
		}
	}
	return false
}

func (m monitored) speaksOf(space string) bool { return len(m[space]) > 0 || m[""][space] }

// monitored returns the metrics that alarms and dashboards name.
func (f *finder) monitored() monitored {
	out, all := f.evaluated()
	if !all {
		return f.joined().spelled().monitored
	}
	seen := monitored{}
	for _, r := range out {
		seen.note(r.space, r.name)
	}
	if len(f.everywhere("aws_cloudwatch_dashboard")) == 0 {
		return seen
	}
	for space, names := range f.joined().spelled().dashboards {
		for name := range names {
			seen.note(space, name)
		}
	}
	return seen
}

// A spelling is what the code spells out of metrics.
type spelling struct {
	monitored  monitored // everywhere
	dashboards monitored // on dashboards alone
	readings   []reading
}

// spelled reads the names of metrics off the modules of a tree, once for all rules.
func (t *tree) spelled() *spelling {
	if t.spelling == nil {
		t.spelling = &spelling{monitored: monitored{}, dashboards: monitored{}}
		for _, m := range t.modules {
			m.spell(t.spelling)
		}
	}
	return t.spelling
}

// spell reads the names of metrics off alarms, dashboards, local values, defaults of
// variables and what calls of modules set them to, with the namespace that the object
// around them gives: they may come to the alarm by way of for_each.
func (m *module) spell(out *spelling) {
	read := func(n hclsyntax.Node, into ...monitored) {
		r := &reader{m: m, into: into}
		_ = hclsyntax.Walk(n, r) // it finds no fault
		out.readings = append(out.readings, r.readings...)
	}
	for _, t := range m.of("aws_cloudwatch_metric_alarm") {
		read(t.body, out.monitored)
	}
	for _, t := range m.of("aws_cloudwatch_dashboard") {
		read(t.body, out.monitored, out.dashboards)
	}
	for _, b := range m.Blocks {
		switch value := b.Body.Attributes["default"]; {
		case b.Type == "locals", b.Type == "module":
			for _, name := range slices.Sorted(maps.Keys(b.Body.Attributes)) {
				read(b.Body.Attributes[name].Expr, out.monitored)
			}
		case b.Type == "variable" && value != nil:
			read(value.Expr, out.monitored)
		}
	}
}

// A reader walks through code and notes the texts in it by namespace.
type reader struct {
	m        *module
	into     []monitored
	spaces   []string // of the objects around, the innermost last
	readings []reading
}

func (r *reader) space() string {
	if len(r.spaces) == 0 {
		return ""
	}
	return r.spaces[len(r.spaces)-1]
}

func (r *reader) note(text string) {
	for _, w := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(" \"',[]{}:", c) }) {
		for _, m := range r.into {
			m.note(r.space(), w)
		}
	}
}

// Enter implements hclsyntax.Walker.
func (r *reader) Enter(n hclsyntax.Node) hcl.Diagnostics {
	switch n := n.(type) {
	case *hclsyntax.Body:
		space := r.space()
		if a := n.Attributes["namespace"]; a != nil {
			space = r.m.textAt(a.Expr)
		}
		r.spaces = append(r.spaces, space)
	case *hclsyntax.ObjectConsExpr:
		r.object(n)
	case *hclsyntax.TupleConsExpr: // a metric of a dashboard: [namespace, name, ...]
		space := r.space()
		if len(n.Exprs) > 1 && strings.Contains(r.m.textAt(n.Exprs[0]), "/") {
			space = r.m.textAt(n.Exprs[0])
		}
		r.spaces = append(r.spaces, space)
	case *hclsyntax.TemplateExpr:
		for _, p := range n.Parts {
			if l, ok := p.(*hclsyntax.LiteralValueExpr); ok {
				r.note(textOf(l.Val))
			}
		}
	case *hclsyntax.ObjectConsKeyExpr:
		r.note(hcl.ExprAsKeyword(n.Wrapped))
	}
	return nil
}

// object notes the namespace of an object, and the metrics that it gives by name or
// in a map of metrics.
func (r *reader) object(n *hclsyntax.ObjectConsExpr) {
	space := r.space()
	if x, ok := r.m.field(n, "namespace"); ok {
		space = r.m.textAt(x)
	}
	r.spaces = append(r.spaces, space)
	if space == "" {
		return
	}
	for _, key := range []string{"metric", "metric_name"} {
		if x, ok := r.m.field(n, key); ok && r.m.textAt(x) != "" {
			r.readings = append(r.readings, reading{space, r.m.textAt(x), x.Range()})
		}
	}
	x, _ := r.m.field(n, "metrics")
	if of, ok := x.(*hclsyntax.ObjectConsExpr); ok {
		for _, it := range of.Items {
			if name := r.m.key(it.KeyExpr); name != "" {
				r.readings = append(r.readings, reading{space, name, it.KeyExpr.Range()})
			}
		}
	}
}

// Exit implements hclsyntax.Walker.
func (r *reader) Exit(n hclsyntax.Node) hcl.Diagnostics {
	switch n.(type) {
	case *hclsyntax.Body, *hclsyntax.ObjectConsExpr, *hclsyntax.TupleConsExpr:
		r.spaces = r.spaces[:len(r.spaces)-1]
	}
	return nil
}

// textAt returns the text that an expression is for certain, "" for none.
func (m *module) textAt(e hclsyntax.Expression) string {
	v, _ := m.value(e, 0)
	return textOf(v)
}
