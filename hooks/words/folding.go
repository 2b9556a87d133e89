package words

import (
	"strings"
	"unicode"
)

// folding has the characters that Unicode's own tables (NFKD, lower case, classes) treat as
// different although people type one for the other. The client has the same table,
// ui/src/lib/folding.json, which `make folding` generates from this one.
var folding = struct {
	// Joiners are inside a name and separate its words: apostrophes, and the middle
	// dot of Catalan. So do dashes, by their Unicode class.
	Joiners string `json:"joiners"`
	// Ignored are left out of a word, besides marks and default ignorable code points.
	Ignored string `json:"ignored"`
	// Letters are replaced by their key.
	Letters map[string]string `json:"letters"`
}{
	// Unicode's confusables of the apostrophe (UTS #39, confusables.txt) that are on
	// keyboards or used in transliterations; U+00B7 and U+2027 are MidLetter of UAX #29.
	Joiners: "'`‘’‛′‵ʹʺʻʼʽʾʿˈˊˋꞌ՚׳ߴߵ·‧",

	// TATWEEL, which only stretches a word: ignorable in CLDR's root collation for searching.
	Ignored: "ـ",

	Letters: map[string]string{
		// Unicode CaseFolding.txt (C and F), where folding differs from lower case. Cherokee
		// and Georgian fold to their lower case; the rest is decomposed by NFKD. The iota
		// below a Greek vowel (U+0345) is a letter beside it in capitals.
		"σ": "ς", "ss": "ß", "ι": "\u0345",
		"в": "ᲀ", "д": "ᲁ", "о": "ᲂ", "с": "ᲃ", "т": "ᲄᲅ", "ъ": "ᲆ", "ѣ": "ᲇ", "ꙋ": "ᲈ",

		// Latin letters that NFKD doesn't decompose, as sorted by the European ordering rules
		// (EN 13710, in CLDR's root collation); digraphs and thorn as in CLDR's Latin-ASCII.
		// The dotless i of Turkish is one: people without that key type i.
		"a": "ⱥᶏ", "b": "ƀƃɓᵬᶀꞗ", "c": "ƈȼɕꞓꞔ", "d": "đðɖɗƌȡᵭᶁᶑꟈ", "e": "əɛǝɇⱸᶒᶓ", "f": "ƒᵮᶂꞙ",
		"g": "ǥɠɡɣᶃꞡ", "h": "ħɦɧⱨꞕ", "i": "ıɨɩᶖ", "j": "ȷɉɟʝ", "k": "ƙⱪĸꝁꝃꝅᶄꞣ",
		"l": "łƚⱡɫɬɭȴꝉᶅꞎ", "m": "ɱᵯᶆ", "n": "ŋɲɳƞȵᵰᶇꞑꞥ", "o": "øɔɵⱺꝋꝍ", "p": "ƥᵽᵱᶈꝑꝓꝕ",
		"q": "ʠɋꝗꝙ", "r": "ɍɼɽɾᵲᵳᶉꞧ", "s": "ʂȿᵴᶊẜẝꞩꟊ", "t": "ŧⱦƫƭʈȶᵵ", "u": "ʉʊᶙꞹ", "v": "ʋⱱⱴᶌꝟ",
		"w": "ⱳ", "x": "ᶍ", "y": "ɏƴỿ", "z": "ƶȥⱬʐʑɀᵶᶎ",
		"ae": "æ", "oe": "œ", "th": "þ", "hv": "ƕ", "oi": "ƣ",

		// Arabic, by CLDR's root collation for searching: alef wasla (the other alefs and
		// hamzas lose their marks by NFKD), alef maksura, teh marbuta; and the Persian
		// and Urdu forms of kaf, yeh and heh, whose keyboards have no others.
		"ا": "ٱ", "ي": "ىیے", "ه": "ةہھۃە", "ك": "ک",

		// Digits of Arabic and Persian keyboards.
		"0": "٠۰", "1": "١۱", "2": "٢۲", "3": "٣۳", "4": "٤۴", "5": "٥۵", "6": "٦۶", "7": "٧۷", "8": "٨۸", "9": "٩۹",
	},
}

// spelling is the inverse of folding.Letters.
var spelling = func() map[rune]string {
	spelt := map[rune]string{}
	for to, letters := range folding.Letters {
		for _, letter := range letters {
			spelt[letter] = to
		}
	}
	return spelt
}()

// isIgnored reports whether a character of a decomposed text is left out of its word:
// accents and vowel signs, and Unicode's Default_Ignorable_Code_Point
// (DerivedCoreProperties.txt), such as zero-width spaces and joiners.
func isIgnored(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point) ||
		strings.ContainsRune(folding.Ignored, r)
}

// isJoiner reports whether a character separates the words of one name.
func isJoiner(r rune) bool {
	return unicode.Is(unicode.Pd, r) || strings.ContainsRune(folding.Joiners, r)
}

// isLetter reports whether a character is part of a word: letters, digits, and the spacing
// vowel signs of Indic scripts (Mc).
func isLetter(r rune) bool { return unicode.In(r, unicode.L, unicode.N, unicode.Mc) }
