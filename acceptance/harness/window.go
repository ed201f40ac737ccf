package harness

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/bpgen/bpgen/acceptance/verbatim"
)

// Through makes the core use the real provider through a window: one process of
// the provider serves all tests, and of its schema the core sees only the types
// and nested blocks that the files of the folders name. A core spends nearly all
// of its time on the schemas of 1,500 types, a web ACL alone nests ten thousand
// blocks, and it does so once for every shipped run. Configurations are widened
// again before the real provider validates them. Where the stand-in took the
// place of the real one, Through is OnlyNames.
//
// It must come before Init, which then has no provider to install. Nothing may be
// planned or applied but with mock providers: the process is shared, and so is
// its configuration.
func (r *Runner) Through(t testing.TB, p Provider, dirs ...string) {
	t.Helper()
	if !p.Real {
		if err := r.OnlyNames(dirs...); err != nil {
			t.Fatal(err)
		}
		return
	}
	names, err := namesIn(usedName, dirs)
	if err != nil {
		t.Fatal(err)
	}
	process, err := realProcess(p.binary)
	if err != nil {
		t.Fatal(err)
	}
	address, err := process.window(t, newView(names), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.attach(t, address)
}

// attach has the core take the provider that listens on a socket.
func (r *Runner) attach(t testing.TB, address string) {
	t.Helper()
	attach, err := json.Marshal(map[string]any{r.core.RegistryHost() + "/hashicorp/aws": map[string]any{
		"Protocol": "grpc", "ProtocolVersion": 5, "Pid": os.Getpid(), "Test": true,
		"Addr": map[string]string{"Network": "unix", "String": address},
	}})
	if err != nil {
		t.Fatal(err)
	}
	r.env = append(r.env, "TF_REATTACH_PROVIDERS="+string(attach))
}

// A process is a provider that runs by itself, as for a debugger.
type process struct {
	cmd  *exec.Cmd
	conn *grpc.ClientConn

	schema func() ([]byte, error) // its answer to GetSchema
}

var processes struct {
	mu      sync.Mutex
	running map[string]*process
}

// realProcess starts the provider, once for each binary.
func realProcess(binary string) (*process, error) {
	processes.mu.Lock()
	defer processes.mu.Unlock()
	if p := processes.running[binary]; p != nil {
		return p, nil
	}
	p, err := startProcess(binary)
	if err != nil {
		return nil, err
	}
	if processes.running == nil {
		processes.running = map[string]*process{}
	}
	processes.running[binary] = p
	return p, nil
}

// stopProcesses ends what realProcess started.
func stopProcesses() {
	processes.mu.Lock()
	defer processes.mu.Unlock()
	for _, p := range processes.running {
		p.stop()
	}
	processes.running = nil
}

// stop ends the provider.
func (p *process) stop() {
	_ = p.conn.Close()
	killGroup(p.cmd)
	_ = p.cmd.Wait() // killed
}

var reattach = regexp.MustCompile(`TF_REATTACH_PROVIDERS='(.*)'`)

func startProcess(binary string, env ...string) (*process, error) {
	dir, err := tempDir("real-process")
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(binary, "-debug")
	cmd.Dir, cmd.Env = dir, append(append(baseEnv(""), "TMPDIR="+dir), env...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := startTied(cmd, syscall.SIGKILL); err != nil {
		return nil, err
	}
	address, err := announced(stdout)
	if err == nil {
		p := &process{cmd: cmd}
		p.conn, err = grpc.NewClient("unix:"+address, grpc.WithTransportCredentials(insecure.NewCredentials()),
			grpc.WithDefaultCallOptions(grpc.ForceCodecV2(verbatim.Codec{}), grpc.MaxCallRecvMsgSize(maxMessage), grpc.MaxCallSendMsgSize(maxMessage)))
		if err == nil {
			p.schema = sync.OnceValues(p.askSchema)
			return p, nil
		}
	}
	return nil, errors.Join(fmt.Errorf("%s -debug: %w", filepath.Base(binary), err), cmd.Process.Kill())
}

// announced reads the socket's path from what the provider says when it is up.
func announced(stdout io.Reader) (string, error) {
	found := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			if m := reattach.FindStringSubmatch(lines.Text()); m != nil {
				found <- m[1]
			}
		}
		close(found)
	}()
	select {
	case text := <-found:
		var at map[string]struct{ Addr struct{ String string } }
		if err := json.Unmarshal([]byte(text), &at); err != nil {
			return "", err
		}
		for _, v := range at {
			return v.Addr.String, nil
		}
		return "", errors.New("it ended before it was up")
	case <-time.After(time.Minute):
		return "", errors.New("it does not come up")
	}
}

const (
	maxMessage = 512 << 20 // bytes; all schemas are some 60 MB
	getSchema  = "/tfplugin5.Provider/GetSchema"
	upgrade    = "/tfplugin5.Provider/UpgradeResourceState"
)

func (p *process) askSchema() ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	var out []byte
	err := p.conn.Invoke(ctx, getSchema, &[]byte{}, &out)
	return out, err
}

// window serves the provider with some of its types on a socket of its own, until
// the test ends.
// With a fleet, calls that need a configured provider go to one of its own.
func (p *process) window(t testing.TB, v *view, f *fleet) (address string, err error) {
	all, err := p.schema()
	if err != nil {
		return "", err
	}
	seen, err := v.narrow(all)
	if err != nil {
		return "", err
	}
	// A socket's path is short: test folders are not.
	dir, err := os.MkdirTemp("", "w-")
	if err != nil {
		return "", err
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	address = filepath.Join(dir, "s")
	listener, err := net.Listen("unix", address)
	if err != nil {
		return "", err
	}
	server := grpc.NewServer(grpc.ForceServerCodecV2(verbatim.Codec{}), grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage),
		grpc.StatsHandler(connections{}),
		grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
			if f != nil {
				return f.pass(stream, p, seen)
			}
			return p.pass(stream, v, seen)
		}))
	go func() { _ = server.Serve(listener) }() // ends with Stop
	t.Cleanup(server.Stop)
	return address, nil
}

// pass hands one call to the provider and its answer back. The schema is answered
// here, and nobody may shut down or stop what others use.
func (p *process) pass(stream grpc.ServerStream, v *view, schema []byte) error {
	method, _ := grpc.MethodFromServerStream(stream)
	switch {
	case method == getSchema:
		var request []byte
		if err := stream.RecvMsg(&request); err != nil {
			return err
		}
		return stream.SendMsg(&schema)
	case strings.HasSuffix(method, "/Shutdown"), strings.HasSuffix(method, "Provider/Stop"):
		return stream.SendMsg(&[]byte{})
	case strings.HasPrefix(method, "/plugin."):
		return status.Error(codes.Unimplemented, method) // the broker and the provider's output, which go-plugin can do without
	case !strings.HasPrefix(method, "/tfplugin5.") && !strings.HasPrefix(method, "/grpc.health."):
		return status.Error(codes.Unimplemented, method)
	}
	var request, answer []byte
	if err := stream.RecvMsg(&request); err != nil {
		return err
	}
	if kind, ok := validations[method]; ok {
		var err error
		if request, err = v.widened(kind, request); err != nil {
			return status.Error(codes.Internal, err.Error())
		}
	}
	if err := p.invoke(stream, method, &request, &answer); err != nil {
		return err
	}
	if method == upgrade {
		var err error
		if answer, err = v.narrowed(request, answer); err != nil {
			return status.Error(codes.Internal, err.Error())
		}
	}
	return stream.SendMsg(&answer)
}

// invoke makes the call of a stream at the provider.
func (p *process) invoke(stream grpc.ServerStream, method string, request, answer *[]byte) error {
	in, _ := metadata.FromIncomingContext(stream.Context())
	return p.conn.Invoke(metadata.NewOutgoingContext(stream.Context(), in), method, request, answer)
}
