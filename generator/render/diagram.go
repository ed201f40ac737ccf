package render

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bpgen/bpgen/generator/link"
)

// Diagram returns the components in use as a Mermaid flowchart.
//
// What a link is for is told by the name of the output that it uses. A
// component that takes a vpc_id or subnet ids lies inside the one that gives
// them, in a box for its tier of subnets. One that takes a target group, a
// listener or a security group is reached from there, and one that takes a
// host name leads there: these are the ways of requests, and users come in
// where such a way begins. What is inside a network without subnets of its own,
// such as a security group, has no address and passes no request on. All other
// links point to what a component uses.
func Diagram(m *link.Module) []byte {
	d := newDiagram(m)
	d.out.WriteString("flowchart LR\n")
	doors := d.doors()
	if len(doors) > 0 {
		d.out.WriteString("  users([\"Users\"])\n")
	}
	for _, p := range m.Parts {
		switch {
		case d.holds[p.Name]:
			d.box(p.Name)
		case d.inside[p.Name] == place{}:
			d.node("  ", p.Name)
		}
	}
	for _, p := range doors {
		fmt.Fprintf(&d.out, "  users --> %s\n", id(p))
	}
	for _, w := range follow(doors, d.ways) {
		fmt.Fprintf(&d.out, "  %s --> %s\n", id(w.from), id(w.to))
	}
	for _, w := range d.uses {
		fmt.Fprintf(&d.out, "  %s -.-> %s\n", id(w.from), id(w.to))
	}
	return []byte(d.out.String())
}

// A diagram is a flowchart in the making.
type diagram struct {
	out    strings.Builder
	parts  []link.Part
	known  map[string]bool // components in use
	holds  map[string]bool // components that others lie in
	inside map[string]place
	stands map[string]bool // components that have subnets, so addresses
	ways   []arrow         // of requests
	uses   []arrow
}

// A place is a component that holds others and a tier of its subnets; without
// a tier it is the component itself.
type place struct{ in, tier string }

type arrow struct{ from, to string }

var (
	subnets = regexp.MustCompile(`^(?:(.+)_)?subnet_ids?$`)
	reached = regexp.MustCompile(`(^|_)(security_group_id|target_group_arn|listener(_rule)?_arn)$`)
	leads   = regexp.MustCompile(`(^|_)(dns_name|domain_name|host_?name|host_parameter_name|endpoint|fqdn)$`)
	storage = regexp.MustCompile(`(^|_)(bucket|logs?)_`)
)

func newDiagram(m *link.Module) *diagram {
	d := &diagram{parts: m.Parts, known: map[string]bool{}, holds: map[string]bool{}, inside: map[string]place{}, stands: map[string]bool{}}
	for _, p := range m.Parts {
		d.known[p.Name] = true
	}
	edges := slices.DeleteFunc(slices.Clone(m.Edges), func(e link.Edge) bool { return !d.known[e.From] || !d.known[e.To] })
	for _, e := range edges {
		if e.Output == "vpc_id" || subnets.MatchString(e.Output) {
			d.holds[e.From] = true
		}
	}
	d.place(edges)
	for _, e := range edges {
		switch way, back := (arrow{e.From, e.To}), (arrow{e.To, e.From}); {
		case d.inside[e.To].in == e.From:
		case reached.MatchString(e.Output) && (d.stands[e.From] || d.inside[e.From] == place{}):
			d.ways = add(d.ways, way)
		case leads.MatchString(e.Output) && !storage.MatchString(e.Output):
			d.ways = add(d.ways, back)
		default:
			d.uses = add(d.uses, back)
		}
	}
	d.uses = slices.DeleteFunc(d.uses, func(a arrow) bool {
		return slices.Contains(d.ways, a) || slices.Contains(d.ways, arrow{a.to, a.from})
	})
	return d
}

func add(list []arrow, a arrow) []arrow {
	if slices.Contains(list, a) {
		return list
	}
	return append(list, a)
}

// place puts the receivers of the links into the boxes of the givers. One that
// takes subnets of two tiers lies in neither.
func (d *diagram) place(edges []link.Edge) {
	tiers := map[string][]string{}
	for _, e := range edges {
		m := subnets.FindStringSubmatch(e.Output)
		if m == nil && e.Output != "vpc_id" || d.holds[e.To] {
			continue
		}
		d.stands[e.To] = d.stands[e.To] || m != nil
		if at, ok := d.inside[e.To]; ok && at.in != e.From {
			continue
		}
		d.inside[e.To] = place{in: e.From}
		if m != nil && m[1] != "" && !slices.Contains(tiers[e.To], m[1]) {
			tiers[e.To] = append(tiers[e.To], m[1])
		}
	}
	for to, names := range tiers {
		if len(names) == 1 {
			d.inside[to] = place{d.inside[to].in, names[0]}
		}
	}
}

// box draws a component that holds others.
func (d *diagram) box(name string) {
	fmt.Fprintf(&d.out, "  subgraph %s[\"%s\"]\n", id(name), mermaidText(title(name)))
	var tiers []string
	for _, p := range d.parts {
		at := d.inside[p.Name]
		if at == (place{in: name}) {
			d.node("    ", p.Name)
		}
		if at.in == name && at.tier != "" && !slices.Contains(tiers, at.tier) {
			tiers = append(tiers, at.tier)
		}
	}
	for _, tier := range tiers {
		fmt.Fprintf(&d.out, "    subgraph %s[\"%s\"]\n", id(name, tier), mermaidText(title(tier+"_subnets")))
		for _, p := range d.parts {
			if d.inside[p.Name] == (place{name, tier}) {
				d.node("      ", p.Name)
			}
		}
		d.out.WriteString("    end\n")
	}
	d.out.WriteString("  end\n")
}

func (d *diagram) node(indent, name string) {
	fmt.Fprintf(&d.out, "%s%s[\"%s\"]\n", indent, id(name), mermaidText(title(name)))
}

// doors returns the components where a way of requests begins.
func (d *diagram) doors() []string {
	var out []string
	for _, p := range d.parts {
		begins := slices.ContainsFunc(d.ways, func(a arrow) bool { return a.from == p.Name })
		if begins && !slices.ContainsFunc(d.ways, func(a arrow) bool { return a.to == p.Name }) {
			out = append(out, p.Name)
		}
	}
	return out
}

// follow orders the ways as a request takes them from the doors on.
func follow(doors []string, ways []arrow) []arrow {
	var out []arrow
	for i := 0; i < len(doors); i++ {
		for _, w := range ways {
			if w.from == doors[i] {
				out = append(out, w)
				if !slices.Contains(doors, w.to) {
					doors = append(slices.Clip(doors), w.to)
				}
			}
		}
	}
	for _, w := range ways { // in a circle without a door
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// id returns the id of a component, or of a tier of its subnets. It begins with
// what no word that Mermaid reserves begins with, and follows from the names
// alone, so that a component less changes nothing else in the README.
func id(names ...string) string {
	var out strings.Builder
	out.WriteString([]string{"c_", "t_"}[len(names)-1])
	for _, c := range strings.Join(names, ".") {
		switch {
		case c < utf8.RuneSelf && (unicode.IsLetter(c) || unicode.IsDigit(c) || c == '_'):
			out.WriteRune(c)
		case c == '.':
			out.WriteString("__")
		default:
			fmt.Fprintf(&out, "u%x", c)
		}
	}
	return out.String()
}

// title writes a name for people: "edge_certificate" is "Edge certificate",
// "cdn" is "CDN".
func title(name string) string {
	words := strings.FieldsFunc(name, func(c rune) bool { return c == '_' || c == '-' })
	for i, w := range words {
		switch {
		case initials[strings.ToLower(w)]:
			words[i] = strings.ToUpper(w)
		case i == 0:
			first, size := utf8.DecodeRuneInString(w)
			words[i] = string(unicode.ToUpper(first)) + w[size:]
		}
	}
	return strings.Join(words, " ")
}

var initials = map[string]bool{
	"acm": true, "alb": true, "api": true, "aws": true, "cdn": true, "db": true, "dns": true, "ec2": true, "ecr": true,
	"ecs": true, "efs": true, "eks": true, "http": true, "https": true, "iam": true, "id": true, "kms": true, "nat": true,
	"nlb": true, "rds": true, "s3": true, "ses": true, "sns": true, "sqs": true, "ssm": true, "tls": true, "url": true,
	"vpc": true, "vpn": true, "waf": true,
}

// mermaidLabel makes words safe inside a quoted label. Mermaid has entities but
// no backslash.
var mermaidLabel = strings.NewReplacer("#", "#35;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "`", "#96;", "&", "#amp;", "\n", " ")

func mermaidText(s string) string { return mermaidLabel.Replace(s) }
