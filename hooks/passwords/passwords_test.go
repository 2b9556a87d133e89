package passwords

import (
	"strings"
	"testing"
)

func TestIsCommon_ignoresCase(t *testing.T) {
	for password, want := range map[string]bool{
		"12345678": true, "password": true, "Password1": true, "PASSWORD1": true, "azertyuiop": true, "AzertyUiop": true, "motdepasse": true,
		"iloveyou": true, " iloveyou ": true, "ｉｌｏｖｅｙｏｕ": true, "123456": true, "azerty123": true, "marseille": true, "qwertyuiop": true,
		"correct horse battery": false, "cheval agrafe pile": false, "": false, " ": false, "password\nqwerty": false, "\n": false,
		"MIT": false, "====": false, "wheeler and": false, "Copyright": false, "messagerie-demo": false,
	} {
		if got := IsCommon(password); got != want {
			t.Errorf("%q: %v, want %v", password, got, want)
		}
	}
	if n := strings.Count(common, "\n") - 1; n < 10_000 {
		t.Errorf("there are %d", n)
	}
	for line := range strings.SplitSeq(strings.Trim(common, "\n"), "\n") {
		if !IsCommon(line) {
			t.Errorf("%q isn't found", line)
		}
	}
}

func TestIsPersonal_findsNamesAndAddress(t *testing.T) {
	known := []string{"Élodie", "Le Goff-Martin", "elodie.legoff@ecole-moulin.example", "Élodie Le Goff-Martin", "Le Goff-Martin Élodie"}
	for password, want := range map[string]bool{
		"elodie.legoff@ecole-moulin.example": true, "ELODIE.LEGOFF": true, "elodie.legoff": true, "Elodie2011": true, "Élodie!!!": true,
		"elodielegoffmartin": true, "le goff-martin": true, "Goff.Elodie.98": true, "elodieelodie": true, "Elodie.the1": true, "martin75012": true,
		"12elodie34567890": true, "Moulin2026!": true,
		"elodie aime le thé": false, "les martinets volent": false, "correct horse battery": false, "12345678": false, "": false,
		"golf-club-de-nantes": false,
	} {
		if got := IsPersonal(password, known...); got != want {
			t.Errorf("%q: %v, want %v", password, got, want)
		}
	}
	if IsPersonal("police 12345", "Li", "Ng") || IsPersonal("12345678", "", "") || IsPersonal("correct horse") {
		t.Error("names that are too short count")
	}
	if !IsPersonal("Li Wu 2026", "Li", "Wu", "Li Wu") {
		t.Error("two short names together don't count")
	}
}
