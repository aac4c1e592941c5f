package config

import (
	"errors"
	"fmt"
)

// The presets of the small-number rule.
const (
	smallStandard = "standard"
	smallStrict   = "strict"
	smallCustom   = "custom"
)

var smallNumbers = map[string]struct{ k, kFiltered int }{smallStandard: {1, 3}, smallStrict: {5, 5}}

// settleSmallNumbers makes small-numbers, k and k-filtered one thing: a preset
// sets the two; where they alone are given, the preset is custom. A preset and a
// number that contradicts it are a mistake that nobody should have to guess about.
func (c *Config) settleSmallNumbers(explicit map[string]bool) error {
	if explicit["k"] || explicit["k-filtered"] {
		if !explicit["small-numbers"] {
			c.SmallNumbers = smallCustom
		}
	}
	preset, ok := smallNumbers[c.SmallNumbers]
	if !ok { // custom
		return nil
	}
	var faults []error
	for _, n := range []struct {
		name   string
		value  *int
		preset int
	}{{"k", &c.KPlain, preset.k}, {"k-filtered", &c.KFiltered, preset.kFiltered}} {
		if explicit[n.name] && *n.value != n.preset {
			faults = append(faults, fmt.Errorf("small-numbers is %s, which makes %s %d, but %s is given as %d: leave one of the two out, or set small-numbers to custom",
				c.SmallNumbers, n.name, n.preset, n.name, *n.value))
			continue
		}
		*n.value = n.preset
	}
	return errors.Join(faults...)
}
