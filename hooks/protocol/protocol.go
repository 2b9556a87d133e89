// Package protocol holds every JSON shape that crosses the wire: the resources, the
// frames of the socket in both directions and the error codes. It has no rules, only
// the two spellings of an id, and the parsing of ids in a frame. Each shape has a
// sample in testdata, which the tests of the server and of the client both read.
package protocol

import "strconv"

// ID identifies a record on the wire: a JSON number from 1 to MaxID, 0 for none.
type ID int64

// MaxID is the largest integer that a JavaScript number holds exactly, 2^53 - 1.
const MaxID ID = 1<<53 - 1

// recordDigits is the length of an id in the database.
const recordDigits = 16

// RecordID is the database's spelling: 16 digits, zero-padded, so that the order
// of texts is the order of numbers. The ID 0 is "". A number that can't be an id
// gives a text that no record has as its id.
func (id ID) RecordID() string {
	switch {
	case id == 0:
		return ""
	case id < 0 || id > MaxID:
		return "no id: " + id.String()
	}
	digits := [recordDigits]byte{}
	for i := recordDigits - 1; i >= 0; i-- {
		digits[i] = '0' + byte(id%10)
		id /= 10
	}
	return string(digits[:])
}

// String is the wire's spelling.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// ParseID parses the database's spelling, or a number in a path or query without
// leading zeros. It returns 0 for anything else.
func ParseID(s string) ID {
	if len(s) > recordDigits {
		return 0
	}
	var id ID
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0
		}
		id = id*10 + ID(c-'0')
	}
	if id > MaxID {
		return 0
	}
	return id
}

// User is a person as others see them. Email is "" where the viewer may not see it.
type User struct {
	ID        ID     `json:"id"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Email     string `json:"email"`
	Role      string `json:"role"` // one of Roles

	// The classes of a student or of somebody who teaches, and the children of a guardian, as far
	// as the viewer may see them. Absent if there are none.
	Classes  []Class `json:"classes,omitempty"`
	Children []Child `json:"children,omitempty"`
}

// Class is a class or a teaching group of this school year, beside somebody's name.
type Class struct {
	ID   ID     `json:"id"`
	Name string `json:"name"`
	Head bool   `json:"head,omitempty"` // beside a teacher's name: the head teacher of this class
}

// Child is a student beside the name of somebody who is responsible for them.
type Child struct {
	ID        ID      `json:"id"`
	FirstName string  `json:"first_name"`
	LastName  string  `json:"last_name"`
	Relation  string  `json:"relation,omitempty"` // one of Relations: who the guardian is to the child; "" if it isn't known
	Classes   []Class `json:"classes,omitempty"`
}

// The roles of a school.
const (
	RoleAdmin   = "admin"
	RoleTeacher = "teacher"
	RoleStaff   = "staff"
	RoleParent  = "parent"
	RoleStudent = "student"
)

// Roles lists every role, in the order in which forms show them.
var Roles = []string{RoleAdmin, RoleTeacher, RoleStaff, RoleParent, RoleStudent}

// StaffRoles are those who work at the school: they see every address of their
// establishments, and everybody there sees theirs.
var StaffRoles = []string{RoleAdmin, RoleTeacher, RoleStaff}

// What somebody is in a class.
const (
	InClassStudent     = "student"
	InClassTeacher     = "teacher"
	InClassHeadTeacher = "head_teacher"
)

// ClassRoles lists them.
var ClassRoles = []string{InClassStudent, InClassTeacher, InClassHeadTeacher}

// Audiences are whom of a class a group may follow: its students, their guardians, and its
// teachers, who are in every such group.
var Audiences = []string{RoleStudent, RoleParent, RoleTeacher}

// Who a guardian is to a child.
const (
	RelationMother   = "mother"
	RelationFather   = "father"
	RelationGuardian = "guardian" // by law, without being a parent
	RelationRelative = "relative"
)

// Relations lists them.
var Relations = []string{RelationMother, RelationFather, RelationGuardian, RelationRelative}

// ClassSummary is a class with how many people are in it.
type ClassSummary struct {
	ID        ID     `json:"id"`
	Name      string `json:"name"`
	Level     string `json:"level"`
	Year      string `json:"year"` // such as "2026-2027"
	Students  int    `json:"students"`
	Teachers  int    `json:"teachers"`
	Guardians int    `json:"guardians"` // of its students, each counted once
}

// Establishment is a school that a person belongs to.
type Establishment struct {
	ID       ID     `json:"id"`
	Name     string `json:"name"`
	Timezone string `json:"timezone"` // an IANA name, such as "Europe/Paris"
	Quiet    string `json:"quiet"`    // one of QuietModes
}

// Me is the caller.
type Me struct {
	User
	Establishments []Establishment `json:"establishments"`
	Locale         string          `json:"locale"`   // BCP 47, such as "fr"; "" leaves it to the browser
	Username       string          `json:"username"` // to log in with besides the address; "" for none
	Can            Abilities       `json:"can"`
	Pause          *MePause        `json:"pause"` // while the caller can't write; null otherwise

	Quiet      *QuietHours `json:"quiet"`       // the person's own, null for none
	QuietUntil *string     `json:"quiet_until"` // while they are left in peace now: until when

	Attachments FileLimits `json:"attachments"`

	// PingSeconds is how often a client should ask its socket for a sign of life; 0, which is left out, as it likes.
	PingSeconds float64 `json:"ping_seconds,omitempty"`

	// TemporaryPassword tells the client to have the person choose a new one first.
	TemporaryPassword bool `json:"temporary_password"`

	// SecondFactor is "", or one of SecondFactorOff and its like.
	SecondFactor string `json:"second_factor"`
}

// FileLimits is what files messages may have, whoever sends them.
type FileLimits struct {
	Types    []string `json:"types"`     // some of pictures, pdf, office, text, audio and video; none: no files are taken
	MaxBytes int64    `json:"max_bytes"` // of a file
}

// MePause says why the caller can't write for now, in an establishment of theirs.
type MePause struct {
	Text  string  `json:"text"`
	Until *string `json:"until"` // null: until the school lifts it
}

// Abilities is what the caller may do besides writing messages.
type Abilities struct {
	Announce   bool `json:"announce"`
	Mail       bool `json:"mail"`
	Moderate   bool `json:"moderate"`
	Administer bool `json:"administer"` // the people and classes of their establishments
	Urgent     bool `json:"urgent"`
}

// AccessCode is a one-time code with which a person chooses their first password.
type AccessCode struct {
	User      User   `json:"user"`
	Username  string `json:"username"` // "" where they log in with their address
	Code      string `json:"code"`
	ExpiresAt string `json:"expires_at"`
}

// Invitations is the response to POST …/invitations/{establishmentId}/: what became of each person. The mails are sent
// in the background.
type Invitations struct {
	Invited int                `json:"invited"`
	Results []InvitationResult `json:"results"`
}

// InvitationResult is what became of one person.
type InvitationResult struct {
	User   User   `json:"user"`
	Result string `json:"result"` // one of the following
}

// The results of an invitation.
const (
	Invited               = "invited"      // a mail is queued
	InvitationNoAddress   = "no_address"   // needs a letter on paper
	InvitationHasAccess   = "has_access"   // has logged in already
	InvitationAlreadySent = "already_sent" // a mail is queued, or was sent before
	InvitationBounced     = "bounced"      // the mail before came back: only those who are named get another one
	InvitationQueueFull   = "queue_full"   // the caller has sent too many mails today
)

// InvitationCounts is the response to POST …/invitations/{establishmentId}/audience/: how far people are on their way in.
// Each is counted once.
type InvitationCounts struct {
	Available bool `json:"available"` // whether this server sends mail
	PerHour   int  `json:"per_hour"`  // mails that it sends in an hour, 0 for as many as the mail server takes
	People    int  `json:"people"`
	Joined    int  `json:"joined"`
	NoAddress int  `json:"no_address"`
	New       int  `json:"new"` // have an address, and weren't invited to it
	Waiting   int  `json:"waiting"`
	Sent      int  `json:"sent"` // and haven't come yet
	Failed    int  `json:"failed"`

	Failures []InvitationFailure `json:"failures"` // the first of those who failed
}

// InvitationFailure is somebody whose mail failed.
type InvitationFailure struct {
	User   User   `json:"user"`
	Reason string `json:"reason"` // the mail server's
}

// WelcomeMeta is meta in the response to POST …/welcome/ with an address; otherwise there is none.
type WelcomeMeta struct {
	Email string `json:"email"` // one of the following
}

// What becomes of the address.
const (
	EmailToConfirm   = "to_confirm"        // it is the person's once they open the link in the mail that was sent there
	EmailUnavailable = CodeMailUnavailable // this server sends no mail: the address wasn't noted
)

// School is what everybody may see before logging in.
type School struct {
	Name          string `json:"name"`
	Logo          string `json:"logo"`           // path of a picture on this server, "" for none
	PasswordReset bool   `json:"password_reset"` // a forgotten password can be reset by mail

	// Providers are the other ways to log in than a password, in the order of their buttons.
	Providers []LoginProvider `json:"providers"`

	About About `json:"about"`
}

// About is what the page on privacy and the one on the program say.
type About struct {
	Version        string `json:"version"`
	Controller     string `json:"controller"` // who is responsible for the data (GDPR, article 13); "" if the school hasn't said
	PrivacyContact string `json:"privacy_contact"`
	DPO            string `json:"dpo"` // the data protection officer

	LeaversMonths          int  `json:"leavers_months"` // after which people who have left are erased; 0 for never
	LeaversMessagesRemoved bool `json:"leavers_messages_removed"`
}

// LoginProvider lets people log in with an account that they have elsewhere, through
// PocketBase's auth-methods and auth-with-oauth2.
type LoginProvider struct {
	Name        string `json:"name"`         // "oidc", "google" or "microsoft", as in auth-methods
	DisplayName string `json:"display_name"` // "" for the school's own
}

// ProviderLogin is the meta of the response to auth-with-oauth2.
type ProviderLogin struct {
	// LogoutURL is where the client goes after logging out, to be logged out there as well, once
	// it has added a post_logout_redirect_uri; "" if the provider has no such page.
	LogoutURL string `json:"logout_url"`
}

// Token is a new token for the caller, whose others are void.
type Token struct {
	Token string `json:"token"`
}

// The kinds of a conversation.
const (
	KindDirect = "direct"
	KindGroup  = "group"
)

// MaxPinnedConversations is how many conversations a person may have pinned.
const MaxPinnedConversations = 20

// MaxListed is how many participants of a conversation a list names: the viewer, then those
// who spoke last. Participants and Receipts have the same people; ParticipantCount counts all.
const MaxListed = 50

// Conversation is what one participant sees of a conversation.
type Conversation struct {
	ConversationID   ID        `json:"conversation_id"`
	Participants     []User    `json:"participants"` // in a list at most MaxListed of them
	ParticipantCount int       `json:"participant_count"`
	LastMessage      *Message  `json:"last_message"`
	CreatedAt        string    `json:"created_at"`
	UpdatedAt        string    `json:"updated_at"` // time of the last message, else of the creation
	UnreadCount      int       `json:"unread_count"`
	Kind             string    `json:"kind"`
	Title            string    `json:"title"`
	EstablishmentID  ID        `json:"establishment_id"`
	Muted            bool      `json:"muted"` // by the viewer, now
	Receipts         []Receipt `json:"receipts"`
	ManagedBy        ID        `json:"managed_by"` // the participant who manages the group besides the staff in it; 0 for nobody
	Can              Can       `json:"can"`

	PinnedMessages []ID `json:"pinned_messages"` // by whoever may, for everybody; in the order in which they were pinned; never null

	// What it is to the viewer alone.
	MutedUntil   *string `json:"muted_until"` // when Muted ends by itself, null for never
	Archived     bool    `json:"archived"`    // until a new message, unless it is muted
	Pinned       bool    `json:"pinned"`      // it stands first in the list
	MarkedUnread bool    `json:"marked_unread"`

	// Of a group that follows a class; 0 and empty of others.
	ClassID  ID       `json:"class_id"`
	Audience []string `json:"audience"` // some of Audiences, in that order

	CanWrite    bool   `json:"can_write"`    // the viewer, now
	CannotWrite string `json:"cannot_write"` // why not: the code that a message would be refused with; "" if they can
	CanReact    bool   `json:"can_react"`    // the viewer, now: also where posting is for staff only
	Posting     string `json:"posting"`      // one of Postings: who may write in a group

	// When a message sent now would be delivered, null for at once: somebody else is left in peace.
	QuietUntil *string `json:"quiet_until"`
}

// Can is what the viewer may do with a conversation. Anything else is refused.
type Can struct {
	Rename bool `json:"rename"`
	Add    bool `json:"add"`
	Remove bool `json:"remove"` // others; to leave is Leave
	Leave  bool `json:"leave"`

	Posting bool `json:"posting"` // to change Posting
	Pin     bool `json:"pin"`     // messages, for everybody, and to unpin them
}

// Receipt is how far a participant has read and received; 0 for nothing yet.
type Receipt struct {
	UserID        ID `json:"user_id"`
	LastRead      ID `json:"last_read"`
	LastDelivered ID `json:"last_delivered"`
	Joined        ID `json:"joined"` // since when they take part: what was sent before has a smaller id
}

// The states of a message, as its sender sees it.
const (
	StatusSent      = "sent"      // stored
	StatusDelivered = "delivered" // received by every other participant on a device
	StatusRead      = "read"      // read by every other participant
)

// Message is one message. Times are RFC 3339 in UTC, with milliseconds.
type Message struct {
	ID             ID      `json:"id"`
	ConversationID ID      `json:"conversation_id"`
	SenderID       ID      `json:"sender_id"` // 0 where the author's account was deleted
	Content        string  `json:"content"`   // "" once deleted
	Timestamp      string  `json:"timestamp"`
	IsRead         bool    `json:"is_read"` // by every other participant for the sender; by the viewer for anyone else
	ClientID       string  `json:"client_id"`
	Status         string  `json:"status"`
	ReplyTo        *ID     `json:"reply_to"`
	EditedAt       *string `json:"edited_at"`
	EditedBy       string  `json:"edited_by"` // who made the last edit or the deletion, see below; "" if there was none
	Deleted        bool    `json:"deleted"`
	Urgent         bool    `json:"urgent"` // delivered at once, although somebody was to be left in peace

	Reactions   []Reaction   `json:"reactions"`   // never null; empty once deleted
	Attachments []Attachment `json:"attachments"` // likewise, in the order in which the sender gave them
	Mentions    []ID         `json:"mentions"`    // likewise; people who took part when it was sent, and whom it reaches although they have muted the conversation
}

// MaxMentions is how many people a message may mention.
const MaxMentions = 50

// MaxPinnedMessages is how many messages may be pinned in a conversation.
const MaxPinnedMessages = 20

// EarlierContent is what a message said before one of its edits.
type EarlierContent struct {
	ID        ID     `json:"id"` // their order is that in which they were written
	Content   string `json:"content"`
	Timestamp string `json:"timestamp"` // when it was written: that of the message, or of an edit
	EditedBy  string `json:"edited_by"` // who wrote it, as in Message; "" for what was sent
}

// MessageReader is what has become of a message for one of the others in its conversation.
type MessageReader struct {
	UserID    ID      `json:"user_id"`
	FirstName string  `json:"first_name"`
	LastName  string  `json:"last_name"`
	Status    string  `json:"status"`  // as in Message, for this person
	ReadAt    *string `json:"read_at"` // null if it isn't known
}

// MaxEdits is how often its author may edit a message.
const MaxEdits = 100

// Attachment is a file of a message, or one that waits to be sent. It never changes.
type Attachment struct {
	ID   ID     `json:"id"`
	Name string `json:"name"` // with the extension of its type
	Size int64  `json:"size"` // bytes
	Type string `json:"type"` // a MIME type without parameters, found out by the server

	// Pixels and seconds; 0 where there are none, or they aren't known.
	Width    int     `json:"width"`
	Height   int     `json:"height"`
	Duration float64 `json:"duration"`

	HasThumbnail bool `json:"has_thumbnail"` // a small JPEG or PNG
}

// MaxAttachments is how many files a message may have.
const MaxAttachments = 10

// Reaction is one emoji with which people have reacted to a message. Both lists are in the order in
// which that happened.
type Reaction struct {
	Emoji   string `json:"emoji"`
	UserIDs []ID   `json:"user_ids"`
}

// MaxReactions is how many different emoji a message may have.
const MaxReactions = 20

// Who has changed a message after it was sent.
const (
	ByAuthor         = "author"
	ByAdministration = "administration" // in the dashboard
)

// Error is the body of every refused request: PocketBase's envelope with a code.
type Error struct {
	Status  int            `json:"status"`
	Code    string         `json:"code"`
	Message string         `json:"message"`
	Data    map[string]any `json:"data"` // per field what is wrong with it, for a 400
}

// EmailAccepted is the response to POST /api/email/send/.
type EmailAccepted struct {
	ID       ID             `json:"id"` // 0 when no recipient was accepted
	Accepted int            `json:"accepted"`
	Refused  []EmailRefused `json:"refused"`
}

// The states of a letter to one recipient.
const (
	EmailQueued = "queued" // waiting for its first or next attempt
	EmailSent   = "sent"   // accepted by the mail server
	EmailFailed = "failed" // given up
)

// EmailStates lists the states of a letter.
var EmailStates = []string{EmailQueued, EmailSent, EmailFailed}

// EmailRefused names a recipient that gets no letter, as the caller spelt it.
type EmailRefused struct {
	Recipient any    `json:"recipient"`
	Code      string `json:"code"`
}
