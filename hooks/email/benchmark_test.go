package email

import (
	"fmt"
	"testing"

	"messagerie/hooks/protocol"
)

// How long storing a letter to many takes, and holds the write lock.
func BenchmarkSend_toFiveHundred(b *testing.B) {
	s := newSchool(b)
	var to []Recipient
	for i := range 500 {
		person := s.person(fmt.Sprint("Parent ", i), "Durand", protocol.RoleParent, fmt.Sprintf("p%d@famille.fr", i))
		to = append(to, Recipient{ID: person.ID})
	}
	for b.Loop() {
		result, err := s.queue.Send(s.claire, Letter{Recipients: to, Subject: "Sujet", Content: "Texte"})
		if err != nil || result.Accepted != len(to) {
			b.Fatal(result, err)
		}
	}
}
