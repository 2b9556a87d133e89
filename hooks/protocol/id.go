package protocol

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// UnmarshalJSON accepts any JSON number that is whole and fits 64 bits, however it is
// written: 2.0 and 1e3 as well. Whether it can be an id is checked where it is used.
func (id *ID) UnmarshalJSON(data []byte) error {
	if n, ok := digits(data); ok {
		*id = n
		return nil
	}
	if string(data) == "null" { // changes nothing, as with every other type
		return nil
	}
	n, ok := wholeNumber(string(data))
	if !ok {
		return &json.UnmarshalTypeError{Value: kindOf(data), Type: reflect.TypeFor[ID]()}
	}
	*id = ID(n)
	return nil
}

// digits parses a number in the usual spelling: only digits, few enough not to overflow.
func digits(data []byte) (id ID, ok bool) {
	if len(data) > recordDigits {
		return 0, false
	}
	for _, c := range data {
		if c < '0' || c > '9' {
			return 0, false
		}
		id = id*10 + ID(c-'0')
	}
	return id, true
}

// wholeNumber parses a JSON number exactly: as a float, 9007199254740991.4 would be whole.
func wholeNumber(number string) (n int64, ok bool) {
	mantissa, power, hasPower := strings.Cut(strings.ToLower(number), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	negative := strings.HasPrefix(whole, "-")
	significant := strings.TrimLeft(strings.TrimPrefix(whole, "-")+fraction, "0")
	if strings.Trim(significant, "0123456789") != "" {
		return 0, false // another kind of value
	}
	if significant == "" {
		return 0, mantissa != ""
	}
	exponent := 0
	if hasPower {
		var err error
		if exponent, err = strconv.Atoi(power); err != nil {
			return 0, false
		}
	}
	trimmed := strings.TrimRight(significant, "0")
	exponent += len(significant) - len(trimmed) - len(fraction)
	const maxDigits = 19 // of 64 bits
	if exponent < 0 || exponent > maxDigits {
		return 0, false
	}
	if negative {
		trimmed = "-" + trimmed
	}
	n, err := strconv.ParseInt(trimmed+strings.Repeat("0", exponent), 10, 64)
	return n, err == nil
}

// kindOf names a JSON value as encoding/json does in its errors.
func kindOf(data []byte) string {
	switch data[0] {
	case '"':
		return "string"
	case 't', 'f':
		return "bool"
	case '[':
		return "array"
	case '{':
		return "object"
	}
	return "number " + string(data)
}
