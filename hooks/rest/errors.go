package rest

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// statuses are those of the codes that aren't a 400.
var statuses = map[string]int{
	protocol.CodeUnauthorized:          http.StatusUnauthorized,
	protocol.CodeForbidden:             http.StatusForbidden,
	protocol.CodeNotYourAccount:        http.StatusForbidden,
	protocol.CodeOriginNotAllowed:      http.StatusForbidden,
	protocol.CodeNotParticipant:        http.StatusForbidden,
	protocol.CodeNotYourMessage:        http.StatusForbidden,
	protocol.CodeNotInEstablishment:    http.StatusForbidden,
	protocol.CodeNoSharedEstablishment: http.StatusForbidden,
	protocol.CodeNotFound:              http.StatusNotFound,
	protocol.CodeMessageDeleted:        http.StatusConflict,
	protocol.CodeTooLarge:              http.StatusRequestEntityTooLarge,
	protocol.CodeTooManyRequests:       http.StatusTooManyRequests,
	protocol.CodeTooManySockets:        http.StatusTooManyRequests,
	protocol.CodeUnavailable:           http.StatusServiceUnavailable,
	protocol.CodeInternal:              http.StatusInternalServerError,
}

// fields are what a 400 names in data, where the code says it.
var fields = map[string]string{
	protocol.CodeContentEmpty:        "content",
	protocol.CodeContentTooLong:      "content",
	protocol.CodeClientIDTooLong:     "client_id",
	protocol.CodeClientIDReused:      "client_id",
	protocol.CodeInvalidReplyTo:      "reply_to",
	protocol.CodeInvalidMessageID:    "message_id",
	protocol.CodeTitleTooLong:        "title",
	protocol.CodeTooFewParticipants:  "participants",
	protocol.CodeTooManyParticipants: "participants",
	protocol.CodeUnknownParticipants: "participants",
	protocol.CodeNotAGroup:           "conversation",
	protocol.CodeNoRecipients:        "recipients",
}

// codes are those of the statuses that PocketBase itself answers with.
var codes = map[int]string{
	http.StatusUnauthorized:          protocol.CodeUnauthorized,
	http.StatusForbidden:             protocol.CodeForbidden,
	http.StatusNotFound:              protocol.CodeNotFound,
	http.StatusRequestEntityTooLarge: protocol.CodeTooLarge,
	http.StatusTooManyRequests:       protocol.CodeTooManyRequests,
	http.StatusServiceUnavailable:    protocol.CodeUnavailable,
	http.StatusInternalServerError:   protocol.CodeInternal,
}

// answerErrors writes every error below /api/ and /ws/ as the contract has it. It
// stands outside PocketBase's activity logger, which sees the error itself.
func answerErrors() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "messagerieAnswerErrors",
		Priority: apis.DefaultCorsMiddlewarePriority - 5,
		Func: func(e *core.RequestEvent) error {
			err := e.Next()
			path := e.Request.URL.Path
			if err == nil || e.Written() || !strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/ws/") {
				return err
			}
			answer := answerOf(err)
			if answer.Status == http.StatusTooManyRequests {
				e.Response.Header().Set("Retry-After", strconv.Itoa(retryAfter(e)))
			}
			return e.JSON(answer.Status, answer)
		},
	}
}

// answerOf is what the client hears of an error: never its inner words.
func answerOf(err error) protocol.Error {
	var refused *messagerie.Error
	if errors.As(err, &refused) {
		return refusalOf(refused)
	}
	var api *router.ApiError
	if !errors.As(err, &api) {
		return protocol.Error{
			Status:  http.StatusInternalServerError,
			Code:    protocol.CodeInternal,
			Message: "Something went wrong here; nothing was stored.",
			Data:    map[string]any{},
		}
	}
	code, ok := codes[api.Status]
	if !ok {
		code = protocol.CodeInvalidRequest
	}
	return protocol.Error{Status: api.Status, Code: code, Message: api.Message, Data: api.Data}
}

func refusalOf(refused *messagerie.Error) protocol.Error {
	answer := protocol.Error{
		Status: http.StatusBadRequest, Code: refused.Kind, Message: refused.Message, Data: map[string]any{}}
	if status, ok := statuses[refused.Kind]; ok {
		answer.Status = status
	}
	if field, ok := fields[refused.Kind]; ok {
		answer.Data[field] = refused.Message
	}
	for name, detail := range refused.Data {
		answer.Data[name] = detail
	}
	return answer
}

// collectionTags are what PocketBase calls the log-in and its kin in its limits.
var collectionTags = map[string]string{
	"/auth-with-":             "auth",
	"/request-password-reset": "requestPasswordReset",
	"/confirm-password-reset": "confirmPasswordReset",
	"/request-verification":   "requestVerification",
	"/request-email-change":   "requestEmailChange",
	"/confirm-email-change":   "confirmEmailChange",
}

// retryAfter is the pause, in seconds, after which a refused caller may come
// back: the window of the limit that applied, or that of a closing socket.
func retryAfter(e *core.RequestEvent) int {
	const closing = 10
	path := e.Request.URL.Path
	labels := []string{e.Request.Method + " " + path, path}
	for part, tag := range collectionTags {
		if strings.Contains(path, part) {
			labels = append([]string{"users:" + tag, "*:" + tag}, labels...)
		}
	}
	rule, ok := e.App.Settings().RateLimits.FindRateLimitRule(labels)
	if !ok {
		return closing
	}
	return int(rule.Duration)
}
