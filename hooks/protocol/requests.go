package protocol

import "encoding/json"

// The bodies of requests. Unknown fields are ignored. The tag limit names the row of Limits
// that bounds a text or a list.

// ConversationRequest is the body of POST …/conversations/create/.
type ConversationRequest struct {
	Participants []ID   `json:"participants" limit:"participants"` // the caller is added if absent
	Title        string `json:"title" limit:"title"`               // of a group
}

// ConversationChange is the body of PATCH …/conversations/{id}/. Absent fields stay as they are.
type ConversationChange struct {
	Title *string `json:"title" limit:"title"`
	Muted *bool   `json:"muted"`
}

// ParticipantsRequest is the body of POST and DELETE …/conversations/{id}/participants/.
type ParticipantsRequest struct {
	Participants []ID `json:"participants" limit:"participants"`
}

// ReadRequest is the body of POST …/conversations/{id}/read/; it may be missing.
type ReadRequest struct {
	MessageID ID `json:"message_id"` // up to this one, 0 for the newest
}

// MessageRequest is the body of POST …/messages/{conversationId}/.
type MessageRequest struct {
	Content  string `json:"content" limit:"content"`
	ClientID string `json:"client_id" limit:"client_id"` // stored once per sender
	ReplyTo  ID     `json:"reply_to"`
}

// EditRequest is the body of PATCH …/messages/{conversationId}/{id}/.
type EditRequest struct {
	Content string `json:"content" limit:"content"`
}

// LetterRequest is the body of POST /api/email/send/.
type LetterRequest struct {
	Recipients []json.RawMessage `json:"recipients" limit:"recipients"` // ids, as numbers or texts, and addresses
	Subject    string            `json:"subject" limit:"subject"`
	Content    string            `json:"content" limit:"letter"`
	Format     string            `json:"format" limit:"format"` // "text" or "html"; "" to detect it
}
