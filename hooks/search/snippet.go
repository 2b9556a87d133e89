package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"messagerie/hooks/protocol"
	"messagerie/hooks/words"
)

// How much of a text a snippet shows, in characters.
const (
	snippetLength = 160
	snippetBefore = 50 // the first word that was found
	snippetSlack  = 20 // how far a cut may move to the end of a word
)

const ellipsis = "…"

// snippetOf returns the snippet of a message's text, or of the name of a file if only that has a word of the query.
func snippetOf(m protocol.Message, query []string) []protocol.SnippetPart {
	if len(matchesIn(m.Content, query)) == 0 {
		for _, file := range m.Attachments {
			if len(matchesIn(file.Name, query)) > 0 {
				return snippet(file.Name, query)
			}
		}
	}
	return snippet(m.Content, query)
}

// snippet returns the part of a text around the first word that begins with one of the query's, as it
// was written. Each such word is a part of its own, as a whole. Cuts are between grapheme clusters (UAX #29), at words
// where there is one near, and marked by an ellipsis. Without a query it is the beginning.
func snippet(content string, query []string) []protocol.SnippetPart {
	found := matchesIn(content, query)
	first := 0
	if len(found) > 0 {
		first = found[0].start
	}
	shown := window(content, first)
	parts := []protocol.SnippetPart{}
	add := func(text string, match bool) {
		if text != "" {
			parts = append(parts, protocol.SnippetPart{Text: text, Match: match})
		}
	}
	at, lead := shown.start, ""
	if shown.start > 0 {
		lead = ellipsis
	}
	for _, m := range found {
		if m.start >= shown.end {
			break
		}
		add(lead+content[at:m.start], false)
		at, lead = min(m.end, shown.end), ""
		add(content[m.start:at], true)
	}
	rest := lead + content[at:shown.end]
	if shown.end < len(content) {
		rest += ellipsis
	}
	add(rest, false)
	return parts
}

// span is a part of a text, in bytes.
type span struct{ start, end int }

// matchesIn returns where the words are that begin with one of the query's, in order, and without
// overlaps: of a compound that is found joined and by its parts, all of it.
func matchesIn(content string, query []string) (found []span) {
	for _, place := range words.Places(content) {
		if !slices.ContainsFunc(query, func(word string) bool { return strings.HasPrefix(place.Word, word) }) {
			continue
		}
		if n := len(found); n > 0 && place.Start < found[n-1].end { // the compound comes after its parts
			for n > 0 && place.Start <= found[n-1].start {
				n--
			}
			found = found[:n]
		}
		found = append(found, span{place.Start, place.End})
	}
	return found
}

// window returns which part of a text to show around a place in it.
func window(content string, first int) span {
	if utf8.RuneCountInString(content) <= snippetLength {
		return span{0, len(content)}
	}
	cuts := cutsOf(content)
	at := 0 // the last cut before the place
	for at+1 < len(cuts) && cuts[at+1].byte <= first {
		at++
	}
	start := at
	for start > 0 && cuts[at].characters-cuts[start-1].characters <= snippetBefore {
		start--
	}
	end := start
	for end+1 < len(cuts) && cuts[end+1].characters-cuts[start].characters <= snippetLength {
		end++
	}
	end = max(end, at+1) // of a cluster that is longer than a snippet
	for end == len(cuts)-1 && start > 0 && cuts[end].characters-cuts[start-1].characters <= snippetLength {
		start-- // there is room for more before it
	}
	for n := start; n <= min(at, start+snippetSlack); n++ {
		if n == 0 || cuts[n].beginsWord {
			start = n
			break
		}
	}
	for n := end; n >= max(at+1, end-snippetSlack); n-- {
		if cuts[n].endsWord {
			end = n
			break
		}
	}
	return span{cuts[start].byte, cuts[end].byte}
}

// cut is a place between two grapheme clusters.
type cut struct {
	byte, characters     int
	beginsWord, endsWord bool // by the spaces around it
}

func cutsOf(content string) []cut {
	cuts := []cut{{}}
	wasSpace := true
	for rest, state := content, -1; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		last := &cuts[len(cuts)-1]
		r, _ := utf8.DecodeRuneInString(cluster)
		isSpace := unicode.IsSpace(r)
		last.beginsWord, last.endsWord = wasSpace && !isSpace, !wasSpace && isSpace
		wasSpace = isSpace
		cuts = append(cuts, cut{byte: last.byte + len(cluster), characters: last.characters + utf8.RuneCountInString(cluster), endsWord: true})
	}
	return cuts
}
