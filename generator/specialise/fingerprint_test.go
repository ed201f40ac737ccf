package specialise

import (
	"reflect"
	"strings"
	"testing"
	"unsafe"

	"github.com/zclconf/go-cty/cty"
)

// TestFingerprintSeesEveryField: a field that the fingerprint forgets would let
// a cache mix up two specialisations.
func TestFingerprintSeesEveryField(t *testing.T) {
	print := func(r Result) string {
		var b strings.Builder
		r.Fingerprint(&b)
		return b.String()
	}
	typ := cty.Number
	base := Result{Tuple: false, Type: cty.String, text: "a"}
	other := map[string]any{
		"Val": cty.StringVal("x"), "Type": cty.Number, "members": &typ, "leaf": &typ, "loop": &loop{"x", "a"}, "Keys": []string{"k"},
		"Dropped": &Drop{Address: "a.b"}, "Object": &ObjectType{"data", "x"}, "Members": &ObjectType{"data", "x"},
	}
	fields := reflect.TypeFor[Result]()
	for i := range fields.NumField() {
		f := fields.Field(i)
		changed := base
		switch f.Name {
		case "Err": // a failed result is never bound
			continue
		case "defaults": // Bind has used them
			continue
		case "Elems":
			base, changed := base, base
			base.Tuple, changed.Tuple = true, true
			changed.Elems = []Result{{text: "x"}}
			if print(base) == print(changed) {
				t.Errorf("the fingerprint does not see %s", f.Name)
			}
			continue
		case "Keys", "Attrs":
			changed.Attrs, changed.Keys = map[string]Result{"k": {text: "x"}}, []string{"k"}
		default:
			field := reflect.NewAt(f.Type, unsafe.Pointer(reflect.ValueOf(&changed).Elem().Field(i).UnsafeAddr())).Elem()
			switch {
			case other[f.Name] != nil:
				field.Set(reflect.ValueOf(other[f.Name]))
			case f.Type.Kind() == reflect.Bool:
				field.SetBool(true)
			case f.Type.Kind() == reflect.String:
				field.SetString("other")
			case f.Type.Kind() == reflect.Int:
				field.SetInt(7)
			default:
				t.Fatalf("the test does not know how to change %s", f.Name)
			}
		}
		if print(base) == print(changed) {
			t.Errorf("the fingerprint does not see %s", f.Name)
		}
	}
}
