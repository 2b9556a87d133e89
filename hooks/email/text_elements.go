package email

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// indented writes an element behind a list marker, with its other lines indented as the first.
func (w *textWriter) indented(n *html.Node, marker string) {
	before := w.prefix
	if w.deepen(strings.Repeat(" ", len(marker))) {
		w.marker += marker
	}
	w.children(n)
	w.prefix, w.marker = before, ""
}

// maxPrefix bounds what is written before each line, however deep the nesting.
const maxPrefix = 40

func (w *textWriter) deepen(by string) bool {
	if len(w.prefix)+len(by) > maxPrefix {
		return false
	}
	w.prefix += by
	return true
}

func (w *textWriter) list(n *html.Node) {
	before := w.number
	w.number = 0
	if n.DataAtom == atom.Ol {
		w.number = 1
	}
	w.children(n)
	w.number = before
}

// itemMarker is a dash, or the number of an item.
func (w *textWriter) itemMarker() string {
	if w.number == 0 {
		return "- "
	}
	w.number++
	return strconv.Itoa(w.number-1) + ". "
}

// link writes the target behind the text, unless the text is the target.
func (w *textWriter) link(n *html.Node) {
	start := w.out.Len()
	w.children(n)
	target := written(attribute(n.Attr, "href"))
	text := strings.TrimSpace(w.out.String()[start:])
	if target == "" || bare(text) == bare(target) {
		return
	}
	w.space = w.space || text != ""
	w.begin()
	w.out.WriteString("<" + target + ">")
}

// bare strips from an address what people leave out when they write it.
func bare(address string) string {
	address = strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://")
	return strings.TrimSuffix(address, "/")
}

// row writes the cells of a row in one line, or each in its own lines where one of them
// has several.
func (w *textWriter) row(tr *html.Node) {
	var cells []string
	for child := range tr.ChildNodes() {
		if child.DataAtom == atom.Td || child.DataAtom == atom.Th {
			cell := textWriter{}
			cell.children(child)
			cells = append(cells, cell.String())
		}
	}
	separator := " | "
	if slices.ContainsFunc(cells, func(cell string) bool { return strings.Contains(cell, "\n") }) {
		separator = "\n"
	}
	for line := range strings.SplitSeq(strings.TrimSpace(strings.Join(cells, separator)), "\n") {
		w.begin()
		w.out.WriteString(line)
		w.breaks = 1
	}
}

// Raised and lowered digits keep 10³ from becoming 103.
var (
	superscripts = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹", "+", "⁺", "-", "⁻", "−", "⁻", "n", "ⁿ")
	subscripts   = strings.NewReplacer("0", "₀", "1", "₁", "2", "₂", "3", "₃", "4", "₄", "5", "₅", "6", "₆", "7", "₇", "8", "₈", "9", "₉", "+", "₊", "-", "₋", "−", "₋", "n", "ₙ")
)

// raised writes an exponent or an index; what isn't one, such as the "er" of 1er, is text.
func (w *textWriter) raised(n *html.Node, digits *strings.Replacer) {
	only := n.FirstChild
	if only == nil || only.Type != html.TextNode || only.NextSibling != nil || strings.Trim(only.Data, "0123456789+-−n") != "" {
		w.children(n)
		return
	}
	w.begin()
	w.out.WriteString(digits.Replace(only.Data))
}
