package session

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"dossier/sanctions"
)

// MinThreshold is the lowest threshold that may be tried: below it nearly everybody has hits.
const MinThreshold = 0.7

// Limits of a preview: how many of the company's newest sessions it looks at, and how many samples it
// gives of each kind.
const (
	maxPreview = 2000
	maxSamples = 20
)

// A ThresholdPreview says what other thresholds would do to a company's own sessions.
type ThresholdPreview struct {
	Now     float64         `json:"now"`    // the threshold in force
	Chosen  float64         `json:"chosen"` // the one that is tried
	Looked  int             `json:"looked"` // persons compared
	Newest  int             `json:"newest"` // of so many newest sessions; the others have nobody to compare yet
	More    bool            `json:"more"`   // the company has more sessions than were looked at
	Counts  []ThresholdHits `json:"counts"` // by threshold, rising
	New     []PreviewHit    `json:"new"`    // samples of what would newly be a hit, the highest first
	Gone    []PreviewHit    `json:"gone"`   // samples of what would be a hit no more, the highest first
	NewHits int             `json:"new_hits"`
	Lost    int             `json:"lost_hits"`
}

// ThresholdHits is how many hits a threshold gives.
type ThresholdHits struct {
	Threshold float64 `json:"threshold"`
	Hits      int     `json:"hits"`
	Persons   int     `json:"persons"` // with at least one
}

// A PreviewHit is a hit on one side of the thresholds.
type PreviewHit struct {
	Session ID            `json:"session"`
	Person  string        `json:"person"`
	Hit     sanctions.Hit `json:"hit"`
}

// PreviewThreshold compares the persons of the company's newest sessions with the lists in force, and
// says how many hits other thresholds would give. Nothing is stored.
func (s *Service) PreviewThreshold(ctx context.Context, actor Actor, slug string, chosen float64) (ThresholdPreview, error) {
	const op = "session.PreviewThreshold"
	if err := actor.need(op, MayManage); err != nil {
		return ThresholdPreview{}, err
	}
	company, err := s.company(ctx, actor, slug)
	if err != nil {
		return ThresholdPreview{}, err
	}
	if !(chosen >= MinThreshold && chosen <= 1) {
		return ThresholdPreview{}, Fields{"threshold": "Use 0.7 to 1."}.Err(op)
	}
	p := ThresholdPreview{Now: company.Settings.HitThreshold(), Chosen: chosen}
	options := company.Settings.matching()
	options.Threshold = min(p.Now, chosen, MinThreshold+0.05)
	index := s.lists.Load().index
	var found []PreviewHit
	q := Query{Companies: []string{slug}, Limit: 200}
	for p.Newest < maxPreview {
		page, err := s.Find(ctx, actor, q)
		if err == nil {
			err = page.Whole()
		}
		if err != nil {
			return p, err
		}
		page.Sessions = page.Sessions[:min(len(page.Sessions), maxPreview-p.Newest)]
		p.Newest += len(page.Sessions)
		hits, looked := previewHits(index, page.Sessions, options)
		found, p.Looked = append(found, hits...), p.Looked+looked
		q.Cursor = page.Next
		if p.More = q.Cursor != ""; !p.More {
			break
		}
	}
	p.count(found)
	p.sample(found)
	return p, nil
}

// previewHits compares sessions on all cores.
func previewHits(index *sanctions.Index, sessions []Session, o sanctions.Options) (all []PreviewHit, looked int) {
	results := make([][]PreviewHit, len(sessions))
	var done sync.WaitGroup
	next := make(chan int)
	for range maxWorkers() {
		done.Go(func() {
			for i := range next {
				for _, h := range index.Screen(sessions[i].screened(), o) {
					results[i] = append(results[i], PreviewHit{sessions[i].ID, sessions[i].Person.FullName(), h})
				}
			}
		})
	}
	for i, got := range sessions {
		if got.Status != InProgress && got.screenable() == "" {
			looked++
			next <- i
		}
	}
	close(next)
	done.Wait()
	return slices.Concat(results...), looked
}

// count fills in how many hits each threshold gives: steps over the usual range, the one in force and the
// one that is tried.
func (p *ThresholdPreview) count(found []PreviewHit) {
	steps := []float64{0.75, 0.8, 0.85, 0.9, 0.95, p.Now, p.Chosen}
	slices.Sort(steps)
	for _, t := range slices.Compact(steps) {
		c := ThresholdHits{Threshold: t}
		persons := map[ID]bool{}
		for _, f := range found {
			if f.Hit.Score >= t {
				c.Hits++
				persons[f.Session] = true
			}
		}
		c.Persons = len(persons)
		p.Counts = append(p.Counts, c)
	}
}

func (p *ThresholdPreview) sample(found []PreviewHit) {
	for _, f := range found {
		switch score := f.Hit.Score; {
		case score >= p.Chosen && score < p.Now:
			p.New = append(p.New, f)
		case score >= p.Now && score < p.Chosen:
			p.Gone = append(p.Gone, f)
		}
	}
	p.NewHits, p.Lost = len(p.New), len(p.Gone)
	for _, list := range []*[]PreviewHit{&p.New, &p.Gone} {
		slices.SortFunc(*list, func(a, b PreviewHit) int {
			return cmp.Or(cmp.Compare(b.Hit.Score, a.Hit.Score), cmp.Compare(a.Session, b.Session))
		})
		*list = (*list)[:min(len(*list), maxSamples)]
	}
}
