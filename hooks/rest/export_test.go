package rest

import (
	"messagerie/hooks/attachments"
	"messagerie/hooks/config"
)

// AccessPatterns returns the routes with a row.
func AccessPatterns() (patterns []string) {
	files := attachments.New(nil, nil, config.Default().Attachments, config.Default().Storage)
	for _, row := range New(nil, nil, nil, nil, nil, nil, nil, files, nil, nil, config.Default().Limits).access() {
		patterns = append(patterns, row.pattern)
	}
	return patterns
}
