package protocol

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"
)

// encoder is a JSON encoder with its buffer.
type encoder struct {
	buffer bytes.Buffer
	json   *json.Encoder
}

var encoders = sync.Pool{New: func() any {
	e := new(encoder)
	e.json = json.NewEncoder(&e.buffer)
	e.json.SetEscapeHTML(false)
	return e
}}

// maxKeptBuffer is the largest buffer with which an encoder is reused.
const maxKeptBuffer = 64 << 10

func (e *encoder) release() {
	if e.buffer.Cap() > maxKeptBuffer {
		return
	}
	e.buffer.Reset()
	encoders.Put(e)
}

// write appends a value to the buffer, without the newline that json.Encoder ends it with.
func (e *encoder) write(value any) error {
	if err := e.json.Encode(value); err != nil {
		return err
	}
	e.buffer.Truncate(e.buffer.Len() - 1)
	return nil
}

// Encode returns the JSON of a frame or of a response. Unlike json.Marshal it leaves <, >
// and & as they are: escaped for HTML, each would take six bytes.
func Encode(value any) ([]byte, error) {
	e := encoders.Get().(*encoder)
	defer e.release()
	if err := e.write(value); err != nil {
		return nil, err
	}
	return slices.Clone(e.buffer.Bytes()), nil
}

// EncodeArray returns a JSON array of as many values as fit into a number of bytes, but at
// least one, and how many they are.
func EncodeArray[T any](values []T, maxBytes int) (array []byte, count int, err error) {
	e := encoders.Get().(*encoder)
	defer e.release()
	e.buffer.WriteByte('[')
	for i := range values {
		end := e.buffer.Len()
		if i > 0 {
			e.buffer.WriteByte(',')
		}
		if err := e.write(&values[i]); err != nil {
			return nil, 0, err
		}
		if i > 0 && e.buffer.Len()+len("]") > maxBytes {
			e.buffer.Truncate(end)
			break
		}
		count++
	}
	e.buffer.WriteByte(']')
	return slices.Clone(e.buffer.Bytes()), count, nil
}
