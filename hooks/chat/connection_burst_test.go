package chat

import (
	"slices"
	"testing"
)

func TestConnectionBurst_isOverOnce(t *testing.T) {
	for name, c := range map[string]struct {
		open []int // at each call
		over []int // the calls that return true
	}{
		"a few":                       {[]int{10, 500, 900, 900, 900}, nil},
		"many at once":                {[]int{10, 800, 2000, 2010, 2010, 2010}, []int{3}},
		"many, one after the other":   {[]int{40, 80, 120, 1000, 1040, 1080}, []int{4}},
		"two":                         {[]int{1500, 1500, 3000, 3000, 3000}, []int{1, 3}},
		"all gone and back":           {[]int{1500, 1500, 0, 1500, 1500}, []int{1, 4}},
		"a lesson's coming and going": {[]int{1500, 1500, 1300, 1700, 1400, 1700, 1700}, []int{1}},
	} {
		t.Run(name, func(t *testing.T) {
			var burst connectionBurst
			var over []int
			for i, open := range c.open {
				if burst.isOver(open) {
					over = append(over, i)
				}
			}
			if !slices.Equal(over, c.over) {
				t.Errorf("over at %v, want %v", over, c.over)
			}
		})
	}
}
