package main

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"messagerie/hooks/manual"
)

// call is the program with its arguments, in a block or a line of code.
var (
	code = regexp.MustCompile("(?s)```sh\n.*?```|`messagerie [^`\n]*`")
	call = regexp.MustCompile(`(?m)(?:^\s*|-- |` + "`" + `)messagerie ([a-z][^` + "`" + `\n]*)`)
)

// The documents name only commands and flags that the program has.
func TestManual_namesCommandsThatExist(t *testing.T) {
	root, err := runToEnd(t, "--help")
	if err != nil {
		t.Fatal(err, root)
	}
	calls := map[string]string{} // the words before the first argument, with a document that has them
	names, err := fs.Glob(manual.Sources(), "*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(manual.Sources(), name)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range code.FindAllString(string(text), -1) {
			for _, match := range call.FindAllStringSubmatch(block, -1) {
				calls[strings.Trim(match[1], " ")] = name
			}
		}
	}
	if len(calls) < 10 {
		t.Fatalf("only %d calls were found: %v", len(calls), calls)
	}
	help := map[string]string{}
	for line, name := range calls {
		words := strings.Fields(line)
		command := words[:1]
		if len(words) > 1 && slices.Contains([]string{"backup", "closures", "export", "superuser"}, words[0]) && regexp.MustCompile(`^[a-z]+$`).MatchString(words[1]) {
			command = words[:2]
		}
		path := strings.Join(command, " ")
		if _, known := help[path]; !known {
			// cobra prints the help of the parent for a command that doesn't exist.
			said, err := runToEnd(t, append(slices.Clone(command), "--help")...)
			if err != nil || !strings.Contains(said, "messagerie "+path) {
				t.Errorf("%s: there is no command %s: %v", name, path, err)
			}
			help[path] = said
		}
		for _, word := range words {
			if strings.HasPrefix(word, "--") && !strings.Contains(help[path], word+" ") {
				t.Errorf("%s: %s has no flag %s", name, path, word)
			}
		}
	}
}
