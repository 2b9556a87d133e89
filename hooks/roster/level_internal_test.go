package roster

import (
	"strings"
	"testing"
)

func TestLevelsOf_readsTheNamesOfClasses(t *testing.T) {
	for name, want := range map[string]string{
		"6e A": "6e", "6A": "6e", "6ème 3": "6e", "6EME B": "6e", "601": "6e", "5A LATIN": "5e", "3": "3e", "12": "", "3e1": "3e",
		"2nde 4": "2de", "2de A": "2de", "Seconde 3": "2de", "1G2": "1re", "1re STMG": "1re", "1ère 2": "1re", "Première A": "1re",
		"TG3": "Tle", "Tle 2": "Tle", "Terminale S": "Tle", "T-STMG": "", "TSTMG1": "Tle", "Tigres": "", "T01": "Tle",
		"CM1": "CM1", "CM1-CM2": "CM1 CM2", "CE2/CM1 Martin": "CE2 CM1", "PS MS": "PS MS", "PS-MS-GS": "PS MS GS", "CE 1 B": "CE1",
		"Petite section": "PS", "cm1 b": "CM1", "CPAM": "CP", "Cpam": "", "Psychologie": "", "Chorale": "", "": "", "Les Lions": "",
	} {
		var got []string
		for _, at := range levelsOf(name) {
			got = append(got, levels[at])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q is of %v, want %s", name, got, want)
		}
	}
}

func TestPromotedName_isSpelledLikeTheNameBefore(t *testing.T) {
	for name, want := range map[string]string{
		"6e A": "5e A", "6A": "5A", "6EME B": "5EME B", "601": "501", "4e": "3e", "CM1 B": "CM2 B", "cm1 b": "cm2 b", "CE 1 A": "CE2 A",
		"GS": "CP", "1G2": "TG2", "1re 3": "Tle 3", "Petite section 2": "MS 2", "3e A": "2de A", "CP": "CE1",
	} {
		at, _, ok := leadingLevel(name)
		if got := promotedName(name, at); !ok || got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
	if got := promotedName("Les Lions", levelCP); got != "" {
		t.Errorf("a name without a level becomes %q", got)
	}
}
