package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/bpgen/bpgen/acceptance/verbatim"
	"github.com/bpgen/bpgen/generator/matrix"
	"github.com/bpgen/bpgen/generator/resolve"
)

// The limits of the provider.
const (
	maxStart       = 150 * time.Millisecond // from the start of the process to its schemas
	maxStartMemory = 100 << 20              // its peak until then
	maxPlan        = 3 * time.Second        // a plan of sources data sources on cores
	sources        = 50
)

// providerTimes are medians of the provider's processes.
type providerTimes struct {
	runs        int
	start, plan sample
	sets        int
	missing     error // why the plan was not measured
}

// measureProvider starts the provider as Terraform does, asks for its schemas,
// and has Terraform plan data sources with options that differ.
func measureProvider(ctx context.Context, binary, terraform string, runs int) (providerTimes, error) {
	p := providerTimes{runs: runs}
	binary, err := filepath.Abs(binary)
	if err != nil {
		return p, err
	}
	var starts, plans []sample
	for i := range runs + 1 {
		s, err := startProvider(ctx, binary)
		if err != nil {
			return p, err
		}
		if i > 0 { // The first one reads the program from the disk.
			starts = append(starts, s)
		}
	}
	p.start = median(starts)
	if p.missing = exec.CommandContext(ctx, terraform, "version").Run(); p.missing != nil {
		return p, nil
	}
	dir, err := os.MkdirTemp("", "bpgen-bench-plan-")
	if err != nil {
		return p, err
	}
	defer os.RemoveAll(dir)
	if p.sets, err = planned(dir, binary); err != nil {
		return p, err
	}
	for i := range runs + 1 {
		cmd := exec.CommandContext(ctx, terraform, "plan", "-no-color", "-input=false", "-lock=false")
		cmd.Dir = dir
		cmd.Env = append(clean(), "TF_CLI_CONFIG_FILE="+filepath.Join(dir, "cli.tfrc"), "CHECKPOINT_DISABLE=1", fmt.Sprintf("GOMAXPROCS=%d", cores))
		s, err := measureCommand(cmd)
		if err != nil {
			return p, err
		}
		if i > 0 {
			plans = append(plans, s)
		}
	}
	p.plan = median(plans)
	return p, nil
}

// planned writes a root module with the data sources, and a configuration that
// names the program.
func planned(dir, binary string) (int, error) {
	cat, diags := builtIn()
	if diags.HasErrors() {
		return 0, diags
	}
	bp, diags := cat.Blueprint(blueprint)
	if diags.HasErrors() {
		return 0, diags
	}
	options := resolve.Options(bp)
	sets := matrix.Spread(matrix.Axes(options, nil), sources, matrix.Allowed(bp, options))
	if len(sets) < sources {
		return 0, fmt.Errorf("%s has only %d sets of options", blueprint, len(sets))
	}
	file := hclwrite.NewEmptyFile()
	for i, set := range sets {
		body := file.Body().AppendNewBlock("data", []string{"bpgen_" + strings.ReplaceAll(blueprint, "-", "_"), fmt.Sprintf("m%d", i)}).Body()
		for _, name := range slices.Sorted(maps.Keys(set)) {
			body.SetAttributeValue(name, set[name])
		}
	}
	head := "terraform {\n  required_providers {\n    bpgen = { source = \"bpgen/bpgen\" }\n  }\n}\n"
	config := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"bpgen/bpgen\" = %q\n  }\n  direct {}\n}\n", filepath.ToSlash(filepath.Dir(binary)))
	return len(sets), errors.Join(
		os.WriteFile(filepath.Join(dir, "main.tf"), append([]byte(head), file.Bytes()...), 0o644),
		os.WriteFile(filepath.Join(dir, "cli.tfrc"), []byte(config), 0o644),
	)
}

// clean is the environment without what would change what is measured.
func clean() []string {
	var env []string
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "TF_") && !strings.HasPrefix(kv, "BPGEN_PATH=") {
			env = append(env, kv)
		}
	}
	return env
}

// startProvider starts the program, asks for the schemas over its socket, and
// ends it.
func startProvider(ctx context.Context, binary string, env ...string) (sample, error) {
	cmd := exec.CommandContext(ctx, binary)
	// What Terraform says to a provider so that it serves.
	cmd.Env = append(clean(), "TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2", "PLUGIN_PROTOCOL_VERSIONS=6", fmt.Sprintf("GOMAXPROCS=%d", cores))
	cmd.Env = append(cmd.Env, env...)
	var talk bytes.Buffer
	cmd.Stderr = &talk
	out, err := cmd.StdoutPipe()
	if err != nil {
		return sample{}, err
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return sample{}, err
	}
	err = schemas(ctx, bufio.NewReader(out))
	wall := time.Since(start)
	err = errors.Join(err, cmd.Process.Signal(syscall.SIGKILL))
	var killed *exec.ExitError
	if waited := cmd.Wait(); waited != nil && !errors.As(waited, &killed) {
		err = errors.Join(err, waited)
	}
	if err != nil {
		return sample{}, fmt.Errorf("%s: %w\n%s", binary, err, talk.String())
	}
	return used(cmd.ProcessState, wall), nil
}

// schemas reads the program's line about its socket, and asks it for schemas.
func schemas(ctx context.Context, out *bufio.Reader) error {
	line, err := out.ReadString('\n')
	if err != nil {
		return err
	}
	parts := strings.Split(strings.TrimSpace(line), "|") // core, protocol, network, address, kind
	if len(parts) < 5 || parts[1] != "6" || parts[2] != "unix" {
		return fmt.Errorf("it says %q", line)
	}
	conn, err := grpc.NewClient("unix://"+parts[3], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	var answer []byte
	const largest = 64 << 20
	if err := conn.Invoke(ctx, "/tfplugin6.Provider/GetProviderSchema", &[]byte{}, &answer, grpc.ForceCodecV2(verbatim.Codec{}), grpc.MaxCallRecvMsgSize(largest)); err != nil {
		return err
	}
	if !bytes.Contains(answer, []byte("bpgen_blueprints")) {
		return fmt.Errorf("its answer of %d bytes holds no schema of bpgen_blueprints", len(answer))
	}
	return nil
}

// judgeProvider returns the limits that do not hold.
func judgeProvider(p providerTimes, overloaded bool) (broken []string) {
	start, plan := p.start.wall, p.plan.wall
	if overloaded {
		start, plan = p.start.cpu, p.plan.cpu/cores
	}
	if start > maxStart {
		broken = append(broken, fmt.Sprintf("the provider answers with its schemas after %s; the limit is %s", start.Round(time.Millisecond), maxStart))
	}
	if p.start.memory > maxStartMemory {
		broken = append(broken, fmt.Sprintf("the provider takes %d MB to start; the limit is %d", p.start.memory>>20, maxStartMemory>>20))
	}
	if p.missing == nil && plan > maxPlan {
		broken = append(broken, fmt.Sprintf("a plan of %d data sources takes %s; the limit is %s", sources, plan.Round(time.Millisecond), maxPlan))
	}
	return broken
}
