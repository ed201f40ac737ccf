package cite

import (
	"slices"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	t.Parallel()
	src := strings.Join([]string{
		"a = 1 # notes s3.retention: keep a week",
		"# notes s3.public, s3.acl: both; departs from notes s3.retention",
		"# departs from notes s3.acl: ACLs are off",
		"the notes say nothing, and notes s3.public is no comment",
		"// notes s3.public",
		"version: 0.2 # notes: s3.retention of a file that stays as it is",
		"<!-- notes s3.acl: x -->",
		`text = "the notes # are here"`,
		"# notes s3.acl, s3.acl twice; what the notes say",
	}, "\n")
	want := []Place{
		{1, "s3.retention", false},
		{2, "s3.public", false}, {2, "s3.acl", false}, {2, "s3.retention", true},
		{3, "s3.acl", true},
		{5, "s3.public", false},
		{6, "s3.retention", false},
		{7, "s3.acl", false},
		{9, "s3.acl", false},
	}
	if got := Find([]byte(src)); !slices.Equal(got, want) {
		t.Errorf("Find is %v,\nwant    %v", got, want)
	}
	if got := Find(nil); got != nil {
		t.Errorf("Find of nothing is %v", got)
	}
}

// TestFindReadsWhatCommentWrites: every id of a citation is found again, with what
// became of it.
func TestFindReadsWhatCommentWrites(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"notes: s3.retention", "notes: s3.acl", "notes: s3.public, s3.acl, s3.retention all", "notes: s3.gone, s3.acl.x_Y word", "notes: s3.acl, s3.gone"} {
		ids, _ := Parse(in)
		found := Find([]byte("x = 1 # " + Comment(in, notes) + "\n"))
		for _, id := range ids {
			m, _ := notes(id)
			if !slices.Contains(found, Place{1, id, m.Departure != ""}) {
				t.Errorf("%q: %s is not found in %v", in, id, found)
			}
		}
		if len(found) != len(ids) {
			t.Errorf("%q: %d ids, found %v", in, len(ids), found)
		}
	}
}
