package crowd

import (
	"math"
	"math/rand/v2"
)

// odds draws an index in proportion to weights, in constant time (Walker's
// method of aliases).
type odds struct {
	keep  []float64
	alias []int32
}

func newOdds(weights []float64) odds {
	n := len(weights)
	o := odds{make([]float64, n), make([]int32, n)}
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	var small, large []int32
	for i, w := range weights {
		o.keep[i] = w / sum * float64(n)
		if o.keep[i] < 1 {
			small = append(small, int32(i))
		} else {
			large = append(large, int32(i))
		}
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		o.alias[s] = l
		if o.keep[l] -= 1 - o.keep[s]; o.keep[l] < 1 {
			large = large[:len(large)-1]
			small = append(small, l)
		}
	}
	for _, i := range append(small, large...) {
		o.keep[i] = 1 // what is left is 1 but for rounding
	}
	return o
}

func (o odds) draw(rng *rand.Rand) int {
	i := rng.IntN(len(o.keep))
	if rng.Float64() < o.keep[i] {
		return i
	}
	return int(o.alias[i])
}

// zipf gives the weights of n ranks under the law r^-s.
func zipf(n int, s float64) []float64 {
	w := make([]float64, n)
	for r := range w {
		w[r] = math.Pow(float64(r+1), -s)
	}
	return w
}

// shares is zipf with a sum of 1.
func shares(n int, s float64) []float64 {
	w := zipf(n, s)
	sum := 0.0
	for _, x := range w {
		sum += x
	}
	for r := range w {
		w[r] /= sum
	}
	return w
}

// choice is a list of values with their odds.
type choice[T any] struct {
	values []T
	odds   odds
}

func choose[T any](values []T, weights []float64) choice[T] {
	return choice[T]{values, newOdds(weights)}
}

func (c *choice[T]) draw(rng *rand.Rand) *T { return &c.values[c.odds.draw(rng)] }

// trade gives an order of n popularity ranks in which each has moved by less
// than about a third of itself: the first few stay where they are.
func trade(rng *rand.Rand, n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	for i := n - 1; i > 0; i-- {
		j := i - rng.IntN(1+i/4)
		order[i], order[j] = order[j], order[i]
	}
	return order
}
