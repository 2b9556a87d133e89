package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/viper"
)

// readFile puts what the file holds, converted, at the bottom of viper. The checks see
// the file as it is written: viper alone would take any case, any type and any key.
func (l *loader) readFile(path string) {
	if path == "" {
		return
	}
	where := "file " + path
	content, err := os.ReadFile(path)
	if err != nil {
		l.problem("", where, readFailure(err))
		return
	}
	tree, what := parse(content)
	if what != "" {
		l.problem("", where, what)
		return
	}
	converted := map[string]any{}
	for _, name := range sortedNames(tree) {
		if leaves := l.readSection(path, name, tree[name]); leaves != nil {
			converted[name] = leaves
		}
	}
	if err := l.viper.MergeConfigMap(converted); err != nil {
		l.problem("", where, err.Error())
	}
}

func (l *loader) readSection(path, section string, raw any) map[string]any {
	where := "file " + path
	if !isSection(section) {
		l.problem(section, where, "is unknown"+didYouMean(section, append(l.keyNames(), sectionNames()...)))
		return nil
	}
	if raw == nil {
		return nil // every key of it is commented out
	}
	tree, ok := asMap(raw)
	if !ok {
		l.problem(section, where, "is a section: write its keys on indented lines below it")
		return nil
	}
	leaves := map[string]any{}
	for _, leaf := range sortedNames(tree) {
		k, known := l.keys[section+"."+leaf]
		if advice := retired[section+"."+leaf]; advice != "" {
			l.warn(section+"."+leaf, where, advice)
			continue
		}
		if !known {
			l.problem(section+"."+leaf, where, "is unknown"+didYouMean(section+"."+leaf, l.keyNames()))
			continue
		}
		if v, ok := l.readLeaf(k, path, tree[leaf]); ok {
			leaves[leaf] = v
		}
	}
	return leaves
}

func (l *loader) readLeaf(k key, path string, raw any) (any, bool) {
	where := "file " + path
	if raw == nil {
		l.refuse(k, raw, where, errors.New("has no value: give one, or put a # before the key"))
		return nil, false
	}
	converted, err := k.value.fromYAML(raw)
	if err != nil {
		l.refuse(k, raw, where, err)
		return nil, false
	}
	if relative, ok := converted.(string); ok && k.path && relative != "" && relative != BackupS3 && !filepath.IsAbs(relative) {
		converted = filepath.Join(filepath.Dir(path), relative)
	}
	l.given(k, converted, where)
	return converted, true
}

// parse reads YAML, or describes what is wrong with it in a text that has none of its values.
func parse(content []byte) (tree map[string]any, what string) {
	utf16 := bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff"))
	if !utf16 && !utf8.Valid(content) {
		return nil, "is not UTF-8 text: save it in that encoding"
	}
	if line := secondDocument(content); line > 0 {
		return nil, fmt.Sprintf("begins a second document on line %d, which would be ignored: remove that line", line)
	}
	decoder, err := viper.NewCodecRegistry().Decoder("yaml")
	if err != nil {
		return nil, err.Error()
	}
	tree = map[string]any{}
	if err := decoder.Decode(content, tree); err != nil {
		return nil, "is not valid YAML: " + yamlFailure(err)
	}
	return tree, ""
}

var (
	duplicateKey = regexp.MustCompile(`line (\d+): mapping key "([a-z_]+)" already defined at line (\d+)`)
	lineNumber   = regexp.MustCompile(`line \d+`)
	quotedPart   = regexp.MustCompile("[`'\"].*[`'\"]")
)

// yamlFailure keeps line and reason of the parser's message and drops what it quotes,
// which may be a password.
func yamlFailure(err error) string {
	var reasons []string
	for line := range strings.Lines(err.Error()) {
		line = strings.TrimSpace(strings.TrimPrefix(line, "yaml: "))
		switch duplicate := duplicateKey.FindStringSubmatch(line); {
		case line == "unmarshal errors:":
			continue
		case duplicate != nil && isKnownName(duplicate[2]):
			reasons = append(reasons, fmt.Sprintf("line %s repeats %s of line %s", duplicate[1], duplicate[2], duplicate[3]))
		case strings.Contains(line, "already defined"):
			reasons = append(reasons, lineNumber.FindString(line)+" repeats a key")
		case strings.Contains(line, "cannot unmarshal"):
			reasons = append(reasons, lineNumber.FindString(line)+" should be a section, such as server:")
		case strings.Contains(line, "unknown anchor"):
			reasons = append(reasons, "a text that begins with * must be put in quotes")
		default:
			reasons = append(reasons, quotedPart.ReplaceAllString(line, "…"))
		}
	}
	return strings.Join(reasons, "; ")
}

// secondDocument returns the line on which something follows a document's end, 0 for none.
func secondDocument(content []byte) int {
	begun := false
	number := 0
	for line := range bytes.Lines(content) {
		number++
		trimmed := bytes.TrimSpace(line)
		marker := bytes.HasPrefix(line, []byte("---")) || bytes.HasPrefix(line, []byte("..."))
		if marker && begun {
			return number
		}
		begun = begun || marker || len(trimmed) > 0 && trimmed[0] != '#' && trimmed[0] != '%'
	}
	return 0
}

func readFailure(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "does not exist"
	case errors.Is(err, fs.ErrPermission):
		return "can't be read by this user"
	}
	return "cannot be read: " + err.Error()
}

func asMap(raw any) (map[string]any, bool) {
	switch m := raw.(type) {
	case map[string]any:
		return m, true
	case map[any]any: // YAML with a key that isn't text
		named := map[string]any{}
		for k, v := range m {
			named[fmt.Sprint(k)] = v
		}
		return named, true
	}
	return nil, false
}

func isSection(name string) bool { return slices.Contains(sectionNames(), name) }

func sectionNames() []string {
	var names []string
	for _, s := range sections {
		names = append(names, s.name)
	}
	return names
}

// isKnownName reports whether a name is a section's or a key's, and so can't be a secret.
func isKnownName(name string) bool {
	var c Config
	return isSection(name) || slices.ContainsFunc(c.keys(), func(k key) bool {
		_, leaf := splitKey(k.name)
		return leaf == name
	})
}
