package chat

import (
	"encoding/json"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/olahol/melody"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// receivers says what each frame of a client does.
var receivers = map[string]func(*Hub, *socket, protocol.ClientFrame) error{
	protocol.TypeChatMessage:      (*Hub).chatMessage,
	protocol.TypeTypingStart:      (*Hub).typingStart,
	protocol.TypeTypingStop:       (*Hub).typingStop,
	protocol.TypeMarkAsRead:       (*Hub).markAsRead,
	protocol.TypeJoinConversation: (*Hub).joinConversation,
	protocol.TypePing:             (*Hub).ping,
}

// receive takes the frames of one socket one after the other, in their order.
func (h *Hub) receive(session *melody.Session, data []byte) {
	s := socketOf(session)
	if s.ending.Load() {
		return
	}
	if !s.limiter.Allow() {
		s.close(protocol.CloseTooManyFrames, "too many frames")
		return
	}
	var frame protocol.ClientFrame
	if err := json.Unmarshal(data, &frame); err != nil {
		s.refuse(protocol.ErrorFrame{
			Code:           protocol.CodeInvalidRequest,
			Message:        unreadable(err),
			ConversationID: frame.ConversationID,
			ClientID:       frame.ClientID,
		})
		return
	}
	receiver, ok := receivers[frame.Type]
	if !ok {
		s.refuse(protocol.ErrorFrame{Code: protocol.CodeUnknownType, Message: "There is no such type of frame."})
		return
	}
	if frame.Type != protocol.TypeChatMessage {
		s.underway.Wait() // what is said about messages is said after them
	}
	if err := receiver(h, s, frame); err != nil {
		s.refuse(h.errorFrame(frame, err))
	}
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
	answer := protocol.ErrorFrame{
		Code:           protocol.CodeInternal,
		Message:        "Something went wrong here; nothing was stored.",
		ConversationID: frame.ConversationID,
		ClientID:       frame.ClientID,
	}
	var refused *messagerie.Error
	if errors.As(err, &refused) {
		answer.Code, answer.Message = refused.Kind, refused.Message
	} else {
		h.app.Logger().Error("frame "+frame.Type, "error", err)
	}
	return answer
}

// maxUnderway is how many messages of one socket may wait for the disk together.
const maxUnderway = 32

// chatMessage stores a message without waiting for the disk, so that those behind it
// share its commit. Its announcement is the sender's receipt; when it was stored
// before, there is none, and the sender alone is answered.
func (h *Hub) chatMessage(s *socket, frame protocol.ClientFrame) error {
	if s.underway.count.Load() >= maxUnderway {
		s.underway.Wait()
	}
	s.underway.add()
	h.people.Send(messagerie.NewMessage{
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
	return nil
}

// underway are the messages and markers of a socket that wait for the disk.
type underway struct {
	sync.WaitGroup
	count atomic.Int32
}

func (u *underway) add() {
	u.Add(1)
	u.count.Add(1)
}

func (u *underway) end() {
	u.count.Add(-1)
	u.Done()
}

// markAsRead doesn't wait for the disk either: who answers at once shares a commit with
// what was read.
func (h *Hub) markAsRead(s *socket, frame protocol.ClientFrame) error {
	s.underway.add()
	h.people.MarkReadLater(s.user, frame.ConversationID, frame.MessageID, func(err error) {
		defer s.underway.end()
		if err != nil {
			s.refuse(h.errorFrame(frame, err))
		}
	})
	return nil
}

// maxJoined bounds what a socket remembers; the oldest is forgotten.
const maxJoined = 64

func (h *Hub) joinConversation(s *socket, frame protocol.ClientFrame) error {
	if err := h.people.Check(frame.ConversationID, s.user); err != nil {
		return err
	}
	s.join(frame.ConversationID)
	s.send(protocol.ConversationJoinedFrame{
		Type: protocol.TypeConversationJoined, ConversationID: frame.ConversationID})
	return nil
}

func (h *Hub) ping(s *socket, _ protocol.ClientFrame) error {
	s.send(protocol.PongFrame{Type: protocol.TypePong})
	return nil
}
