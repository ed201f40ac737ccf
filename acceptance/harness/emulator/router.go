package emulator

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// A Service answers calls itself. It returns false for a call that is not its
// own, which goes on to the emulator.
type Service interface {
	Serve(Call, *Router) (Answer, bool)
}

// A Memory looks at what an emulator answered, and may complete it.
type Memory interface {
	Remember(Call, *Answer, *Router)
}

// An Answer is what a client of AWS gets.
type Answer struct {
	Status int
	Type   string // media type
	Header http.Header
	Body   []byte
}

// A Router stands for AWS.
type Router struct {
	backends    map[string]*url.URL
	choose      func(Call) string // name of a backend
	services    []Service
	memories    []Memory
	translators []translator
	log         io.Writer
	mu          sync.Mutex // of the log
}

// NewRouter returns a router over emulators by name. choose names the one that
// gets a call; log gets a line for each.
func NewRouter(backends map[string]*url.URL, choose func(Call) string, log io.Writer, parts ...any) *Router {
	r := &Router{backends: backends, choose: choose, log: log}
	for _, p := range parts {
		if s, ok := p.(Service); ok {
			r.services = append(r.services, s)
		}
		if m, ok := p.(Memory); ok {
			r.memories = append(r.memories, m)
		}
		if t, ok := p.(translator); ok {
			r.translators = append(r.translators, t)
		}
	}
	return r
}

// ServeHTTP answers one call to AWS.
func (r *Router) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	began := time.Now()
	c, err := read(request)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	by, answer := r.answer(c)
	r.note(c, by, answer, time.Since(began))
	for k, values := range answer.Header {
		w.Header()[k] = values
	}
	if answer.Type != "" {
		w.Header().Set("Content-Type", answer.Type)
	}
	w.Header().Del("Transfer-Encoding")
	if request.Method != http.MethodHead {
		w.Header().Set("Content-Length", strconv.Itoa(len(answer.Body)))
	}
	w.WriteHeader(answer.Status)
	if request.Method != http.MethodHead {
		_, _ = w.Write(answer.Body) // the client has gone
	}
}

// answer asks the services of the router and then an emulator, and tells who
// answered.
func (r *Router) answer(c Call) (by string, a Answer) {
	for _, s := range r.services {
		if a, ok := s.Serve(c, r); ok {
			return "router", a
		}
	}
	by = r.choose(c)
	a = r.Ask(c)
	for _, m := range r.memories {
		m.Remember(c, &a, r)
	}
	return by, a
}

// A translator knows objects by other names than the client.
type translator interface {
	exchange(body []byte, from int) []byte
}

// Ask hands a call to its emulator.
func (r *Router) Ask(c Call) Answer {
	name := r.choose(c)
	if name != "ministack" || c.Service == "s3" {
		return r.send(name, c)
	}
	for _, t := range r.translators {
		c.Body = t.exchange(c.Body, 0)
	}
	a := r.send(name, c)
	for _, t := range r.translators {
		a.Body = t.exchange(a.Body, 1)
	}
	return a
}

// invoke makes a call of the router's own and sends it to the emulator that knows
// the service, whatever else the router may think of it.
func (r *Router) invoke(i Inquiry) Answer {
	c, err := i.call()
	if err != nil {
		return failure(http.StatusBadRequest, err.Error())
	}
	return r.send(r.choose(c), c)
}

// at is invoke at a certain emulator.
func (r *Router) at(emulator string, i Inquiry) Answer {
	c, err := i.call()
	if err != nil {
		return failure(http.StatusBadRequest, err.Error())
	}
	return r.send(emulator, c)
}

// Do makes a call as any client of AWS.
func (r *Router) Do(i Inquiry) Answer {
	c, err := i.call()
	if err != nil {
		return failure(http.StatusBadRequest, err.Error())
	}
	_, a := r.answer(c)
	return a
}

// An Inquiry is a call that is not made by a client.
type Inquiry struct {
	Service, Region string
	Target          string         // of the JSON protocol: AmazonSSM.GetParameters
	JSON            map[string]any // its arguments
	Form            url.Values     // of the query protocol, with Action and Version
	Path            string         // of a REST service
	Method          string         // GET if not given, or POST with a document
	Document        string
}

func (i Inquiry) call() (Call, error) {
	method, path, kind, body := http.MethodPost, "/", jsonType, []byte(nil)
	switch {
	case i.Path != "":
		method, path, kind = http.MethodGet, i.Path, ""
		if i.Document != "" {
			method, kind, body = http.MethodPost, "application/xml", []byte(i.Document)
		}
		method = cmp.Or(i.Method, method)
	case i.Target != "":
		var err error
		if body, err = json.Marshal(i.JSON); err != nil {
			return Call{}, err
		}
		if i.JSON == nil {
			body = []byte("{}")
		}
	default:
		kind, body = "application/x-www-form-urlencoded; charset=utf-8", []byte(i.Form.Encode())
	}
	request, err := http.NewRequest(method, "http://127.0.0.1"+path, bytes.NewReader(body))
	if err != nil {
		return Call{}, err
	}
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+Account+"/20260101/"+i.Region+"/"+i.Service+"/aws4_request, SignedHeaders=host, Signature=0")
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	if i.Target != "" {
		request.Header.Set("X-Amz-Target", i.Target)
	}
	return read(request)
}

// Account is the account that lives run in: ministack takes it from the access
// key, and it is the one of moto.
const Account = "123456789012"

// send hands a call to an emulator as it is.
func (r *Router) send(name string, c Call) Answer {
	to := r.backends[name]
	if to == nil {
		return failure(http.StatusNotImplemented, "no emulator "+name)
	}
	out, err := http.NewRequestWithContext(c.Request.Context(), c.Request.Method, to.String()+c.Request.URL.RequestURI(), bytes.NewReader(c.Body))
	if err != nil {
		return failure(http.StatusBadRequest, err.Error())
	}
	out.Header = c.Request.Header.Clone()
	out.Header.Del("Accept-Encoding") // so that answers can be read
	out.Host = c.Request.Host
	response, err := http.DefaultTransport.RoundTrip(out)
	if err != nil {
		return failure(http.StatusBadGateway, err.Error())
	}
	defer func() { _ = response.Body.Close() }() // read only
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return failure(http.StatusBadGateway, err.Error())
	}
	return Answer{Status: response.StatusCode, Type: response.Header.Get("Content-Type"), Header: response.Header, Body: body}
}

// failure is an answer that tells what is wrong with the emulation, not with the
// call.
func failure(status int, text string) Answer {
	return Answer{Status: status, Type: "text/plain", Body: []byte("emulation: " + text)}
}

// note writes a line of the log.
func (r *Router) note(c Call, by string, a Answer, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, _ = fmt.Fprintf(r.log, "%s %s %s %s %s %d %dms", time.Now().UTC().Format("15:04:05"), by, c.Service, c.Region, c.Action, a.Status, took.Milliseconds()) // a log that cannot be written stops no life
	if a.Status >= 400 {
		_, _ = fmt.Fprintf(r.log, " %q <- %q", clip(a.Body), clip(c.Body))
	}
	_, _ = fmt.Fprintln(r.log)
}

// clip shortens what is written to the log.
func clip(b []byte) []byte { return b[:min(len(b), 600)] }
