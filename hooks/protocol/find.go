package protocol

// What a message that is searched for may have.
const (
	HasAttachment = "attachment"
	HasLink       = "link"
)

// Contents lists both.
var Contents = []string{HasAttachment, HasLink}

// FoundMessage is one result of GET …/find/.
type FoundMessage struct {
	Message        Message       `json:"message"`
	ConversationID ID            `json:"conversation_id"`
	Snippet        []SnippetPart `json:"snippet"`
}

// SnippetPart is a part of the text around the first word that was found. Together the parts are
// the text as it was written, with "…" where it was cut.
type SnippetPart struct {
	Text  string `json:"text"`
	Match bool   `json:"match"` // a word that begins with one of the query's: the whole word
}
