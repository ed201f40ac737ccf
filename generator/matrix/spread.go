package matrix

// Spread returns up to n different allowed rows, spread evenly over all
// combinations of the axes' values: not the few that hold every pair, but many
// for which every option is as likely to differ. nil allows all.
func Spread(axes []Axis, n int, allowed func(Row) bool) []Row {
	all := int64(1) // also where an int has 32 bits
	for _, a := range axes {
		if all > 1<<40 {
			break // the rest takes its first value; there are more rows than anyone asks for
		}
		all *= int64(max(len(a.Values), 1))
	}
	// A stride that shares no divisor with the number of rows meets each once.
	stride := max(all/(2*int64(max(n, 1))), 1)
	for gcd(stride, all) != 1 {
		stride++
	}
	var rows []Row
	at := int64(0)
	for range all {
		if len(rows) == n {
			break
		}
		row, rest := Row{}, at
		for _, a := range axes {
			if len(a.Values) > 0 {
				row[a.Name] = a.Values[rest%int64(len(a.Values))]
				rest /= int64(len(a.Values))
			}
		}
		if allowed == nil || allowed(row) {
			rows = append(rows, row)
		}
		at = (at + stride) % all
	}
	return rows
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
