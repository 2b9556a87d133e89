package chat

import (
	"encoding/json"
	"errors"
	"unicode/utf8"

	"github.com/olahol/melody"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// receiver does what a frame asks for.
type receiver func(*Hub, *socket, protocol.ClientFrame) error

// receivers are those of each type of frame.
var receivers = map[string]receiver{
	protocol.TypeChatMessage:      (*Hub).chatMessage,
	protocol.TypeTypingStart:      (*Hub).typingStart,
	protocol.TypeTypingStop:       (*Hub).typingStop,
	protocol.TypeMarkAsRead:       (*Hub).markAsRead,
	protocol.TypeJoinConversation: (*Hub).joinConversation,
}

// receive takes the frames of one socket one after the other, in their order. It is the
// socket's only reader, so it doesn't wait: a frame that has to goes into the inbox.
func (h *Hub) receive(session *melody.Session, data []byte) {
	s := socketOf(session)
	if s.ending.Load() {
		return
	}
	var frame protocol.ClientFrame
	err := json.Unmarshal(data, &frame)
	if field, ok := protocol.Exceeded(&frame, h.fields); ok {
		s.refuse(newErrorFrame(frame, field.Limit.Code, field.Name+" is too long: "+field.Limit.String()+"."))
		return
	}
	if err != nil {
		s.refuse(unreadableFrame(data, err))
		return
	}
	if frame.Type == protocol.TypePing { // asks about the link, which is fine however slow the disk is
		s.send(protocol.PongFrame{Type: protocol.TypePong})
		return
	}
	receiver, ok := receivers[frame.Type]
	switch {
	case !ok:
		s.refuse(protocol.ErrorFrame{Code: protocol.CodeUnknownType, Message: "There is no such type of frame."})
	case s.inbox.inUse(), s.mustWait(frame), !h.handle(s, receiver, frame):
		if s.inbox.put(frame) {
			go h.emptyInbox(s)
		}
	}
}

// errNoPlace says that a frame can't be dealt with yet: too much waits for the disk.
var errNoPlace = errors.New("no place in line")

// handle deals with a frame, unless there is no place for what it asks for.
func (h *Hub) handle(s *socket, receiver receiver, frame protocol.ClientFrame) (handled bool) {
	err := receiver(h, s, frame)
	if errors.Is(err, errNoPlace) {
		return false
	}
	if err != nil {
		s.refuse(h.errorFrame(frame, err))
	}
	return true
}

// unreadableFrame refuses a frame that can't be decoded. What it is about is read once
// more, field by field: decoding ends at the first id that is none.
func unreadableFrame(data []byte, err error) protocol.ErrorFrame {
	var conversation struct {
		ID protocol.ID `json:"conversation_id"`
	}
	var client struct {
		ID string `json:"client_id"`
	}
	_, _ = json.Unmarshal(data, &conversation), json.Unmarshal(data, &client) // err is what is said
	frame := protocol.ClientFrame{ConversationID: conversation.ID, ClientID: client.ID}
	return newErrorFrame(frame, protocol.CodeInvalidRequest, unreadable(err))
}

// newErrorFrame makes an error frame about a frame. A client_id that is too long isn't given back.
func newErrorFrame(frame protocol.ClientFrame, code, message string) protocol.ErrorFrame {
	answer := protocol.ErrorFrame{Code: code, Message: message, ConversationID: frame.ConversationID}
	if len(frame.ClientID) <= utf8.UTFMax*protocol.MaxClientID {
		answer.ClientID = frame.ClientID
	}
	return answer
}

// unreadable says what is wrong with a frame, without its words.
func unreadable(err error) string {
	var mistyped *json.UnmarshalTypeError
	if errors.As(err, &mistyped) && mistyped.Field != "" {
		return mistyped.Field + " can't be a " + mistyped.Value + "."
	}
	return "This frame isn't a JSON object."
}

func (h *Hub) errorFrame(frame protocol.ClientFrame, err error) protocol.ErrorFrame {
	answer := newErrorFrame(frame, protocol.CodeInternal, "Something went wrong here; nothing was stored.")
	var refused *refusal.Error
	if errors.As(err, &refused) {
		answer.Code, answer.Message = refused.Code(), refused.Message
	} else {
		h.app.Logger().Error("frame "+frame.Type, "error", err)
	}
	return answer
}

// chatMessage stores a message without waiting for the disk, so that those behind it
// share its commit. Its announcement is the sender's receipt; when it was stored
// before, there is none, and the sender alone is answered.
func (h *Hub) chatMessage(s *socket, frame protocol.ClientFrame) error {
	s.underway.add()
	taken := h.conversations.Send(messagerie.NewMessage{
		Conversation: frame.ConversationID,
		Sender:       s.user,
		Content:      frame.Message,
		ClientID:     frame.ClientID,
		ReplyTo:      frame.ReplyTo,
	}, func(before *protocol.Message, err error) {
		defer s.underway.end()
		switch {
		case err != nil:
			s.refuse(h.errorFrame(frame, err))
		case before != nil:
			s.send(protocol.MessageFrame{Type: protocol.TypeNewMessage, Message: *before})
		}
	})
	if !taken {
		s.underway.end()
		return errNoPlace
	}
	return nil
}

// markAsRead doesn't wait for the disk either: who answers at once shares a commit with
// what was read.
func (h *Hub) markAsRead(s *socket, frame protocol.ClientFrame) error {
	s.underway.add()
	taken := h.conversations.MarkReadLater(s.user, frame.ConversationID, frame.MessageID, func(err error) {
		defer s.underway.end()
		if err != nil {
			s.refuse(h.errorFrame(frame, err))
		}
	})
	if !taken {
		s.underway.end()
		return errNoPlace
	}
	return nil
}

// maxJoined bounds what a socket remembers; the oldest is forgotten.
const maxJoined = 64

func (h *Hub) joinConversation(s *socket, frame protocol.ClientFrame) error {
	if err := h.conversations.Check(frame.ConversationID, s.user); err != nil {
		return err
	}
	s.join(frame.ConversationID)
	s.send(protocol.ConversationJoinedFrame{
		Type: protocol.TypeConversationJoined, ConversationID: frame.ConversationID})
	return nil
}
