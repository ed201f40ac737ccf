// Package verbatim is a codec of gRPC for who passes messages on, or looks at few
// of their fields: it leaves them as the bytes that they are.
//
// Whoever serves or calls with it gives and takes *[]byte for every message.
package verbatim

import (
	"fmt"

	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
)

// Codec is the codec.
type Codec struct{}

var _ encoding.CodecV2 = Codec{}

// Marshal takes a *[]byte.
func (Codec) Marshal(v any) (mem.BufferSlice, error) {
	b, ok := v.(*[]byte)
	if !ok {
		return nil, fmt.Errorf("not bytes: %T", v)
	}
	return mem.BufferSlice{mem.SliceBuffer(*b)}, nil
}

// Unmarshal takes a *[]byte.
func (Codec) Unmarshal(data mem.BufferSlice, v any) error {
	b, ok := v.(*[]byte)
	if !ok {
		return fmt.Errorf("not bytes: %T", v)
	}
	*b = data.Materialize()
	return nil
}

// Name is that of the codec whose bytes these are.
func (Codec) Name() string { return "proto" }
