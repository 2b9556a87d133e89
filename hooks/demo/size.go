package demo

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"
)

// groupSize is how many people a generated group has; the last one of a round also
// has those who are left over.
const groupSize = 30

// Size is how large a generated school is. The same size gives the same school on
// the same day, except for its passwords and secrets.
type Size struct {
	People            int    `json:"people"`
	ConversationsEach int    `json:"conversations_each"` // of these one in six is a group
	Messages          int    `json:"messages"`           // in all
	Seed              uint64 `json:"seed"`
}

// sizeFlags are the flags of which any one makes it a generated school.
var sizeFlags = []string{"people", "conversations-each", "messages", "seed"}

func (s *Size) bind(flags *pflag.FlagSet) {
	flags.IntVar(&s.People, "people", 1000, "generate a school of this many people instead")
	flags.IntVar(&s.ConversationsEach, "conversations-each", 6, "of a generated school: conversations of each person, one in six a group of thirty")
	flags.IntVar(&s.Messages, "messages", 100_000, "of a generated school: messages in all")
	flags.Uint64Var(&s.Seed, "seed", 1, "of a generated school: another number gives another school")
}

func askedFor(flags *pflag.FlagSet) bool {
	for _, name := range sizeFlags {
		if flags.Changed(name) {
			return true
		}
	}
	return false
}

func (s Size) check() error {
	const maxPeople, maxMessages = 1_000_000, 1_000_000_000
	var wrong []error
	if s.People < 3 || s.People > maxPeople {
		wrong = append(wrong, fmt.Errorf("--people is %d, and can be 3 to %d", s.People, maxPeople))
	} else if most := min(s.People-1, 1000); s.ConversationsEach < 1 || s.ConversationsEach > most {
		wrong = append(wrong, fmt.Errorf("--conversations-each is %d, and can be 1 to %d for %d people",
			s.ConversationsEach, most, s.People))
	}
	if s.Messages < 0 || s.Messages > maxMessages {
		wrong = append(wrong, fmt.Errorf("--messages is %d, and can be 0 to %d", s.Messages, maxMessages))
	}
	return errors.Join(wrong...)
}

func (s Size) String() string {
	return fmt.Sprintf("%d people, %d conversations each, %d messages, seed %d",
		s.People, s.ConversationsEach, s.Messages, s.Seed)
}
