package aggregate

import (
	"strconv"

	"foule.eu/foule"
)

// OrderGoal is the label of e-commerce orders in foule.DimGoal.
const OrderGoal = "order"

var hourLabels = func() (labels [24]string) {
	for i := range labels {
		labels[i] = string([]byte{'0' + byte(i/10), '0' + byte(i%10)})
	}
	return
}()

// hourLabel is "" for an hour that is not known.
func hourLabel(h uint8) string {
	if h == foule.NoHour {
		return ""
	}
	return hourLabels[h%24]
}

func goalLabel(id uint32) string {
	if id == 0 {
		return OrderGoal
	}
	return strconv.FormatUint(uint64(id), 10)
}

// withVersion joins a name and its version: "Firefox 123".
func withVersion(name, version string) string {
	if name == "" || version == "" {
		return name
	}
	return name + " " + version
}
