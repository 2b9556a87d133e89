package email

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// textOf is the text part of an HTML letter, for mail programs that show no HTML and for
// people who have it read aloud: every word, in paragraphs, lists and rows, with the
// target of each link behind its text.
func textOf(content string) string {
	if text, plain := plainText(content); plain {
		return text
	}
	document, err := html.Parse(strings.NewReader(content))
	if err != nil {
		return wordsOf(content)
	}
	w := textWriter{}
	w.node(document)
	return w.String()
}

// wordsOf returns the text of HTML that is nested too deeply to be parsed.
func wordsOf(content string) string {
	var words []string
	tokens := html.NewTokenizer(strings.NewReader(content))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return strings.Join(words, " ")
		case html.TextToken:
			words = append(words, strings.Fields(tokens.Token().Data)...)
		}
	}
}

// textWriter writes text in lines. The zero value is an empty text.
type textWriter struct {
	out    strings.Builder
	prefix string // of each line: quotes, and the depth of lists
	last   string // the prefix of the line before
	marker string // of the list item whose first line is to come
	number int    // of the next item; 0 in a list without numbers
	breaks int    // lines to be ended before the next word
	space  bool   // between the last word and the next
	pre    bool   // spaces and line breaks are as they are written
}

// String is the text so far.
func (w *textWriter) String() string { return w.out.String() }

// unseen are the elements that show nothing.
var unseen = names(`head script style title template`)

// marks are written around a text whose meaning would otherwise change.
var marks = map[string]string{"q": `"`, "s": "~", "strike": "~", "del": "~"}

func (w *textWriter) node(n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		w.text(n.Data)
	case n.Type != html.ElementNode:
		w.children(n)
	case !unseen[n.Data]:
		w.element(n)
	}
}

func (w *textWriter) children(n *html.Node) {
	for child := range n.ChildNodes() {
		w.node(child)
	}
}

func (w *textWriter) element(n *html.Node) {
	w.separate(n)
	defer w.separate(n)
	switch n.DataAtom {
	case atom.Br:
		w.breaks++
		w.space = false
	case atom.Hr:
		w.text("---")
	case atom.Img:
		w.text(attribute(n.Attr, "alt"))
	case atom.A:
		w.link(n)
	case atom.Ol, atom.Ul:
		w.list(n)
	case atom.Li:
		w.indented(n, w.itemMarker())
	case atom.Dd:
		w.indented(n, "  ")
	case atom.Blockquote:
		before := w.prefix
		w.deepen("> ")
		w.children(n)
		w.prefix = before
	case atom.Tr:
		w.row(n)
	case atom.Sup:
		w.raised(n, superscripts)
	case atom.Sub:
		w.raised(n, subscripts)
	case atom.Pre:
		before := w.pre
		w.pre = true
		w.children(n)
		w.pre = before
	default:
		mark := marks[n.Data]
		w.mark(mark)
		w.children(n)
		w.out.WriteString(mark)
	}
}

// mark begins a marked part.
func (w *textWriter) mark(mark string) {
	if mark != "" {
		w.begin()
		w.out.WriteString(mark)
	}
}

// Elements that are set apart: by an empty line around them, or on lines of their own.
var (
	paragraphs = names(`p h1 h2 h3 h4 h5 h6 blockquote pre table ul ol dl hr`)
	blocks     = names(`address article aside body caption center dd details dialog dir div dt fieldset figcaption
		figure footer form header hgroup legend li main menu nav optgroup option search section summary tbody td
		tfoot th thead tr`)
)

func isBlock(name string) bool { return paragraphs[name] || blocks[name] || name == "br" }

// separate ends the line, and leaves one empty around paragraphs.
func (w *textWriter) separate(n *html.Node) {
	inItem := n.Parent != nil && n.Parent.DataAtom == atom.Li
	switch {
	case paragraphs[n.Data] && !inItem:
		w.breaks = max(w.breaks, 2)
	case paragraphs[n.Data], blocks[n.Data]:
		w.breaks = max(w.breaks, 1)
	default:
		return
	}
	w.space = false
}

// text writes a text, with runs of spaces collapsed unless they are to be kept.
func (w *textWriter) text(text string) {
	if w.pre {
		for i, line := range strings.Split(text, "\n") {
			if i > 0 {
				w.breaks++
			}
			if line != "" {
				w.begin()
				w.out.WriteString(line)
			}
		}
		return
	}
	for i, word := range strings.FieldsFunc(text, isHTMLSpace) {
		w.space = w.space || i > 0 || isHTMLSpace(rune(text[0]))
		w.begin()
		w.out.WriteString(word)
	}
	if text != "" && isHTMLSpace(rune(text[len(text)-1])) {
		w.space = true
	}
}

// isHTMLSpace excludes the spaces that people write on purpose, such as the one that keeps
// a French exclamation mark on its line.
func isHTMLSpace(r rune) bool { return strings.ContainsRune(" \t\n\f\r", r) }

// begin writes what precedes the next word.
func (w *textWriter) begin() {
	switch {
	case w.out.Len() == 0:
		w.out.WriteString(w.lineStart())
	case w.breaks > 0:
		blank := "\n" + strings.TrimRight(common(w.last, w.prefix), " ")
		w.out.WriteString(strings.Repeat(blank, w.breaks-1) + "\n" + w.lineStart())
	case w.space:
		w.out.WriteByte(' ')
	}
	w.breaks, w.space = 0, false
}

func (w *textWriter) lineStart() string {
	start := strings.TrimSuffix(w.prefix, strings.Repeat(" ", len(w.marker))) + w.marker
	w.last, w.marker = w.prefix, ""
	return start
}

// common is the common prefix of two texts.
func common(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return a[:n]
}
