// Package referrer says where a visit came from: from which page, by which
// campaign, in which language. It stands inside anonymize, on the last stretch
// where a full referrer URL, a page's query string and an Accept-Language
// header still exist: in come those, out go a channel, the name of a source, of
// a plain website its host and path, a campaign and one language. It forgets
// scheme, port, user info, query, fragment, every click id and all languages
// but the first.
//
// The package is pure look-up over embedded tables (data/README.md): no I/O, no
// clock, nothing learned from one hit is kept for the next. It does not know
// the site: whether a referrer is the site itself is the caller's to ask.
//
// Start reading at [Classify], [Campaigns] and [Language].
//
// # Order of tests
//
// Matomo's, as far as this package takes part: an AI assistant (by referrer, or
// by utm_source: [AssistantByUTM]) goes before a campaign ([Campaigns]), that
// before the referrer's other kinds: search engine, social network, e-mail,
// website.
package referrer

import (
	"strings"

	"foule.eu/foule"
)

// Verdict is what a referrer URL says. The zero value is not used: an empty
// referrer has channel [foule.ChannelDirect].
type Verdict struct {
	Channel foule.Channel
	// Source is the name of the search engine, network, assistant or mail service
	// as the tables write it; of a website its host, lower case, without port,
	// with "www." if it was sent (Matomo keeps it).
	Source string
	// Page is host and path of a website, "" for all other channels. An empty
	// path is "/". It is not scrubbed yet.
	Page string
	// Keyword is what was searched for, lower case, at most 255 characters; nearly
	// always "" today. People type names and addresses: scrub it before it is kept.
	Keyword string
	// Spam says that the host is known for made-up referrers; such a hit is not counted.
	Spam bool
}

// Classify judges a raw referrer URL, android-app:// ones included. What is
// empty or does not look like a URL is direct, as in Matomo. Mail services,
// which Matomo counts as websites, have a channel of their own.
//
// A Verdict shares no memory with ref, so keeping one does not keep the URL.
func Classify(ref string) Verdict {
	l, ok := parseLink(ref)
	if !ok {
		return Verdict{Channel: foule.ChannelDirect}
	}
	src := sources.find(&l)
	if src == nil {
		return website(&l)
	}
	if src.spam {
		v := website(&l)
		v.Spam = true
		return v
	}
	return Verdict{Channel: src.channel, Source: src.name, Keyword: src.keyword(&l)}
}

// Website gives what a referrer URL says to a site that asks for no kinds of
// source: every host is a website, search engines and networks included.
func Website(ref string) Verdict {
	l, ok := parseLink(ref)
	if !ok {
		return Verdict{Channel: foule.ChannelDirect}
	}
	return website(&l)
}

func website(l *link) Verdict {
	path := l.path
	if path == "" {
		path = "/"
	}
	page := l.host + path
	return Verdict{Channel: foule.ChannelWebsite, Source: page[:len(l.host)], Page: page}
}

// keyword finds what was searched for. Bytes that are not UTF-8 come from
// engines of another charset and would make a label that nobody can read.
func (s *source) keyword(l *link) string {
	for _, name := range s.params {
		raw := param(l.query, name)
		if raw == "" {
			raw = param(l.fragment, name)
		}
		if raw != "" {
			if k := Fold(decodeValue(raw)); !strings.ContainsRune(k, '\uFFFD') {
				return k
			}
		}
	}
	return ""
}
