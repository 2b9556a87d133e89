package email

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// The elements of HTML, past and present, by whether they have an end tag. A tag of any
// other name is text, such as <claire@school.fr> or <name>.
var (
	voidElements = names(`area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr`)
	// Their end tag may be left out.
	openElements = names(`body caption colgroup dd dt head html li optgroup option p rp rt tbody td tfoot th thead tr`)
	elements     = names(`a abbr acronym address applet article aside audio b bdi bdo big blink blockquote button canvas
		center cite code data datalist del details dfn dialog dir div dl em fieldset figcaption figure font footer form
		frameset h1 h2 h3 h4 h5 h6 header hgroup i iframe ins kbd label legend main map mark marquee math menu meter nav
		nobr noembed noframes noscript object ol output picture pre progress q ruby s samp script search section select
		slot small span strike strong style sub summary sup svg table template textarea time title tt u ul var video xmp`)
)

func names(list string) map[string]bool {
	set := map[string]bool{}
	for _, name := range strings.Fields(list) {
		set[name] = true
	}
	return set
}

// isHTML reports whether a content is HTML as a whole, as an editor writes it: every word
// is in an element, every tag is one that HTML has, and every element that is opened is
// closed. A text that merely contains tags, such as "if a<b and c>d" or "<br> begins a new
// line", is plain: treated as HTML it would lose words, while HTML treated as text only
// shows its tags.
func isHTML(content string) bool {
	n := nesting{}
	tokens := html.NewTokenizer(strings.NewReader(content))
	for {
		kind := tokens.Next()
		ok := true
		switch kind {
		case html.ErrorToken:
			return n.seen && n.leaveOut(0)
		case html.TextToken:
			ok = len(n.open) > 0 || len(bytes.TrimSpace(tokens.Text())) == 0
		case html.CommentToken:
			ok = isComment(tokens.Raw())
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := tokens.TagName()
			ok = n.begin(string(name), kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			name, _ := tokens.TagName()
			ok = n.end(string(name))
		}
		if !ok {
			return false
		}
	}
}

// isComment distinguishes a comment, and what word processors write in its place, from a
// text such as "a <! b" or "</3".
func isComment(raw []byte) bool {
	return slices.ContainsFunc([]string{"<!--", "<![", "<?xml"}, func(start string) bool {
		return bytes.HasPrefix(bytes.ToLower(raw), []byte(start))
	})
}

// nesting is the stack of open elements.
type nesting struct {
	open    []string
	foreign int // of these svg and math, which have element names of their own
	seen    bool
}

func (n *nesting) begin(name string, closed bool) bool {
	n.seen = true
	foreign := n.foreign > 0 || strings.Contains(name, ":") // <o:p> comes from word processors
	switch {
	case voidElements[name], foreign && closed:
		return true
	case !foreign && !elements[name] && !openElements[name]:
		return false
	}
	if isForeign(name) {
		n.foreign++
	}
	n.open = append(n.open, name)
	return true
}

func (n *nesting) end(name string) bool {
	if voidElements[name] {
		return true // </br>
	}
	for i := len(n.open) - 1; i >= 0; i-- {
		if n.open[i] != name {
			continue
		}
		ok := n.leaveOut(i + 1)
		n.open = n.open[:i]
		if isForeign(name) {
			n.foreign--
		}
		return ok
	}
	return false
}

// leaveOut reports whether the end tags of the elements open from a depth on are optional.
func (n *nesting) leaveOut(depth int) bool {
	return !slices.ContainsFunc(n.open[depth:], func(name string) bool { return !openElements[name] })
}

func isForeign(name string) bool { return name == "svg" || name == "math" }
