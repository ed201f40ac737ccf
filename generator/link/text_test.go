package link

import "testing"

func TestTidy(t *testing.T) {
	cited := func(id string) (chapter, statement string, ok bool) {
		if id == "s3.retention" {
			return "22-02", "Logs are kept for 7 days; what is older goes.", true
		}
		return "", "", false
	}
	const in = `# notes: s3.retention


resource "a" "b" {

  long_name = "# notes: s3.retention" # notes: s3.retention a week
  x = <<EOT
# notes: s3.retention



EOT


  c = [

    1, // notes: s3.gone one
    2, # two
  ]

}
`
	const want = `# notes 22-02: Logs are kept for 7 days; what is older goes

resource "a" "b" {
  long_name = "# notes: s3.retention" # notes 22-02: a week
  x         = <<EOT
# notes: s3.retention



EOT

  c = [
    1, # notes s3.gone: one
    2, # two
  ]
}
`
	if got := string(Tidy(in, cited)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if again := string(Tidy(want, nil)); again != want {
		t.Errorf("tidying twice changes\n%s\nto\n%s", want, again)
	}
	if empty := Tidy("\n\n", nil); len(empty) > 0 {
		t.Errorf("nothing became %q", empty)
	}
}
