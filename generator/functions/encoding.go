package functions

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	xencoding "golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
)

// base64DecodeFunc is our own because the one of go-cty-funcs logs.
var base64DecodeFunc = stringFunc(cty.String, func(args []string) (cty.Value, error) {
	b, err := base64.StdEncoding.DecodeString(args[0])
	if err != nil {
		return cty.UnknownVal(cty.String), function.NewArgErrorf(0, "not valid base64: %s", err)
	}
	if !utf8.Valid(b) {
		return cty.UnknownVal(cty.String), function.NewArgErrorf(0, "the decoded bytes are not valid UTF-8")
	}
	return cty.StringVal(string(b)), nil
}, "str")

var base64SHA256Func = stringFunc(cty.String, func(args []string) (cty.Value, error) {
	sum := sha256.Sum256([]byte(args[0]))
	return cty.StringVal(base64.StdEncoding.EncodeToString(sum[:])), nil
}, "str")

var base64SHA512Func = stringFunc(cty.String, func(args []string) (cty.Value, error) {
	sum := sha512.Sum512([]byte(args[0]))
	return cty.StringVal(base64.StdEncoding.EncodeToString(sum[:])), nil
}, "str")

var textEncodeBase64Func = stringFunc(cty.String, func(args []string) (cty.Value, error) {
	enc, err := characterSet(args[1])
	if err != nil {
		return cty.UnknownVal(cty.String), err
	}
	b, err := enc.NewEncoder().Bytes([]byte(args[0]))
	if err != nil {
		return cty.UnknownVal(cty.String), function.NewArgErrorf(0, "%s cannot represent every character of the text", args[1])
	}
	return cty.StringVal(base64.StdEncoding.EncodeToString(b)), nil
}, "string", "encoding")

var textDecodeBase64Func = stringFunc(cty.String, func(args []string) (cty.Value, error) {
	enc, err := characterSet(args[1])
	if err != nil {
		return cty.UnknownVal(cty.String), err
	}
	b, err := base64.StdEncoding.DecodeString(args[0])
	if err != nil {
		return cty.UnknownVal(cty.String), function.NewArgErrorf(0, "not valid base64: %s", err)
	}
	text, err := enc.NewDecoder().Bytes(b)
	if err != nil || !utf8.Valid(text) {
		return cty.UnknownVal(cty.String), function.NewArgErrorf(0, "the bytes are not %s text", args[1])
	}
	return cty.StringVal(string(text)), nil
}, "source", "encoding")

func characterSet(name string) (xencoding.Encoding, error) {
	enc, err := ianaindex.IANA.Encoding(name)
	if err != nil || enc == nil {
		return nil, function.NewArgErrorf(1, "%q is not the name of a supported IANA character set", name)
	}
	return enc, nil
}
