package home

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/gocty"
)

// Functions returns what the expressions of a blueprint may call besides
// Terraform's functions. Each takes a time zone first, commonly option.home.
func Functions() map[string]function.Function {
	return map[string]function.Function{
		"home_region":          text(Home.Region),
		"home_mysql_time_zone": text(Home.MySQLZone),
		"home_weekday_pattern": text(Home.WeekdayPattern),
		"home_weekend":         weekendFunction,
		"home_weekly_window":   weeklyFunction,
		"home_daily_window":    dailyFunction,
	}
}

var zoneParameter = function.Parameter{Name: "time_zone", Type: cty.String}

// read returns the home in the zone that the first argument names.
func read(args []cty.Value) (Home, error) {
	h, ok := Find(args[0].AsString())
	if !ok {
		return h, function.NewArgErrorf(0, "there is no time zone %q", args[0].AsString())
	}
	return h, nil
}

// text makes a function of what a home says.
func text(say func(Home) string) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{zoneParameter},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			h, err := read(args)
			if err != nil {
				return cty.UnknownVal(cty.String), err
			}
			return cty.StringVal(say(h)), nil
		},
	})
}

var weekendType = cty.Object(map[string]cty.Type{"from": cty.String, "to": cty.String})

// weekendFunction is home_weekend(time_zone): an object of from and to, in UTC.
var weekendFunction = function.New(&function.Spec{
	Params: []function.Parameter{zoneParameter},
	Type:   function.StaticReturnType(weekendType),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		h, err := read(args)
		if err != nil {
			return cty.UnknownVal(weekendType), err
		}
		from, to := h.Weekend()
		return cty.ObjectVal(map[string]cty.Value{"from": cty.StringVal(from), "to": cty.StringVal(to)}), nil
	},
})

// weeklyFunction is home_weekly_window(time_zone, day, time, minutes).
var weeklyFunction = function.New(&function.Spec{
	Params: []function.Parameter{zoneParameter, {Name: "day", Type: cty.String}, {Name: "time", Type: cty.String}, {Name: "minutes", Type: cty.Number}},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		h, at, minutes, err := window(args, 2)
		if err != nil {
			return cty.UnknownVal(cty.String), err
		}
		w, err := h.Weekly(args[1].AsString(), at, minutes)
		if err != nil {
			return cty.UnknownVal(cty.String), fmt.Errorf("not a valid window: %w", err)
		}
		return cty.StringVal(w), nil
	},
})

// dailyFunction is home_daily_window(time_zone, time, minutes).
var dailyFunction = function.New(&function.Spec{
	Params: []function.Parameter{zoneParameter, {Name: "time", Type: cty.String}, {Name: "minutes", Type: cty.Number}},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		h, at, minutes, err := window(args, 1)
		if err != nil {
			return cty.UnknownVal(cty.String), err
		}
		w, err := h.Daily(at, minutes)
		if err != nil {
			return cty.UnknownVal(cty.String), fmt.Errorf("not a valid window: %w", err)
		}
		return cty.StringVal(w), nil
	},
})

// window reads the arguments of a window: the zone, and from the given argument
// on the time and the minutes.
func window(args []cty.Value, from int) (h Home, at, minutes int, err error) {
	if h, err = read(args); err != nil {
		return h, 0, 0, err
	}
	if at, err = ReadTime(args[from].AsString()); err != nil {
		return h, 0, 0, function.NewArgError(from, err)
	}
	if err = gocty.FromCtyValue(args[from+1], &minutes); err != nil {
		return h, 0, 0, function.NewArgError(from+1, err)
	}
	return h, at, minutes, nil
}
