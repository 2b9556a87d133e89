package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// value is the typed end of a key: one field of a Config, its default, and the two
// ways in. Conversions are strict: a file's 123 isn't text and its "123" no number.
type value interface {
	reset()                             // gives the field its default
	fromText(string) (any, error)       // an environment variable or a flag
	fromYAML(any) (any, error)          // what the file holds
	assign(converted any)               // a result of the two above, to the field
	allowed() string                    // in words, with the unit
	standard() string                   // the default as YAML
	isEmpty(converted any) (empty bool) // nothing was set
}

// setting is a value of type T. Its errors complete the sentence "x …", without x:
// the caller knows whether x may be shown.
type setting[T any] struct {
	field   *T
	initial T
	permits string
	text    func(string) (T, error)
	yaml    func(any) (T, error)
	check   func(T) (T, error) // may also bring the value into its usual spelling
	show    func(T) string
	empty   func(T) bool
}

func (s setting[T]) reset()             { *s.field = s.initial }
func (s setting[T]) assign(c any)       { *s.field = c.(T) }
func (s setting[T]) allowed() string    { return s.permits }
func (s setting[T]) standard() string   { return s.show(s.initial) }
func (s setting[T]) isEmpty(c any) bool { return s.empty != nil && s.empty(c.(T)) }

func (s setting[T]) fromText(raw string) (any, error) {
	v, err := s.text(raw)
	return s.checked(v, err)
}

func (s setting[T]) fromYAML(raw any) (any, error) {
	v, err := s.yaml(raw)
	return s.checked(v, err)
}

func (s setting[T]) checked(v T, err error) (any, error) {
	if err == nil && s.check != nil {
		v, err = s.check(v)
	}
	return v, err
}

// text is a string that check accepts and normalises; nil accepts anything.
func text[T ~string](field *T, initial T, permits string, check func(string) (string, error)) value {
	s := setting[T]{
		field: field, initial: initial, permits: permits,
		text: func(raw string) (T, error) { return T(raw), nil },
		yaml: func(raw any) (T, error) {
			v, ok := raw.(string)
			if !ok {
				return "", errors.New("is not text: put it in quotes if it is meant as text")
			}
			return T(v), nil
		},
		show:  func(v T) string { return strconv.Quote(string(v)) },
		empty: func(v T) bool { return v == "" },
	}
	if check != nil {
		s.check = func(v T) (T, error) {
			c, err := check(string(v))
			return T(c), err
		}
	}
	return s
}

// whole is an integer from least to most, both included.
func whole(field *int, initial, least, most int, unit string) value {
	errNoNumber := errors.New("is not a whole number")
	return setting[int]{
		field: field, initial: initial,
		permits: strings.TrimSpace(fmt.Sprintf("a whole number from %d to %d %s", least, most, unit)),
		text: func(raw string) (int, error) {
			v, err := strconv.Atoi(raw)
			if err != nil {
				return 0, errNoNumber
			}
			return v, nil
		},
		yaml: func(raw any) (int, error) {
			v, ok := raw.(int)
			if _, quoted := raw.(string); quoted {
				return 0, errors.New("is text, not a whole number")
			}
			if !ok {
				return 0, errNoNumber
			}
			return v, nil
		},
		check: between(least, most),
		show:  strconv.Itoa,
	}
}

// boolean is true or false: YAML 1.1's yes, on and 1 are refused rather than guessed.
func boolean(field *bool, initial bool) value {
	errNeither := errors.New("is neither true nor false")
	return setting[bool]{
		field: field, initial: initial, permits: "true or false",
		text: func(raw string) (bool, error) {
			if raw != "true" && raw != "false" {
				return false, errNeither
			}
			return raw == "true", nil
		},
		yaml: func(raw any) (bool, error) {
			v, ok := raw.(bool)
			if _, quoted := raw.(string); quoted {
				return false, errors.New("is text, neither true nor false")
			}
			if !ok {
				return false, errNeither
			}
			return v, nil
		},
		show: strconv.FormatBool,
	}
}

// duration is a number with a unit of time, from least to most, both included.
func duration(field *time.Duration, initial, least, most time.Duration) value {
	parse := func(raw string) (time.Duration, error) {
		v, err := time.ParseDuration(raw)
		if err != nil {
			return 0, errors.New("is not a duration with its unit, such as 500ms, 6s or 1m")
		}
		return v, nil
	}
	return setting[time.Duration]{
		field: field, initial: initial,
		permits: fmt.Sprintf("a duration from %s to %s", spell(least), spell(most)),
		text:    parse,
		yaml: func(raw any) (time.Duration, error) {
			v, _ := raw.(string) // a number has no unit and is refused as the empty text is
			return parse(v)
		},
		check: between(least, most),
		show:  spell,
	}
}

// list is several texts, each of which check accepts and normalises; in the
// environment they are separated by commas.
func list(field *[]string, initial []string, permits string, check func(string) (string, error)) value {
	return setting[[]string]{
		field: field, initial: initial, permits: permits,
		text: func(raw string) ([]string, error) {
			items := strings.Split(raw, ",")
			for i := range items {
				items[i] = strings.TrimSpace(items[i])
			}
			return items, nil
		},
		yaml: listFromYAML,
		check: func(items []string) ([]string, error) {
			var checked []string
			for _, item := range items {
				c, err := check(item)
				if err != nil {
					return nil, fmt.Errorf("has %s, which %w", quote(item), err)
				}
				if !slices.Contains(checked, c) {
					checked = append(checked, c)
				}
			}
			return checked, nil
		},
		show: func(items []string) string { return "[" + strings.Join(items, ", ") + "]" },
	}
}

func listFromYAML(raw any) ([]string, error) {
	elements, ok := raw.([]any)
	if !ok {
		return nil, errors.New("is not a list: write [one, two]")
	}
	items := make([]string, len(elements))
	for i, element := range elements {
		if items[i], ok = element.(string); !ok {
			return nil, fmt.Errorf("has %s, which is not text", describe(element))
		}
	}
	return items, nil
}

func between[T int | time.Duration](least, most T) func(T) (T, error) {
	return func(v T) (T, error) {
		switch {
		case v < least:
			return v, errors.New("is too small")
		case v > most:
			return v, errors.New("is too large")
		}
		return v, nil
	}
}

// spell writes 1m where the standard library writes 1m0s.
func spell(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	return s
}
