package rest

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// statuses are those of the codes that don't have the status 400.
var statuses = map[string]int{
	protocol.CodeUnauthorized:          http.StatusUnauthorized,
	protocol.CodeSecondFactorNeeded:    http.StatusUnauthorized,
	protocol.CodeSecondFactorRequired:  http.StatusForbidden,
	protocol.CodeSecondFactorOn:        http.StatusConflict,
	protocol.CodeForbidden:             http.StatusForbidden,
	protocol.CodeNotYourAccount:        http.StatusForbidden,
	protocol.CodeOriginNotAllowed:      http.StatusForbidden,
	protocol.CodeNotParticipant:        http.StatusForbidden,
	protocol.CodeNotYourMessage:        http.StatusForbidden,
	protocol.CodeNotInEstablishment:    http.StatusForbidden,
	protocol.CodeRecipientGone:         http.StatusForbidden,
	protocol.CodeNoSharedEstablishment: http.StatusForbidden,
	protocol.CodeHasLeft:               http.StatusForbidden,
	protocol.CodeFollowsClass:          http.StatusForbidden,
	protocol.CodeUrgentNotAllowed:      http.StatusForbidden,
	protocol.CodeContactNotAllowed:     http.StatusForbidden,
	protocol.CodeReplyOnly:             http.StatusForbidden,
	protocol.CodeStaffOnly:             http.StatusForbidden,
	protocol.CodePaused:                http.StatusForbidden,
	protocol.CodeUnknownClass:          http.StatusNotFound,
	protocol.CodeUnknownAccount:        http.StatusForbidden,
	protocol.CodeNotFound:              http.StatusNotFound,
	protocol.CodeMessageDeleted:        http.StatusConflict,
	protocol.CodeTooManyGroups:         http.StatusConflict,
	protocol.CodeTooManyReactions:      http.StatusConflict,
	protocol.CodeTooManyPins:           http.StatusConflict,
	protocol.CodeTooManyEdits:          http.StatusConflict,
	protocol.CodeTooManyPinned:         http.StatusConflict,
	protocol.CodePlanOutdated:          http.StatusConflict,
	protocol.CodeTooLarge:              http.StatusRequestEntityTooLarge,
	protocol.CodeTypeNotAllowed:        http.StatusUnsupportedMediaType,
	protocol.CodeInfected:              http.StatusUnprocessableEntity,
	protocol.CodeQuotaExceeded:         http.StatusInsufficientStorage,
	protocol.CodeTooManyRequests:       http.StatusTooManyRequests,
	protocol.CodeTooManySockets:        http.StatusTooManyRequests,
	protocol.CodeUnavailable:           http.StatusServiceUnavailable,
	protocol.CodeStorageFull:           http.StatusServiceUnavailable,
	protocol.CodeMailUnavailable:       http.StatusServiceUnavailable,
	protocol.CodeOutcomeUnknown:        http.StatusServiceUnavailable,
	protocol.CodeInternal:              http.StatusInternalServerError,
}

// codes are those for the statuses of PocketBase's own errors.
var codes = map[int]string{
	http.StatusUnauthorized:          protocol.CodeUnauthorized,
	http.StatusForbidden:             protocol.CodeForbidden,
	http.StatusNotFound:              protocol.CodeNotFound,
	http.StatusRequestEntityTooLarge: protocol.CodeTooLarge,
	http.StatusTooManyRequests:       protocol.CodeTooManyRequests,
	http.StatusServiceUnavailable:    protocol.CodeUnavailable,
	http.StatusInternalServerError:   protocol.CodeInternal,
}

// writeErrors sends every error below /api/ and /ws/ in the contract's form. It runs outside
// PocketBase's activity logger, which gets the error itself.
func writeErrors() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "messagerieWriteErrors",
		Priority: apis.DefaultCorsMiddlewarePriority - 5,
		Func: func(e *core.RequestEvent) error {
			err := e.Next()
			path := e.Request.URL.Path
			if err == nil || e.Written() || !strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/ws/") {
				return err
			}
			body := errorBody(err, e.Request.Method)
			if body.Status == http.StatusTooManyRequests {
				e.Response.Header().Set("Retry-After", strconv.Itoa(retryAfter(err)))
			}
			data, err := protocol.Encode(body)
			if err != nil {
				return err
			}
			e.Response.Header().Set("Content-Length", strconv.Itoa(len(data)))
			return sendEncoded(e, body.Status, data)
		},
	}
}

// Outcome returns the status and the code of the response to a request that fails with err,
// for the log.
func Outcome(method string, err error) (status int, code string) {
	body := errorBody(err, method)
	return body.Status, body.Code
}

// errorBody is the response to an error; it never contains the text of an internal one. Our
// own errors mean that nothing was stored, except refusal.OutcomeUnknown; a 500 of
// PocketBase's, such as after a panic, may come after a change.
func errorBody(err error, method string) protocol.Error {
	var refused *refusal.Error
	if errors.As(refusal.OfStorage(err), &refused) {
		return refusalBody(refused)
	}
	var api *router.ApiError
	if !errors.As(err, &api) {
		return protocol.Error{
			Status:  http.StatusInternalServerError,
			Code:    protocol.CodeInternal,
			Message: "Something went wrong on the server; nothing was stored.",
			Data:    map[string]any{},
		}
	}
	code, ok := codes[api.Status]
	switch {
	case !ok:
		code = protocol.CodeInvalidRequest
	case code == protocol.CodeInternal && method != http.MethodGet && method != http.MethodHead:
		code = protocol.CodeOutcomeUnknown
	}
	return protocol.Error{Status: api.Status, Code: code, Message: api.Message, Data: api.Data}
}

func refusalBody(refused *refusal.Error) protocol.Error {
	body := protocol.Error{
		Status: http.StatusBadRequest, Code: refused.Code(), Message: refused.Message, Data: map[string]any{}}
	if status, ok := statuses[refused.Code()]; ok {
		body.Status = status
	}
	if refused.Field != "" {
		body.Data[refused.Field] = refused.Message
	}
	for name, detail := range refused.Data {
		body.Data[name] = detail
	}
	return body
}

// defaultRetryAfter is for refusals without a time, such as that of one socket too many: a
// dead one is detected within this time.
const defaultRetryAfter = 10 * time.Second

// retryAfter is the number of seconds after which a refused caller may try again.
func retryAfter(err error) int {
	wait := defaultRetryAfter
	var refused *refusal.Error
	if errors.As(err, &refused) && refused.RetryAfter > 0 {
		wait = refused.RetryAfter
	}
	return max(1, int(math.Ceil(wait.Seconds())))
}
