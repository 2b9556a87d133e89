package email

import (
	"fmt"
	"testing"

	"messagerie/hooks/protocol"
)

// How long a letter to many keeps its sender, and the write lock.
func BenchmarkSend_toFiveHundred(b *testing.B) {
	s := newSchool(b)
	var to []Recipient
	for i := range 500 {
		person := s.person(fmt.Sprint("Parent ", i), "Durand", protocol.RoleParent, fmt.Sprintf("p%d@famille.fr", i))
		to = append(to, Recipient{ID: person.ID})
	}
	for b.Loop() {
		answer, err := s.outbox.Send(s.claire, Letter{Recipients: to, Subject: "Sujet", Content: "Texte"})
		if err != nil || answer.Accepted != len(to) {
			b.Fatal(answer, err)
		}
	}
}
