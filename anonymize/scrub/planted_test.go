package scrub

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// seeds make something of each kind that must not survive.
var seeds = map[string]func(*rand.Rand) string{
	"email": func(r *rand.Rand) string {
		return word(r) + pick(r, ".", "_", "-", "+", "") + word(r) + "@" + word(r) + ".example"
	},
	"spelled": func(r *rand.Rand) string {
		return word(r) + pick(r, "(at)", " [at] ", " (at) ", "{at}", " [arobase] ") + word(r) + pick(r, ".", " [dot] ", "(dot)") + "example"
	},
	"base64": func(r *rand.Rand) string {
		return base64.RawURLEncoding.EncodeToString([]byte(word(r) + "@" + word(r) + ".example"))
	},
	"phone": func(r *rand.Rand) string {
		n := "6" + digits(r, 6) + "00" // never five pairs in rising order, which are taken for a draw
		sep := pick(r, " ", ".", "-", "")
		pairs := n[1:3] + sep + n[3:5] + sep + n[5:7] + sep + n[7:]
		return pick(r, "0", "+33 ", "+33", "0033", "+33 (0)") + n[:1] + sep + pairs
	},
	"card": func(r *rand.Rand) string {
		n := []byte("4" + digits(r, 14) + "0")
		for !luhn(n) {
			n[15]++
		}
		sep := pick(r, "", " ", "-")
		return string(n[:4]) + sep + string(n[4:8]) + sep + string(n[8:12]) + sep + string(n[12:])
	},
	"iban": func(r *rand.Rand) string {
		b := digits(r, 18)
		for check := range 100 {
			if n := fmt.Sprintf("DE%02d%s", check, b); check > 1 && mod97([]byte(n)) {
				return pick(r, n, strings.ToLower(n), n[:4]+" "+n[4:8]+" "+n[8:12]+" "+n[12:16]+" "+n[16:20]+" "+n[20:])
			}
		}
		panic("every number has check digits")
	},
	"nir": func(r *rand.Rand) string {
		var n [nirLength]byte
		copy(n[:], pick(r, "1", "2")+digits(r, 2)+fmt.Sprintf("%02d", 1+r.IntN(12))+pick(r, "69", "75", "2A", "2B")+digits(r, 6))
		for key := range 98 {
			copy(n[13:], fmt.Sprintf("%02d", key))
			if key > 0 && isNIR(&n) {
				break
			}
		}
		return string(n[:])
	},
	"ipv4": func(r *rand.Rand) string {
		return fmt.Sprintf("%d.%d.%d.%d", 30+r.IntN(200), r.IntN(256), r.IntN(256), r.IntN(256))
	},
	"ipv6": func(r *rand.Rand) string { return fmt.Sprintf("2001:db8:%x::%x", 1+r.IntN(0xffff), 1+r.IntN(0xffff)) },
	"mac": func(r *rand.Rand) string {
		return fmt.Sprintf("0a:%02x:%02x:%02x:%02x:%02x", r.IntN(256), r.IntN(256), r.IntN(256), r.IntN(256), r.IntN(256))
	},
	"place": func(r *rand.Rand) string { return fmt.Sprintf("%.6f,%.6f", 40+10*r.Float64(), 1+5*r.Float64()) },
	"uuid": func(r *rand.Rand) string {
		return fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", r.Uint32(), r.IntN(65536), r.IntN(4096), r.IntN(4096), r.Uint64()>>16)
	},
	"hash": func(r *rand.Rand) string { return fmt.Sprintf("%016x%016x", r.Uint64(), r.Uint64()) },
	"jwt": func(r *rand.Rand) string {
		return "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI" + letters(r, 20) + "." + letters(r, 30)
	},
	"named": func(r *rand.Rand) string {
		return pick(r, "password=", "token=", "user=", "session_id=", "Email=") + letters(r, 12)
	},
	"user": func(r *rand.Rand) string {
		return "https://" + word(r) + word(r) + ":" + letters(r, 8) + "@x.example/a"
	},
	"query": func(r *rand.Rand) string { return "https://x.example/a?" + letters(r, 8) + "=" + letters(r, 12) },
}

func pick(r *rand.Rand, list ...string) string { return list[r.IntN(len(list))] }

func word(r *rand.Rand) string {
	return pick(r, "jean", "marie", "dupont", "zoe", "martin", "shop", "web")
}

func digits(r *rand.Rand, n int) string { return fmt.Sprintf("%0*d", n, r.Uint64()%pow10(n)) }

func pow10(n int) (p uint64) {
	for p = 1; n > 0; n-- {
		p *= 10
	}
	return p
}

func letters(r *rand.Rand, n int) string {
	const all = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	b := make([]byte, n)
	for i := range b {
		b[i] = all[r.IntN(len(all))]
	}
	return string(b)
}

// dresses are ways to write the same text.
var dresses = map[string]func(*rand.Rand, string) string{
	"plain": func(_ *rand.Rand, s string) string { return s },
	"percent": func(_ *rand.Rand, s string) string {
		var b strings.Builder
		for i := range len(s) {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
		return b.String()
	},
	"percent twice": func(_ *rand.Rand, s string) string {
		var b strings.Builder
		for i := range len(s) {
			fmt.Fprintf(&b, "%%25%02x", s[i])
		}
		return b.String()
	},
	"percent where usual": func(_ *rand.Rand, s string) string {
		return strings.NewReplacer(" ", "%20", "@", "%40", "+", "%2B", ":", "%3A", "=", "%3D", "?", "%3F", "(", "%28", "[", "%5B").Replace(s)
	},
	"full width": func(_ *rand.Rand, s string) string {
		return strings.Map(func(c rune) rune {
			if c > ' ' && c < 0x7f {
				return c + 0xfee0
			}
			return c
		}, s)
	},
	"invisible characters": func(r *rand.Rand, s string) string {
		at := 1 + r.IntN(len(s)-1)
		return s[:at] + pick(r, "\u200b", "\u00ad", "\u200e", "\u2060", "\ufeff", "\u202e", "%E2%80%8B", "%00") + s[at:]
	},
}

// TestPlanted puts something of each kind, in each dress, between random
// surroundings and looks whether it is left, as it was written or as it reads.
func TestPlanted(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	before := []string{"", "Bonjour ", "/u/", "of (", "« ", "x: ", "12 ", "Réf. A-12 ", "(", "“", "/2024/", "é ", "[email] ", "1 234,56 € ", "von "}
	after := []string{"", " merci", "/edit", ")", " »", ", 2024", " 12", "…", "”", " (bis)", " [phone]", " – suite", "/"}
	var room buffers
	for name, seed := range seeds {
		for dress, put := range dresses {
			for range 300 {
				plain := seed(r)
				written := put(r, plain)
				in := pick(r, before...) + written + pick(r, after...)
				for _, f := range []func(string) string{Text, Path} {
					got := f(in)
					read, _ := room.decode(got)
					core := plain[strings.LastIndexAny(plain, "=?")+1:]
					if name == "user" {
						core = plain[len("https://"):strings.IndexByte(plain, '@')]
					}
					if strings.Contains(got, written) || strings.Contains(string(read), core) {
						t.Fatalf("%s, %s: %q becomes %q", name, dress, in, got)
					}
				}
			}
		}
	}
}

// FuzzPlanted lets the fuzzer choose the surroundings; what joins itself to a
// number or word makes another of it.
func FuzzPlanted(f *testing.F) {
	for i, text := range []string{"", "Bonjour ", "/u/", "1 234,56 €", "a=b&", "%40", "﹫", "[phone]", "https://x.example/?", "0 0 0", "é", "\xff", "eyJ"} {
		f.Add(text, text, uint64(i))
	}
	names := []string{"email", "hash", "uuid", "ipv4", "base64"}
	f.Fuzz(func(t *testing.T, before, after string, seed uint64) {
		r := rand.New(rand.NewPCG(seed, seed))
		for _, name := range names {
			plain := seeds[name](r)
			for _, f := range []func(string) string{Text, Path} {
				in := before + " " + plain + " " + after
				if got := f(in); strings.Contains(got, plain) && len(before) < maxInput {
					t.Errorf("%s: %q becomes %q", name, in, got)
				}
			}
		}
	})
}
