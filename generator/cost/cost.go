// Package cost estimates what a module costs in a month, from its code.
//
// It takes the parsed files of a module, then the values of its variables, and
// returns items with quantities and dollars, the types that are billed by use, and
// the types that it has no price for. Prices come from prices.yaml, which is
// carried: nothing is asked and no clock is read. What cannot be told from the
// code, such as a number that AWS decides, is never guessed: it is named as not
// priced. It does not touch the operating system.
package cost

import (
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/zclconf/go-cty/cty"
)

// HoursOfMonth is how many hours a month has when AWS estimates.
const HoursOfMonth = 730

//go:embed prices.yaml
var source []byte

// A list is what prices.yaml holds.
type list struct {
	Date    string           `yaml:"date"`
	Regions []string         `yaml:"regions"`
	Prices  map[string]price `yaml:"prices"`
}

type price struct {
	Unit   string    `yaml:"unit"`
	Values []float64 `yaml:"values"`
}

var prices = sync.OnceValues(func() (list, error) { return read(source) })

// read reads a list of prices and refuses one with gaps.
func read(src []byte) (list, error) {
	var l list
	if err := yaml.UnmarshalWithOptions(src, &l, yaml.Strict()); err != nil {
		return l, fmt.Errorf("cannot read the price list: %w", err)
	}
	if l.Date == "" || len(l.Regions) == 0 {
		return l, errors.New("the price list has no date or no regions")
	}
	for name, p := range l.Prices {
		if len(p.Values) != len(l.Regions) || p.Unit != "hour" && p.Unit != "month" || slices.Min(p.Values) <= 0 {
			return l, fmt.Errorf("the price %q is not per hour or per month in every region", name)
		}
	}
	return l, nil
}

// Date returns the month in which the prices were written down.
func Date() string {
	l, _ := prices()
	return l.Date
}

// Regions returns the regions that have prices.
func Regions() []string {
	l, _ := prices()
	return slices.Clone(l.Regions)
}

// monthly returns what something costs in a month, and false without a price.
func monthly(name, region string) (float64, bool) {
	l, err := prices()
	i := slices.Index(l.Regions, region)
	p, ok := l.Prices[name]
	if err != nil || i < 0 || !ok {
		return 0, false
	}
	if p.Unit == "hour" {
		return p.Values[i] * HoursOfMonth, true
	}
	return p.Values[i], true
}

// An Item is one thing that is billed whether it is used or not.
type Item struct {
	Name    string  // such as "NAT gateways"
	What    string  // how many of what, such as "2 × db.t4g.medium"
	Dollars float64 // a month
}

// An Estimate is what a module costs.
type Estimate struct {
	Items    []Item
	ByUse    []string // services that are billed by use, sorted
	Unpriced []string // types of resources that no price is known for, with why, sorted
}

// Total returns the sum of the items.
func (e Estimate) Total() float64 {
	var sum float64
	for _, i := range e.Items {
		sum += i.Dollars
	}
	return math.Round(sum)
}

// Estimate estimates the resources of a module in a region that has prices.
// Variables that are not given are not known.
func (c *Code) Estimate(variables map[string]cty.Value, region string) Estimate {
	m := c.with(variables)
	e := &estimator{module: m, region: region, sums: map[string]*sum{}, byUse: map[string]bool{}, unpriced: map[string]bool{}}
	for _, r := range m.resources {
		e.resource(r)
	}
	return e.estimate()
}

// An estimator collects an estimate.
type estimator struct {
	*module
	region          string
	sums            map[string]*sum
	order           []string
	byUse, unpriced map[string]bool
}

// A sum gathers one item.
type sum struct {
	dollars float64
	kinds   []string // in order of appearance
	number  map[string]float64
}

// A need is so many of something that an item counts.
type need struct {
	item, kind, price string
	number            float64
}

// A share is what one resource block needs. It is not whole where the code does
// not say how much.
type share struct {
	needs []need
	whole bool
}

// add prices a need.
func (e *estimator) add(n need) {
	each, ok := monthly(n.price, e.region)
	if !ok {
		e.unpriced[n.item+" ("+n.price+": not in the price list)"] = true
		return
	}
	s := e.sums[n.item]
	if s == nil {
		s = &sum{number: map[string]float64{}}
		e.sums[n.item] = s
		e.order = append(e.order, n.item)
	}
	s.dollars += each * n.number
	if !slices.Contains(s.kinds, n.kind) {
		s.kinds = append(s.kinds, n.kind)
	}
	s.number[n.kind] += n.number
}

func (e *estimator) estimate() Estimate {
	var out Estimate
	for _, name := range e.order {
		s := e.sums[name]
		var what []string
		for _, kind := range s.kinds {
			words := strings.TrimSuffix(fmt.Sprintf("%.2f", s.number[kind]), ".00")
			if kind != "" {
				words += " × " + kind
			}
			what = append(what, words)
		}
		out.Items = append(out.Items, Item{Name: name, What: strings.Join(what, ", "), Dollars: s.dollars})
	}
	out.ByUse, out.Unpriced = slices.Sorted(maps.Keys(e.byUse)), slices.Sorted(maps.Keys(e.unpriced))
	return out
}
