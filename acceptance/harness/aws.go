package harness

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/bpgen/bpgen/acceptance/harness/emulator"
)

// The emulators of AWS, and its command-line client.
var (
	moto      = pythonTool{name: "moto", module: "moto.server", requirements: "emulators/requirements-moto.txt"}
	ministack = pythonTool{name: "ministack", module: "ministack", requirements: "emulators/requirements-ministack.txt"}
	awscli    = pythonTool{name: "awscli", module: "awscli", requirements: "emulators/requirements-awscli.txt"}
)

// Emulators names them, as BPGEN_ACC_REQUIRE does.
const Emulators = "emulators"

// startup is how long an emulator may take until it answers.
const startup = 2 * time.Minute

// installEmulators installs what AWS is made of and returns the programs'
// folders by name.
var installEmulators = sync.OnceValues(func() (map[string]string, error) {
	dirs := map[string]string{}
	for _, tool := range []pythonTool{moto, ministack, awscli} {
		bin, version, err := tool.install()
		if err != nil {
			return nil, err
		}
		note("%s %s", tool.name, version)
		dirs[tool.name] = bin
	}
	return dirs, nil
})

// An AWS is emulators and the router in front of them: an account of its own.
type AWS struct {
	Endpoint string
	Router   *emulator.Router
	Log      string // file of the calls
	client   string // folder of the program aws
}

// StartAWS starts an empty AWS, which ends with the test. The name is that of its
// logs. It ends the test where there are no emulators.
func StartAWS(t testing.TB, name string) *AWS {
	t.Helper()
	dirs, err := installEmulators()
	if err != nil {
		missing(t, Emulators, "", err)
	}
	root, err := repoRoot()
	if err != nil {
		t.Fatal(err)
	}
	logs, err := cacheDir("logs")
	if err != nil {
		t.Fatal(err)
	}
	name = filepath.Join(logs, regexp.MustCompile(`\W+`).ReplaceAllString(name, "-"))
	backends := map[string]*url.URL{}
	for _, e := range []server{
		{name: "moto", program: filepath.Join(dirs["moto"], "python3"), args: []string{filepath.Join(root, "acceptance", "tools", "emulators", "moto_server.py"), "-H", "127.0.0.1", "-p", "$PORT"}, ready: "/moto-api/",
			env: []string{"MOTO_IAM_LOAD_MANAGED_POLICIES=true", "MOTO_EC2_LOAD_DEFAULT_AMIS=false"}},
		{name: "ministack", program: filepath.Join(dirs["ministack"], "ministack"), ready: "/_ministack/health",
			env: []string{"BIND_HOST=127.0.0.1", "GATEWAY_PORT=$PORT"}},
	} {
		address, err := e.start(t, name+"."+e.name+".log", startup)
		if err != nil {
			t.Fatal(err)
		}
		backends[e.name] = address
	}
	calls, err := os.Create(name + ".calls.log")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = calls.Close() })
	a := &AWS{Log: calls.Name(), client: dirs["awscli"], Router: emulator.New(backends, calls)}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	web := &http.Server{Handler: a.Router, ReadHeaderTimeout: time.Minute}
	go func() { _ = web.Serve(listener) }() // ends with Close
	t.Cleanup(func() { _ = web.Close() })
	a.Endpoint = "http://" + listener.Addr().String()
	return a
}

// Env is what leads a core, a provider or the client aws to the AWS.
func (a *AWS) Env(region string) []string {
	return []string{
		"AWS_ENDPOINT_URL=" + a.Endpoint,
		"AWS_ACCESS_KEY_ID=" + emulator.Account,
		"AWS_REGION=" + region,
		"AWS_DEFAULT_REGION=" + region,
		"AWS_PAGER=",
		"HTTP_PROXY=" + a.Endpoint, // for S3 Control, which puts the account before the host
		"NO_PROXY=127.0.0.1",
	}
}

// A server is a program that answers on a port of the loopback interface.
type server struct {
	name    string
	program string
	args    []string // $PORT is the port
	env     []string
	ready   string // path that answers once it is up
}

// start starts the server on a free port and waits until it answers. What it says
// is written to the log. It ends with the test.
func (s server) start(t testing.TB, log string, patience time.Duration) (*url.URL, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	return s.startAt(t, port, log, patience)
}

func (s server) startAt(t testing.TB, port int, log string, patience time.Duration) (*url.URL, error) {
	address := &url.URL{Scheme: "http", Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port))}
	if c, err := net.Dial("tcp", address.Host); err == nil {
		_ = c.Close()
		return nil, fmt.Errorf("%s does not start: port %d is taken; log: %s", s.name, port, log)
	}
	out, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	filled := func(words []string) []string {
		out := slices.Clone(words)
		for i := range out {
			out[i] = strings.ReplaceAll(out[i], "$PORT", strconv.Itoa(port))
		}
		return out
	}
	cmd := exec.Command(s.program, filled(s.args)...)
	cmd.Env = append(baseEnv(""), filled(s.env)...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.Dir = t.TempDir()
	if err := startTied(cmd, syscall.SIGKILL); err != nil {
		return nil, errors.Join(fmt.Errorf("%s does not start: %w; log: %s", s.name, err, log), out.Close())
	}
	ended := make(chan struct{})
	var once sync.Once
	go func() {
		_ = cmd.Wait() // killed at the end of the test, or told below
		close(ended)
	}()
	stop := func() {
		once.Do(func() {
			killGroup(cmd)
			<-ended
			_ = out.Close()
		})
	}
	t.Cleanup(stop)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for !answers(ctx, address.String()+s.ready) {
		select {
		case <-ended:
			stop()
			return nil, fmt.Errorf("%s does not start: it ended at once; log: %s", s.name, log)
		case <-ctx.Done():
			stop()
			return nil, fmt.Errorf("%s does not start: no answer in %s; log: %s", s.name, patience, log)
		case <-time.After(100 * time.Millisecond):
		}
	}
	return address, nil
}

// answers reports whether something is up at the address.
func answers(ctx context.Context, address string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_, _ = io.Copy(io.Discard, response.Body)
	return response.Body.Close() == nil && response.StatusCode == http.StatusOK
}

// freePort returns a port that nobody listens on.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// HostedZone makes a hosted zone and returns its id.
func (a *AWS) HostedZone(name string) (string, error) {
	body := `<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Name>` + name + `</Name><CallerReference>` + name + `</CallerReference></CreateHostedZoneRequest>`
	answer := a.Router.Do(emulator.Inquiry{Service: "route53", Region: "us-east-1", Path: "/2013-04-01/hostedzone", Document: body})
	m := regexp.MustCompile(`/hostedzone/(Z[A-Z0-9]+)`).FindSubmatch(answer.Body)
	if m == nil {
		return "", fmt.Errorf("no hosted zone: %d %s", answer.Status, tail(string(answer.Body)))
	}
	return string(m[1]), nil
}

// Push puts an image without layers into a repository.
func (a *AWS) Push(region, repository, tag string) error {
	digest := fmt.Sprintf("%x", sha256.Sum256([]byte(tag)))
	answer := a.Router.Do(emulator.Inquiry{Service: "ecr", Region: region, Target: "AmazonEC2ContainerRegistry_V20150921.PutImage", JSON: map[string]any{
		"repositoryName": repository, "imageTag": tag,
		"imageManifest": `{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":1,"digest":"sha256:` + digest + `"},"layers":[]}`,
	}})
	if answer.Status != http.StatusOK {
		return fmt.Errorf("no image %s:%s: %d %s", repository, tag, answer.Status, tail(string(answer.Body)))
	}
	return nil
}
