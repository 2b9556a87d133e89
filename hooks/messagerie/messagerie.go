// Package messagerie holds the records and the rules of conversations: who may write to
// whom, what a message may contain, and who has read what. It knows neither HTTP nor
// sockets: callers use its Service, and the store announces what was committed.
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

// Service reads and changes conversations. Its methods may be called from any goroutine, but
// not from within a transaction.
type Service struct {
	app     core.App
	store   *store.Store
	people  *school.Service
	limits  config.Limits
	budgets budgets
	caches  *caches

	messages, participants         *store.RecordWriter
	scheduled, reactions           *store.RecordWriter
	attachments, pins, edits       *store.RecordWriter
	events                         *store.RecordWriter
	fastMessages, fastParticipants *store.FastPath

	sizes   sizes   // used by the writer alone
	waiting waiting // likewise

	delivery deliverer
	returned returned

	calls
}

// New makes the service of an app that needn't be bootstrapped yet. Its caches listen to st, so
// listeners registered later find them up to date.
func New(app core.App, st *store.Store, people *school.Service, limits config.Limits) *Service {
	s := &Service{app: app, store: st, people: people, limits: limits, budgets: newBudgets(), caches: newCaches()}
	s.messages = st.RecordWriter("id", "conversation", "sender")
	s.participants = st.RecordWriter("id", "conversation", "user")
	s.scheduled = st.RecordWriter("id", "conversation", "sender", "content")
	s.reactions = st.RecordWriter("id", "message", "user")
	s.attachments = st.RecordWriter("id", "conversation", "uploader", "message", "file", "thumbnail")
	s.pins = st.RecordWriter("id", "conversation", "message", "user")
	s.edits = st.RecordWriter("id", "message", "author", "content")
	s.events = st.RecordWriter("id", "conversation", "user", "actor")
	s.delivery.wake = make(chan struct{}, 1)
	s.caches.participants.now = people.Now
	s.fastMessages, s.fastParticipants = s.newFastMessages(), s.newFastParticipants()
	s.bindCalls()
	st.Listen(s.caches.update)
	st.Listen(s.noteForDelivery)
	st.Listen(s.noteAuthor)
	st.Listen(s.noteReturned)
	return s
}

// Bind registers the rules and announcements as record hooks.
func (s *Service) Bind() {
	s.store.BindIDs("conversations", "participants", "departures", "messages", "scheduled_messages", "reactions", "attachments", "pins", "message_edits", "conversation_events")
	s.store.BindWriter("conversations", "participants", "messages", "scheduled_messages", "reactions", "attachments", "pins", "message_edits", "conversation_events") // so that their changes are announced in order
	s.bindMessages()
	s.bindAuthors()
	s.bindParticipants()
	school.BindNames(s.app, "conversations", "title")
	s.bindConversations()
	s.bindClassGroups()
	s.bindScheduled()
	s.bindReactions()
	s.bindAttachments()
	s.bindPins()
	s.bindHistory()
	s.bindEvents()
	s.bindDeliverer()
}

// Leads reports whether this machine does what only one of a cluster may do.
func (s *Service) Leads() bool { return s.store.Leads() }

// Flush returns once every change requested before is announced.
func (s *Service) Flush() { s.store.Flush() }

// participantsFor returns the participants of a conversation and user's own entry, or
// ErrNotParticipant.
func (s *Service) participantsFor(conversation, user protocol.ID) (*Participants, Member, error) {
	p, err := s.caches.participants.get(s.app, conversation)
	if err != nil {
		return nil, Member{}, err
	}
	if p == nil {
		return nil, Member{}, ErrNotParticipant
	}
	m, ok := p.Member(user)
	if !ok {
		return nil, Member{}, ErrNotParticipant
	}
	return p, m, nil
}

// Participants returns the participants of a conversation, nil if it doesn't exist.
func (s *Service) Participants(conversation protocol.ID) (*Participants, error) {
	return s.caches.participants.get(s.app, conversation)
}

// Check returns ErrNotParticipant unless user takes part in conversation.
func (s *Service) Check(conversation, user protocol.ID) error {
	_, _, err := s.participantsFor(conversation, user)
	return err
}

func isNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// wireTime converts PocketBase's time format into RFC 3339.
func wireTime(stored string) string { return strings.Replace(stored, " ", "T", 1) }
