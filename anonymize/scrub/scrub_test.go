package scrub

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

var textTests = []struct{ in, want string }{
	{"", ""},
	{"nothing here", "nothing here"},

	// e-mail
	{"Bonjour jean.dupont@example.fr !", "Bonjour [email] !"},
	{"john_doe+news@mail.example.co.uk", "[email]"},
	{"<o'neil@example.com>", "<[email]>"},
	{"mailto:john@example.com?subject=x", "mailto:[email]"},
	{"two: a@b.de, c@d.fr.", "two: [email], [email]."},
	{"john%40example.com", "[email]"},
	{"john%2540example.com", "[email]"},
	{"jörg@müller.example", "[email]"},
	{"user@xn--mller-kva.xn--p1ai", "[email]"},
	{"@user@mastodon.social", "@[email]"},
	{"logo@2x.png and lodash@4.17.21", "logo@2x.png and lodash@4.17.21"},
	{"meet @ 5 pm, me@home, @handle", "meet @ 5 pm, me@home, @handle"},

	// phone
	{"+33612345678", "[phone]"},
	{"+33 6 12 34 56 78", "[phone]"},
	{"+33 (0)6 12 34 56 78", "[phone]"},
	{"%2B33612345678", "[phone]"},
	{"0033 6 12 34 56 78", "[phone]"},
	{"0033612345678", "[phone]"},
	{"06 12 34 56 78", "[phone]"},
	{"06.12.34.56.78", "[phone]"},
	{"06-12-34-56-78", "[phone]"},
	{"06\u00a012\u00a034\u00a056\u00a078", "[phone]"},
	{"0612345678", "[phone]"},
	{"appelez le 01 42 34 56 78.", "appelez le [phone]."},
	{"Réf 1234 06 12 34 56 78", "Réf 1234 [phone]"},
	{"06 12 34 56 78 2024", "[phone] 2024"},
	{"12/03/2024 06 12 34 56 78", "12/03/2024 [phone]"},
	{"0176 12345678", "[phone]"},
	{"0176/12345678", "[phone]"},
	{"(030) 1234567", "[phone]"},
	{"030 / 123 45 67", "[phone]"},
	{"+49 (0) 176 / 1234-5678", "[phone]"},
	{"+49 30 1234567", "[phone]"},
	{"020 7946 0958", "[phone]"},
	{"07911 123456", "[phone]"},
	{"07911123456", "[phone]"},
	{"+44 20 7946 0958", "[phone]"},
	{"(415) 555-2671", "[phone]"},
	{"415-555-2671", "[phone]"},
	{"415.555.2671", "[phone]"},
	{"+1 415 555 2671", "[phone]"},
	{"1-415-555-2671", "[phone]"},
	{"0470 12 34 56", "[phone]"},
	{"044 668 18 00", "[phone]"},
	{"tel:612345678", "tel:[phone]"},
	{"Tél. : 612 34 56 78", "Tél. : [phone]"},

	// addresses
	{"from 203.0.113.7 today", "from [ip] today"},
	{"203.0.113.7:8080/x", "[ip]:8080/x"},
	{"203.0.113.0/24", "[ip]/24"},
	{"git-1.7.10.2.tar.gz", "git-1.7.10.2.tar.gz"},
	{"203.0.113.7.dyn.example.com", "[ip].dyn.example.com"},
	{"v1.2.3.4, 1.2.3.4.5, 256.1.1.1, 01.2.3.4", "v1.2.3.4, 1.2.3.4.5, 256.1.1.1, 01.2.3.4"},
	{"2001:db8::1", "[ip]"},
	{"[2a01:e0a:1:2:3:4:5:6]:443", "[[ip]]:443"},
	{"fe80::1ff:fe23:4567:890a", "[ip]"},
	{"2001%3Adb8%3A%3A1", "[ip]"},
	{"::ffff:192.0.2.1", "::ffff:[ip]"},

	// tokens
	{"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "[token]"},
	{"eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "[token]"},
	{"123e4567-e89b-12d3-a456-426614174000", "[token]"},
	{"user-123E4567-E89B-12D3-A456-426614174000-edit", "user-[token]-edit"},
	{"d41d8cd98f00b204e9800998ecf8427e", "[token]"},
	{"da39a3ee5e6b4b0d3255bfef95601890afd80709", "[token]"},
	{"My-Page-1234567890abcdef1234567890abcdef", "My-Page-[token]"},
	{"ghp_16C7e42F292c6912E7710c838347Ae178B4a", "[token]"},
	{"kT9vQ2xLr8-pW3nZ6yB1_cH5mD7sF0gJ4", "[token]"},
	{"inhibitAnyPolicy7subsubsubPolicyCertificate", "inhibitAnyPolicy7subsubsubPolicyCertificate"},
	{"q=MTIzNDU2Nzg5MGFiY2RlZg==", "q=[token]"},
	{"12345678901234567890123", "[token]"},

	// payment
	{"4111 1111 1111 1111", "[card]"},
	{"4111-1111-1111-1111", "[card]"},
	{"4111111111111111", "[card]"},
	{"5500005555555559", "[card]"},
	{"3782 822463 10005", "[card]"},
	{"4111111111111112", "4111111111111112"},
	{"FR14 2004 1010 0505 0001 3M02 606", "[iban]"},
	{"FR1420041010050500013M02606", "[iban]"},
	{"de89370400440532013000", "[iban]"},
	{"IBAN: GB29 NWBK 6016 1331 9268 19.", "IBAN: [iban]."},
	{"DE89370400440532013001", "[token]"}, // wrong check digit, but still a number like an account's

	{"bad \xff bytes", "bad \uFFFD bytes"},
}

var pathTests = []struct{ in, want string }{
	{"/user/jean.dupont@example.fr/edit", "/user/[email]/edit"},
	{"/user/jean.dupont%40example.fr", "/user/[email]"},
	{"/unsubscribe/john%2Bnews%40example.com", "/unsubscribe/[email]"},
	{"/q%3Djohn%40example.com", "/q%3D[email]"},
	{"/contact/06-12-34-56-78", "/contact/[phone]"},
	{"/contact/0612345678", "/contact/[phone]"},
	{"/tel-06-12-34-56-78", "/tel-[phone]"},
	{"06+12+34+56+78", "[phone]"},
	{"%2B33+6+12+34+56+78", "[phone]"},
	{"/call/+33612345678", "/call/[phone]"},
	{"/2024/0612345678/12", "/2024/[phone]/12"},
	{"/ip/203.0.113.7", "/ip/[ip]"},
	{"/ip/2001:db8::1/whois", "/ip/[ip]/whois"},
	{"/reset/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c", "/reset/[token]"},
	{"/order/123e4567-e89b-12d3-a456-426614174000/pay", "/order/[token]/pay"},
	{"/auth/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "/auth/[token]"},
	{"/(S(lit3py55t21z5v55vlm25s55))/page.aspx", "/(S([token]))/page.aspx"},
	{"/shop;jsessionid=0A1B2C3D/cart", "/shop/cart"},
	{"/shop;JSESSIONID=0A1B2C3D.node1?x=1", "/shop?x=1"},
	{"/shop;color=red/cart", "/shop;color=red/cart"},
	{"/pay/4111111111111111", "/pay/[card]"},
	{"/iban/DE89370400440532013000", "/iban/[iban]"},
}

func TestText(t *testing.T) {
	for _, tt := range textTests {
		if got := Text(tt.in); got != tt.want {
			t.Errorf("Text(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestPath(t *testing.T) {
	for _, tt := range pathTests {
		if got := Path(tt.in); got != tt.want {
			t.Errorf("Path(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// TestRandomTokens makes tokens as programs do and looks how many are found. The
// shortest of the poorest alphabet may look like words and numbers.
func TestRandomTokens(t *testing.T) {
	const upper, lower, digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789"
	random := rand.New(rand.NewPCG(3, 4))
	for _, tt := range []struct {
		name, alphabet string
		length         int
		percent        float64
	}{
		{"hex", digits + "abcdef", 20, 99},
		{"hex", digits + "abcdef", 32, 99},
		{"base36", digits + lower, 20, 90},
		{"base36", digits + lower, 32, 95},
		{"base62", digits + upper + lower, 20, 90},
		{"base62", digits + upper + lower, 32, 95},
		{"base64url", digits + upper + lower + "-_", 22, 90},
		{"base64url", digits + upper + lower + "-_", 43, 95},
		{"base32", upper + "234567", 20, 80},
		{"base32", upper + "234567", 32, 95},
	} {
		const tries = 2000
		found := 0
		for range tries {
			b := make([]byte, tt.length)
			for i := range b {
				b[i] = tt.alphabet[random.IntN(len(tt.alphabet))]
			}
			if in := "/reset/" + string(b); Path(in) != in {
				found++
			}
		}
		percent := 100 * float64(found) / tries
		t.Logf("%s of %d: %.1f %%", tt.name, tt.length, percent)
		if percent < tt.percent {
			t.Errorf("%s of %d: %.1f %% found, want %.0f %%", tt.name, tt.length, percent, tt.percent)
		}
	}
}

// TestStable scrubs rows of awkward pieces, short and longer than what is looked
// at: what comes out must be final, valid and bounded.
func TestStable(t *testing.T) {
	pieces := []string{"@", "a@", "a@b.co", "0 ", "06 12 34 56 78", "eyJ-", "eyJaaaaaaaaaaaaaaaaaa.", ";sid=1", "a-", "%25", "%2525", "%40",
		"(0", "+33", "2001:", "1.2.3.", "FR14 2004 1010 0505 0001 3M02 606", "4111111111111111", "ab12", "A1b2C3d4E5", "-", "_", "=", ".", "/",
		"é", "\u00a0", "tel:", "612345678", "::", "\xff", "]", "["}
	random := rand.New(rand.NewPCG(1, 2))
	for range 4000 {
		var row strings.Builder
		for range 1 + random.IntN(12) {
			row.WriteString(pieces[random.IntN(len(pieces))])
		}
		checkStable(t, row.String())
	}
	for range 100 {
		row := pieces[random.IntN(len(pieces))] + pieces[random.IntN(len(pieces))] + pieces[random.IntN(len(pieces))]
		checkStable(t, strings.Repeat(row, maxInput/len(row)+1))
	}
}

func checkStable(t *testing.T, in string) {
	t.Helper()
	for name, scrub := range map[string]func(string) string{"Text": Text, "Path": Path} {
		got := scrub(in)
		if again := scrub(got); again != got {
			t.Errorf("%s(%q) = %q, again %q", name, in, got, again)
		}
		if !utf8.ValidString(got) {
			t.Errorf("%s(%q) = %q is not UTF-8", name, in, got)
		}
		if len(got) > maxInput || len(got) > 3*len(in) {
			t.Errorf("%s of %d bytes gives %d", name, len(in), len(got))
		}
	}
}

func TestLongInput(t *testing.T) {
	long := strings.Repeat("ab ", maxInput) + "john@example.com"
	if got := Text(long); len(got) > maxInput {
		t.Errorf("Text keeps %d bytes, want at most %d", len(got), maxInput)
	}
}

// TestChain: what gives itself up one piece at a time is not waited for.
func TestChain(t *testing.T) {
	if got := Path(strings.Repeat("+33.", 500)); got != Removed {
		t.Errorf("%.40q…, want %q", got, Removed)
	}
	if got := Text(strings.Repeat("06 39 98 00 12, ", 100)); strings.Contains(got, "39") || !strings.HasPrefix(got, "[phone], [phone]") {
		t.Errorf("%.40q…", got)
	}
}

func FuzzScrub(f *testing.F) {
	for _, tt := range textTests {
		f.Add(tt.in)
	}
	for _, tt := range pathTests {
		f.Add(tt.in)
	}
	f.Fuzz(func(t *testing.T, in string) { checkStable(t, in) })
}

func TestCleanInputDoesNotAllocate(t *testing.T) {
	for _, in := range []string{
		"/blog/how-to-build-a-cookieless-analytics-collector-2024",
		"/archives/2024/03/12/article-1234567-concert-du-12-03-2025",
		"/fr/actualit%C3%A9s/caf%C3%A9-2024-03-12-1234567",
		"Fermé du 01/02/2024 au 15/02/2024",
	} {
		if n := testing.AllocsPerRun(100, func() { Path(in); Text(in); Label(in) }); n != 0 {
			t.Errorf("%q: %v allocations, want none", in, n)
		}
	}
}

func BenchmarkPath(b *testing.B) {
	for _, bb := range []struct{ name, path string }{
		{"slug of 60", "/blog/how-to-build-a-cookieless-analytics-collector-for-2024"},
		{"short", "/fr/produits/chaussures"},
		{"many digits", "/archives/2024/03/12/article-1234567-concert-du-12-03-2025"},
		{"escapes", "/fr/actualit%C3%A9s/caf%C3%A9-th%C3%A9%C3%A2tre-2024"},
		{"e-mail", "/user/jean.dupont%40example.fr/edit"},
		{"token", "/reset/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Path(bb.path)
			}
		})
	}
}

func BenchmarkText(b *testing.B) {
	for _, bb := range []struct{ name, text string }{
		{"plain", "How to build a cookieless analytics collector | Example"},
		{"French", "L’histoire de l’été : « où aller ? »"},
		{"dash", "Comment choisir son vélo électrique – Ville de Saint-Étienne"},
		{"price", "Canapé trois places à partir de 1 234,56 € – livraison du 12/03/2025"},
		{"phone", "Appelez le 06 39 98 00 12 de 9 h à 18 h"},
		{"long", strings.Repeat("a1 b-2 (c) d@e 3.4 ", 108)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Text(bb.text)
			}
		})
	}
}

func BenchmarkLabel(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Label("How to build a cookieless analytics collector – Example")
	}
}
