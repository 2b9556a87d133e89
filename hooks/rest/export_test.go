package rest

import "messagerie/hooks/config"

// AccessPatterns are the routes with a row that says who may use them.
func AccessPatterns() (patterns []string) {
	for _, row := range New(nil, nil, nil, config.Default().Limits).access() {
		patterns = append(patterns, row.pattern)
	}
	return patterns
}
