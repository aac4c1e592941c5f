package crowd

import (
	"math/rand/v2"
	"strconv"

	"foule.eu/foule"
)

// device is a browser on a machine. How old the browser is, in versions, says
// its BrowserVersion, as a number.
type device struct {
	foule.Device
	age     int
	screens choice[string]
}

// machines are the systems with what comes with them, the most frequent first.
var machines = []struct {
	kind, os                            string
	weight                              float64
	versions, browsers, brands, screens []string
}{
	{"smartphone", "Android", 37, []string{"15", "14", "13", "16", "12", "11", "10"},
		[]string{"Chrome Mobile", "Samsung Browser", "Firefox Mobile", "Opera Mobile", "DuckDuckGo Privacy Browser", "Brave", "Facebook"},
		[]string{"Samsung", "Xiaomi", "Google", "OPPO", "Huawei", "Motorola", "OnePlus", "Honor", "Sony", "Fairphone", "Nokia", "Vivo", "Realme", "Asus"},
		[]string{"412x915", "360x800", "393x873", "384x832", "360x780", "412x892", "393x852", "411x914", "360x806", "385x854"}},
	{"smartphone", "iOS", 24, []string{"18", "17", "26", "16", "15"},
		[]string{"Mobile Safari", "Chrome Mobile iOS", "Facebook", "DuckDuckGo Privacy Browser", "Firefox Mobile iOS"},
		[]string{"Apple"}, []string{"390x844", "393x852", "375x812", "430x932", "414x896", "402x874", "375x667", "428x926", "440x956"}},
	{"desktop", "Windows", 23, []string{"11", "10", "8.1", "7"},
		[]string{"Chrome", "Microsoft Edge", "Firefox", "Opera", "Brave", "Vivaldi"},
		[]string{""}, []string{"1920x1080", "1536x864", "1366x768", "2560x1440", "1440x900", "1600x900", "1280x720", "1707x960", "1680x1050", "3840x2160"}},
	{"desktop", "Mac", 8, []string{"10.15", "15", "14", "13", "26"},
		[]string{"Safari", "Chrome", "Firefox", "Microsoft Edge", "Brave", "Arc"},
		[]string{"Apple"}, []string{"1440x900", "1512x982", "1728x1117", "1470x956", "2560x1440", "1920x1080", "1680x1050"}},
	{"desktop", "GNU/Linux", 3, []string{""}, []string{"Firefox", "Chrome", "Chromium", "Brave"}, []string{""}, []string{"1920x1080", "2560x1440", "1536x864", "3440x1440"}},
	{"tablet", "iPadOS", 2.5, []string{"18", "17", "26"}, []string{"Mobile Safari", "Chrome Mobile iOS"}, []string{"Apple"}, []string{"820x1180", "810x1080", "1024x1366", "834x1194"}},
	{"tablet", "Android", 1.6, []string{"13", "14", "12"}, []string{"Chrome", "Samsung Browser"}, []string{"Samsung", "Lenovo", "Xiaomi"}, []string{"800x1280", "1280x800", "753x1205"}},
	{"desktop", "Chrome OS", 0.7, []string{"16"}, []string{"Chrome"}, []string{""}, []string{"1366x768", "1536x864"}},
	{"tv", "Tizen", 0.1, []string{"6"}, []string{"Samsung Browser"}, []string{"Samsung"}, []string{"1920x1080"}},
	{"console", "PlayStation", 0.05, []string{"5"}, []string{"NetFront"}, []string{"Sony"}, []string{"1920x1080"}},
}

// versionsInUse is how many versions of a browser people have.
const versionsInUse = 6

func devices(rng *rand.Rand) choice[device] {
	var list []device
	var weights []float64
	for _, m := range machines {
		screens := append([]string{}, m.screens...)
		for range 8 { // and windows of every size
			screens = append(screens, strconv.Itoa(320+rng.IntN(160)*10)+"x"+strconv.Itoa(600+rng.IntN(60)*10))
		}
		screen := choose(screens, zipf(len(screens), 1.3))
		versions, browsers, brands := shares(len(m.versions), 1.4), shares(len(m.browsers), 1.6), shares(len(m.brands), 1.2)
		for v, version := range m.versions {
			for b, browser := range m.browsers {
				for n, brand := range m.brands {
					for age, share := range shares(versionsInUse, 1.8) {
						list = append(list, device{foule.Device{Type: m.kind, OS: m.os, OSVersion: version, Browser: browser, Brand: brand}, age, screen})
						weights = append(weights, m.weight*versions[v]*browsers[b]*brands[n]*share)
					}
				}
			}
		}
	}
	return choose(list, weights)
}
