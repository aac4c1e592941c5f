package device

import (
	"hash/maphash"
	"sync"
)

// key is a 128-bit hash of a user agent and hints under two seeds drawn at
// start: the cache holds no user agent, and nobody outside can aim at a
// collision.
type key [2]uint64

const shards = 16

// cache remembers results by key. Each shard has two generations: when the
// young one is full it becomes the old one, whose entries are forgotten unless
// they were asked for again.
type cache struct {
	seeds  [2]maphash.Seed
	shards [shards]shard
}

type shard struct {
	mu         sync.Mutex // guards the maps, for a look-up or an insertion
	young, old map[key]Result
	limit      int // entries of a generation
}

// newCache makes a cache of at most entries results, rounded up to two per shard.
func newCache(entries int) *cache {
	c := &cache{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}
	for i := range c.shards {
		c.shards[i] = shard{young: make(map[key]Result), limit: max(1, entries/(2*shards))}
	}
	return c
}

// source is what a result depends on.
type source struct {
	ua    string
	hints Hints
}

func (c *cache) key(s source) key {
	return key{maphash.Comparable(c.seeds[0], s), maphash.Comparable(c.seeds[1], s)}
}

func (c *cache) get(k key) (Result, bool) {
	s := &c.shards[k[0]%shards]
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.young[k]; ok {
		return r, true
	}
	r, ok := s.old[k]
	if ok {
		s.insert(k, r)
	}
	return r, ok
}

func (c *cache) put(k key, r Result) {
	s := &c.shards[k[0]%shards]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.insert(k, r)
}

// insert wants the lock held.
func (s *shard) insert(k key, r Result) {
	if len(s.young) >= s.limit {
		s.young, s.old = s.old, s.young
		if s.young == nil {
			s.young = make(map[key]Result, s.limit)
		}
		clear(s.young)
	}
	s.young[k] = r
}
