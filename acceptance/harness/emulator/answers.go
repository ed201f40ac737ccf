package emulator

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
)

// jsonType is the media type of most JSON services.
const jsonType = "application/x-amz-json-1.1"

// ok is a successful answer of a JSON service.
func ok(value any) Answer { return jsonAnswer(http.StatusOK, value) }

// refused is an exception of a JSON service.
func refused(kind, message string) Answer {
	a := jsonAnswer(http.StatusBadRequest, map[string]any{"__type": kind, "message": message})
	a.Header = http.Header{"X-Amzn-Errortype": {kind}}
	return a
}

func jsonAnswer(status int, value any) Answer {
	body, err := json.Marshal(value)
	if err != nil {
		return failure(http.StatusInternalServerError, err.Error())
	}
	return Answer{Status: status, Type: jsonType, Body: body}
}

// object returns a JSON object, or nil.
func object(v any) map[string]any {
	o, _ := v.(map[string]any)
	return o
}

// list returns a JSON list, or nil.
func list(v any) []any {
	l, _ := v.([]any)
	return l
}

// id is an identifier of 32 digits that follows from a key.
func id(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}

// refusedXML is an error of a service that speaks the query protocol.
func refusedXML(code, message string) Answer {
	return Answer{Status: http.StatusBadRequest, Type: "text/xml", Body: []byte("<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>" + escaped(message) + "</Message></Error><RequestId>0</RequestId></ErrorResponse>")}
}
