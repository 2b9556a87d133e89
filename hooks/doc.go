// Package hooks is everything that this program adds to PocketBase. Two sentences
// carry it: every change is a record save; rules run before it, announcements
// after it commits. So a message sent through a socket, through REST or typed by
// an administrator into the dashboard obeys the same rules and reaches the same
// screens.
//
// Imports point one way (imports_test.go holds them to it):
//
//	main → hooks → {chat, rest, demo} → {auth, email} → messagerie → protocol
//
// config and words are leaves that anyone may read; chat and rest never meet; only tests
// import apptest.
package hooks
