package search

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
	"messagerie/hooks/words"
)

// Wanted is which messages somebody looks for: those that match all of it.
type Wanted struct {
	Query        string      // words, each of which begins one of the message; may be empty with Has
	Conversation protocol.ID // 0 for all of the caller's
	Sender       protocol.ID // 0 for anybody
	From, To     time.Time   // created from then on, and before then; zero for any time
	Has          string      // one of protocol.Contents, or ""

	Cursor string // the Next of the page before; "" for the first page
	Limit  int    // 0 for defaultLimit; at most maxLimit
}

// Page is a page of found messages, newest first.
type Page struct {
	Found []protocol.FoundMessage
	Next  string // the cursor of the next page, "" on the last one
}

const (
	defaultLimit = 20
	maxLimit     = 50
	maxWords     = 10 // of a query
)

// maxExamined bounds the work for one page. A page may have fewer messages than its limit, or none, and
// others follow all the same: if thousands have the words, and next to none was written at that time.
const maxExamined = 2000

// Find returns the caller's messages that match, a page at a time. A query without a word finds nothing,
// unless something else that a message has is wanted.
func (s *Service) Find(ctx context.Context, caller school.Person, wanted Wanted) (Page, error) {
	f := finding{service: s, caller: caller, wanted: wanted, before: protocol.MaxID + 1}
	if err := f.check(); err != nil {
		return Page{}, err
	}
	if len(f.words) == 0 && wanted.Has == "" {
		return Page{Found: []protocol.FoundMessage{}}, nil
	}
	if err := f.chooseConversations(); err != nil {
		return Page{}, err
	}
	if err := s.searches.Spend(caller, 1); err != nil {
		return Page{}, err
	}
	index, err := s.opened(ctx)
	if err != nil {
		return Page{}, err
	}
	f.index = index
	page, err := f.page(ctx)
	if isDamaged(err) {
		s.pending.noteDamage()
	}
	return page, err
}

// errNotReady: the index can't be opened, or was damaged and is made anew.
var errNotReady = refusal.New(protocol.CodeUnavailable, "Messages can't be searched just now: try again.")

// maxOpening is how long a search waits for the index, which the first one creates.
const maxOpening = 5 * time.Second

func (s *Service) opened(ctx context.Context) (*index, error) {
	signal(s.pending.hurry)
	timeout := time.NewTimer(maxOpening)
	defer timeout.Stop()
	select {
	case <-s.ready:
	case <-timeout.C:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.index == nil {
		return nil, errNotReady
	}
	return s.index, nil
}

// finding is one search.
type finding struct {
	service       *Service
	index         *index
	caller        school.Person
	wanted        Wanted
	words         []string
	conversations []messagerie.Activity // most recent first, if they are many
	before        protocol.ID           // only messages before this one are left
	examined      int
	isLast        bool // the index has no others
}

func (f *finding) check() error {
	f.words = queryWords(f.wanted.Query)
	if len(f.words) > maxWords {
		return refusal.Invalid("q", "A query has at most %d words.", maxWords)
	}
	if has := f.wanted.Has; has != "" && !slices.Contains(protocol.Contents, has) {
		return refusal.Invalid("has", "has must be one of %s.", strings.Join(protocol.Contents, ", "))
	}
	if f.wanted.Limit <= 0 {
		f.wanted.Limit = defaultLimit
	}
	f.wanted.Limit = min(f.wanted.Limit, maxLimit)
	if f.wanted.Cursor == "" {
		return nil
	}
	var ok bool
	if f.before, ok = parseCursor(f.wanted.Cursor); !ok {
		return refusal.Invalid("cursor", "cursor must come from a previous page.")
	}
	return nil
}

// queryWords returns the words of a query, each once, the longest first: it has the fewest messages.
func queryWords(query string) []string {
	found := words.Of(query)
	slices.SortStableFunc(found, func(a, b string) int { return len(b) - len(a) })
	distinct := make([]string, 0, len(found))
	for _, word := range found {
		if !begins(distinct, word) { // a text with the longer word matches this one as well
			distinct = append(distinct, word)
		}
	}
	return distinct
}

// chooseConversations refuses a conversation that the caller may not read, like its messages.
func (f *finding) chooseConversations() error {
	all := f.service.conversations
	if f.wanted.Conversation != 0 {
		f.conversations = []messagerie.Activity{{Conversation: f.wanted.Conversation}}
		return all.Check(f.wanted.Conversation, f.caller.ID)
	}
	own, err := all.ConversationsOf(f.caller.ID)
	if err != nil {
		return err
	}
	if len(own) > conversationsAtOnce {
		f.conversations, err = all.ActivitiesOf(f.caller.ID)
		return err
	}
	for _, conversation := range own {
		f.conversations = append(f.conversations, messagerie.Activity{Conversation: conversation})
	}
	return nil
}

// page examines candidates, more each time, until it has enough.
func (f *finding) page(ctx context.Context) (Page, error) {
	if len(f.words) > 0 && len(f.conversations) > conversationsAtOnce {
		var err error
		if f.conversations, err = f.index.mayHave(ctx, f.conversations, f.words); err != nil {
			return Page{}, err
		}
	}
	page := Page{Found: make([]protocol.FoundMessage, 0, f.wanted.Limit)}
	for size := f.wanted.Limit + 1; ; size = min(4*size, 500) {
		candidates, err := f.candidates(ctx, size)
		if err != nil {
			return Page{}, err
		}
		readable, err := f.service.conversations.Readable(f.caller.ID, candidates)
		if err != nil {
			return Page{}, err
		}
		for _, message := range readable {
			if !f.matches(message) {
				continue
			}
			if len(page.Found) == f.wanted.Limit { // there is at least this one more
				page.Next = cursor(page.Found[len(page.Found)-1].Message.ID)
				return page, nil
			}
			page.Found = append(page.Found, protocol.FoundMessage{
				Message: message, ConversationID: message.ConversationID, Snippet: snippetOf(message, f.words)})
		}
		switch {
		case f.isLast:
			return page, nil
		case f.examined >= maxExamined:
			page.Next = cursor(f.before)
			return page, nil
		}
	}
}

// conversationsAtOnce is how many one query of the index is about: each takes about a tenth of a
// millisecond. A person with more is searched for in the most recent ones first, in as many at a time as
// there are processors.
const conversationsAtOnce = 60

// candidates returns the next messages that the index has.
func (f *finding) candidates(ctx context.Context, size int) ([]protocol.ID, error) {
	var found []protocol.ID
	for chunks := slices.Collect(slices.Chunk(f.conversations, conversationsAtOnce)); len(chunks) > 0; {
		some := chunks[:min(len(chunks), runtime.GOMAXPROCS(0))]
		more, err := f.candidatesIn(ctx, some, size)
		if err != nil {
			return nil, fmt.Errorf("find messages: %w", err)
		}
		found = append(found, more...)
		slices.SortFunc(found, func(a, b protocol.ID) int { return cmp.Compare(b, a) })
		if chunks = chunks[len(some):]; len(chunks) > 0 && len(found) >= size && found[size-1] > chunks[0][0].Newest {
			break // the other conversations have only older ones
		}
	}
	if len(found) < size {
		f.isLast = true
	} else {
		found = found[:size]
		f.before = found[size-1]
	}
	f.examined += len(found)
	return found, nil
}

// candidatesIn queries several chunks of conversations at the same time.
func (f *finding) candidatesIn(ctx context.Context, chunks [][]messagerie.Activity, size int) ([]protocol.ID, error) {
	found, errs := make([][]protocol.ID, len(chunks)), make([]error, len(chunks))
	query := func(n int) {
		matching := expression(chunks[n], f.words, f.wanted.Sender, f.wanted.Has)
		found[n], errs[n] = f.index.find(ctx, matching, f.before, size)
	}
	var all sync.WaitGroup
	for n := range len(chunks) - 1 {
		all.Go(func() { query(n) })
	}
	if len(chunks) > 0 {
		query(len(chunks) - 1)
	}
	all.Wait()
	return slices.Concat(found...), errors.Join(errs...)
}

// matches asks all again of the message itself.
func (f *finding) matches(m protocol.Message) bool {
	switch {
	case f.wanted.Conversation != 0 && m.ConversationID != f.wanted.Conversation,
		f.wanted.Sender != 0 && m.SenderID != f.wanted.Sender,
		!f.wanted.From.IsZero() && m.Timestamp < protocol.Time(f.wanted.From),
		!f.wanted.To.IsZero() && m.Timestamp >= protocol.Time(f.wanted.To),
		f.wanted.Has == protocol.HasLink && !hasLink(m.Content),
		f.wanted.Has == protocol.HasAttachment && len(m.Attachments) == 0:
		return false
	}
	return matches(searched(m.Content, m.Attachments), f.words)
}

// cursor names the last message of a page.
func cursor(last protocol.ID) string {
	return base64.RawURLEncoding.EncodeToString([]byte(last.RecordID()))
}

func parseCursor(cursor string) (last protocol.ID, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return 0, false
	}
	last = protocol.ParseID(string(raw))
	return last, last != 0
}
