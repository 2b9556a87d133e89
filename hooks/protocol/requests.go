package protocol

import "encoding/json"

// The bodies of requests. Unknown fields are ignored. The tag limit names the row of Limits
// that bounds a text or a list.

// ConversationRequest is the body of POST …/conversations/create/.
type ConversationRequest struct {
	Participants []ID   `json:"participants" limit:"participants"` // the caller is added if absent
	Title        string `json:"title" limit:"title"`               // of a group

	// A group that follows a class: those who join or leave the class join or leave it.
	ClassID  ID       `json:"class_id"`
	Audience []string `json:"audience" limit:"audience"` // some of Audiences; empty for the class itself: its students and teachers
}

// ConversationChange is the body of PATCH …/conversations/{id}/. Absent fields stay as they are.
type ConversationChange struct {
	Title   *string `json:"title" limit:"title"`
	Posting *string `json:"posting" limit:"posting"` // of a group: one of Postings

	// For the caller alone.
	Muted        *bool           `json:"muted"`
	MutedUntil   json.RawMessage `json:"muted_until" limit:"instant"` // a time, which mutes, or null: none
	Archived     *bool           `json:"archived"`
	Pinned       *bool           `json:"pinned"`
	MarkedUnread *bool           `json:"marked_unread"`
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

	Attachments []ID `json:"attachments" limit:"attachments"` // uploaded before; with some, Content may be empty
	Mentions    []ID `json:"mentions" limit:"mentions"`       // participants, whom it reaches although they have muted the conversation

	DeliverAt string `json:"deliver_at" limit:"moment"` // not before, in RFC 3339
	Urgent    bool   `json:"urgent"`                    // although somebody is to be left in peace
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

// AccessCodesRequest is the body of POST …/access-codes/{establishmentId}/: the people that it
// names, those of a class, those with a role, or those of a class with a role.
type AccessCodesRequest struct {
	Users   []ID   `json:"users" limit:"users"`
	ClassID ID     `json:"class_id"`
	Role    string `json:"role" limit:"role"`
}

// InvitationsRequest is the body of POST …/invitations/{establishmentId}/: whom to invite, as for access codes.
type InvitationsRequest struct {
	Users   []ID   `json:"users" limit:"users"`
	ClassID ID     `json:"class_id"`
	Role    string `json:"role" limit:"role"`
	Again   bool   `json:"again"` // also those to whom an invitation was sent before, and who haven't come
}

// WelcomeRequest is the body of POST …/welcome/.
type WelcomeRequest struct {
	Username string `json:"username" limit:"identity"` // or the address
	Code     string `json:"code" limit:"code"`         // with or without its hyphens
	Password string `json:"password" limit:"password"`
	Email    string `json:"email" limit:"email"` // to be confirmed by mail; may be ""
}

// MeChange is the body of PATCH …/me/. An absent field stays as it is.
type MeChange struct {
	Quiet json.RawMessage `json:"quiet" limit:"hours"` // QuietHours, or null for none
}
