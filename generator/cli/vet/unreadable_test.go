package vet

import (
	"errors"
	"io/fs"
	"testing"
)

// TestUnreadable: a missing right is told in a render's words, all else as it is.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want string
	}{
		{&fs.PathError{Op: "stat", Path: "ro/web", Err: fs.ErrPermission}, `"ro/web" is not readable (stat ro/web: permission denied)`},
		{errors.New("it is gone"), "it is gone"},
	} {
		if got := unreadable("ro/web", c.err); got.Error() != c.want || !errors.Is(got, c.err) {
			t.Errorf("got %v, want %s", got, c.want)
		}
	}
}
