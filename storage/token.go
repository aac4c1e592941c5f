package storage

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
)

// NewSecret makes a random 128-bit secret in 32 hex digits, the form of
// Matomo's token_auth, and the hash under which it is stored.
func NewSecret() (secret string, hash [32]byte) {
	var b [16]byte
	rand.Read(b[:]) // never fails
	secret = hex.EncodeToString(b[:])
	return secret, HashToken(secret)
}

// HashToken gives the hash under which a secret is stored. A plain hash is
// enough: the secrets are random and as long as the key of a cipher.
func HashToken(secret string) [32]byte { return sha256.Sum256([]byte(secret)) }
