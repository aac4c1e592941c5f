// Package privacy says what a site collects and what it promises: the features
// that can be switched off, the presets that pin some of them, and the reasons.
//
// It stands beside a hit's journey and is asked at both ends: anonymize asks
// what to drop at the door, report what may be shown, web and cmd what to write
// on the page that an auditor reads. It is a table and pure functions over the
// vocabulary: it knows no HTTP, no store and no clock.
//
// Start reading at [Features] and [Presets]; [Of] is what everybody asks.
//
// The rules behind it are public texts in our own words, not legal advice:
// French data-protection act art. 82, CNIL deliberations 2020-091 and 2020-092
// and its self-assessment of 4 July 2025 (known at second hand), GDPR, EDPB
// Guidelines 2/2023. A site may say that it meets the criteria by its own
// self-assessment of a date; nobody may say that Foule is certified.
package privacy
