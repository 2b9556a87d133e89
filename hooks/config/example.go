package config

import (
	"fmt"
	"strings"
)

const exampleHeading = `# Configuration of Messagerie.
#
# Every key with its default: nothing has to be set. Copy this file to config.yaml
# beside the program (or name it with --config PATH or MESSAGERIE_CONFIG) and remove the
# hash sign directly before a key to change it. Mistakes are reported at start.
#
# Each key can also be given in the environment: smtp.host is MESSAGERIE_SMTP_HOST. There
# a list is written with commas (a, b), and an empty variable counts as not set.
# A flag wins over the environment, the environment over this file.
#
# The name, the public address, the proxy headers, the mail server and the providers of
# the log-in page are also settings of the dashboard. What is set here (or in the
# environment) overrides it at each start; what isn't is left as it is in the dashboard.
#
# Durations have a unit: 500ms, 6s, 1m.
`

// Example is the text of config.example.yaml: every key, commented out, with its default.
func Example() string {
	var c Config
	var b strings.Builder
	b.WriteString(exampleHeading)
	for _, s := range sections {
		b.WriteString("\n")
		comment(&b, "", s.meaning)
		b.WriteString(s.name + ":\n")
		for i, k := range c.keys() {
			if k.section() != s.name {
				continue
			}
			if i > 0 && !strings.HasSuffix(b.String(), s.name+":\n") {
				b.WriteString("\n")
			}
			_, leaf := splitKey(k.name)
			comment(&b, "  ", k.meaning)
			comment(&b, "  ", "Allowed: "+k.value.allowed()+".")
			fmt.Fprintf(&b, "  #%s: %s\n", leaf, k.value.standard())
		}
	}
	return b.String()
}

// comment wraps a text into lines of at most 88 columns.
func comment(b *strings.Builder, indent, text string) {
	line := indent + "#"
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > 88 {
			b.WriteString(line + "\n")
			line = indent + "#"
		}
		line += " " + word
	}
	b.WriteString(line + "\n")
}
