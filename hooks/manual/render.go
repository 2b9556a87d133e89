package manual

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"messagerie/hooks/protocol"
	"messagerie/hooks/words"
)

// order is that of the menu. The first is the page at /aide/ itself.
var order = []string{"index", "mise-en-service", "sauvegardes", "courriels", "rentree", "donnees", "acces", "registre", "accessibilite", "securite", "grappe", "desinstaller"}

const (
	html       = "text/html; charset=utf-8"
	stylesheet = "text/css; charset=utf-8"
)

// document is a page before the menu of all pages is around it.
type document struct {
	Path     string
	Title    string
	Contents []heading // its sections
	Body     template.HTML
}

// heading is an entry of a table of contents.
type heading struct{ ID, Text string }

// view is what the layout shows.
type view struct {
	document
	All     []document
	Version string
}

// renderAll returns what is served below /aide/, by its path there. The texts of the school are filled in.
func renderAll(about protocol.About) (map[string]served, error) {
	layout, err := template.ParseFS(files, "layout.html")
	if err != nil {
		return nil, err
	}
	var all []document
	for _, name := range order {
		document, err := render(name, about)
		if err != nil {
			return nil, fmt.Errorf("render %s.md: %w", name, err)
		}
		all = append(all, document)
	}
	style, err := fs.ReadFile(files, "style.css")
	if err != nil {
		return nil, err
	}
	result := map[string]served{"style.css": {stylesheet, style}}
	for i, document := range all {
		var page bytes.Buffer
		if err := layout.Execute(&page, view{document, all, about.Version}); err != nil {
			return nil, err
		}
		result[strings.TrimPrefix(pathOf(order[i]), Path+"/")] = served{html, page.Bytes()}
	}
	return result, nil
}

// pathOf returns the address of a document.
func pathOf(name string) string {
	if name == order[0] {
		return Path + "/"
	}
	return Path + "/" + name
}

var markdown = goldmark.New(
	goldmark.WithExtensions(extension.Table),
	goldmark.WithParserOptions(parser.WithAutoHeadingID(), parser.WithASTTransformers(util.Prioritized(linker{}, 100))),
)

func render(name string, about protocol.About) (document, error) {
	source, err := fs.ReadFile(files, "pages/"+name+".md")
	if err != nil {
		return document{}, err
	}
	tree := markdown.Parser().Parse(text.NewReader(source), parser.WithContext(parser.NewContext(parser.WithIDs(headingIDs{}))))
	result := document{Path: pathOf(name)}
	first, ok := tree.FirstChild().(*ast.Heading)
	if !ok || first.Level != 1 {
		return document{}, errors.New("doesn't begin with its title")
	}
	result.Title = textOf(first, source)
	tree.RemoveChild(tree, first) // the layout shows it
	for node := tree.FirstChild(); node != nil; node = node.NextSibling() {
		if section, ok := node.(*ast.Heading); ok && section.Level == 2 {
			id, _ := section.AttributeString("id")
			result.Contents = append(result.Contents, heading{ID: string(id.([]byte)), Text: textOf(section, source)})
		}
	}
	var body bytes.Buffer
	if err := markdown.Renderer().Render(&body, source, tree); err != nil {
		return document{}, err
	}
	filled, err := template.New(name).Parse(scrollable(body.String()))
	if err != nil {
		return document{}, err
	}
	body.Reset()
	err = filled.Execute(&body, about)
	result.Body = template.HTML(body.String())
	return result, err
}

// scrollable lets what may be wider than the screen scroll by itself, with the keyboard as well.
func scrollable(body string) string {
	parts := strings.Split(body, "<table>")
	for i := 1; i < len(parts); i++ {
		parts[i] = fmt.Sprintf(`<div class="table" tabindex="0" role="region" aria-label="Tableau %d"><table>%s`, i, parts[i])
	}
	return strings.NewReplacer("</table>", "</table></div>", "<pre>", `<pre tabindex="0">`).Replace(strings.Join(parts, ""))
}

func textOf(node ast.Node, source []byte) string {
	var plain strings.Builder
	_ = ast.Walk(node, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if part, ok := n.(*ast.Text); ok && entering {
			plain.Write(part.Segment.Value(source))
		}
		return ast.WalkContinue, nil
	})
	return plain.String()
}

// linker turns links between the files (sauvegardes.md) into those between the pages.
type linker struct{}

// Transform implements parser.ASTTransformer.
func (linker) Transform(tree *ast.Document, _ text.Reader, _ parser.Context) {
	_ = ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if link, ok := n.(*ast.Link); ok && entering {
			file, fragment, hasFragment := strings.Cut(string(link.Destination), "#")
			if name, ok := strings.CutSuffix(file, ".md"); ok && !strings.Contains(file, "/") {
				link.Destination = []byte(pathOf(name))
				if hasFragment {
					link.Destination = append(link.Destination, "#"+fragment...)
				}
			}
		}
		return ast.WalkContinue, nil
	})
}

// headingIDs makes ids of headings without accents: "Où c'est gardé" is "ou-c-est-garde".
type headingIDs map[string]bool

// Generate implements parser.IDs.
func (ids headingIDs) Generate(value []byte, _ ast.NodeKind) []byte {
	base := strings.Join(words.Of(string(value)), "-")
	id := base
	for i := 2; ids[id]; i++ {
		id = base + "-" + strconv.Itoa(i)
	}
	ids[id] = true
	return []byte(id)
}

// Put implements parser.IDs.
func (ids headingIDs) Put(value []byte) { ids[string(value)] = true }
