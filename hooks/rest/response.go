package rest

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/picker"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// JSON sends a value as encode returns it.
func (r request) JSON(status int, value any) error {
	data, err := r.encode(status, value)
	if err != nil {
		return err
	}
	return sendEncoded(r.RequestEvent, status, data)
}

// encode returns a value, or the ?fields= of it, as PocketBase's JSON sends it, but without
// escaping for HTML.
func (r request) encode(status int, value any) ([]byte, error) {
	if fields := r.Request.URL.Query().Get("fields"); fields != "" && status < http.StatusMultipleChoices {
		picked, err := picker.Pick(value, fields)
		if err != nil {
			return nil, refusal.Invalid("fields", "fields couldn't be parsed.")
		}
		value = picked
	}
	return protocol.Encode(value)
}

// responseTimeout is how long a client may take to read a response, in addition to the time
// for its size on a slow link: until then it stays in memory.
const responseTimeout = 30 * time.Second

func sendEncoded(e *core.RequestEvent, status int, data []byte) error {
	timeout := responseTimeout + time.Duration(len(data)/slowestLink)*time.Second
	// net/http resets it before the next request. Not every connection supports one.
	_ = http.NewResponseController(e.Response).SetWriteDeadline(time.Now().Add(timeout))
	return e.Blob(status, "application/json", data)
}
