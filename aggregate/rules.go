package aggregate

import (
	"foule.eu/foule"
)

// hit applies one event to its visitor by Matomo's rules (tracking.md §6, §7).
func (d *day) hit(e *foule.Event) {
	p := d.visitor(e.Visitor)
	i := p.find(e.Time, d.settings.VisitLength)
	if e.Kind == foule.KindPing {
		if i >= 0 { // a ping lengthens a visit and starts none
			d.change(p)
			v := &p.visits[i]
			if e.Time > v.first { // it never moves its start
				v.stretch(e.Time)
			}
			d.time(v, e)
		}
		return
	}
	if i >= 0 && d.startsAnother(&p.visits[i], e) {
		i = -1
	}
	if i < 0 && len(p.visits) >= maxVisits {
		d.leaveOut(ReasonVisitLimit)
		return
	}
	d.change(p)
	if i < 0 {
		p.visits = append(p.visits, d.newVisit(e, len(p.visits)))
		i = len(p.visits) - 1
	} else {
		d.join(&p.visits[i], e)
	}
	d.act(&p.visits[i], e)
}

// startsAnother says whether the event begins a new visit although v is open:
// asked for, too many actions, or a campaign other than the visit's own.
func (d *day) startsAnother(v *visit, e *foule.Event) bool {
	if e.NewVisit || v.actions >= maxActions {
		return true
	}
	if e.Channel != foule.ChannelCampaign && e.Campaign.Name == "" || v.direct {
		return false
	}
	return v.label(foule.DimCampaign) != d.label(foule.DimCampaign, e.Campaign.Name) ||
		v.label(foule.DimCampaignTerm) != d.label(foule.DimCampaignTerm, e.Campaign.Term)
}

// newVisit begins a visit of a visitor who made so many before.
func (d *day) newVisit(e *foule.Event, before int) visit {
	v := visit{first: e.Time, last: e.Time, lastHit: e.Time, live: e.Time > d.now-minuteRetention, room: maxItems}
	if before >= manyVisits {
		v.room = maxLaterItems
	}
	d.setReferrer(&v, e)
	v.values = e.VisitValues
	for _, l := range []struct {
		dim  foule.Dimension
		text string
	}{
		{foule.DimContinent, e.Place.Continent},
		{foule.DimCountry, e.Place.Country},
		{foule.DimRegion, e.Place.Region},
		{foule.DimCity, e.Place.City},
		{foule.DimLanguage, e.Language},
		{foule.DimDeviceType, e.Device.Type},
		{foule.DimBrand, e.Device.Brand},
		{foule.DimBrowser, e.Device.Browser},
		{foule.DimBrowserVersion, withVersion(e.Device.Browser, e.Device.BrowserVersion)},
		{foule.DimOS, e.Device.OS},
		{foule.DimOSVersion, withVersion(e.Device.OS, e.Device.OSVersion)},
		{foule.DimResolution, e.Resolution},
		{foule.DimServerHour, hourLabel(e.ServerHour)},
		{foule.DimLocalHour, hourLabel(e.LocalHour)},
		{foule.DimConsent, e.Consent.Label()},
	} {
		v.setLabel(l.dim, d.label(l.dim, l.text))
	}
	return v
}

// join lets a later (or earlier, if it comes late) hit of the visit change what
// the visit is: its span, an unknown resolution, and a direct visit's referrer,
// which Matomo upgrades instead of splitting the visit.
func (d *day) join(v *visit, e *foule.Event) {
	if e.Time >= v.lastHit {
		v.setLabel(foule.DimServerHour, d.label(foule.DimServerHour, hourLabel(e.ServerHour)))
	}
	if e.Time < v.first {
		v.setLabel(foule.DimLocalHour, d.label(foule.DimLocalHour, hourLabel(e.LocalHour)))
	}
	v.stretch(e.Time)
	v.values |= e.VisitValues
	if v.label(foule.DimResolution) == emptyLabel && e.Resolution != "" {
		v.setLabel(foule.DimResolution, d.label(foule.DimResolution, e.Resolution))
	}
	if v.direct && !isDirect(e) {
		d.setReferrer(v, e)
	}
}

// isDirect says that nothing tells where a hit came from. Where channels are not
// collected, a source or a campaign would.
func isDirect(e *foule.Event) bool {
	return e.Channel == foule.ChannelDirect || e.Channel == "" && e.Source == "" && e.Campaign.Name == ""
}

func (d *day) setReferrer(v *visit, e *foule.Event) {
	v.direct = isDirect(e)
	v.setLabel(foule.DimChannel, d.label(foule.DimChannel, string(e.Channel)))
	v.setLabel(foule.DimSource, d.label(foule.DimSource, e.Source))
	v.setLabel(foule.DimReferrerPage, d.label(foule.DimReferrerPage, e.ReferrerPage))
	v.setLabel(foule.DimCampaign, d.label(foule.DimCampaign, e.Campaign.Name))
	v.setLabel(foule.DimCampaignSource, d.label(foule.DimCampaignSource, e.Campaign.Source))
	v.setLabel(foule.DimCampaignMedium, d.label(foule.DimCampaignMedium, e.Campaign.Medium))
	v.setLabel(foule.DimCampaignTerm, d.label(foule.DimCampaignTerm, e.Campaign.Term))
	v.setLabel(foule.DimCampaignDetail, d.label(foule.DimCampaignDetail, e.Campaign.Content))
}

// stretch widens the visit's span to t.
func (v *visit) stretch(t int64) {
	v.several = true
	v.first = min(v.first, t)
	v.last = max(v.last, t)
}

// act counts what the event did in its visit.
func (d *day) act(v *visit, e *foule.Event) {
	d.spendTime(v, e)
	hour := v.item(plain(byHour, labelID(e.Time/3600)))
	if e.Kind.IsAction() {
		v.actions++
		hour.actions++
	}
	switch e.Kind {
	case foule.KindPageView:
		hour.hits++
		d.view(v, e)
	case foule.KindDownload:
		d.leave(v, foule.DimDownload, e)
	case foule.KindOutlink:
		d.leave(v, foule.DimOutlink, e)
	case foule.KindSearch:
		d.search(v, e)
	case foule.KindCustom:
		d.customEvent(v, e)
	case foule.KindContent:
		d.content(v, e)
	}
	d.values(v, e)
	d.basket(v, e)
	d.time(v, e)
	for _, c := range e.Conversions {
		d.convert(v, e.Time, c)
	}
	for _, s := range e.Steps {
		d.step(v, s)
	}
	v.lastHit = max(v.lastHit, e.Time)
}

// spendTime gives the time since the visit's last hit to the page seen before.
// As in Matomo 5, a custom event or a conversion ends no page's time but moves
// the clock; a hit that comes late gives none.
func (d *day) spendTime(v *visit, e *foule.Event) {
	spent := min(e.Time-v.lastHit, d.settings.VisitLength)
	if !v.onPage || spent <= 0 || e.Kind == foule.KindCustom || e.Kind == foule.KindConversion {
		return
	}
	v.item(plain(foule.DimPage, v.page)).seconds += int32(spent)
	if v.title != emptyLabel { // Matomo times no page without a title
		v.item(plain(foule.DimTitle, v.title)).seconds += int32(spent)
	}
	for _, k := range v.marks {
		v.item(k).seconds += int32(spent)
	}
	v.marks = v.marks[:0] // the next action has values of its own, or none
}

func (d *day) view(v *visit, e *foule.Event) {
	v.hits++
	page := d.count(v, foule.DimPage, e.Page)
	title := d.count(v, foule.DimTitle, e.Title)
	if e.NoFlows {
		v.searched, v.keyword, v.section = false, emptyLabel, emptyLabel
	} else {
		v.follow(e.Time, page, title)
	}
	if v.entryAt == 0 || e.Time < v.entryAt {
		v.entryAt = e.Time
		v.setLabel(foule.DimEntryPage, d.label(foule.DimEntryPage, e.Page))
		v.setLabel(foule.DimEntryTitle, d.label(foule.DimEntryTitle, e.Title))
	}
	if e.Time >= v.exitAt {
		v.exitAt = e.Time
		v.setLabel(foule.DimExitPage, d.label(foule.DimExitPage, e.Page))
		v.setLabel(foule.DimExitTitle, d.label(foule.DimExitTitle, e.Title))
		v.page, v.title, v.onPage = page, title, true
		v.marks = v.marks[:0]
	}
}

func (d *day) customEvent(v *visit, e *foule.Event) {
	for _, l := range []struct {
		dim  foule.Dimension
		text string
	}{
		{foule.DimEventCategory, e.Custom.Category},
		{foule.DimEventAction, e.Custom.Action},
		{foule.DimEventName, e.Custom.Name},
	} {
		it := v.item(plain(l.dim, d.count(v, l.dim, l.text)))
		if e.Custom.HasValue {
			it.valueMilli += e.Custom.ValueMilli
			it.valueSeen++
		}
	}
}

// convert counts a conversion, once per visit unless the goal allows more.
func (d *day) convert(v *visit, t int64, c foule.Conversion) {
	k := plain(foule.DimGoal, d.label(foule.DimGoal, goalLabel(c.Goal)))
	if it := v.find(k); it != nil && !c.Multiple || c.After != 0 && v.seconds() <= int64(c.After) {
		return
	}
	hour := v.item(plain(byHour, labelID(t/3600)))
	hour.conversions++
	hour.revenue += c.RevenueMinor
	it := v.item(k)
	it.conversions++
	it.revenue += c.RevenueMinor
	v.conversions++
	v.revenue += c.RevenueMinor
}

// count adds one occurrence under an action dimension's label.
func (d *day) count(v *visit, dim foule.Dimension, text string) labelID {
	id := d.label(dim, text)
	v.item(plain(dim, id)).hits++
	return id
}
