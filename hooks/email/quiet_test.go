package email

import (
	"testing"
	"time"

	"messagerie/hooks/protocol"
)

func TestWorker_letsPeopleInPeaceUntilTheMorning(t *testing.T) {
	s := newSchool(t)
	anne, bruno := s.parent("anne"), s.parent("bruno")
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	night := time.Date(2026, 11, 30, 22, 0, 0, 0, zone)
	begun := s.clock.Now()
	s.queue.people.SetClock(func() time.Time { return night.Add(s.clock.Now().Sub(begun)) })
	if err := s.queue.people.SetOwnHours(anne, &protocol.QuietHours{From: "20:00", To: "07:00"}); err != nil {
		t.Fatal(err)
	}
	s.serve()
	s.send("Bonsoir", anne, bruno)
	if letter := s.smtp.next(); letter.to != bruno.Email {
		t.Fatalf("a letter to %s", letter.to)
	}
	s.untilState(bruno, protocol.EmailSent)
	s.settle()
	record := s.recipient(anne)
	if due := record.GetDateTime("next_attempt").Time(); record.GetInt("attempts") != 0 || !due.Equal(begun.Add(9*time.Hour)) {
		t.Errorf("waits until %v, after %d attempts", due, record.GetInt("attempts"))
	}
	s.later(9 * time.Hour)
	if letter := s.smtp.next(); letter.to != anne.Email {
		t.Errorf("a letter to %s", letter.to)
	}
	s.untilState(anne, protocol.EmailSent)

	// It doesn't wait any longer once the hours are gone.
	s.clock.advance(14 * time.Hour)
	s.send("Encore", anne)
	s.settle()
	if got := s.recipient(anne).GetString("state"); got != protocol.EmailQueued {
		t.Errorf("in the next night it is %s", got)
	}
	if err := s.queue.people.SetOwnHours(anne, nil); err != nil {
		t.Fatal(err)
	}
	if letter := s.smtp.next(); letter.to != anne.Email {
		t.Errorf("a letter to %s", letter.to)
	}
}
