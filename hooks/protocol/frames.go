package protocol

import (
	"bytes"
	"strconv"
)

// The types of frames. Comments say who receives them.
const (
	// From the server.
	TypeConversationsList  = "conversations_list"  // a socket on connect, and when its list changes other than by a message
	TypeNewMessage         = "new_message"         // every participant, the sender too: its copy is the receipt
	TypeMessageUpdated     = "message_updated"     // every participant
	TypeMessageDeleted     = "message_deleted"     // every participant
	TypeMessageReactions   = "message_reactions"   // every participant
	TypeMessagePins        = "message_pins"        // every participant
	TypeConversationEvents = "conversation_events" // every participant of a group
	TypeMessagesRead       = "messages_read"       // every participant
	TypeMessagesDelivered  = "messages_delivered"  // the senders concerned
	TypeConversationJoined = "conversation_joined" // the socket that asked
	TypeMeUpdated          = "me_updated"          // a person whose Me has changed
	TypeError              = "error"               // the socket whose frame was refused
	TypePong               = "pong"                // the socket that sent ping
	TypeMessageScheduled   = "message_scheduled"   // the author of a message that is delivered later
	TypeScheduledGone      = "scheduled_gone"      // likewise

	// From either side.
	TypeTypingStart = "typing_start" // the other participants
	TypeTypingStop  = "typing_stop"  // the other participants

	// From the client.
	TypeChatMessage      = "chat_message"
	TypeMarkAsRead       = "mark_as_read"
	TypeJoinConversation = "join_conversation"
	TypePing             = "ping"
)

// ClientFrame is any frame from a client; which fields are used depends on Type.
// Unknown fields are ignored. The tag limit names a row of Limits.
type ClientFrame struct {
	Type           string `json:"type" limit:"type"`
	ConversationID ID     `json:"conversation_id"`
	Message        string `json:"message" limit:"content"`     // chat_message
	ClientID       string `json:"client_id" limit:"client_id"` // chat_message: stored once per sender
	ReplyTo        ID     `json:"reply_to"`                    // chat_message
	MessageID      ID     `json:"message_id"`                  // mark_as_read: up to this one, 0 for the newest
	DeliverAt      string `json:"deliver_at" limit:"moment"`   // chat_message: not before, in RFC 3339
	Urgent         bool   `json:"urgent"`                      // chat_message: although somebody is to be left in peace

	Attachments []ID `json:"attachments,omitempty" limit:"attachments"` // chat_message: uploaded before
	Mentions    []ID `json:"mentions,omitempty" limit:"mentions"`       // chat_message: participants, whom it reaches although they have muted the conversation
}

// ConversationsList is the frame "conversations_list", with the most recent ones.
type ConversationsList struct {
	Type          string         `json:"type"`
	Conversations []Conversation `json:"conversations"`
	Complete      bool           `json:"complete"` // there are no others
}

// EncodeConversationsList returns the frame for conversations encoded as a JSON array.
func EncodeConversationsList(conversations []byte, complete bool) []byte {
	const begin, middle, end = `{"type":"` + TypeConversationsList + `","conversations":`, `,"complete":`, `}`
	frame := make([]byte, 0, len(begin)+len(conversations)+len(middle)+len("false")+len(end))
	frame = append(frame, begin...)
	frame = append(frame, conversations...)
	frame = append(frame, middle...)
	frame = strconv.AppendBool(frame, complete)
	return append(frame, end...)
}

// MessageFrame is the frame "new_message" or "message_updated".
type MessageFrame struct {
	Type    string  `json:"type"`
	Message Message `json:"message"`
}

// TypingFrame is the frame "typing_start" or "typing_stop" from the server.
type TypingFrame struct {
	Type           string `json:"type"`
	ConversationID ID     `json:"conversation_id"`
	UserID         ID     `json:"user_id"`
}

// MeUpdatedFrame is the frame "me_updated".
type MeUpdatedFrame struct {
	Type string `json:"type"`
	Me   Me     `json:"me"`
}

// MessageDeletedFrame is the frame "message_deleted".
type MessageDeletedFrame struct {
	Type           string `json:"type"`
	ConversationID ID     `json:"conversation_id"`
	MessageID      ID     `json:"message_id"`
	EditedBy       string `json:"edited_by"`         // who deleted it, as in Message
	Removed        bool   `json:"removed,omitempty"` // by an administrator, without a tombstone; a list follows
}

// MessageReactionsFrame is the frame "message_reactions": all reactions to a message, after some of them
// have changed.
type MessageReactionsFrame struct {
	Type           string     `json:"type"`
	ConversationID ID         `json:"conversation_id"`
	MessageID      ID         `json:"message_id"`
	Reactions      []Reaction `json:"reactions"`
}

// MessagePinsFrame is the frame "message_pins": all messages that are pinned in a conversation, after that has
// changed.
type MessagePinsFrame struct {
	Type           string `json:"type"`
	ConversationID ID     `json:"conversation_id"`
	PinnedMessages []ID   `json:"pinned_messages"` // as in Conversation
}

// MessagesReadFrame is the frame "messages_read": UserID has read up to MessageID.
type MessagesReadFrame struct {
	Type           string `json:"type"`
	ConversationID ID     `json:"conversation_id"`
	UserID         ID     `json:"user_id"`
	MessageID      ID     `json:"message_id"`
	Timestamp      string `json:"timestamp"`
}

// MessagesDeliveredFrame is the frame "messages_delivered": a device of UserID
// has received everything up to MessageID.
type MessagesDeliveredFrame struct {
	Type           string `json:"type"`
	ConversationID ID     `json:"conversation_id"`
	UserID         ID     `json:"user_id"`
	MessageID      ID     `json:"message_id"`
}

// ConversationJoinedFrame is the frame "conversation_joined".
type ConversationJoinedFrame struct {
	Type           string `json:"type"`
	ConversationID ID     `json:"conversation_id"`
}

// ErrorFrame is the frame "error": what was refused, and why. The socket stays open.
type ErrorFrame struct {
	Type           string `json:"type"`
	Code           string `json:"code"`
	Message        string `json:"message"`
	ConversationID ID     `json:"conversation_id,omitempty"`
	ClientID       string `json:"client_id,omitempty"`
}

// PongFrame is the frame "pong".
type PongFrame struct {
	Type string `json:"type"`
}

// Close codes. RFC 6455 (section 7.4.2) leaves 4000-4999 to applications; ours
// end like the HTTP status they resemble. After the first four a client reconnects
// with backoff, after the last two it doesn't.
const (
	CloseGoingAway       = 1001 // the server is stopping
	CloseServiceRestart  = 1012 // the server is restarting
	CloseTooSlow         = 4008 // the socket couldn't keep up: reconnect and ask for ?after=
	CloseTooManyFrames   = 4029
	CloseUnauthorized    = 4401 // the token was revoked or has expired
	CloseAccountDisabled = 4403
)

// NewMessageIDs parses the ids of an encoded new_message frame without decoding
// the rest: they are its first fields. ok is false for any other frame.
func NewMessageIDs(frame []byte) (message, conversation, sender ID, ok bool) {
	rest := frame
	for _, field := range []struct {
		before string
		id     *ID
	}{
		{`{"type":"new_message","message":{"id":`, &message},
		{`,"conversation_id":`, &conversation},
		{`,"sender_id":`, &sender},
	} {
		if !bytes.HasPrefix(rest, []byte(field.before)) {
			return 0, 0, 0, false
		}
		rest = rest[len(field.before):]
		for len(rest) > 0 && rest[0] >= '0' && rest[0] <= '9' {
			*field.id = *field.id*10 + ID(rest[0]-'0')
			rest = rest[1:]
		}
	}
	return message, conversation, sender, true
}
