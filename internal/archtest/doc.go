// Package archtest holds the rules of the house as tests: which way imports
// point, and that every package says where it stands. It has no code of its own.
package archtest
