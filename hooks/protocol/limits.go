package protocol

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits that can't be configured, in characters.
const (
	MaxTitle     = 200   // conversations.title holds no more
	MaxClientID  = 64    // of the contract
	MaxSubject   = 255   // emails.subject holds no more
	MaxQuery     = 200   // of a search: longer than any name
	maxType      = 32    // longer than the type of any frame
	maxAddress   = 254   // RFC 5321, 4.5.3.1.3, without the angle brackets
	maxCursor    = 64    // a time and an id in base64: 56
	maxNumber    = 20    // digits: an id has 16
	maxPassword  = 71    // PocketBase's limit: bcrypt reads no more
	maxWordList  = 256   // bytes: all days, or all roles
	maxPauseText = 500   // pauses.text holds no more
	maxSelected  = 1_000 // people named in one request

	maxChallenge = 512       // a signed token: some 250
	maxDecisions = 256 << 10 // bytes: several thousand
	maxMoment    = 64        // RFC 3339, with any number of digits after the second
	maxHours     = 512       // bytes: quiet hours with every day
)

// Settable are the limits that a school may set: its config.Limits.
type Settable struct {
	ContentCharacters, GroupParticipants, EmailRecipients, EmailContentBytes int
}

// Limit bounds one text or list that a client sends. Anything longer is refused with Code,
// whatever the caller's rights.
type Limit struct {
	Items      int // of a list, whose texts the others bound
	Characters int // of a text, without the white space around it
	Bytes      int // of a text that is measured in bytes
	Code       string
}

// Limits is the table of all limits: of every text and list in the bodies of requests, in
// ClientFrame and in queries. A field names its row in the tag limit; a test finds fields
// without one.
type Limits map[string]Limit

// NewLimits creates the table.
func NewLimits(s Settable) Limits {
	return Limits{
		"participants": {Items: s.GroupParticipants, Code: CodeTooManyParticipants},
		"title":        {Characters: MaxTitle, Code: CodeTitleTooLong},
		"content":      {Characters: s.ContentCharacters, Code: CodeContentTooLong},
		"attachments":  {Items: MaxAttachments, Code: CodeInvalidAttachments},
		"mentions":     {Items: MaxMentions, Code: CodeInvalidMentions},
		"client_id":    {Characters: MaxClientID, Code: CodeClientIDTooLong},
		"recipients":   {Items: s.EmailRecipients, Characters: maxAddress, Code: CodeInvalidRequest},
		"subject":      {Characters: MaxSubject, Code: CodeInvalidRequest},
		"letter":       {Bytes: s.EmailContentBytes, Code: CodeContentTooLong},
		"format":       {Characters: maxType, Code: CodeInvalidRequest},
		"type":         {Characters: maxType, Code: CodeUnknownType},
		"audience":     {Items: len(Audiences), Characters: maxType, Code: CodeInvalidRequest},
		"users":        {Items: maxSelected, Code: CodeInvalidRequest},
		"posting":      {Characters: maxType, Code: CodeInvalidRequest},
		"roles":        {Items: len(Roles), Characters: maxType, Code: CodeInvalidRequest},
		"days":         {Items: len(Days), Characters: maxType, Code: CodeInvalidRequest},
		"word":         {Characters: maxType, Code: CodeInvalidRequest}, // one of a few
		"words":        {Bytes: maxWordList, Code: CodeInvalidRequest},  // likewise, as JSON
		"instant":      {Bytes: MaxClientID, Code: CodeInvalidRequest},
		"time":         {Characters: MaxClientID, Code: CodeInvalidRequest},
		"pause":        {Characters: maxPauseText, Code: CodeInvalidRequest},
		"contacts":     {Items: len(Roles) * len(Roles), Characters: 4 * maxType, Code: CodeInvalidRequest},
		"identity":     {Characters: maxAddress, Code: CodeInvalidRequest},
		"code":         {Characters: maxType, Code: CodeInvalidAccessCode},
		"challenge":    {Characters: maxChallenge, Code: CodeInvalidRequest},
		"password":     {Characters: maxPassword, Code: CodeInvalidRequest},
		"email":        {Characters: maxAddress, Code: CodeInvalidRequest},
		"decisions":    {Bytes: maxDecisions, Code: CodeInvalidRequest},
		"year":         {Characters: maxType, Code: CodeInvalidRequest},
		"moment":       {Characters: maxMoment, Code: CodeInvalidRequest},
		"hours":        {Bytes: maxHours, Code: CodeInvalidRequest},
		"closure":      {Characters: MaxTitle, Code: CodeInvalidRequest},
		"day":          {Characters: len(time.DateOnly), Code: CodeInvalidRequest},

		// In queries, by the name of the parameter.
		"q":      {Characters: MaxQuery, Code: CodeInvalidRequest},
		"role":   {Characters: maxType, Code: CodeInvalidRequest},
		"class":  {Characters: maxNumber, Code: CodeInvalidRequest},
		"cursor": {Characters: maxCursor, Code: CodeInvalidRequest},
		"limit":  {Characters: maxNumber, Code: CodeInvalidRequest},
		"before": {Characters: maxNumber, Code: CodeInvalidRequest},
		"after":  {Characters: maxNumber, Code: CodeInvalidRequest},
		"from":   {Characters: maxMoment, Code: CodeInvalidRequest},
		"to":     {Characters: maxMoment, Code: CodeInvalidRequest},
		"has":    {Characters: maxType, Code: CodeInvalidRequest},

		"conversation_id": {Characters: maxNumber, Code: CodeInvalidRequest},
		"sender_id":       {Characters: maxNumber, Code: CodeInvalidRequest},
	}
}

// Allows reports whether a text is short enough.
func (l Limit) Allows(text string) bool {
	if l.Bytes > 0 {
		return len(text) <= l.Bytes
	}
	return len(text) <= l.Characters || utf8.RuneCountInString(strings.TrimSpace(text)) <= l.Characters
}

// String describes what is allowed, for developers of clients.
func (l Limit) String() string {
	switch {
	case l.Items > 0:
		return fmt.Sprintf("at most %d items", l.Items)
	case l.Bytes > 0:
		return fmt.Sprintf("at most %d bytes", l.Bytes)
	}
	return fmt.Sprintf("at most %d characters", l.Characters)
}

// The most bytes of a value in JSON: a character outside the basic plane may be two escapes
// of six bytes, a byte one, and a number has a comma.
const (
	escapedCharacter = 12
	escapedByte      = 6
	spelling         = maxNumber + 4
)

// encoded is the size of the longest value as JSON, in bytes.
func (l Limit) encoded() int {
	return max(l.Items, 1) * (l.Characters*escapedCharacter + l.Bytes*escapedByte + spelling)
}

// Field is one field of a shape to decode. One that is neither text nor list has the zero
// Limit.
type Field struct {
	Name  string
	Limit Limit
	index int
}

// In returns the field of a value of its shape.
func (f Field) In(value reflect.Value) reflect.Value { return value.Field(f.index) }

// Of returns the fields of a shape, a struct. It panics if a text or a list has no limit.
func (l Limits) Of(shape any) []Field {
	t := reflect.TypeOf(shape)
	fields := make([]Field, t.NumField())
	for i := range fields {
		field := t.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		limit, ok := l[field.Tag.Get("limit")]
		if !ok && needsLimit(field.Type) {
			panic(fmt.Sprintf("%s.%s has no limit", t.Name(), field.Name))
		}
		fields[i] = Field{Name: name, Limit: limit, index: i}
	}
	return fields
}

// needsLimit reports whether a client decides how large a value of a type is.
func needsLimit(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer:
		return needsLimit(t.Elem())
	case reflect.Bool, reflect.Int64:
		return false
	}
	return true
}

// unknownFields is the space in a body for white space, and for fields of other versions.
const unknownFields = 4 << 10

// MaxBody is the size in bytes of the largest body of a shape, however it is escaped; nil
// is the shape of a request without one.
func (l Limits) MaxBody(shape any) int64 {
	size := unknownFields
	if shape == nil {
		return int64(size)
	}
	for _, field := range l.Of(shape) {
		size += len(field.Name) + field.Limit.encoded()
	}
	return int64(size)
}

// Exceeded returns the first text of a decoded frame that is too long; ok is false if there
// is none.
func Exceeded(frame *ClientFrame, fields []Field) (field Field, ok bool) {
	value := reflect.ValueOf(frame).Elem()
	for _, field := range fields {
		if text := field.In(value); text.Kind() == reflect.String && !field.Limit.Allows(text.String()) {
			return field, true
		}
	}
	return Field{}, false
}

var rawMessage = reflect.TypeFor[json.RawMessage]()

// AllowsRaw reports whether a value that is kept as it was sent is short enough.
func (l Limit) AllowsRaw(value reflect.Value) bool {
	const quotes = 2
	return !value.IsValid() || value.Type() != rawMessage || l.Bytes == 0 || len(value.Bytes()) <= l.Bytes+quotes
}

// AllowsItem reports whether one item of a list is short enough: only texts, and those that are
// kept as they were sent, can be too long.
func (l Limit) AllowsItem(item reflect.Value) bool {
	if item.Kind() == reflect.String {
		return l.Allows(item.String())
	}
	return item.Type() != rawMessage || len(item.Bytes()) <= l.Characters*escapedCharacter+2
}
