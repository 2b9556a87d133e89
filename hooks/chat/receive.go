package chat

import (
	"encoding/json"
	"errors"
	"unicode/utf8"

	"github.com/olahol/melody"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

// receiver handles a frame.
type receiver func(*Hub, *socket, protocol.ClientFrame) error

// receivers has the receiver of each type of frame.
var receivers = map[string]receiver{
	protocol.TypeChatMessage:      (*Hub).chatMessage,
	protocol.TypeTypingStart:      (*Hub).typingStart,
	protocol.TypeTypingStop:       (*Hub).typingStop,
	protocol.TypeMarkAsRead:       (*Hub).markAsRead,
	protocol.TypeJoinConversation: (*Hub).joinConversation,
}

// receive handles the frames of a socket one after the other. It runs on the socket's only reader,
// so it doesn't block: a frame that has to wait goes into the inbox.
func (h *Hub) receive(session *melody.Session, data []byte) {
	s := socketOf(session)
	if s.ending.Load() {
		return
	}
	var frame protocol.ClientFrame
	err := json.Unmarshal(data, &frame)
	h.framesIn.add(frame.Type)
	if field, ok := protocol.Exceeded(&frame, h.fields); ok {
		s.refuse(newErrorFrame(frame, field.Limit.Code, field.Name+" is too long: "+field.Limit.String()+"."))
		return
	}
	if err != nil {
		s.refuse(unreadableFrame(data, err))
		return
	}
	if frame.Type == protocol.TypePing { // checks the connection, so it doesn't wait for the disk
		s.send(protocol.PongFrame{Type: protocol.TypePong})
		return
	}
	receiver, ok := receivers[frame.Type]
	switch {
	case !ok:
		s.refuse(protocol.ErrorFrame{Code: protocol.CodeUnknownType, Message: "Unknown type of frame."})
	case s.inbox.inUse(), s.mustWait(frame), !h.handle(s, receiver, frame):
		if s.inbox.put(frame) {
			h.background.Go(func() { h.emptyInbox(s) })
		}
	}
}

// errQueueFull says that a frame can't be handled yet because the writer's queue is full.
var errQueueFull = errors.New("the writer's queue is full")

// handle calls a frame's receiver. It returns false if the writer's queue is full.
func (h *Hub) handle(s *socket, receiver receiver, frame protocol.ClientFrame) (handled bool) {
	err := receiver(h, s, frame)
	if errors.Is(err, errQueueFull) {
		return false
	}
	if err != nil {
		s.refuse(h.errorFrame(frame, err))
	}
	return true
}

// unreadableFrame refuses a frame that can't be decoded. Its ids are decoded separately, since
// decoding stops at the first invalid field.
func unreadableFrame(data []byte, err error) protocol.ErrorFrame {
	var conversation struct {
		ID protocol.ID `json:"conversation_id"`
	}
	var client struct {
		ID string `json:"client_id"`
	}
	_, _ = json.Unmarshal(data, &conversation), json.Unmarshal(data, &client) // err is reported
	frame := protocol.ClientFrame{ConversationID: conversation.ID, ClientID: client.ID}
	return newErrorFrame(frame, protocol.CodeInvalidRequest, unreadable(err))
}

// newErrorFrame makes the error frame for a frame. A client_id that is too long isn't echoed.
func newErrorFrame(frame protocol.ClientFrame, code, message string) protocol.ErrorFrame {
	refused := protocol.ErrorFrame{Code: code, Message: message, ConversationID: frame.ConversationID}
	if len(frame.ClientID) <= utf8.UTFMax*protocol.MaxClientID {
		refused.ClientID = frame.ClientID
	}
	return refused
}

// unreadable says what is wrong with a frame without quoting it.
func unreadable(err error) string {
	var mistyped *json.UnmarshalTypeError
	if errors.As(err, &mistyped) && mistyped.Field != "" {
		return mistyped.Field + " can't be a " + mistyped.Value + "."
	}
	return "The frame isn't a JSON object."
}

func (h *Hub) errorFrame(frame protocol.ClientFrame, err error) protocol.ErrorFrame {
	errorFrame := newErrorFrame(frame, protocol.CodeInternal, "Something went wrong here; nothing was stored.")
	var refused *refusal.Error
	if errors.As(err, &refused) {
		errorFrame.Code, errorFrame.Message = refused.Code(), refused.Message
	} else {
		h.app.Logger().Error("frame "+frame.Type, "error", err)
	}
	return errorFrame
}

// chatMessage stores a message without waiting for the disk, so that those behind it share its
// commit. Its announcement is the sender's receipt, whether it is delivered or scheduled; what was
// stored before isn't announced again, but sent to this socket.
func (h *Hub) chatMessage(s *socket, frame protocol.ClientFrame) error {
	deliverAt, err := school.ParseMoment("deliver_at", frame.DeliverAt)
	if err != nil {
		return err
	}
	s.inFlight.add()
	queued := h.conversations.Send(messagerie.NewMessage{
		Conversation: frame.ConversationID,
		Sender:       s.user,
		Content:      frame.Message,
		ClientID:     frame.ClientID,
		ReplyTo:      frame.ReplyTo,
		DeliverAt:    deliverAt,
		Urgent:       frame.Urgent,
		Attachments:  frame.Attachments,
		Mentions:     frame.Mentions,
	}, func(before *messagerie.Sent, err error) {
		defer s.inFlight.end()
		switch {
		case err != nil:
			s.refuse(h.errorFrame(frame, err))
		case before != nil && before.Scheduled != nil:
			s.send(protocol.MessageScheduledFrame{Type: protocol.TypeMessageScheduled, Scheduled: *before.Scheduled})
		case before != nil:
			s.send(protocol.MessageFrame{Type: protocol.TypeNewMessage, Message: before.Message})
		}
	})
	if !queued {
		s.inFlight.end()
		return errQueueFull
	}
	return nil
}

// markAsRead doesn't wait for the disk either, so that a reply sent right away shares its commit.
func (h *Hub) markAsRead(s *socket, frame protocol.ClientFrame) error {
	s.inFlight.add()
	queued := h.conversations.MarkReadLater(s.user, frame.ConversationID, frame.MessageID, func(err error) {
		defer s.inFlight.end()
		if err != nil {
			s.refuse(h.errorFrame(frame, err))
		}
	})
	if !queued {
		s.inFlight.end()
		return errQueueFull
	}
	return nil
}

// maxJoined bounds the conversations that a socket has joined; the oldest is dropped.
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
