package statesafe

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A State is what exists: addresses of objects with their instance keys.
type State struct{ objects []string }

// ReadState reads the output of `terraform show -json` or `terraform state pull`.
// The module is the address under which the state has the module that is compared,
// such as module.web, or "" for the root.
func ReadState(src []byte, module string) (State, error) {
	var doc struct {
		Values *struct {
			Root jsonModule `json:"root_module"`
		} `json:"values"`
		Version   *int           `json:"version"`
		Resources []pullResource `json:"resources"`
	}
	if err := json.Unmarshal(src, &doc); err != nil {
		return State{}, fmt.Errorf("the state is not JSON, as `terraform show -json` and `terraform state pull` print it: %w", err)
	}
	var all []string
	switch {
	case doc.Values != nil:
		all = doc.Values.Root.addresses(nil)
	case doc.Version != nil && *doc.Version == 4:
		for _, r := range doc.Resources {
			all = append(all, r.addresses()...)
		}
	default:
		return State{}, errors.New("the document has neither values, as `terraform show -json` prints them, nor version 4, as `terraform state pull` prints it")
	}
	s := State{}
	for _, a := range all {
		switch rest, in := strings.CutPrefix(a, module+"."); {
		case module == "":
			s.objects = append(s.objects, a)
		case in:
			s.objects = append(s.objects, rest)
		}
	}
	return s, nil
}

// jsonModule is a module as `terraform show -json` prints it.
type jsonModule struct {
	Resources []struct {
		Address string `json:"address"`
		Mode    string `json:"mode"`
	} `json:"resources"`
	Children []jsonModule `json:"child_modules"`
}

func (m jsonModule) addresses(out []string) []string {
	for _, r := range m.Resources {
		if r.Mode == "managed" {
			out = append(out, r.Address)
		}
	}
	for _, c := range m.Children {
		out = c.addresses(out)
	}
	return out
}

// pullResource is a resource as a state of version 4 has it.
type pullResource struct {
	Module    string `json:"module"`
	Mode      string `json:"mode"`
	Type      string `json:"type"`
	Name      string `json:"name"`
	Instances []struct {
		Key json.RawMessage `json:"index_key"`
	} `json:"instances"`
}

func (r pullResource) addresses() []string {
	if r.Mode != "managed" {
		return nil
	}
	address := r.Type + "." + r.Name
	if r.Module != "" {
		address = r.Module + "." + address
	}
	var out []string
	for _, i := range r.Instances {
		key := ""
		if len(i.Key) > 0 && string(i.Key) != "null" {
			key = "[" + string(i.Key) + "]"
		}
		out = append(out, address+key)
	}
	return out
}

// Check returns the report with the objects that exist. What does not exist stops
// nothing; what exists and is in neither version of the module gets a note.
func (r Report) Check(s State) Report {
	r.Checked = true
	r.Changes = slices.Clone(r.Changes)
	r.Notes = slices.Clone(r.Notes)
	known := map[string]int{}
	for i, c := range r.Changes {
		r.Changes[i].Objects = nil
		if c.Fate != Created {
			known[c.Address] = i
		}
	}
	for i, c := range r.Changes {
		if _, taken := known[c.Address]; c.Fate == Created && !taken {
			known[c.Address] = i // exists already, so the state is not that of before
		}
	}
	for _, object := range s.objects {
		i, ok := known[bare(object)]
		if !ok {
			r.Notes = append(r.Notes, object+" exists, but is not in the module: the state may be of another version.")
			continue
		}
		r.Changes[i].Objects = append(r.Changes[i].Objects, object)
	}
	return r
}
