package harness

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
)

// A fleet is the real provider as it is configured: a process for each
// configuration, since two of a module, such as one for us-east-1, may not share
// a process. They outlive the commands of a core, which so need not start the
// provider and read its schema for every plan.
type fleet struct {
	binary string
	env    []string

	mu        sync.Mutex
	processes map[string]*member
	assigned  map[*connection]*process
}

// A member is one configured provider.
type member struct {
	ready   chan struct{} // closed when it is configured, or cannot be
	process *process
	answer  []byte // to the first request to configure it
	err     error
}

// newFleet returns a fleet that ends with the test.
func newFleet(t testing.TB, binary string, env []string) *fleet {
	f := &fleet{binary: binary, env: env, processes: map[string]*member{}, assigned: map[*connection]*process{}}
	t.Cleanup(func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		for _, m := range f.processes {
			<-m.ready
			if m.process != nil {
				m.process.stop()
			}
		}
	})
	return f
}

// A connection is one instance of the provider in a core.
type connection struct{ _ byte } // not empty, so that two have two addresses

type connectionKey struct{}

// connections marks the calls of a server by their connection.
type connections struct{}

// TagConn gives a connection its mark.
func (connections) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context {
	return context.WithValue(ctx, connectionKey{}, new(connection))
}

// HandleConn does nothing.
func (connections) HandleConn(context.Context, stats.ConnStats) {}

// TagRPC changes nothing.
func (connections) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context { return ctx }

// HandleRPC does nothing.
func (connections) HandleRPC(context.Context, stats.RPCStats) {}

const configure = "/tfplugin5.Provider/Configure"

// pass hands a call to the provider that its connection has configured, and
// before that to the common one.
func (f *fleet) pass(stream grpc.ServerStream, common *process, schema []byte) error {
	method, _ := grpc.MethodFromServerStream(stream)
	var request, answer []byte
	if err := stream.RecvMsg(&request); err != nil {
		return err
	}
	on, _ := stream.Context().Value(connectionKey{}).(*connection)
	f.mu.Lock()
	p := f.assigned[on]
	f.mu.Unlock()
	if p == nil {
		p = common
	}
	switch {
	case method == getSchema:
		return stream.SendMsg(&schema)
	case method == configure:
		answer, err := f.configured(stream, on, request)
		if err != nil {
			return err
		}
		return stream.SendMsg(&answer)
	case strings.HasSuffix(method, "/Shutdown"), strings.HasSuffix(method, "Provider/Stop"):
		return stream.SendMsg(&[]byte{})
	case !strings.HasPrefix(method, "/tfplugin5.") && !strings.HasPrefix(method, "/grpc.health."):
		return status.Error(codes.Unimplemented, method)
	}
	if err := p.invoke(stream, method, &request, &answer); err != nil {
		return err
	}
	return stream.SendMsg(&answer)
}

// configured gives a connection the provider with its configuration, and starts
// it the first time.
func (f *fleet) configured(stream grpc.ServerStream, on *connection, request []byte) ([]byte, error) {
	sum := sha256.Sum256(request)
	key := hex.EncodeToString(sum[:])
	f.mu.Lock()
	m := f.processes[key]
	first := m == nil
	if first {
		m = &member{ready: make(chan struct{})}
		f.processes[key] = m
	}
	f.mu.Unlock()
	if first {
		m.process, m.err = startProcess(f.binary, f.env...)
		if m.err == nil {
			m.err = m.process.invoke(stream, configure, &request, &m.answer)
		}
		close(m.ready)
	}
	<-m.ready
	if m.err != nil {
		return nil, status.Error(codes.Unavailable, m.err.Error())
	}
	f.mu.Lock()
	f.assigned[on] = m.process
	f.mu.Unlock()
	return m.answer, nil
}
