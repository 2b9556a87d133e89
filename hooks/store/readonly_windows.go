package store

// IsReadOnly is for file systems that are mounted read-only, which Windows doesn't have.
func IsReadOnly(string) bool { return false }
