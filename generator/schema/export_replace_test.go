package schema

import "strings"

// Letters returns how many transitions are in the table, for tests.
func (t *ReplacementTable) Letters() int {
	n := 0
	for _, row := range t.rows {
		for word := range strings.FieldsSeq(row) {
			if _, letters, ok := strings.Cut(word, ":"); ok {
				n += len(letters)
			}
		}
	}
	return n
}
