package logs

import (
	"encoding/json"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// The length of a line, in bytes. A stack trace has two to four thousand.
const (
	maxMessage = 500
	maxText    = 4000 // each in the data
	maxData    = 8000
)

// cut shortens a text, between two characters.
func cut(text string, bytes int) string {
	if len(text) <= bytes {
		return text
	}
	return strings.ToValidUTF8(text[:bytes], "") + "…"
}

// rowBytes is the size of a row without message and data, index entries included.
const rowBytes = 200

// shorten bounds a line, and returns its approximate size in bytes.
func shorten(line *core.Log) int {
	line.Message = cut(line.Message, maxMessage)
	for key, value := range line.Data {
		if text, ok := value.(string); ok && len(text) > maxText {
			line.Data[key] = cut(text, maxText)
		}
	}
	encoded, err := json.Marshal(line.Data)
	if err != nil || len(encoded) > maxData {
		line.Data = types.JSONMap[any]{keyType: line.Data[keyType], "cut": cut(string(encoded), maxText)}
	}
	return 2*len(line.Message) + min(len(encoded), maxData) + rowBytes
}
