package session

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// keepDelivering sends what waits, until ctx ends. Every webhook has a lane of its own, so that one that
// does not answer holds no other up.
func (s *Service) keepDelivering(ctx context.Context) {
	var (
		lanes sync.WaitGroup
		mu    sync.Mutex
		next  = map[string]time.Time{} // when a lane has something to do; no entry is now
		busy  = map[string]bool{}
	)
	defer lanes.Wait()
	for woken := true; ; {
		mu.Lock()
		for _, w := range s.hooks.list() {
			early := next[w.ID].After(s.now()) && !(woken && w.FailingSince.IsZero())
			if busy[w.ID] || !w.Enabled || early {
				continue
			}
			busy[w.ID] = true
			lanes.Go(func() {
				at := s.drainLane(ctx, w.ID)
				mu.Lock()
				defer mu.Unlock()
				busy[w.ID], next[w.ID] = false, at
			})
		}
		mu.Unlock()
		select {
		case <-ctx.Done():
			return
		case <-s.hooks.wake:
			woken = true
		case <-time.After(time.Second):
			woken = false
		}
	}
}

// DeliverDue sends what is due to every webhook by now, and returns.
func (s *Service) DeliverDue(ctx context.Context) {
	var lanes sync.WaitGroup
	for _, w := range s.hooks.list() {
		lanes.Go(func() { s.drainLane(ctx, w.ID) })
	}
	lanes.Wait()
}

// laneRest is how long a lane rests after our own side has failed, as on a full disk.
const laneRest = 10 * time.Second

// drainLane sends everything that is due to a webhook, and returns when to look again. A receiver that
// fails is tried with one message at a time, at growing intervals.
func (s *Service) drainLane(ctx context.Context, webhook string) time.Time {
	const atOnce = 4
	for {
		hook, ok := s.hooks.find(webhook)
		due, next, err := s.due(ctx, webhook)
		if err != nil && ctx.Err() == nil {
			s.log.Error("webhook queue", "webhook", webhook, "err", err)
		}
		if !ok || !hook.Enabled || err != nil || len(due) == 0 {
			return next
		}
		if !hook.FailingSince.IsZero() {
			due = [][]string{due[0][:1]}
		}
		var sending sync.WaitGroup
		var broken atomic.Bool
		slots := make(chan struct{}, atOnce)
		for _, ids := range due {
			slots <- struct{}{}
			sending.Go(func() {
				defer func() { <-slots }()
				if err := s.sendInOrder(ctx, webhook, ids); err != nil {
					broken.Store(true)
					if ctx.Err() == nil {
						s.log.Error("webhook delivery", "webhook", webhook, "err", err)
					}
				}
			})
		}
		sending.Wait()
		if broken.Load() { // what came of it is not stored: at once, the receiver would get the same again and again
			return s.now().Add(laneRest)
		}
		if hook, _ = s.hooks.find(webhook); !hook.FailingSince.IsZero() {
			return s.now().Add(pause(s.now().Sub(hook.FailingSince)))
		}
	}
}

// pause is how long a receiver that has failed for so long is left alone.
func pause(failing time.Duration) time.Duration {
	return min(max(failing/4, 10*time.Second), 15*time.Minute)
}

// due returns the deliveries to send now, those of one session together and in order, and when there will
// be more. What comes after a delivery that must wait, waits with it.
func (s *Service) due(ctx context.Context, webhook string) (due [][]string, next time.Time, err error) {
	const batch = 500
	now := s.now()
	next = now.Add(time.Minute)
	group, blocked := map[ID]int{}, map[ID]bool{}
	for after := ""; len(due) < batch; {
		some, err := s.store.WaitingDeliveries(ctx, webhook, after, batch)
		if err != nil || len(some) == 0 {
			return due, next, err
		}
		for _, w := range some {
			after = w.ID
			at, there := group[w.Session]
			switch {
			case blocked[w.Session]:
			case w.Next.After(now):
				blocked[w.Session] = w.Session != ""
				if w.Next.Before(next) {
					next = w.Next
				}
			case there:
				due[at] = append(due[at], w.ID)
			default:
				group[w.Session] = len(due)
				due = append(due, []string{w.ID})
			}
		}
	}
	return due, next, nil
}

func (s *Service) sendInOrder(ctx context.Context, webhook string, ids []string) error {
	for _, id := range ids {
		d, err := s.send(ctx, webhook, id)
		if CodeOf(err) == NotFound { // the webhook was deleted meanwhile
			return nil
		}
		if err != nil || d.State == DeliveryWaiting {
			return err
		}
	}
	return nil
}
