package rest

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/picker"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// JSON sends a value, or as much of it as ?fields= names, as PocketBase's JSON does. Unlike
// that one it doesn't escape for HTML.
func (r request) JSON(status int, value any) error {
	if fields := r.Request.URL.Query().Get("fields"); fields != "" && status < http.StatusMultipleChoices {
		picked, err := picker.Pick(value, fields)
		if err != nil {
			return refusal.Invalid("fields", "fields couldn't be parsed.")
		}
		value = picked
	}
	data, err := protocol.Encode(value)
	if err != nil {
		return err
	}
	return sendEncoded(r.RequestEvent, status, data)
}

// responseTimeout is how long a client may take to read a response, besides what its size takes
// on a slow link: until then it stays in memory.
const responseTimeout = 30 * time.Second

func sendEncoded(e *core.RequestEvent, status int, data []byte) error {
	timeout := responseTimeout + time.Duration(len(data)/slowestLink)*time.Second
	// net/http resets it before the next request. Not every connection can have one.
	_ = http.NewResponseController(e.Response).SetWriteDeadline(time.Now().Add(timeout))
	return e.Blob(status, "application/json", data)
}
