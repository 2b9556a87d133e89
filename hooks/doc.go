// Package hooks is everything that this program adds to PocketBase. It rests on one
// principle: every change is a record save; rules run before it, announcements after
// it commits (messages and markers may take a fast path with the same rules, see package
// store). So a message sent through a socket, through REST or typed by an
// administrator into the dashboard obeys the same rules and reaches the same screens.
//
// Imports point one way (imports_test.go holds them to it):
//
//	main → hooks → {chat, rest, web, manual, ops, backup, demo} → {attachments, auth, closures, email, roster, privacy, search} → messagerie → school → store → {refusal, protocol}
//
// cluster stands beside store and rests on it; only main, hooks and apptest import it, and only it knows raft.
//
// config, emoji, passwords, protocol, ratelimit, refusal, text, totp and words are leaves that any
// package may import (refusal itself imports protocol); chat, rest, web, manual, ops and backup never import each other,
// except that web tells ops/logs which requests to leave out, and that ops reads how the last
// backup ended; only tests import apptest.
package hooks
