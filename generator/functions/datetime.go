package functions

import (
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// timeCmpFunc says whether the first time is before (-1), at (0) or after (1)
// the second.
var timeCmpFunc = stringFunc(cty.Number, func(args []string) (cty.Value, error) {
	var times [2]time.Time
	for i, s := range args {
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return cty.UnknownVal(cty.Number), function.NewArgErrorf(i, "not a time in RFC 3339 format")
		}
		times[i] = t
	}
	return cty.NumberIntVal(int64(times[0].Compare(times[1]))), nil
}, "timestamp_a", "timestamp_b")
