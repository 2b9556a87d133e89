package rest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"messagerie/hooks/protocol"
)

// counted is a body that counts the bytes that are read. The client may still read it when the response is there.
type counted struct {
	io.Reader
	taken atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.taken.Add(int64(n))
	return n, err
}

// People who may not send are refused before their millions of recipients are read.
func TestLetter_isRefusedByRoleBeforeItIsRead(t *testing.T) {
	s := newSchool(t)
	s.Post(s.jerome, "/api/email/send/", "no letter at all").Refused(403, protocol.CodeForbidden)
	body := &counted{Reader: strings.NewReader(`{"recipients":[` + strings.Repeat("1,", 3_600_000) + `1],"subject":"x","content":"x"}`)}
	req, err := http.NewRequest("POST", s.URL+"/api/email/send/", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", s.jerome.Token)
	req.Header.Set("Expect", "100-continue") // the response comes before the body is sent
	s.Send(req).Refused(403, protocol.CodeForbidden)
	if body.taken.Load() > 0 {
		t.Errorf("%d bytes were sent", body.taken.Load())
	}
}

func TestLetter_hasNoMoreRecipientsThanItMay(t *testing.T) {
	s := newSchool(t)
	list := func(count int) string {
		return `{"subject":"x","content":"x","recipients":[` + strings.Repeat("1,", count-1) + "1]}"
	}
	s.Post(s.claire, "/api/email/send/", list(500)).OK(202)
	refused := s.Post(s.claire, "/api/email/send/", list(501)).Refused(400, protocol.CodeInvalidRequest)
	if refused.Data["recipients"] == nil {
		t.Errorf("data %v doesn't name the field", refused.Data)
	}
	s.Post(s.claire, "/api/email/send/", list(100_000)).Refused(400, protocol.CodeInvalidRequest)
	// A recipient's spelling is limited as well: it is repeated in the response.
	s.Post(s.claire, "/api/email/send/", object{"subject": "x", "content": "x", "recipients": []string{strings.Repeat("x", 4_000)}}).
		Refused(400, protocol.CodeInvalidRequest)
}

func TestQueries_areBounded(t *testing.T) {
	s := newSchool(t)
	long := strings.Repeat("x", 20<<10) // less than headers may have
	for path, name := range map[string]string{
		fmt.Sprintf("/api/messagerie/search/%d/?q=", s.college):       "q",
		fmt.Sprintf("/api/email/search-recipients/%d/?q=", s.college): "q",
		conversationsPath(s.claire) + "?cursor=":                      "cursor",
		conversationsPath(s.claire) + "?limit=":                       "limit",
		messagesPath(s.conversation) + "?before=":                     "before",
		messagesPath(s.conversation) + "?after=":                      "after",
		messagesPath(s.conversation) + "?after=0&after=":              "query", // the first of several is used
		"/api/messagerie/me/?fields=id,":                              "query", // PocketBase's
	} {
		resp := s.Get(s.claire, path+long)
		refused := resp.Refused(400, protocol.CodeInvalidRequest)
		if refused.Data[name] == nil || len(resp.Body) > 1000 {
			t.Errorf("%s: %.300s", name, resp.Body)
		}
	}
}
