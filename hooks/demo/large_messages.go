package demo

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"time"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// tail is the end of a conversation, as far back as somebody may not have read it:
// the newest messages in a ring, and how many there were.
type tail struct {
	ids     [tailLength]protocol.ID
	senders [tailLength]uint16 // by their place in the conversation
	count   int
}

const tailLength = 8

func (t *tail) add(id protocol.ID, sender int) {
	t.ids[t.count%tailLength], t.senders[t.count%tailLength] = id, uint16(sender)
	t.count++
}

// upTo is the newest message that a reader has seen when so many, fewer than the ring
// holds, are missing. People have seen their own messages and everything before them.
func (t *tail) upTo(missing, reader int) protocol.ID {
	for back := range min(t.count, tailLength) {
		place := (t.count - 1 - back) % tailLength
		if back == missing || t.senders[place] == uint16(reader) {
			return t.ids[place]
		}
	}
	return 0
}

var messageColumns = []string{
	"id", "created", "updated", "conversation", "sender", "content", "client_id", "reply_to", "edited", "deleted",
}

// messages come in chronological order, so that those of a conversation are as far apart
// in the file as in real use. Few conversations are busy and most are quiet.
func (l *large) messages() iter.Seq[[]any] {
	chance := l.chance('m')
	all, busy := texts(chance), l.busy(chance)
	l.tails = make([]tail, l.circle.conversations())
	return func(yield func([]any) bool) {
		row := make([]any, len(messageColumns))
		var last protocol.ID
		for n := range l.size.Messages {
			at := l.calendar.at(n, l.size.Messages)
			last = max(last+1, store.IDAt(at))
			conversation := busy()
			sender := chance.IntN(l.circle.size(conversation))
			text, reply, updated, edited, deleted := all[chance.IntN(len(all))], "", stored(at), "", false
			switch before := &l.tails[conversation]; {
			case chance.IntN(30) == 0 && before.count > 0:
				reply = before.ids[(before.count-1)%tailLength].RecordID()
			case chance.IntN(100) == 0:
				edited = stored(at.Add(time.Minute))
				updated = edited
			case chance.IntN(200) == 0:
				text, deleted, updated = "", true, stored(at.Add(time.Minute))
			}
			l.tails[conversation].add(last, sender)
			row = append(row[:0], last.RecordID(), stored(at), updated, numbered(conversation).RecordID(),
				l.person(conversation, sender).RecordID(), text, clientID(chance), reply, edited, deleted)
			if !yield(row) {
				return
			}
		}
	}
}

// busy draws conversations: a quarter of them has half of the messages. Those are
// spread evenly among all, by a step of about the golden ratio.
func (l *large) busy(chance *rand.Rand) (draw func() int) {
	all := l.circle.conversations()
	step := all*618/1000 + 1
	for commonDivisor(step, all) > 1 {
		step++
	}
	return func() int {
		x := chance.Float64()
		return int(x*x*float64(all)) * step % all
	}
}

// texts are those of the small school, with all the names in them.
func texts(chance *rand.Rand) []string {
	all := append(append([]string{}, thanks...), closings...)
	for _, about := range exchanges {
		for range 100 {
			name := firstNames[chance.IntN(len(firstNames))] + " " + lastNames[chance.IntN(len(lastNames))]
			names := strings.NewReplacer("{élève}", name, "{salle}", rooms[chance.IntN(len(rooms))])
			all = append(all, names.Replace(about.questions[chance.IntN(len(about.questions))]),
				names.Replace(about.answers[chance.IntN(len(about.answers))]))
		}
	}
	return all
}

// clientID is a UUID (version 4), which is what clients send.
func clientID(chance *rand.Rand) string {
	a, b := chance.Uint64(), chance.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, 0x8000|b>>48&0x3fff, b&0xffffffffffff)
}

var participantColumns = []string{
	"id", "created", "updated", "conversation", "user", "last_read", "last_delivered", "muted",
}

// participants have read nearly everything, most of them.
func (l *large) participants() iter.Seq[[]any] {
	chance := l.chance('r')
	opening := l.calendar.opening()
	id := store.IDAt(opening)
	return func(yield func([]any) bool) {
		for n := range l.circle.conversations() {
			for i := range l.circle.size(n) {
				unread := max(0, chance.IntN(12)-5)
				unreceived := max(0, unread-chance.IntN(tailLength))
				if !yield([]any{
					id.RecordID(), stored(opening), stored(opening), numbered(n).RecordID(), l.person(n, i).RecordID(),
					l.tails[n].upTo(unread, i).RecordID(), l.tails[n].upTo(unreceived, i).RecordID(), chance.IntN(40) == 0,
				}) {
					return
				}
				id++
			}
		}
	}
}
