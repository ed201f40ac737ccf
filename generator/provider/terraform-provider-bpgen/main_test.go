package main

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// serving makes the test binary the program itself.
const serving = "BPGEN_TEST_SERVE"

func TestMain(m *testing.M) {
	if os.Getenv(serving) != "" {
		main()
		return
	}
	m.Run()
}

// TestManifest holds that the registries are told the protocol which the program
// speaks.
func TestManifest(t *testing.T) {
	b, err := os.ReadFile("../terraform-registry-manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Version  int
		Metadata struct {
			Protocols []string `json:"protocol_versions"`
		}
	}
	if err := json.Unmarshal(b, &manifest); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serving+"=1",
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2", "PLUGIN_PROTOCOL_VERSIONS=5,6")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	cmd.Process.Kill() // It serves for ever.
	cmd.Wait()         // It was killed.
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(line, "|") // version of the handshake, of the protocol, network, address, kind
	if len(parts) < 2 {
		t.Fatalf("it says %q", line)
	}
	if p := manifest.Metadata.Protocols; manifest.Version != 1 || len(p) != 1 || p[0] != parts[1]+".0" {
		t.Errorf("the program speaks version %s, and the manifest says %s", parts[1], b)
	}
}
