package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"messagerie/hooks/attachments"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// values returns a field's largest allowed value and a larger one, as JSON.
func values(field protocol.Field, kind reflect.Type) (largest, larger string) {
	text := func(length int) string { return `"` + strings.Repeat("x", length) + `"` }
	switch limit := field.Limit; {
	case limit.Items > 0:
		item := "9007199254740991"
		if kind.Elem().Kind() != reflect.Int64 { // a text, or kept as it is spelt
			item = text(limit.Characters)
		}
		list := strings.Repeat(item+",", limit.Items-1) + item
		return "[" + list + "]", "[" + list + "," + item + "]"
	case limit.Bytes > 0:
		return text(limit.Bytes), text(limit.Bytes + 1)
	default:
		return text(limit.Characters), text(limit.Characters + 1)
	}
}

// Every text and every list of every body is accepted up to its limit and refused beyond
// it; a field without a limit fails here.
func TestBodies_areBoundedFieldByField(t *testing.T) {
	api := New(nil, nil, nil, nil, nil, nil, nil, attachments.New(nil, nil, config.Default().Attachments, config.Default().Storage), nil, nil, config.Default().Limits)
	for _, route := range api.routes() {
		if _, isUpload := route.body.(upload); isUpload || route.body == nil {
			continue
		}
		shape := reflect.TypeOf(route.body)
		for i, field := range api.limits.Of(route.body) {
			kind := shape.Field(i).Type
			if field.Limit == (protocol.Limit{}) {
				continue // neither a text nor a list, or Of would have panicked
			}
			largest, larger := values(field, kind)
			read := func(value string) error {
				return decodeObject(strings.NewReader(fmt.Sprintf(`{%q:%s}`, field.Name, value)), reflect.New(shape).Interface(), api.limits.Of(route.body))
			}
			if err := read(largest); err != nil {
				t.Errorf("%s.%s: %v", shape.Name(), field.Name, err)
			}
			var refused *refusal.Error
			if err := read(larger); !errors.As(err, &refused) || refused.Code() != field.Limit.Code || refused.Field != field.Name {
				t.Errorf("%s.%s: one more is read, or refused with %+v", shape.Name(), field.Name, refused)
			}
		}
	}
}

func TestLimits_refuseAShapeWithoutOne(t *testing.T) {
	limits := New(nil, nil, nil, nil, nil, nil, nil, attachments.New(nil, nil, config.Default().Attachments, config.Default().Storage), nil, nil, config.Default().Limits).limits
	for _, shape := range []any{
		struct {
			Note string `json:"note"`
		}{},
		struct {
			Notes []int `json:"notes"`
		}{},
		struct {
			Note *string `json:"note" limit:"unknown"`
		}{},
		struct {
			Notes map[string]bool `json:"notes"`
		}{},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%T was accepted", shape)
				}
			}()
			limits.Of(shape)
		}()
	}
}

// The largest body of each route is let through, however it is escaped, with every field
// at its limit; twice as much isn't read.
func TestMaxBodies_holdTheLargestBodies(t *testing.T) {
	api := New(nil, nil, nil, nil, nil, nil, nil, attachments.New(nil, nil, config.Default().Attachments, config.Default().Storage), nil, nil, config.Default().Limits)
	bodies := map[string]int64{}
	for _, row := range api.access() {
		bodies[row.pattern] = row.bytes
	}
	for _, route := range api.routes() {
		limit := bodies[route.method+" /api"+route.path]
		if size, isUpload := route.body.(upload); isUpload {
			if limit != int64(size) {
				t.Errorf("%s %s may have a body of %d bytes, want %d", route.method, route.path, limit, size)
			}
			continue
		}
		if route.body == nil {
			if limit != none {
				t.Errorf("%s %s may have a body of %d bytes", route.method, route.path, limit)
			}
			continue
		}
		body := map[string]any{}
		for _, field := range api.limits.Of(route.body) {
			text := strings.Repeat("👋", field.Limit.Characters) + strings.Repeat("\u007f", field.Limit.Bytes)
			if body[field.Name] = text; field.Limit.Items > 0 && field.Limit.Characters == 0 {
				body[field.Name] = largestIDs(field.Limit.Items)
			} else if field.Limit.Items > 0 {
				body[field.Name] = repeated(text, field.Limit.Items)
			}
		}
		data, err := json.MarshalIndent(body, "", "    ")
		if err != nil {
			t.Fatal(err)
		}
		escaped := escapeAll(data)
		if int64(len(escaped)) > limit {
			t.Errorf("%s %s: the largest body has %d bytes, %d are let through", route.method, route.path, len(escaped), limit)
		}
		if int64(2*len(escaped)) < limit && limit > 10<<10 {
			t.Errorf("%s %s: the largest body has %d bytes, as many as %d are let through", route.method, route.path, len(escaped), limit)
		}
	}
}

func largestIDs(count int) []protocol.ID {
	ids := make([]protocol.ID, count)
	for i := range ids {
		ids[i] = protocol.MaxID
	}
	return ids
}

func repeated(text string, count int) []string {
	list := make([]string, count)
	for i := range list {
		list[i] = text
	}
	return list
}

// escapeAll writes every character outside of ASCII, and DEL, as \u escapes.
func escapeAll(data []byte) []byte {
	var out []byte
	for _, r := range string(data) {
		switch {
		case r > 0xffff:
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+(r-0x10000)>>10, 0xdc00+(r-0x10000)&0x3ff)
		case r >= 0x7f:
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			out = append(out, byte(r))
		}
	}
	return out
}

// endless is a body that never ends and counts the bytes that are read.
type endless struct {
	start, again string
	read         int
}

func (e *endless) Read(p []byte) (int, error) {
	text := e.start
	if e.read > 0 {
		text = e.again
	}
	n := copy(p, text)
	e.read += n
	return n, nil
}

// A list is counted while it is read: of millions of recipients no more than the first few hundred are.
func TestDecode_stopsAtTheEndOfALimit(t *testing.T) {
	limits := New(nil, nil, nil, nil, nil, nil, nil, attachments.New(nil, nil, config.Default().Attachments, config.Default().Storage), nil, nil, config.Default().Limits).limits
	for name, c := range map[string]struct {
		start, again string
		shape        any
		code         string
		most         int
	}{
		"recipients":   {`{"recipients":[`, `1,2,3,4,5,6,7,8,`, &protocol.LetterRequest{}, protocol.CodeInvalidRequest, 4 << 10},
		"participants": {`{"participants":[`, `1,2,3,4,5,6,7,8,`, &protocol.ParticipantsRequest{}, protocol.CodeTooManyParticipants, 4 << 10},
	} {
		body := &endless{start: c.start, again: c.again}
		err := decodeObject(io.LimitReader(body, 1<<20), c.shape, limits.Of(reflect.ValueOf(c.shape).Elem().Interface()))
		var refused *refusal.Error
		if !errors.As(err, &refused) || refused.Code() != c.code {
			t.Errorf("%s: %v", name, err)
		}
		if body.read > c.most {
			t.Errorf("%s: %d bytes were read", name, body.read)
		}
	}
}
