package email

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/protocol"
)

func TestWorker_triesAgainAfterGrowingDelays(t *testing.T) {
	s := newSchool(t)
	anne, bruno := s.parent("anne"), s.parent("bruno")
	s.serve()
	s.smtp.refuse(anne.Email, "451 later", "452 mailbox full")
	s.send("Bonjour", anne)

	for i, delay := range delays[:2] {
		record := s.untilAttempts(anne, i+1)
		due := record.GetDateTime("next_attempt").Time()
		if record.GetString("state") != protocol.EmailQueued || !due.Equal(s.clock.Now().Add(delay)) {
			t.Fatalf("after %d attempts: %v", i+1, record.PublicExport())
		}
		s.clock.advance(delay - time.Millisecond)
		s.send("Plus tard", bruno) // only this one is due
		if letter := s.smtp.next(); letter.to != bruno.Email {
			t.Fatalf("a letter to %s went before its time", letter.to)
		}
		s.untilState(bruno, protocol.EmailSent)
		s.later(time.Millisecond)
	}
	if letter := s.smtp.next(); letter.to != anne.Email {
		t.Errorf("a letter to %s", letter.to)
	}
	record := s.untilState(anne, protocol.EmailSent)
	if record.GetInt("attempts") != 3 || record.GetString("error") != "" {
		t.Errorf("recorded %v", record.PublicExport())
	}
}

func TestWorker_givesUpAfterTheLastDelay(t *testing.T) {
	s := newSchool(t)
	anne := s.parent("anne")
	s.serve()
	for range len(delays) + 1 {
		s.smtp.refuse(anne.Email, "451 later")
	}
	s.send("Bonjour", anne)
	for i, delay := range delays {
		s.untilAttempts(anne, i+1)
		s.later(delay)
	}
	record := s.untilState(anne, protocol.EmailFailed)
	if record.GetInt("attempts") != len(delays)+1 || !strings.Contains(record.GetString("error"), "later") {
		t.Errorf("recorded %v", record.PublicExport())
	}
}

func TestWorker_givesUpAtOnceOnAPermanentRefusal(t *testing.T) {
	s := newSchool(t)
	anne, bruno := s.parent("anne"), s.parent("bruno")
	s.serve()
	s.smtp.refuse(anne.Email, "550 no such mailbox")
	s.send("Bonjour", anne, bruno)

	record := s.untilState(anne, protocol.EmailFailed)
	if record.GetInt("attempts") != 1 || !strings.Contains(record.GetString("error"), "no such mailbox") {
		t.Errorf("recorded %v", record.PublicExport())
	}
	s.untilState(bruno, protocol.EmailSent)
}

func TestWorker_keepsTheLettersWhileThePasswordIsWrong(t *testing.T) {
	s := newSchool(t)
	anne, bruno := s.parent("anne"), s.parent("bruno")
	s.smtp.set(func(smtp *smtpServer) { smtp.password = "right" })
	s.configure(func(settings *core.Settings) {
		settings.SMTP.Username, settings.SMTP.Password = "school", "wrong"
	})
	s.serve()
	s.send("Bonjour", anne, bruno)

	record := s.untilAttempts(anne, 1)
	if record.GetString("state") != protocol.EmailQueued || !strings.Contains(record.GetString("error"), "wrong password") {
		t.Errorf("recorded %v", record.PublicExport())
	}
	s.settle()
	if s.recipient(bruno).GetInt("attempts") != 0 {
		t.Error("the server was tried at once with the next letter")
	}
	s.later(outagePause) // one letter a minute tries the server
	record = s.untilAttempts(bruno, 1)
	if due := record.GetDateTime("next_attempt").Time(); !due.Equal(s.clock.Now().Add(delays[0])) {
		t.Errorf("the next letter was tried before the pause had passed: due %s", due)
	}

	s.settle() // PocketBase's mailer reads the settings without a lock
	// Nobody waits for the next attempt once the settings are right.
	s.configure(func(settings *core.Settings) { settings.SMTP.Password = "right" })
	s.untilState(anne, protocol.EmailSent)
	s.untilState(bruno, protocol.EmailSent)
}

func TestWorker_retriesAServerThatCantBeReached(t *testing.T) {
	for name, broken := range map[string]func(*smtpServer){
		"closing": func(smtp *smtpServer) { smtp.greeting = "421 closing" },
		"silent":  func(smtp *smtpServer) { smtp.silent = true },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSchool(t)
			s.queue.attemptTimeout = 2 * time.Second
			anne := s.parent("anne")
			s.smtp.set(broken)
			s.serve()
			s.send("Bonjour", anne)
			if record := s.untilAttempts(anne, 1); record.GetString("state") != protocol.EmailQueued {
				t.Errorf("recorded %v", record.PublicExport())
			}
			s.smtp.set(func(smtp *smtpServer) { smtp.greeting, smtp.silent = "220 mail.test", false })
			s.later(delays[0])
			s.untilState(anne, protocol.EmailSent)
		})
	}
}

func TestWorker_findsItsLettersAfterARestart(t *testing.T) {
	s := newSchool(t)
	anne := s.parent("anne")
	s.send("Bonjour", anne) // the worker isn't running: the process ends before it sends
	s.restart()
	if letter := s.smtp.next(); letter.to != anne.Email || letter.plain != "Bonjour" {
		t.Errorf("a letter to %s: %s", letter.to, letter.plain)
	}
	s.untilState(anne, protocol.EmailSent)
}

func TestWorker_repeatsTheMessageIDAfterACrash(t *testing.T) {
	s := newSchool(t)
	anne, bruno := s.parent("anne"), s.parent("bruno")
	s.serve()
	s.send("Bonjour", anne, bruno)
	first, other := s.smtp.next(), s.smtp.next()
	s.untilState(bruno, protocol.EmailSent)

	// As after a power cut between the server's reply and the save.
	s.execute("UPDATE email_recipients SET state = 'queued', sent_at = '' WHERE address = {:a}", dbx.Params{"a": anne.Email})
	s.restart()
	again := s.smtp.next()
	id := first.header.Get("Message-ID")
	if again.to != anne.Email || again.header.Get("Message-ID") != id {
		t.Errorf("%q again as %q", id, again.header.Get("Message-ID"))
	}
	if other.header.Get("Message-ID") == id || !strings.HasSuffix(id, "@jean-moulin.fr>") {
		t.Errorf("Message-ID: %s and %s", id, other.header.Get("Message-ID"))
	}
}

func TestWorker_finishesTheLetterItIsSendingWhenStopped(t *testing.T) {
	s := newSchool(t)
	anne, bruno := s.parent("anne"), s.parent("bruno")
	release := make(chan struct{})
	s.smtp.set(func(smtp *smtpServer) { smtp.hold = release })
	s.serve()
	s.send("Bonjour", anne, bruno)
	s.smtp.next() // the server has the first letter and hasn't replied yet

	worker := s.queue.worker
	go func() {
		<-worker.quit
		close(release)
	}()
	s.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Priority: priorityStop + 1,
		Func: func(e *core.TerminateEvent) error {
			select {
			case <-worker.done:
			default:
				t.Error("the database is closed under a letter that is being sent")
			}
			return e.Next()
		},
	})
	s.close()
	s.smtp.none()

	s.smtp.set(func(smtp *smtpServer) { smtp.hold = nil })
	s.open()
	if state := s.recipient(anne).GetString("state"); state != protocol.EmailSent {
		t.Errorf("the letter being sent is %s", state)
	}
	s.serve()
	if letter := s.smtp.next(); letter.to != bruno.Email {
		t.Errorf("a letter to %s", letter.to)
	}
}

func TestWorker_sendsAgainWhatTheDashboardQueues(t *testing.T) {
	s := newSchool(t)
	anne := s.parent("anne")
	s.serve()
	s.smtp.refuse(anne.Email, "550 no such mailbox")
	s.send("Bonjour", anne)
	record := s.untilState(anne, protocol.EmailFailed)

	record.Set("state", protocol.EmailQueued)
	s.save(record)
	first := s.smtp.next()
	record = s.untilState(anne, protocol.EmailSent)
	if record.GetInt("attempts") != 1 || record.GetString("error") != "" {
		t.Errorf("recorded %v", record.PublicExport())
	}

	s.clock.advance(time.Hour)
	record.Set("state", protocol.EmailQueued)
	s.save(record)
	second := s.smtp.next()
	s.until(anne, func(r *core.Record) bool { return r.GetDateTime("sent_at").Time().Equal(s.clock.Now()) })
	if first.header.Get("Message-ID") == second.header.Get("Message-ID") {
		t.Error("a mail server would drop the second letter as a copy of the first")
	}
}

func TestWorker_sendsWhatTheDashboardCreates(t *testing.T) {
	s := newSchool(t)
	s.serve()
	letter := s.add(letters, map[string]any{"subject": "Sujet", "content": "Texte", "sender": s.claire.ID.RecordID()})
	s.add(recipients, map[string]any{"email": letter.Id, "address": "mairie@ville.fr", "state": protocol.EmailQueued})
	if got := s.smtp.next(); got.to != "mairie@ville.fr" || got.plain != "Texte" {
		t.Errorf("a letter to %s: %s", got.to, got.plain)
	}
}

func TestWorker_waitsForTheTimeThatTheDashboardChose(t *testing.T) {
	s := newSchool(t)
	bruno := s.parent("bruno")
	s.serve()
	letter := s.add(letters, map[string]any{"subject": "Sujet", "content": "Texte"})
	s.add(recipients, map[string]any{"email": letter.Id, "address": "mairie@ville.fr",
		"state": protocol.EmailQueued, "next_attempt": s.clock.Now().Add(time.Hour)})
	s.send("Bonjour", bruno)
	if got := s.smtp.next(); got.to != bruno.Email {
		t.Errorf("a letter to %s", got.to)
	}
	s.later(time.Hour)
	if got := s.smtp.next(); got.to != "mairie@ville.fr" {
		t.Errorf("a letter to %s", got.to)
	}
}

func TestWorker_keepsTheLettersUntilThereIsAMailServer(t *testing.T) {
	s := newSchool(t)
	anne := s.parent("anne")
	s.configure(func(settings *core.Settings) { settings.SMTP.Enabled = false })
	s.serve()
	s.send("Bonjour", anne)
	record := s.until(anne, func(r *core.Record) bool { return r.GetString("error") == waiting(errNoServer) })
	if record.GetInt("attempts") != 0 || record.GetString("state") != protocol.EmailQueued {
		t.Errorf("recorded %v", record.PublicExport())
	}

	s.configure(func(settings *core.Settings) { settings.SMTP.Enabled = true })
	record = s.untilState(anne, protocol.EmailSent)
	if record.GetString("error") != "" {
		t.Errorf("recorded %v", record.PublicExport())
	}
	s.smtp.next()
}

func TestWorker_runsTheMailHooksAndSurvivesTheirPanics(t *testing.T) {
	s := newSchool(t)
	anne, bruno := s.parent("anne"), s.parent("bruno")
	s.app.OnMailerSend().BindFunc(func(e *core.MailerEvent) error {
		if e.Message.To[0].Address == anne.Email {
			panic("a hook of the school's own")
		}
		e.Message.Subject = "[École] " + e.Message.Subject
		return e.Next()
	})
	s.serve()
	s.send("Bonjour", anne, bruno)
	if letter := s.smtp.next(); letter.to != bruno.Email || letter.subject != "[École] Sortie au musée" {
		t.Errorf("%q to %s", letter.subject, letter.to)
	}
	record := s.recipient(anne)
	if record.GetString("state") != protocol.EmailQueued || record.GetString("error") != errPanic.Error() {
		t.Errorf("recorded %v", record.PublicExport())
	}
}

func TestWorker_sendsNothingTwiceWhenTheDatabaseFails(t *testing.T) {
	s := newSchool(t)
	anne, bruno := s.parent("anne"), s.parent("bruno")
	failed := make(chan struct{}, 1)
	failing := true
	s.app.OnRecordUpdate(recipients).BindFunc(func(e *core.RecordEvent) error {
		if failing { // only the worker's goroutine comes here
			failing = false
			failed <- struct{}{}
			return errors.New("disk full")
		}
		return e.Next()
	})
	s.serve()
	s.send("Bonjour", anne)
	s.smtp.next()
	<-failed
	s.send("Plus tard", bruno)
	if letter := s.smtp.next(); letter.to != bruno.Email {
		t.Errorf("a second letter to %s", letter.to)
	}
	if state := s.recipient(anne).GetString("state"); state != protocol.EmailSent {
		t.Errorf("the first letter is %s", state)
	}
}

func TestWorker_survivesAPanicOfItsOwn(t *testing.T) {
	s := newSchool(t)
	anne := s.parent("anne")
	panicked := make(chan struct{}, 1)
	broken := true
	s.app.OnRecordUpdate(recipients).BindFunc(func(e *core.RecordEvent) error {
		if broken {
			broken = false
			panicked <- struct{}{}
			panic("a hook of the school's own")
		}
		return e.Next()
	})
	s.serve()
	s.send("Bonjour", anne)
	<-panicked
	s.queue.signal()
	s.untilState(anne, protocol.EmailSent)
}

// A signal may come before the server listens.
func TestWorker_doesNotStartOnceTheServerIsStopped(t *testing.T) {
	s := newSchool(t)
	s.queue.stop()
	s.serve()
	if s.queue.isServing() {
		t.Error("the worker was started, and nothing will stop it before the database is closed")
	}
}
