package harness

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// entry is a field that is an entry of a map, its key behind or before its value.
func entry(number protowire.Number, key string, keyLast bool) []byte {
	name := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), key)
	value := protowire.AppendString(protowire.AppendTag(nil, 2, protowire.BytesType), "schema of "+key)
	body := append(append([]byte{}, name...), value...)
	if keyLast {
		body = append(append([]byte{}, value...), name...)
	}
	return protowire.AppendBytes(protowire.AppendTag(nil, number, protowire.BytesType), body)
}

// TestWindowKeepsTypes: of an answer with schemas the types that are asked for stay, and
// all that is not a schema of a type.
func TestWindowKeepsTypes(t *testing.T) {
	t.Parallel()
	provider := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), "provider")
	functions := entry(7, "arn_parse", false)
	answer := string(provider)
	for _, name := range []string{"aws_vpc", "aws_lb"} {
		for _, number := range []protowire.Number{2, 3, 8} {
			answer += string(entry(number, name, name == "aws_lb"))
		}
	}
	answer += string(functions)
	got, err := onlyTypes([]byte(answer), []string{"aws_lb", "aws_other"})
	if err != nil {
		t.Fatal(err)
	}
	for want, times := range map[string]int{"provider": 1, "aws_vpc": 0, "schema of aws_lb": 3, "arn_parse": 2} {
		if n := strings.Count(string(got), want); n != times {
			t.Errorf("%q stands there %d times, not %d", want, n, times)
		}
	}
	if all, err := onlyTypes([]byte(answer), []string{"aws_lb", "aws_vpc"}); err != nil || string(all) != answer {
		t.Errorf("with all types it is another answer: %v", err)
	}
	for _, broken := range []string{answer[:len(answer)-1], "\x12\x02\x08", "\x12\x02\x10\x01", "\x12\x00"} {
		if _, err := onlyTypes([]byte(broken), nil); err == nil {
			t.Errorf("%q is taken", broken)
		}
	}
}
