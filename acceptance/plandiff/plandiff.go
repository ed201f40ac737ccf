// Package plandiff compares what a flat module and its nested layout would do:
// translation validation of the linker.
//
// It takes two plans or two states as JSON, and the map from nested addresses to
// flat ones, and returns every difference with its address and attribute. Data
// sources may be merged (many to one) and dropped when the linker renamed them
// to nothing; a managed resource may be neither. It runs nothing.
package plandiff

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/bpgen/bpgen/generator/link"
)

// A Difference is one place where the layouts disagree. Nested and Flat are JSON,
// or a word in parentheses.
type Difference struct {
	Address   string // flat where there is one, else nested
	Attribute string // "" when it is about the whole object
	Nested    string
	Flat      string
}

// String tells the difference in one line.
func (d Difference) String() string {
	place := d.Address
	if d.Attribute != "" {
		place += ": " + d.Attribute
	}
	return fmt.Sprintf("%s: nested %s, flat %s", place, d.Nested, d.Flat)
}

// Plans compares two plans. module is the address of the call that both roots
// make, such as "module.this"; "" when the modules are roots themselves.
func Plans(nested, flat *tfjson.Plan, module string, rename []link.Rename) []Difference {
	c := comparison{nested: side{}, flat: side{}, rename: index(rename)}
	c.nested.addPlan(nested, module)
	c.flat.addPlan(flat, module)
	out := c.instances()
	return append(out, c.outputs(nested.OutputChanges, flat.OutputChanges)...)
}

// States compares two states, such as those after an apply: with a provider
// whose answers follow from the arguments alone it finds what is wired to the
// wrong resource, where a plan only says that both values are unknown.
func States(nested, flat *tfjson.State, module string, rename []link.Rename) []Difference {
	c := comparison{nested: side{}, flat: side{}, rename: index(rename)}
	c.nested.addState(nested, module)
	c.flat.addState(flat, module)
	out := c.instances()
	var n, f map[string]*tfjson.StateOutput
	if nested.Values != nil {
		n = nested.Values.Outputs
	}
	if flat.Values != nil {
		f = flat.Values.Outputs
	}
	for _, name := range keys(n, f) {
		switch {
		case n[name] == nil:
			out = append(out, Difference{"output." + name, "", "(none)", "(there)"})
		case f[name] == nil:
			out = append(out, Difference{"output." + name, "", "(there)", "(none)"})
		default:
			out = append(out, walk("output."+name, "", n[name].Value, f[name].Value)...)
		}
	}
	return out
}

// An instance is one object of a plan or a state.
type instance struct {
	base      string // address without the instance key, below the module
	key       string // `[0]`, `["a"]` or ""
	managed   bool
	typ       string
	provider  string // key in the root's provider configurations
	actions   string
	values    any // unknown values stand as unknown{}
	sensitive any
}

func (i *instance) address() string { return i.base + i.key }

// unknown stands for a value that is known after apply.
type unknown struct{}

// MarshalText shows it as the core does.
func (unknown) MarshalText() ([]byte, error) { return []byte("(known after apply)"), nil }

// A side holds the instances of one layout by address.
type side map[string]*instance

func (s side) addPlan(p *tfjson.Plan, module string) {
	for _, rc := range p.ResourceChanges {
		if rc.Change == nil {
			continue
		}
		i := newInstance(rc.ModuleAddress, module, rc.Mode, rc.Type, rc.Name, rc.Index)
		i.actions = fmt.Sprint(rc.Change.Actions)
		i.values = overlay(rc.Change.After, rc.Change.AfterUnknown)
		i.sensitive = prune(rc.Change.AfterSensitive)
		s[i.address()] = i
	}
	if p.PriorState != nil {
		s.addState(p.PriorState, module)
	}
	if p.Config != nil && p.Config.RootModule != nil {
		providers := map[string]string{}
		configKeys(p.Config.RootModule, "", providers)
		for _, i := range s {
			full := moduleKeys.ReplaceAllString(i.base, "")
			if module != "" {
				full = module + "." + full
			}
			i.provider = providers[full]
		}
	}
}

func (s side) addState(st *tfjson.State, module string) {
	if st.Values != nil && st.Values.RootModule != nil {
		s.addModule(st.Values.RootModule, module)
	}
}

func (s side) addModule(m *tfjson.StateModule, module string) {
	for _, r := range m.Resources {
		i := newInstance(m.Address, module, r.Mode, r.Type, r.Name, r.Index)
		i.values = settled(r)
		var sensitive any
		if err := json.Unmarshal(r.SensitiveValues, &sensitive); err == nil {
			i.sensitive = prune(sensitive)
		}
		if _, there := s[i.address()]; !there {
			s[i.address()] = i
		}
	}
	for _, child := range m.ChildModules {
		s.addModule(child, module)
	}
}

// settled returns the attributes that follow from the arguments: the id of a
// terraform_data is chance.
func settled(r *tfjson.StateResource) map[string]any {
	if r.Type != "terraform_data" {
		return r.AttributeValues
	}
	values := maps.Clone(r.AttributeValues)
	delete(values, "id")
	return values
}

func newInstance(moduleAddress, module string, mode tfjson.ResourceMode, typ, name string, key any) *instance {
	i := &instance{managed: mode == tfjson.ManagedResourceMode, typ: typ}
	below := strings.TrimPrefix(strings.TrimPrefix(moduleAddress, module), ".")
	if below != "" {
		i.base = below + "."
	}
	if !i.managed {
		i.base += "data."
	}
	i.base += typ + "." + name
	switch k := key.(type) {
	case nil:
	case string:
		i.key = fmt.Sprintf("[%q]", k)
	default:
		i.key = fmt.Sprintf("[%v]", k)
	}
	return i
}

// moduleKeys finds the instance keys in a module's address.
var moduleKeys = regexp.MustCompile(`\[(?:"(?:[^"\\]|\\.)*"|[0-9]+)\]`)

// configKeys collects the provider configuration of every resource block.
func configKeys(m *tfjson.ConfigModule, path string, out map[string]string) {
	for _, r := range m.Resources {
		out[path+r.Address] = providerKey(r.ProviderConfigKey)
	}
	for name, call := range m.ModuleCalls {
		if call.Module != nil {
			configKeys(call.Module, path+"module."+name+".", out)
		}
	}
}

// builtin is the provider that the cores carry. It takes no configuration, so it
// is the same in every module.
const builtin = "terraform"

func providerKey(key string) string {
	if strings.HasSuffix(key, ":"+builtin) {
		return builtin
	}
	return key
}

type comparison struct {
	nested, flat side
	rename       map[string]string
}

func index(rename []link.Rename) map[string]string {
	out := map[string]string{}
	for _, r := range rename {
		out[r.Nested] = r.Flat
	}
	return out
}

// flatAddress maps the address of a nested instance. An entry of the map is a
// resource block, whose instances keep their keys; an instance [0], whose switch
// was folded away; or a module inside a template, with all that is in it.
func (c *comparison) flatAddress(n *instance) (string, bool) {
	base := n.base
	for _, candidate := range []string{base, moduleKeys.ReplaceAllString(base, "")} {
		if to, ok := c.rename[candidate+n.key]; ok && n.key != "" {
			return to, true
		}
		if to, ok := c.rename[candidate]; ok {
			return to + n.key, true
		}
	}
	for cut := len(base); cut > 0; {
		cut = strings.LastIndex(base[:cut], ".module.")
		if cut < 0 {
			break
		}
		// The module that starts at cut ends with its name.
		rest := base[cut+len(".module."):]
		name, below, ok := strings.Cut(rest, ".")
		if to, found := c.rename[base[:cut]+".module."+moduleKeys.ReplaceAllString(name, "")]; ok && found {
			return to + strings.TrimPrefix(name, moduleKeys.ReplaceAllString(name, "")) + "." + below + n.key, true
		}
	}
	return "", false
}

func (c *comparison) instances() []Difference {
	var out []Difference
	usedBy := map[string]string{} // flat address -> nested address
	for _, address := range slices.Sorted(maps.Keys(c.nested)) {
		n := c.nested[address]
		to, ok := c.flatAddress(n)
		if !ok {
			if n.managed {
				out = append(out, Difference{address, "", "(there)", "(not in the rename map)"})
			}
			continue
		}
		f := c.flat[to]
		if f == nil {
			out = append(out, Difference{to, "", "(there, as " + address + ")", "(none)"})
			continue
		}
		if other, taken := usedBy[f.address()]; taken && n.managed {
			out = append(out, Difference{f.address(), "", "(two resources: " + other + " and " + address + ")", "(one)"})
		}
		usedBy[f.address()] = address
		out = append(out, compare(n, f)...)
	}
	for _, address := range slices.Sorted(maps.Keys(c.flat)) {
		if _, ok := usedBy[address]; !ok {
			out = append(out, Difference{address, "", "(none)", "(there)"})
		}
	}
	return out
}

func compare(n, f *instance) []Difference {
	var out []Difference
	at := f.address()
	for _, p := range []struct{ what, n, f string }{
		{"(type)", n.typ, f.typ}, {"(actions)", n.actions, f.actions}, {"(provider)", n.provider, f.provider},
	} {
		if p.n != p.f {
			out = append(out, Difference{at, p.what, p.n, p.f})
		}
	}
	out = append(out, walk(at, "", n.values, f.values)...)
	for _, d := range walk(at, "", n.sensitive, f.sensitive) {
		d.Attribute = "(sensitive) " + d.Attribute
		out = append(out, d)
	}
	return out
}

func (c *comparison) outputs(n, f map[string]*tfjson.Change) []Difference {
	var out []Difference
	for _, name := range keys(n, f) {
		nc, fc := n[name], f[name]
		switch {
		case nc == nil:
			out = append(out, Difference{"output." + name, "", "(none)", "(there)"})
		case fc == nil:
			out = append(out, Difference{"output." + name, "", "(there)", "(none)"})
		default:
			out = append(out, walk("output."+name, "", overlay(nc.After, nc.AfterUnknown), overlay(fc.After, fc.AfterUnknown))...)
		}
	}
	return out
}

// overlay puts unknown{} where the plan says that a value is unknown.
func overlay(after, unknowns any) any {
	switch u := unknowns.(type) {
	case bool:
		if u {
			return unknown{}
		}
	case map[string]any:
		out := map[string]any{}
		if m, ok := after.(map[string]any); ok {
			maps.Copy(out, m)
		}
		for k, v := range u {
			if merged := overlay(out[k], v); merged != nil {
				out[k] = merged
			}
		}
		if after != nil || len(out) > 0 {
			return out
		}
	case []any:
		list, _ := after.([]any)
		out := slices.Clone(list)
		for i, v := range u {
			if i < len(out) {
				out[i] = overlay(out[i], v)
			} else if merged := overlay(nil, v); merged != nil {
				out = append(out, merged)
			}
		}
		return out
	}
	return after
}

// prune drops what says "not sensitive", which the core writes in several ways.
func prune(v any) any {
	switch v := v.(type) {
	case bool:
		if v {
			return true
		}
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			if p := prune(e); p != nil {
				out[k] = p
			}
		}
		if len(out) > 0 {
			return out
		}
	case []any:
		var out []any
		some := false
		for _, e := range v {
			p := prune(e)
			some = some || p != nil
			out = append(out, p)
		}
		if some {
			return out
		}
	}
	return nil
}

// walk compares two values and names the attribute where they part.
func walk(address, path string, n, f any) []Difference {
	if nm, ok := n.(map[string]any); ok {
		if fm, ok := f.(map[string]any); ok {
			var out []Difference
			for _, k := range keys(nm, fm) {
				out = append(out, walk(address, join(path, k), nm[k], fm[k])...)
			}
			return out
		}
	}
	if nl, ok := n.([]any); ok {
		if fl, ok := f.([]any); ok && len(nl) == len(fl) {
			var out []Difference
			for i := range nl {
				out = append(out, walk(address, fmt.Sprintf("%s[%d]", path, i), nl[i], fl[i])...)
			}
			return out
		}
	}
	if reflect.DeepEqual(n, f) {
		return nil
	}
	return []Difference{{address, path, show(n), show(f)}}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// keys returns the keys of both maps, sorted.
func keys[V any](a, b map[string]V) []string {
	all := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(all)
	return slices.Compact(all)
}

func show(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	const most = 300
	if len(raw) > most {
		return string(raw[:most]) + "..."
	}
	return string(raw)
}
