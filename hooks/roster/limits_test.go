package roster_test

import (
	"strings"
	"testing"

	"messagerie/hooks/roster"
)

func TestRead_refusesFilesThatWouldExhaustTheMemory(t *testing.T) {
	const many, aMillion = 80_000, 13 // elements in one that isn't too long, and how often
	links := func(before, link, after string) string {
		return strings.Repeat(before+strings.Repeat(link, many)+after, aMillion)
	}
	for name, c := range map[string]struct{ content, reason string }{
		"rows of one cell": {"Nom;Prénom;Classe\n" + strings.Repeat("x\n", 100_000), "inutilisables"},
		"guardians":        {"<BEE_RESPONSABLES>" + links("", "<RESPONSABLE_ELEVE/>", "") + "</BEE_RESPONSABLES>", "1000000 lignes"},
		"classes": {"<BEE_ELEVES>" + links("<STRUCTURES_ELEVE>", "<STRUCTURE/>", "</STRUCTURES_ELEVE>") + "</BEE_ELEVES>",
			"1000000 lignes"},
		"teachers": {"<STS_EDT>" + links("<GROUPE><SERVICES><SERVICE><ENSEIGNANTS>", "<ENSEIGNANT/>",
			"</ENSEIGNANTS></SERVICE></SERVICES></GROUPE>") + "</STS_EDT>", "1000000 lignes"},
		"a long element":                   {"<BEE_ELEVES><ELEVE><NOM>" + strings.Repeat("x", 2<<20) + "</NOM></ELEVE></BEE_ELEVES>", "dépasse 1 Mo"},
		"a long element that isn't needed": {"<BEE_ELEVES><AUTRE" + strings.Repeat(" a=''", 1<<18) + "/></BEE_ELEVES>", "dépasse 1 Mo"},
		"deep elements":                    {"<BEE_ELEVES>" + strings.Repeat("<A>", 1000) + strings.Repeat("</A>", 1000) + "</BEE_ELEVES>", "imbrique"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := refused(t, roster.Options{}, upload("liste", []byte(c.content))); !strings.Contains(got.Message, c.reason) {
				t.Errorf("refused with %q, want %q", got.Message, c.reason)
			}
		})
	}
}

func TestRead_takesNoMoreThanFiftyRowsForAFooter(t *testing.T) {
	const head = "Nom;Prénom;Classe\nBENALI;Adam;6e A\n"
	for rows, problems := range map[int]int{50: 0, 53: 3} {
		got := read(t, roster.Options{}, upload("a.csv", []byte(head+strings.Repeat("x\n", rows))))
		if len(got.People) != 1 || len(got.Problems) != problems {
			t.Errorf("of %d rows: %d people, %+v", rows, len(got.People), got.Problems)
		}
	}
}
