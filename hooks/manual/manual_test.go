package manual_test

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/manual"
)

// sources returns the documents as they are written, by name.
func sources(t *testing.T) map[string]string {
	t.Helper()
	result := map[string]string{}
	names, err := fs.Glob(manual.Sources(), "*.md")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(manual.Sources(), name)
		if err != nil {
			t.Fatal(err)
		}
		result[strings.TrimSuffix(name, ".md")] = string(text)
	}
	return result
}

// page is a document as a browser gets it.
type page struct {
	ids, links []string
	headings   []string // h1, h2, …
	unsafe     []string // what the policy would block
}

func read(t *testing.T, body []byte) (p page) {
	t.Helper()
	tree, err := html.Parse(strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	for node := range tree.Descendants() {
		if node.Type != html.ElementNode {
			continue
		}
		if regexp.MustCompile(`^h[1-6]$`).MatchString(node.Data) {
			p.headings = append(p.headings, node.Data)
		}
		if node.Data == "script" || node.Data == "style" {
			p.unsafe = append(p.unsafe, node.Data)
		}
		for _, attribute := range node.Attr {
			switch {
			case attribute.Key == "id":
				p.ids = append(p.ids, attribute.Val)
			case attribute.Key == "href":
				p.links = append(p.links, attribute.Val)
			case attribute.Key == "style" || strings.HasPrefix(attribute.Key, "on"):
				p.unsafe = append(p.unsafe, attribute.Key)
			}
		}
	}
	return p
}

func TestPages_linksResolve(t *testing.T) {
	app := apptest.New(t)
	pages := map[string]page{}
	for name := range sources(t) {
		path := "/aide/" + name
		if name == "index" {
			path = "/aide/"
		}
		resp := app.Get(apptest.Person{}, path).OK(200)
		pages[path] = read(t, resp.Body)
		policy := resp.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; style-src 'self';") || len(pages[path].unsafe) > 0 {
			t.Errorf("%s: policy %q, %q", path, policy, pages[path].unsafe)
		}
	}
	linked := map[string]bool{}
	for path, page := range pages {
		seen := map[string]bool{}
		for _, id := range page.ids {
			if seen[id] {
				t.Errorf("%s: two elements have the id %s", path, id)
			}
			seen[id] = true
		}
		for _, link := range page.links {
			target, err := url.Parse(link)
			switch {
			case err != nil:
				t.Errorf("%s: %v", path, err)
			case target.Host != "":
				if target.Scheme != "https" {
					t.Errorf("%s: %s isn't https", path, link)
				}
			case link == "/" || link == "/favicon.svg" || link == "/aide/style.css":
				app.Get(apptest.Person{}, link).OK(200)
			default:
				at := target.Path
				if at == "" {
					at = path
				} else {
					linked[at] = true
				}
				to, ok := pages[at]
				if !ok || target.Fragment != "" && !strings.Contains(" "+strings.Join(to.ids, " ")+" ", " "+target.Fragment+" ") {
					t.Errorf("%s: nothing is at %s", path, link)
				}
			}
		}
		for i, heading := range page.headings {
			if isTitle := heading == "h1"; isTitle != (i == 0) || i > 0 && heading[1] > page.headings[i-1][1]+1 {
				t.Errorf("%s: its headings are %v", path, page.headings)
				break
			}
		}
	}
	for path := range pages {
		if !linked[path] {
			t.Errorf("nothing leads to %s", path)
		}
	}
	for _, path := range []string{"/aide/missing", "/aide/../pages/index.md", "/aide/index.md", "/aide/layout.html"} {
		if resp := app.Get(apptest.Person{}, path); resp.StatusCode == 200 && strings.Contains(string(resp.Body), "<article>") {
			t.Errorf("%s is a document", path)
		}
	}
	if resp := app.Get(apptest.Person{}, "/aide"); !strings.Contains(string(resp.OK(200).Body), "<h1>Documentation</h1>") {
		t.Error("/aide isn't the first page")
	}
}

func TestPages_sayWhatTheConfigurationSays(t *testing.T) {
	app := apptest.New(t, func(c *config.Config) {
		c.School.Controller, c.School.PrivacyContact = "Collège <Jean> & Moulin", "secretariat@jean-moulin.example"
		c.Retention = config.Retention{LeaversMonths: 7, LeaversMessages: "remove"}
	})
	text := func(path string) string { return string(app.Get(apptest.Person{}, path).OK(200).Body) }
	for path, wants := range map[string][]string{
		"/aide/registre":      {"Collège &lt;Jean&gt; &amp; Moulin", "secretariat@jean-moulin.example", "plus 7 mois", "supprimés avec le compte", "celui de l’académie"},
		"/aide/donnees":       {"7 mois après son départ"},
		"/aide/accessibilite": {"écrivez à secretariat@jean-moulin.example"},
	} {
		page := strings.ReplaceAll(text(path), " ", " ")
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("%s doesn't say %q", path, want)
			}
		}
		if strings.Contains(page, "{{") {
			t.Errorf("%s has a place that isn't filled in", path)
		}
	}
}

var (
	codeSpan  = regexp.MustCompile("`([^`\n]+)`")
	keyName   = regexp.MustCompile(`^[a-z]+\.[a-z_]+$`)
	yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")
)

// The example has every key, commented out or not.
func TestPages_nameOnlyKeysThatExist(t *testing.T) {
	example := config.Example()
	keys := map[string]bool{}
	section := ""
	sections := map[string]bool{}
	for line := range strings.Lines(example) {
		if name, ok := strings.CutSuffix(strings.TrimRight(line, "\n"), ":"); ok && !strings.ContainsAny(name, " #") {
			section = name
			sections[name] = true
		} else if name, _, ok := strings.Cut(strings.TrimLeft(line, " #"), ":"); ok {
			keys[section+"."+name] = true
		}
	}
	found := 0
	for name, text := range sources(t) {
		for _, match := range codeSpan.FindAllStringSubmatch(text, -1) {
			key := match[1]
			section, _, _ := strings.Cut(key, ".")
			isFile := slices.Contains([]string{".yaml", ".db", ".json"}, filepath.Ext(key))
			if !keyName.MatchString(key) || isFile || !sections[section] {
				continue
			}
			found++
			if !keys[key] {
				t.Errorf("%s.md: there is no key %s", name, key)
			}
		}
		for _, match := range yamlBlock.FindAllStringSubmatch(text, -1) {
			found++
			block := regexp.MustCompile(`(?m)^   `).ReplaceAllString(match[1], "")
			if !strings.HasPrefix(match[1], "   ") {
				block = match[1]
			}
			file := filepath.Join(t.TempDir(), "config.yaml")
			if err := os.WriteFile(file, []byte(block), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := config.Load(config.Source{Args: []string{"serve", "--config", file}}); err != nil {
				t.Errorf("%s.md: the program doesn't start with\n%s%v", name, block, err)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d keys and examples were found", found)
	}
}

func TestStyle_hasTheClientsColours(t *testing.T) {
	client, err := os.ReadFile("../../ui/src/styles/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	own, err := os.ReadFile("style.css")
	if err != nil {
		t.Fatal(err)
	}
	onScreen, _, _ := strings.Cut(string(own), "@media print")
	colour := regexp.MustCompile(`--[a-z0-9-]+: #[0-9a-f]{6};`)
	colours := colour.FindAllString(onScreen, -1)
	for _, one := range colours {
		if !strings.Contains(string(client), one) {
			t.Errorf("the client doesn't have %s", one)
		}
	}
	if len(colours) != 16 {
		t.Errorf("%d colours", len(colours))
	}
}
