// Package messagerie holds the records and the rules of the conversations: who
// may write to whom, what a message may be, and who has read what. It knows no
// HTTP and no socket: callers ask it, and the store's listeners hear of what was committed.
package messagerie

import (
	"database/sql"
	"errors"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// Service answers and changes conversations. Its methods may be called from any
// goroutine, but not from within a transaction.
type Service struct {
	app     core.App
	store   *store.Store
	people  *school.Service
	limits  config.Limits
	budgets budgets
	caches  *caches

	messages, participants         *store.RecordWriter
	fastMessages, fastParticipants *store.FastPath

	sizes sizes // used by the writer alone
}

// New makes the service of an app that needn't be bootstrapped yet. Its caches listen to st:
// listeners that come later find them true.
func New(app core.App, st *store.Store, people *school.Service, limits config.Limits) *Service {
	s := &Service{app: app, store: st, people: people, limits: limits, budgets: newBudgets(), caches: newCaches()}
	s.messages = st.RecordWriter("id", "conversation", "sender")
	s.participants = st.RecordWriter()
	s.fastMessages, s.fastParticipants = st.FastPath("messages", s.fitsMessages), st.FastPath("participants", fitsParticipants)
	st.Listen(s.caches.update)
	return s
}

// Bind registers the rules and announcements on the records, whoever saves them.
func (s *Service) Bind() {
	s.store.BindIDs("conversations", "participants", "departures", "messages")
	s.store.BindWriter("conversations", "participants", "messages") // what they change reaches the screens
	s.bindMessages()
	s.bindParticipants()
	school.BindNames(s.app, "conversations", "title")
	s.bindConversations()
}

// Flush returns once every change that was asked for before is announced.
func (s *Service) Flush() { s.store.Flush() }

// roster answers who takes part, provided that user does.
func (s *Service) roster(conversation, user protocol.ID) (*Roster, Member, error) {
	r, err := s.caches.rosters.get(s.app, conversation)
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
	return s.caches.rosters.get(s.app, conversation)
}

// Check answers ErrNotParticipant unless user takes part in conversation.
func (s *Service) Check(conversation, user protocol.ID) error {
	_, _, err := s.roster(conversation, user)
	return err
}

func isNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// wireTime turns PocketBase's spelling of a time into RFC 3339.
func wireTime(stored string) string { return strings.Replace(stored, " ", "T", 1) }
