//go:build !linux && !darwin

package write

import (
	"errors"
	"os"
)

// exchange swaps two entries of two folders in one step: not on this system.
func exchange(*os.File, string, *os.File, string) error { return errors.ErrUnsupported }
