package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// Parameters of argon2id: the OWASP password storage cheat sheet's first choice
// for 19 MiB.
const (
	argonMemory  = 19 * 1024 // KiB
	argonTime    = 2
	argonThreads = 1
	saltBytes    = 16
	keyBytes     = 32
)

// Bounds of what a stored hash may ask for, so that a damaged one cannot
// exhaust the machine.
const (
	maxArgonMemory = 256 * 1024 // KiB
	maxArgonTime   = 16
)

const (
	minPasswordChars = 10
	maxPasswordBytes = 1000
)

var errHash = errors.New("auth: not a PHC string of argon2id")

// HashPassword hashes a password with argon2id and a fresh salt and writes it
// as a PHC string: $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH.
func HashPassword(password string) string {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, keyBytes)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		argonMemory, argonTime, argonThreads, b64.EncodeToString(salt), b64.EncodeToString(key))
}

// VerifyPassword says whether the password is the one that the PHC string was
// made of, in time that does not depend on where they differ. An unreadable
// string is an error.
func VerifyPassword(phc, password string) (bool, error) {
	h, err := parsePHC(phc)
	if err != nil {
		return false, err
	}
	key := argon2.IDKey([]byte(password), h.salt, h.time, h.memory, h.threads, uint32(len(h.key)))
	return subtle.ConstantTimeCompare(key, h.key) == 1, nil
}

type argonHash struct {
	memory, time uint32
	threads      uint8
	salt, key    []byte
}

func parsePHC(phc string) (argonHash, error) {
	var h argonHash
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return h, errHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.time, &h.threads); err != nil ||
		fmt.Sprintf("m=%d,t=%d,p=%d", h.memory, h.time, h.threads) != parts[3] {
		return h, errHash
	}
	if h.time < 1 || h.time > maxArgonTime || h.threads < 1 || h.memory > maxArgonMemory {
		return h, errHash
	}
	var err error
	if h.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil || len(h.salt) < 8 || len(h.salt) > 64 {
		return h, errHash
	}
	if h.key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(h.key) < 16 || len(h.key) > 64 {
		return h, errHash
	}
	return h, nil
}

func checkPassword(password string) error {
	if utf8.RuneCountInString(password) < minPasswordChars || len(password) > maxPasswordBytes {
		return ErrWeakPassword
	}
	return nil
}

// hashPassword is HashPassword behind the gate that bounds memory.
func (a *Auth) hashPassword(ctx context.Context, password string) (string, error) {
	if err := a.enterHashing(ctx); err != nil {
		return "", err
	}
	defer func() { <-a.hashing }()
	return HashPassword(password), nil
}

// verifyPassword is VerifyPassword behind the same gate. A user without a
// password is held against a decoy, so that the answer takes as long.
func (a *Auth) verifyPassword(ctx context.Context, phc, password string) (bool, error) {
	if err := a.enterHashing(ctx); err != nil {
		return false, err
	}
	defer func() { <-a.hashing }()
	if phc == "" {
		_, err := VerifyPassword(a.decoy, password)
		return false, err
	}
	return VerifyPassword(phc, password)
}

func (a *Auth) enterHashing(ctx context.Context) error {
	select {
	case a.hashing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("auth: wait to hash a password: %w", context.Cause(ctx))
	}
}
