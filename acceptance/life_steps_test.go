package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bpgen/bpgen/generator/matrix"
)

// firstApply is how a life begins.
func firstApply(do, check func(*living) error) step {
	return step{name: "first apply", do: do, creates: `.*`, check: check}
}

// destroyed is how a life ends whose objects refuse nothing.
func destroyed() step {
	return step{name: "destroy", do: (*living).destroy, quiet: true, end: true, check: (*living).gone}
}

// option switches options on and renders again.
func option(name string, more matrix.Row, creates, updates string) step {
	return step{name: name, options: more, creates: creates, updates: updates, replaces: revisions}
}

// variable changes values that AWS changes in place.
func variable(name string, values map[string]any, updates string) step {
	return step{name: name, updates: updates, do: func(v *living) error { return v.set(values) }}
}

// newer renders with a newer release of a template.
func newer(name string, edit templateEdit, updates string) step {
	return step{name: name, edits: []templateEdit{edit}, updates: updates}
}

// set gives variables of the module values, where it has them.
func (v *living) set(values map[string]any) error {
	declared, err := os.ReadFile(filepath.Join(v.dir, "variables.tf"))
	if err != nil {
		return err
	}
	changed := false
	for name, value := range values {
		if !strings.Contains(string(declared), "variable \""+name+"\" {") {
			continue
		}
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		v.values[name], changed = text, true
	}
	if !changed {
		return fmt.Errorf("the module has none of the variables %v", values)
	}
	return v.writeValues()
}

// name is the value of the module's variable name.
func (v *living) name() string { return strings.Trim(string(v.values["name"]), `"`) }

// objects are the addresses of what the state holds, without data.
func (v *living) objects() ([]string, error) {
	addresses, err := v.r.Addresses()
	return slices.DeleteFunc(addresses, func(a string) bool { return strings.HasPrefix(a, "data.") || strings.Contains(a, ".data.") }), err
}

var fenced = regexp.MustCompile("(?m)^( *)```(?:sh|bash)\n((?s:.*?))^ *```")

// instructions are the commands of a runbook, all of them, as they stand but for
// the words in angle brackets that a reader fills in.
func instructions(runbook string) (string, error) {
	text, err := os.ReadFile(runbook)
	if err != nil {
		return "", err
	}
	var script strings.Builder
	for _, m := range fenced.FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(m[2]) {
			script.WriteString(strings.TrimPrefix(line, m[1]))
		}
	}
	if script.Len() == 0 {
		return "", fmt.Errorf("%s has no commands", filepath.Base(runbook))
	}
	return strings.ReplaceAll(script.String(), "<environment>", environment), nil
}

// environment is the one whose values a reader of a runbook names.
const environment = "life"

// destroy destroys the module.
func (v *living) destroy() error {
	before, err := v.objects()
	if err != nil {
		return err
	}
	v.applied = len(before)
	if _, err := v.r.Run("", "destroy", "-auto-approve", "-no-color", "-input=false", "-parallelism=30"); err != nil {
		return err
	}
	left, err := v.objects()
	v.figures.destroyed = v.applied - len(left)
	return err
}

// kept are the names of what every destroyed module may leave: snapshots of its
// database, keys, which wait to be deleted, and AWS's own parameter groups.
var kept = regexp.MustCompile(`:(?:cluster-)?snapshot:|:kms:.*:key/|pg:default\.`)

// gone requires that nothing is left but what is kept, and that what is kept can
// be read.
func (v *living) gone() error {
	now, err := v.aws.Router.Standing(v.regions()...)
	if err != nil {
		return err
	}
	var wrong []string
	for _, name := range now.Since(v.before) {
		id, _, _ := strings.Cut(name, " (")
		if !kept.MatchString(id) && (v.life.keeps == "" || !regexp.MustCompile(v.life.keeps).MatchString(id)) {
			wrong = append(wrong, "left: "+name)
		}
	}
	keys, err := v.aws.Router.Keys(v.life.region)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if k.State == "PendingDeletion" && len(k.Holds) > 0 {
			wrong = append(wrong, fmt.Sprintf("the key %s goes, and with it %s", k.ARN, strings.Join(k.Holds, ", ")))
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("after the destroy:\n%s", strings.Join(wrong, "\n"))
	}
	return nil
}
