package refusal_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

func TestNew_namesTheFieldOfItsCode(t *testing.T) {
	for _, c := range []struct {
		refused     *refusal.Error
		code, field string
	}{
		{refusal.New(protocol.CodeTitleTooLong, "At most %d.", 3), protocol.CodeTitleTooLong, "title"},
		{refusal.Invalid("limit", "At most %d.", 3), protocol.CodeInvalidRequest, "limit"},
		{refusal.New(protocol.CodeForbidden, "At most %d.", 3), protocol.CodeForbidden, ""},
	} {
		if c.refused.Code() != c.code || c.refused.Field != c.field || c.refused.Error() != "At most 3." {
			t.Errorf("%+v has the code %q, want %q at %q", c.refused, c.refused.Code(), c.code, c.field)
		}
	}
}

func TestError_isTheOneWithItsCode(t *testing.T) {
	wrapped := fmt.Errorf("send: %w", refusal.TooManyRequests(time.Minute, "Too many %s.", "letters"))
	if !errors.Is(wrapped, refusal.New(protocol.CodeTooManyRequests, "")) {
		t.Error("details make it another refusal")
	}
	if errors.Is(wrapped, refusal.Forbidden) || errors.Is(errors.New("x"), refusal.Forbidden) {
		t.Error("another error counts as this refusal")
	}
}

func TestOf_findsTheRefusalBesideAField(t *testing.T) {
	beside := refusal.OnField("title", refusal.TooLarge)
	if got := refusal.Of(fmt.Errorf("save: %w", beside)); !errors.Is(got, refusal.TooLarge) {
		t.Errorf("found %v", got)
	}
	if err := refusal.OnField("title", nil); err != nil {
		t.Errorf("no refusal became %v", err)
	}
	for _, other := range []error{errors.New("disk"), validation.Errors{"title": errors.New("blank")}, nil} {
		if got := refusal.Of(other); fmt.Sprint(got) != fmt.Sprint(other) {
			t.Errorf("%v became %v", other, got)
		}
	}
}
