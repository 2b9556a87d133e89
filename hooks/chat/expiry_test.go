package chat_test

import (
	"testing"
	"time"

	"messagerie/hooks/protocol"
)

func TestClose_whenTheTokenExpires(t *testing.T) {
	s := newSchool(t)
	token, err := s.jerome.Record.NewStaticAuthToken(time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	short := s.jerome
	short.Token = token
	socket, _ := s.Dial(short)
	lasting, _ := s.Dial(s.claire)

	s.Hub.CloseExpired(time.Now().Add(59 * time.Minute))
	socket.ExpectNone(protocol.TypeError)
	s.Hub.CloseExpired(time.Now().Add(61 * time.Minute))
	socket.ExpectClose(protocol.CloseUnauthorized)
	lasting.ExpectNone(protocol.TypeError)
}

func TestClose_whenTheServerRestarts(t *testing.T) {
	s := newSchool(t)
	socket, _ := s.Dial(s.claire)
	s.Hub.Close(true) // the process itself is replaced by PocketBase
	socket.ExpectClose(protocol.CloseServiceRestart)
}
