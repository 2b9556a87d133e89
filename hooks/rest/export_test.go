package rest

import "messagerie/hooks/config"

// AccessPatterns returns the routes with a row.
func AccessPatterns() (patterns []string) {
	for _, row := range New(nil, nil, nil, nil, nil, nil, nil, config.Default().Limits).access() {
		patterns = append(patterns, row.pattern)
	}
	return patterns
}
