package main

import (
	"strings"
	"testing"
)

func TestConvert(t *testing.T) {
	t.Parallel()
	in := `- id: s.a
  kind: rule
  strength: must
  section: 01. X › 設定
  lines: '1'
  quote: '設定する。'
  statement: A <b> & "c".
  value:
    z: [1, true, null, 2.5]
    a: x
  terraform: []
  caveat: 'two
    lines: one'
`
	want := header + `- id: "s.a"
  kind: "rule"
  strength: "must"
  section: "01. X › 設定"
  lines: "1"
  statement: "A <b> & \"c\"."
  value: {"z": [1, true, null, 2.5], "a": "x"}
  caveat: "two lines: one"
`
	got, err := convert("s", []byte(in))
	if err != nil || string(got) != want {
		t.Errorf("got %v\n%s\nwant\n%s", err, got, want)
	}
	if _, err := convert("other", []byte(in)); err == nil || !strings.Contains(err.Error(), "does not start with its system") {
		t.Errorf("error %v for an id of another system", err)
	}
	if _, err := convert("s", []byte(in+"  extra: 1\n")); err == nil {
		t.Error("no error for an unknown key")
	}
}
