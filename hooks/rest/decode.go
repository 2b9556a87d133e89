package rest

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/tools/router"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// decode reads a JSON object into a value of the shape that the route declares. It stops where
// a list is longer than its limit: the rest of the body is neither read nor kept. Unknown
// fields are ignored.
func (r request) decode(into any) error {
	err := decodeObject(r.Request.Body, into, r.fields)
	if errors.Is(err, io.EOF) {
		return errNotObject
	}
	return err
}

// decodeOptional also accepts an empty body.
func (r request) decodeOptional(into any) error {
	err := decodeObject(r.Request.Body, into, r.fields)
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// decodeObject reads one JSON object and nothing after it. The error for an empty body is io.EOF.
func decodeObject(body io.Reader, into any, fields []protocol.Field) error {
	d := decoder{json.NewDecoder(&onceReader{Reader: body})}
	switch first, err := d.Token(); {
	case errors.Is(err, io.EOF):
		return io.EOF
	case err != nil:
		return unreadable(err)
	case first == nil: // null is an object without fields
		return d.end()
	case first != json.Delim('{'):
		return errNotObject
	}
	value := reflect.ValueOf(into).Elem()
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return unreadable(err)
		}
		i := slices.IndexFunc(fields, func(f protocol.Field) bool { return strings.EqualFold(f.Name, name.(string)) })
		if i < 0 {
			if err := d.Decode(new(json.RawMessage)); err != nil {
				return unreadable(err)
			}
			continue
		}
		if err := d.field(fields[i], fields[i].In(value)); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return unreadable(err)
	}
	return d.end()
}

// onceReader stays at the end, where PocketBase's body would start again.
type onceReader struct {
	io.Reader
	ended error
}

func (r *onceReader) Read(p []byte) (n int, err error) {
	if r.ended != nil {
		return 0, r.ended
	}
	n, r.ended = r.Reader.Read(p)
	return n, r.ended
}

type decoder struct{ *json.Decoder }

// end accepts only white space after the object.
func (d decoder) end() error {
	switch _, err := d.Token(); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return unreadable(err)
	}
	return errNotObject
}

func (d decoder) field(f protocol.Field, value reflect.Value) error {
	if f.Limit.Items > 0 {
		return d.list(f, value)
	}
	if err := d.Decode(value.Addr().Interface()); err != nil {
		return mistyped(f, err)
	}
	if value.Kind() == reflect.Pointer {
		value = value.Elem() // not valid after a null
	}
	if value.Kind() == reflect.String && !f.Limit.Allows(value.String()) || !f.Limit.AllowsRaw(value) {
		return tooLong(f)
	}
	return nil
}

func (d decoder) list(f protocol.Field, value reflect.Value) error {
	switch first, err := d.Token(); {
	case err != nil:
		return unreadable(err)
	case first == nil:
		return nil
	case first != json.Delim('['):
		return refusal.Invalid(f.Name, "%s must be a list.", f.Name)
	}
	value.SetZero()
	item := reflect.New(value.Type().Elem())
	for d.More() {
		if value.Len() == f.Limit.Items {
			return tooLong(f)
		}
		item.Elem().SetZero()
		if err := d.Decode(item.Interface()); err != nil {
			return mistyped(f, err)
		}
		if !f.Limit.AllowsItem(item.Elem()) {
			return tooLong(f)
		}
		value.Set(reflect.Append(value, item.Elem()))
	}
	if _, err := d.Token(); err != nil {
		return unreadable(err)
	}
	return nil
}

var errNotObject = refusal.Invalid("body", "The body isn't a JSON object.")

// unreadable is the refusal of a body that is too large or isn't JSON.
func unreadable(err error) error {
	var apiErr *router.ApiError
	var tooLarge *http.MaxBytesError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &apiErr), errors.As(err, &tooLarge):
		return refusal.TooLarge
	case errors.As(err, &syntax), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errNotObject
	}
	return refusal.Invalid("body", "The body couldn't be read.")
}

// mistyped is the refusal of a value of the wrong type.
func mistyped(f protocol.Field, err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return refusal.Invalid(f.Name, "%s can't be a %s.", f.Name, wrong.Value)
	}
	return unreadable(err)
}

func tooLong(f protocol.Field) error {
	refused := refusal.New(f.Limit.Code, "%s is too long: %s.", f.Name, f.Limit)
	refused.Field = f.Name
	return refused
}
