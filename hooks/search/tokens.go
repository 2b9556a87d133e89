package search

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/words"
)

// format is raised when the index has other tables, or messages other tokens, than before: an index of another format is made anew.
const format = 4

// A token of the index begins with its conversation, because everybody searches only in their own: a
// word, whether half of all messages have it or none, costs as much as its messages in those
// conversations. One that began with the word would collect the messages of the whole school first
// (prefixes above all, which FTS5 merges before it returns the first). The signs keep words, senders and
// contents apart. There are none of them in words, and the tokenizer counts them as letters.
const (
	signWord   = "_"
	signSender = "@"
	signHas    = "#"

	tokenizer = `ascii tokenchars '_@#'`
)

// maxWord is how much of a word is indexed, in characters. What is longer is found by its beginning,
// then compared with the text.
const maxWord = 32

func prefixOf(conversation protocol.ID) string { return strconv.FormatInt(int64(conversation), 36) }

// tokens returns those of a message, separated by spaces; none of a deleted one.
func tokens(m messagerie.StoredMessage) string {
	if m.Deleted {
		return ""
	}
	prefix := prefixOf(m.Conversation)
	var all strings.Builder
	add := func(sign, name string) {
		all.WriteString(prefix)
		all.WriteString(sign)
		all.WriteString(name)
		all.WriteByte(' ')
	}
	for _, word := range wordsOf(m) {
		add(signWord, word)
	}
	if m.Sender != 0 {
		add(signSender, m.Sender.String())
	}
	if hasLink(m.Content) {
		add(signHas, protocol.HasLink)
	}
	if len(m.Attachments) > 0 {
		add(signHas, protocol.HasAttachment)
	}
	return all.String()
}

// searched returns what of a message is searched: its text, and a line each with the names of its files.
func searched(content string, files []protocol.Attachment) string {
	for _, file := range files {
		content += "\n" + file.Name
	}
	return content
}

// wordsOf returns the words of a message, clipped, each once.
func wordsOf(m messagerie.StoredMessage) []string {
	var all []string
	seen := map[string]struct{}{}
	for _, word := range words.Index(searched(m.Content, m.Attachments)) {
		word = clip(word)
		if _, again := seen[word]; !again {
			seen[word] = struct{}{}
			all = append(all, word)
		}
	}
	return all
}

func clip(word string) string {
	if len(word) <= maxWord || utf8.RuneCountInString(word) <= maxWord {
		return word
	}
	return string([]rune(word)[:maxWord])
}

// link is what the client shows as a link to a page (ui/src/lib/links.ts), without its finer points.
var link = regexp.MustCompile(`(?i)(?:^|[^\pL\pN_])(?:https?://|www\.)[^\s<>"«»]`)

func hasLink(content string) bool { return link.MatchString(content) }

// expression is what FTS5 is to match: messages of any of the conversations that have all words,
// each as a beginning, and the sender and the content where they are wanted. Everything is quoted.
func expression(conversations []messagerie.Activity, query []string, sender protocol.ID, has string) string {
	var all strings.Builder
	for i, c := range conversations {
		if i > 0 {
			all.WriteString(" OR ")
		}
		prefix, and := prefixOf(c.Conversation), "("
		add := func(sign, name, star string) {
			all.WriteString(and)
			all.WriteByte('"')
			all.WriteString(prefix)
			all.WriteString(sign)
			all.WriteString(name)
			all.WriteByte('"')
			all.WriteString(star)
			and = " AND "
		}
		for _, word := range query {
			add(signWord, clip(word), "*")
		}
		if sender != 0 {
			add(signSender, sender.String(), "")
		}
		if has != "" {
			add(signHas, has, "")
		}
		all.WriteByte(')')
	}
	return all.String()
}

// matches reports whether a text has, for each word of a query, one that begins with it.
func matches(content string, query []string) bool {
	found := words.Index(content)
	return !slices.ContainsFunc(query, func(word string) bool { return !begins(found, word) })
}

// begins reports whether one of the words that were found begins with a word.
func begins(found []string, word string) bool {
	return slices.ContainsFunc(found, func(other string) bool { return strings.HasPrefix(other, word) })
}
