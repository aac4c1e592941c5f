// Package device tells what a visitor's device is, and whether there is a
// visitor at all: user agent and client hints come in, a few words of a closed
// vocabulary and two version numbers go out. It stands inside the door that
// anonymize is: nothing it was given may leave but those words, and it may
// forget everything.
//
// Names are Matomo's where Matomo has one. Rules are ordered tables in rules/,
// written from what vendors publish about their user agents; agent.go says how
// they are put together, bots.go who is not a person, hints.go what client
// hints change.
//
// # What cannot be told
//
// Safari on an iPad asks for the desktop site with the user agent of a Mac.
// Without a touch hint it counts as a Mac. Browsers freeze parts of their user
// agents: Chrome says Android 10, macOS 10.15 and Windows 10 whatever the truth
// is, and only client hints correct that.
package device

import (
	"strings"

	"foule.eu/foule"
)

// Hints are the client hints of a request; absent ones are empty.
type Hints struct {
	// JSON is Matomo's parameter uadata. Where it says something, the headers are not asked.
	JSON string
	// The headers Sec-CH-UA-Full-Version-List (or Sec-CH-UA), -Platform,
	// -Platform-Version, -Model and -Mobile, as they came.
	UA, Platform, PlatformVersion, Model, Mobile string
}

// Result is what a user agent and hints say.
//
// Type is one of desktop, smartphone, tablet, tv, console, feature phone, car
// browser, wearable, smart speaker, smart display, camera, portable media
// player, or "" when unknown. There is no phablet: those are smartphones. Brand
// is the device's maker; of desktops only Apple is told.
//
// BrowserVersion is the major version. OSVersion is "major.minor" as in
// Matomo's reports ("10.15", "17.3"), for Android without a minor version of
// zero ("14", "8.1"), the marketing version of Windows ("11", "8.1", "XP"), and
// Matomo's mix of generation and firmware for a PlayStation ("5.6").
//
// Tablets since iPadOS 13 run iPadOS; Matomo's reports label them iOS. From
// Safari 26 on, iOS is the version that Safari has, where Matomo reports the
// 18.6 or 18.7 that the user agent froze at.
type Result struct {
	foule.Device
	// Bot says that no person sent this. The device is then left empty.
	Bot bool
	// BotName is a product's name from the rules, never text of the user agent.
	BotName string
	// BotKind is ai-assistant, ai-crawler, search, seo, ads, monitor, feed,
	// preview, archive, scanner, headless, tool or other.
	BotKind string
}

// Parser parses user agents. It is safe for concurrent use.
type Parser struct {
	*tables
	cache *cache // nil: none
}

// maxAgentBytes and maxHintBytes bound the work that one request can ask for.
// Real user agents stay below 1,000 bytes; what lies behind is not looked at.
const (
	maxAgentBytes = 2048
	maxHintBytes  = 4096
)

// New makes a parser that remembers about cacheEntries results (some 200
// bytes each), by a keyed hash of what they came from; 0 remembers none.
func New(cacheEntries int) *Parser {
	p := &Parser{tables: known()}
	if cacheEntries > 0 {
		p.cache = newCache(cacheEntries)
	}
	return p
}

// Parse describes the device behind a user agent and hints. The result shares
// no memory with them.
func (p *Parser) Parse(ua string, h Hints) Result {
	if p.cache == nil {
		return p.parse(ua, h)
	}
	k := p.cache.key(source{ua, h})
	if r, ok := p.cache.get(k); ok {
		return r
	}
	r := p.parse(ua, h)
	p.cache.put(k, r)
	return r
}

func (p *Parser) parse(ua string, h Hints) Result {
	ua = strings.TrimSpace(ua[:min(len(ua), maxAgentBytes)])
	hint := readHints(h)
	a := p.read(ua)
	b, isBot := a.bot()
	switch {
	case hint.headless:
		b, isBot = bot{"HeadlessChrome", "headless"}, true
	case ua == "" && !hint.empty():
		isBot = false
	case ua == "":
		b = noAgent
	}
	if isBot {
		return Result{Bot: true, BotName: b.name, BotKind: b.kind}
	}
	d := a.describe()
	hint.correct(p.tables, &d)
	return Result{Device: d}
}
