// Package messagerie holds the records and the rules of the conversations: who
// may write to whom, what a message may be, who has read what, and the writer
// that commits them in groups. It knows no HTTP and no socket: callers ask it,
// and one listener hears of what was committed.
package messagerie

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

const (
	maxTitle    = 200 // characters; conversations.title holds no more
	maxClientID = 64  // characters, of the contract
)

// Service answers and changes conversations. Its methods may be called from any
// goroutine, but not from within a transaction.
type Service struct {
	app     core.App
	limits  config.Limits
	ids     idSource
	rosters rosters
	lists   lists

	messages, participants saver // used by the writer alone
	queries                queries

	listen func(Change)

	mu     sync.RWMutex
	writer *writer // nil while the database is closed
}

// New makes the service of an app that needn't be bootstrapped yet. listen hears
// every committed change, in order, and must neither block nor write.
func New(app core.App, limits config.Limits, listen func(Change)) *Service {
	s := &Service{app: app, limits: limits, rosters: newRosters(), lists: newLists(), listen: listen}
	s.messages = saver{app: app, checked: []string{"id", "conversation", "sender"}}
	s.participants = saver{app: app}
	s.ids.now = time.Now
	return s
}

// Bind registers the rules and announcements on the records, whoever saves them.
func (s *Service) Bind() {
	s.bindMemory()
	s.bindWriter()
	s.bindMessages()
	s.bindParticipants()
	s.bindConversations()
	s.bindUsers()
	s.bindPasswords()
	s.bindTokens()
}

// Settle returns once every change that was asked for before is announced.
func (s *Service) Settle() {
	_ = s.save(func(core.App) error { return nil }) // a closed writer has settled
}

// Close finishes what was begun and refuses new changes.
func (s *Service) Close() {
	s.mu.Lock()
	w := s.writer
	s.mu.Unlock()
	if w != nil {
		w.close()
	}
}

// open returns the running writer; the first call of a process starts it, behind
// the highest id that the database holds.
func (s *Service) open() (*writer, error) {
	s.mu.RLock()
	w := s.writer
	s.mu.RUnlock()
	if w != nil {
		return w, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writer != nil {
		return s.writer, nil
	}
	for _, collection := range numbered {
		var newest sql.NullString
		err := s.app.ConcurrentDB().Select("max(id)").From(collection).Row(&newest)
		if err != nil {
			return nil, fmt.Errorf("newest id of %s: %w", collection, err)
		}
		s.ids.startAfter(protocol.ParseID(newest.String))
	}
	s.writer = newWriter(s.app)
	return s.writer, nil
}

// numbered are the collections whose ids are numbers.
var numbered = []string{
	"establishments", "users", "conversations", "participants", "messages", "emails", "email_recipients",
}

// announced are the collections whose changes, or those that follow from them, reach
// the screens. Whoever saves them, they pass through the writer: there is one order.
var announced = []string{"establishments", "users", "conversations", "participants", "messages"}

// Priorities of the hooks: first into the writer's transaction, then our rules,
// both before PocketBase's own (-99), which would draw an id.
const (
	priorityWriter = -1000
	priorityRule   = -500
)

// bindWriter numbers new records and leads every direct save, such as one made
// in the dashboard, through the writer.
func (s *Service) bindWriter() {
	through := func(e *core.RecordEvent) error {
		if e.App.IsTransactional() {
			return e.Next()
		}
		w, err := s.open()
		if err != nil {
			return err
		}
		direct := e.App
		defer func() { e.App = direct }()
		return w.transaction(func(tx core.App) error {
			e.App = tx
			return e.Next()
		})
	}
	for _, on := range []func(...string) *recordHook{s.app.OnRecordCreate, s.app.OnRecordUpdate, s.app.OnRecordDelete} {
		on(announced...).Bind(handler(priorityWriter, through))
	}
	s.app.OnRecordCreate(numbered...).Bind(handler(priorityWriter+1, s.number))
}

// number gives a new record its id, or checks the one that an import chose.
func (s *Service) number(e *core.RecordEvent) error {
	if _, err := s.open(); err != nil {
		return err
	}
	if e.Record.Id == "" {
		e.Record.Id = s.ids.next().RecordID()
		return e.Next()
	}
	id := protocol.ParseID(e.Record.Id)
	switch {
	case id == 0:
		return onField("id", refuse(protocol.CodeInvalidRequest, "An id is a number of at most 16 digits, up to 2^53."))
	case !s.ids.take(id):
		return onField("id", refuse(protocol.CodeInvalidRequest,
			"This id lies in the future: later records would be sorted before it."))
	}
	e.Record.Id = id.RecordID()
	return e.Next()
}

// save runs one save in the writer's next group.
func (s *Service) save(run func(tx core.App) error) error {
	w, err := s.open()
	if err != nil {
		return err
	}
	return refusal(w.save(run))
}

// saveLater runs one save in the writer's next group. done hears how it ended, on the
// writer's goroutine, which it must not keep.
func (s *Service) saveLater(run func(tx core.App) error, done func(error)) {
	w, err := s.open()
	if err != nil {
		done(err)
		return
	}
	w.hand(&job{run: run, done: func(err error) { done(refusal(err)) }})
}

// transaction runs several saves that hold or fail as one.
func (s *Service) transaction(run func(tx core.App) error) error {
	w, err := s.open()
	if err != nil {
		return err
	}
	return refusal(w.transaction(run))
}

// roster answers who takes part, provided that user does.
func (s *Service) roster(conversation, user protocol.ID) (*Roster, Member, error) {
	r, err := s.rosters.get(s.app, conversation)
	if err != nil {
		return nil, Member{}, err
	}
	if r == nil {
		return nil, Member{}, ErrNotParticipant
	}
	m, ok := r.Member(user)
	if !ok {
		return nil, Member{}, ErrNotParticipant
	}
	return r, m, nil
}

// Participants answers who takes part in a conversation; nil if it doesn't exist.
func (s *Service) Participants(conversation protocol.ID) (*Roster, error) {
	return s.rosters.get(s.app, conversation)
}

// Check answers ErrNotParticipant unless user takes part in conversation.
func (s *Service) Check(conversation, user protocol.ID) error {
	_, _, err := s.roster(conversation, user)
	return err
}

func isNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// wireTime turns PocketBase's spelling of a time into RFC 3339.
func wireTime(stored string) string { return strings.Replace(stored, " ", "T", 1) }
