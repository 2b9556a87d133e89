package config

import (
	"errors"
	"strings"
	"time"

	"filippo.io/age"
)

func (c *Config) backupKeys() []key {
	b := &c.Backup
	return []key{
		{"backup.to", text(&b.To, "", "empty, the path of a folder, or s3", nil),
			"Where backups are kept: a folder on another disk, which no other server uses for its own, or s3 for the S3 that the dashboard has under Settings, Backups. The folder is made, but none above it, before the first backup; later no backup is made while it is missing or has none: its disk isn't mounted. Empty makes none by themselves.", traits{path: true}},
		{"backup.at", text(&b.At, "01:40", "a time of day in UTC from 00:00 to 23:59", timeOfDay),
			"When one is made each day, in UTC. A server that was off at that time makes it when it starts.", traits{}},
		{"backup.keep", whole(&b.Keep, 14, 1, 10_000, "backups"),
			"How many are kept at most.", traits{}},
		{"backup.keep_days", whole(&b.KeepDays, 30, 0, 3650, "days"),
			"How long they are kept at most, the newest one always. What was erased stays in them until then. 0 for any time.", traits{}},
		{"backup.age_recipient", text(&b.AgeRecipient, "", "empty, or a public key of age, age1…", emptyOr(ageRecipient)),
			"Encrypts backups for this public key (age-keygen makes one). Without the file of its private key, which is best kept elsewhere, nobody can read them.", traits{}},
		{"backup.restore_points", whole(&b.RestorePoints, 3, 0, 100, "restore points"),
			"How many copies of the database are kept in the data directory, for a month at most, of each kind: before an update, before a collection is emptied, before more than twenty people are deleted at once. 0 takes none.", traits{}},
	}
}

func timeOfDay(s string) (string, error) {
	if _, err := time.Parse("15:04", s); err != nil || len(s) != len("15:04") {
		return "", errors.New("is not HH:MM")
	}
	return s, nil
}

func ageRecipient(s string) (string, error) {
	recipients, err := age.ParseRecipients(strings.NewReader(s))
	if err != nil || len(recipients) != 1 {
		return "", errors.New("is not a public key of age")
	}
	return s, nil
}
