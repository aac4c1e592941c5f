package proof

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
)

// KeyName is the name of the signing key in the data folder.
const KeyName = "prove.key"

// ErrSignature is wrapped by errors of a report that is not what was signed.
var ErrSignature = errors.New("the report is not as it was signed")

// purpose stands before what is signed, so that no signature serves for
// something else.
const purpose = "foule prove report 1\n"

// signed is a report with its signature, as it stands in a file.
type signed struct {
	Report    json.RawMessage `json:"report"`
	Key       []byte          `json:"key"`
	Signature []byte          `json:"signature"`
}

// Key gives the signing key of a file, and makes one on first use.
func Key(path string) (ed25519.PrivateKey, error) {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return newKey(path)
	}
	if err != nil {
		return nil, fmt.Errorf("proof: signing key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("proof: the signing key %s is open to others (mode %o): chmod 600 it, or remove it to have another made", path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("proof: signing key: %w", err)
	}
	seed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("proof: %s holds no signing key; remove it to have another made", path)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

func newKey(path string) (ed25519.PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, fmt.Errorf("proof: make a signing key: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("proof: make a signing key: %w", err)
	}
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(key.Seed()) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("proof: keep the signing key: %w", errors.Join(err, os.Remove(path)))
	}
	return key, nil
}

// Fingerprint names a public key in a form that can be read out.
func Fingerprint(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:8])
}

// Sign gives the report as a file's content.
func Sign(r *Report, key ed25519.PrivateKey) ([]byte, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("proof: %w", err)
	}
	return encode(signed{text, key.Public().(ed25519.PublicKey), ed25519.Sign(key, append([]byte(purpose), text...))})
}

func encode(s signed) ([]byte, error) {
	b, err := json.MarshalIndent(s, "", "\t")
	if err != nil {
		return nil, fmt.Errorf("proof: %w", err)
	}
	return append(b, '\n'), nil
}

// Verify reads what Sign gave, and says whose signature it bears. A report is
// valid as a whole or not at all: what is not signed, or could be read in two
// ways, is refused.
func Verify(content []byte) (*Report, ed25519.PublicKey, error) {
	var s signed
	if err := strictly(content, &s); err != nil {
		return nil, nil, err
	}
	var text bytes.Buffer
	if err := json.Compact(&text, s.Report); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrSignature, err)
	}
	if len(s.Key) != ed25519.PublicKeySize || !ed25519.Verify(s.Key, append([]byte(purpose), text.Bytes()...), s.Signature) {
		return nil, nil, ErrSignature
	}
	var r Report
	if err := strictly(text.Bytes(), &r); err != nil {
		return nil, nil, err
	}
	again, err := json.Marshal(&r)
	if err != nil || !bytes.Equal(again, text.Bytes()) {
		return nil, nil, fmt.Errorf("%w: it can be read in two ways", ErrSignature)
	}
	s.Report = again
	if whole, err := encode(s); err != nil || !bytes.Equal(bytes.TrimSpace(whole), bytes.TrimSpace(content)) {
		return nil, nil, fmt.Errorf("%w: the file holds more than the report", ErrSignature)
	}
	if r.Format != Format {
		return nil, nil, fmt.Errorf("proof: the report is of format %d, this program knows %d", r.Format, Format)
	}
	return &r, s.Key, nil
}

func strictly(content []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(content))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%w: %w", ErrSignature, err)
	}
	return nil
}
