package protocol

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"
)

// An id is read exactly as its number, in whatever spelling, or not at all.
func FuzzID(f *testing.F) {
	for _, spelt := range []string{"0", "7", "-7", "2.0", "1e3", "1230e-1", "9007199254740991", "9007199254740992", "1e400", "1e-400",
		"0000000000000123", "null", `"7"`, "[1]", "-0.0e+5", "99999999999999999999"} {
		f.Add(spelt)
	}
	f.Fuzz(func(t *testing.T, spelt string) {
		parsed := ParseID(spelt)
		if parsed < 0 || parsed > MaxID || parsed > 0 && ParseID(parsed.RecordID()) != parsed {
			t.Fatalf("%q is the id %d", spelt, parsed)
		}
		const unset = ID(-1)
		id := unset
		if err := json.Unmarshal([]byte(spelt), &id); err != nil || id == unset && strings.TrimSpace(spelt) == "null" {
			return
		}
		if _, power, _ := strings.Cut(strings.ToLower(spelt), "e"); len(strings.TrimLeft(power, "+-0")) > 3 {
			return // more than the reference can calculate
		}
		exact, ok := new(big.Rat).SetString(strings.TrimSpace(spelt))
		if !ok || !exact.IsInt() || exact.Num().Cmp(big.NewInt(int64(id))) != 0 {
			t.Fatalf("%q is read as %d", spelt, id)
		}
	})
}
