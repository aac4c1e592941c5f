package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/demo"
	"foule.eu/foule/storage"
)

const (
	demoBulk = 500
	demoSeed = 20260101
)

// runDemo runs the collector and, on an empty data folder, sends it a made-up
// audience through the tracking endpoint; then it goes on sending, at the pace
// of the clock.
func runDemo(ctx context.Context, e env, args []string) error {
	f := flags("demo")
	days := f.Int("days", 90, "")
	c, err := load("demo", args, f)
	if err != nil {
		return err
	}
	return serve(ctx, e, c, func(ctx context.Context, s *service) error {
		d := &demonstration{service: s, env: e, seed: demoSeed, days: *days}
		return d.run(ctx)
	})
}

// demonstration sends made-up hits to its own collector.
type demonstration struct {
	*service
	env   env
	seed  uint64
	days  int
	token string
	ids   map[*demo.Site]foule.SiteID
	sites []*demo.Site
}

func (d *demonstration) run(ctx context.Context) error {
	now := time.Now()
	d.sites = demo.Sites(now)
	fresh, err := d.prepare(ctx)
	if err != nil {
		return err
	}
	if fresh {
		if err := d.history(ctx, now); err != nil {
			return err
		}
	}
	return d.live(ctx, now)
}

// prepare finds or makes the demonstration's sites and a token for this run.
func (d *demonstration) prepare(ctx context.Context) (fresh bool, err error) {
	known, err := d.store.Sites(ctx)
	if err != nil {
		return false, err
	}
	d.ids = map[*demo.Site]foule.SiteID{}
	for _, s := range d.sites {
		i := slices.IndexFunc(known, func(k foule.Site) bool { return k.Name == s.Name })
		if i >= 0 {
			d.ids[s] = known[i].ID
			continue
		}
		fresh = true
		if d.ids[s], err = d.addSite(ctx, s, known); err != nil {
			return false, err
		}
		known = nil // site 1, the empty one of the first start, is taken once
	}
	return fresh, d.newToken(ctx)
}

const demoToken = "demonstration"

// newToken replaces the token of an earlier run, whose secret is gone.
func (d *demonstration) newToken(ctx context.Context) error {
	tokens, err := d.store.Tokens(ctx)
	if err != nil {
		return err
	}
	for _, t := range tokens {
		if t.Name != demoToken {
			continue
		}
		if err := d.store.DeleteToken(ctx, t.ID); err != nil {
			return err
		}
	}
	secret, hash := storage.NewSecret()
	d.token = secret
	_, err = d.store.AddToken(ctx, storage.Token{Hash: hash, Name: demoToken, Scope: storage.RoleWrite, Created: time.Now().Unix()})
	return err
}

func (d *demonstration) addSite(ctx context.Context, s *demo.Site, known []foule.Site) (foule.SiteID, error) {
	site := foule.Site{Name: s.Name, Hosts: []string{s.Host}, Timezone: s.Timezone, Currency: "EUR", Created: time.Now().Unix()}
	for _, g := range s.Goals {
		site.Goals = append(site.Goals, foule.Goal{Name: g.Name, Match: foule.Match(g.Match), Pattern: g.Pattern, PatternType: foule.PatternContains, RevenueMinor: g.RevenueMinor})
	}
	for _, f := range s.Funnels {
		site.AddFunnel(f.Name, demoSteps(f.Steps))
	}
	for _, dim := range s.Dimensions {
		scope := foule.ScopeAction
		if dim.OfVisit {
			scope = foule.ScopeVisit
		}
		if _, err := site.AddDimension(uint32(dim.Number), dim.Name, scope); err != nil {
			return 0, err
		}
	}
	if len(known) == 1 && known[0].Name == "My site" {
		site.ID = known[0].ID
		for _, g := range site.Goals {
			if _, err := d.store.AddGoal(ctx, site.ID, g); err != nil {
				return 0, err
			}
		}
		return site.ID, d.store.UpdateSite(ctx, site)
	}
	return d.store.AddSite(ctx, site)
}

func demoSteps(steps []demo.Step) (list []foule.FunnelStep) {
	for _, st := range steps {
		step := foule.FunnelStep{Name: st.Name, Goal: uint32(st.Goal)}
		if st.Goal == 0 {
			step.Match, step.Pattern, step.PatternType = foule.MatchURL, st.Pattern, foule.PatternContains
		}
		list = append(list, step)
	}
	return list
}

// history sends the days before now, oldest first.
func (d *demonstration) history(ctx context.Context, now time.Time) error {
	if err := d.collector.Endpoint.Sites.Refresh(ctx); err != nil {
		return err
	}
	total, began := 0, time.Now()
	for age := d.days; age >= 0; age-- {
		var hits []demo.Hit
		for _, s := range d.sites {
			loc, err := time.LoadLocation(s.Timezone)
			if err != nil {
				return err
			}
			y, m, day := now.In(loc).AddDate(0, 0, -age).Date()
			hits = append(hits, s.Day(int(d.ids[s]), time.Date(y, m, day, 0, 0, 0, 0, loc), now, d.seed)...)
		}
		if err := d.send(ctx, hits); err != nil {
			return err
		}
		total += len(hits)
		fmt.Fprintf(d.env.err, "\rsending a made-up audience: day %d of %d, %d hits ", d.days-age+1, d.days+1, total)
	}
	fmt.Fprintf(d.env.err, "\nsent %d hits in %s; the dashboard shows them in a few seconds\n", total, time.Since(began).Round(time.Second))
	return nil
}

// live sends today's remaining hits when their time comes, and then the next days'.
func (d *demonstration) live(ctx context.Context, from time.Time) error {
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-tick.C:
			var due []demo.Hit
			for _, s := range d.sites {
				due = append(due, d.between(s, from, now)...)
			}
			if err := d.send(ctx, due); err != nil {
				d.log.Warn("a made-up hit was not taken", "error", err)
			}
			from = now
		}
	}
}

// between gives the site's hits with from <= Time < to.
func (d *demonstration) between(s *demo.Site, from, to time.Time) []demo.Hit {
	loc, err := time.LoadLocation(s.Timezone)
	if err != nil {
		return nil
	}
	y, m, day := to.In(loc).Date()
	hits := s.Day(int(d.ids[s]), time.Date(y, m, day, 0, 0, 0, 0, loc), to, d.seed)
	return slices.DeleteFunc(hits, func(h demo.Hit) bool { return h.Time.Before(from) })
}

// send posts hits in bulks, as an importer does.
func (d *demonstration) send(ctx context.Context, hits []demo.Hit) error {
	for chunk := range slices.Chunk(hits, demoBulk) {
		queries := make([]string, len(chunk))
		for i := range chunk {
			queries[i] = chunk[i].Query
		}
		body, err := json.Marshal(map[string]any{"requests": queries, "token_auth": d.token})
		if err != nil {
			return err
		}
		if err := d.postPatiently(ctx, body, len(chunk)); err != nil {
			return err
		}
	}
	return nil
}

// demoPatience is how often a bulk is sent to a collector that is too busy.
const demoPatience = 30

var errBusy = errors.New("demo: the collector takes no hits at the moment")

// postPatiently sends a bulk of which the collector took nothing once more, a
// second later, as its answer 503 asks for.
func (d *demonstration) postPatiently(ctx context.Context, body []byte, hits int) error {
	for try := 1; ; try++ {
		err := d.post(ctx, body, hits)
		if !errors.Is(err, errBusy) || try == demoPatience {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

func (d *demonstration) post(ctx context.Context, body []byte, hits int) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.tracking+"/matomo.php", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	if err != nil {
		return err
	}
	var said struct{ Tracked, Invalid int }
	err = json.Unmarshal(answer, &said)
	if res.StatusCode == http.StatusServiceUnavailable && said.Tracked == 0 {
		return errBusy
	}
	if err != nil || said.Tracked != hits {
		return fmt.Errorf("demo: the collector took %d of %d hits (status %d)", said.Tracked, hits, res.StatusCode)
	}
	return nil
}
