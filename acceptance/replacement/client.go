package replacement

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	_ "github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server" // registers the protocol's messages
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/msgpack"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/bpgen/bpgen/generator/schema"
)

// patience is how long one answer may take. A plan that needs AWS gets none.
const patience = 20 * time.Second

// A client speaks to a provider that it has started.
type client struct {
	binary string
	plugin *plugin.Client
	conn   *grpc.ClientConn
	config cty.Value // of the provider
	typ    cty.Type
}

// start runs the provider's program.
func start(binary string, p *schema.Provider) (*client, error) {
	c := &client{binary: binary, typ: p.Config().ImpliedType()}
	c.config = configuration(p.Config())
	return c, c.restart()
}

// configuration is that of a provider that reaches no account.
func configuration(b *schema.Block) cty.Value {
	given := map[string]cty.Value{
		"region": cty.StringVal("eu-west-1"), "access_key": cty.StringVal("test"), "secret_key": cty.StringVal("test"),
		"skip_credentials_validation": cty.True, "skip_requesting_account_id": cty.True, "skip_region_validation": cty.True,
		"skip_metadata_api_check": cty.StringVal("true"), "max_retries": cty.NumberIntVal(1),
	}
	out := empty(b)
	for name, v := range given {
		out[name] = v
	}
	return cty.ObjectVal(out)
}

// restart replaces a provider that has ended.
func (c *client) restart() error {
	c.stop()
	cmd := exec.Command(c.binary)
	cmd.Env = append(os.Environ(), "AWS_ENDPOINT_URL=http://127.0.0.1:1", "AWS_EC2_METADATA_DISABLED=true",
		"AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull)
	c.plugin = plugin.NewClient(&plugin.ClientConfig{
		// These three are how Terraform tells a provider that it is called by a program (terraform-plugin-go/tfprotov5/tf5server).
		HandshakeConfig:  plugin.HandshakeConfig{ProtocolVersion: 5, MagicCookieKey: "TF_PLUGIN_MAGIC_COOKIE", MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"},
		VersionedPlugins: map[int]plugin.PluginSet{5: {"provider": connection{}}},
		Cmd:              cmd,
		StartTimeout:     5 * time.Minute,
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         true,
		Logger:           hclog.NewNullLogger(),
		SyncStdout:       io.Discard,
		SyncStderr:       io.Discard,
	})
	dialled, err := c.plugin.Client()
	if err != nil {
		return fmt.Errorf("the provider does not start: %w", err)
	}
	conn, err := dialled.Dispense("provider")
	if err != nil {
		return err
	}
	c.conn = conn.(*grpc.ClientConn)
	resp, err := c.call("Configure", map[string]any{"terraform_version": "1.11.4", "config": dynamic{c.config, c.typ}})
	if err != nil {
		return err
	}
	return complaints(resp)
}

func (c *client) stop() {
	if c.plugin != nil {
		c.plugin.Kill()
	}
}

// A dynamic is a value as the protocol sends it.
type dynamic struct {
	value cty.Value
	typ   cty.Type
}

// call sends a request with some fields. The messages are those that
// terraform-plugin-go has registered; it exports no client for them.
func (c *client) call(method string, fields map[string]any) (protoreflect.Message, error) {
	req, err := message(method + ".Request")
	if err != nil {
		return nil, err
	}
	resp, err := message(method + ".Response")
	if err != nil {
		return nil, err
	}
	for name, v := range fields {
		field := req.Descriptor().Fields().ByName(protoreflect.Name(name))
		if field == nil {
			return nil, fmt.Errorf("%s has no field %s", method, name)
		}
		switch v := v.(type) {
		case string:
			req.Set(field, protoreflect.ValueOfString(v))
		case dynamic:
			packed, err := msgpack.Marshal(v.value, v.typ)
			if err != nil {
				return nil, fmt.Errorf("%s.%s: %w", method, name, err)
			}
			inner := req.Mutable(field).Message()
			inner.Set(inner.Descriptor().Fields().ByName("msgpack"), protoreflect.ValueOfBytes(packed))
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return resp, c.conn.Invoke(ctx, "/tfplugin5.Provider/"+method, req.Interface(), resp.Interface(), grpc.MaxCallRecvMsgSize(64<<20))
}

func message(name string) (protoreflect.Message, error) {
	t, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName("tfplugin5." + name))
	if err != nil {
		return nil, fmt.Errorf("the plugin protocol: %w", err)
	}
	return t.New(), nil
}

// complaints returns the errors among the diagnostics of an answer.
func complaints(resp protoreflect.Message) error {
	var errs []error
	list := field(resp, "diagnostics").List()
	for i := range list.Len() {
		d := list.Get(i).Message()
		if field(d, "severity").Enum() == 1 {
			errs = append(errs, fmt.Errorf("%s: %s", field(d, "summary").String(), field(d, "detail").String()))
		}
	}
	return errors.Join(errs...)
}

func field(m protoreflect.Message, name protoreflect.Name) protoreflect.Value {
	return m.Get(m.Descriptor().Fields().ByName(name))
}

// A plan is a provider's answer to a change.
type plan struct {
	planned  cty.Value
	replaces bool
}

// plan asks what a change of an object comes to.
func (c *client) plan(typ string, ty cty.Type, prior, proposed, config cty.Value) (plan, error) {
	resp, err := c.call("PlanResourceChange", map[string]any{
		"type_name": typ, "prior_state": dynamic{prior, ty}, "proposed_new_state": dynamic{proposed, ty}, "config": dynamic{config, ty},
		"provider_meta": dynamic{cty.EmptyObjectVal, cty.EmptyObject},
	})
	if err != nil {
		if status.Code(err) == codes.Unavailable { // a panic in the provider
			return plan{}, errors.Join(err, c.restart())
		}
		return plan{}, err
	}
	if err := complaints(resp); err != nil {
		return plan{}, err
	}
	state := field(resp, "planned_state").Message()
	planned, err := msgpack.Unmarshal(field(state, "msgpack").Bytes(), ty)
	if err != nil {
		return plan{}, err
	}
	return plan{planned, field(resp, "requires_replace").List().Len() > 0}, nil
}

// connection is the plugin whose client is the bare connection.
type connection struct{ plugin.NetRPCUnsupportedPlugin }

func (connection) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error {
	return errors.New("this side only asks")
}

func (connection) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, c *grpc.ClientConn) (any, error) {
	return c, nil
}
