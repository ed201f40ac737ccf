package module_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"golang.org/x/sys/unix"
)

// TestReadOnlyDisk is told so at the apply; nothing changes.
func TestReadOnlyDisk(t *testing.T) {
	cores(t, func(t *testing.T) {
		disk := t.TempDir()
		if err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size=1m"); err != nil {
			t.Skipf("only root may mount a disk (%v); the tests of package write look at the same error", err)
		}
		t.Cleanup(func() { unix.Unmount(disk, unix.MNT_DETACH) }) // Best effort.
		mode := func(flags uintptr) func() {
			return func() {
				if err := unix.Mount("", disk, "", unix.MS_REMOUNT|flags, ""); err != nil {
					t.Fatal(err)
				}
			}
		}
		on := func(more string) string {
			return fmt.Sprintf("provider \"bpgen\" {\n  allowed_paths = [%q]\n}\n", disk) + block("web", filepath.Join(disk, "a", "web"), more)
		}
		readOnly := regexp.MustCompile(`read-only`)
		run(t, nil,
			resource.TestStep{PreConfig: mode(unix.MS_RDONLY), Config: on(""), ExpectError: readOnly},
			resource.TestStep{PreConfig: mode(0), Config: on("")},
			resource.TestStep{PreConfig: mode(unix.MS_RDONLY), Config: on("options = { archive = true }"), ExpectError: readOnly},
			resource.TestStep{Config: on(""), Destroy: true, ExpectError: readOnly},
			resource.TestStep{PreConfig: mode(0), Config: on("options = { archive = true }")},
		)
		if m := read(t, disk); len(m) > 0 {
			t.Errorf("files stay: %v", m)
		}
	})
}
