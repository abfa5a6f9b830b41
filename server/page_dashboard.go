package server

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

type dashboardView struct {
	frame
	session.Overview
	Ready   bool
	Period  int
	Company string
	Lists   []session.ListRecord
	Chart   dayChart
}

var periods = []int{7, 30, session.OverviewDays}

// Periods are the numbers of days to choose from.
func (dashboardView) Periods() []int { return periods }

// Statuses are the columns of the table, as the bars are stacked.
func (dashboardView) Statuses() []session.Status { return stacked }

// Rate is the share of successes among what was decided.
func (v dashboardView) Rate() string {
	if rate, ok := v.Total.SuccessRate(); ok {
		return fmt.Sprintf("%.1f %%", 100*rate)
	}
	return unknown
}

// Rejected counts the rejected sessions of the period.
func (v dashboardView) Rejected() int { return v.Total.Status[session.Rejected] }

// AwaitingNow counts the sessions of the period that await action.
func (v dashboardView) AwaitingNow() int { return v.Total.Status[session.AwaitingAction] }

// NewestFirst are the days as the table shows them.
func (v dashboardView) NewestFirst() []session.DayCount {
	days := slices.Clone(v.Days)
	slices.Reverse(days)
	return days
}

// showDashboard answers GET /dashboard?days=&company=.
func (s *Server) showDashboard(c *fiber.Ctx) error {
	view := dashboardView{frame: s.frame(c, "Dashboard", "dashboard"), Period: 30, Company: clip(c.Query("company"), 40)}
	if days, err := strconv.Atoi(c.Query("days")); err == nil && slices.Contains(periods, days) {
		view.Period = days
	}
	var companies []string
	if view.Company != "" {
		if _, err := s.o.Sessions.Company(c.UserContext(), actor(c), view.Company); err != nil {
			return err
		}
		companies, view.Accent = []string{view.Company}, view.Company
	}
	var err error
	if view.Overview, view.Ready, err = s.o.Sessions.Overview(c.UserContext(), actor(c), companies, view.Period); err != nil {
		return err
	}
	if view.Lists, err = s.o.Sessions.Lists(actor(c)); err != nil {
		return err
	}
	view.Chart = chartOf(view.Days)
	return s.render(c, fiber.StatusOK, "dashboard", "main", view)
}

// stacked is the order of the statuses in a bar, from the bottom.
var stacked = []session.Status{session.Success, session.Rejected, session.AwaitingAction, session.InProgress, session.Expired}

// A dayChart is a bar a day, in the units of its SVG.
type dayChart struct {
	Width, Height int
	Bars          []bar
	Lines         []gridLine
	Labels        []axisLabel
}

type bar struct {
	X, Y, W, H float64
	Status     session.Status
	Title      string
}

type gridLine struct {
	Y     float64
	Label string
}

type axisLabel struct {
	X    float64
	Text string
}

const (
	chartWidth, chartHeight = 720, 220
	chartLeft, chartRight   = 44, 20
	chartBottom             = 24
	chartTop                = 10
)

func chartOf(days []session.DayCount) dayChart {
	chart := dayChart{Width: chartWidth, Height: chartHeight}
	most := 0
	for _, d := range days {
		most = max(most, d.N)
	}
	step := gridStep(most)
	top := max(step, (most+step-1)/step*step)
	const plot = chartHeight - chartTop - chartBottom
	at := func(n int) float64 { return chartTop + plot*(1-float64(n)/float64(top)) }
	for n := 0; n <= top; n += step {
		chart.Lines = append(chart.Lines, gridLine{at(n), number(n)})
	}
	slot := float64(chartWidth-chartLeft-chartRight) / float64(len(days))
	for i, d := range days {
		x, below := chartLeft+slot*float64(i), 0
		for _, status := range stacked {
			n := d.Status[status]
			if n == 0 {
				continue
			}
			chart.Bars = append(chart.Bars, bar{X: x + slot*0.12, W: slot * 0.76, Y: at(below + n), H: at(below) - at(below+n), Status: status,
				Title: fmt.Sprintf("%s: %s %s", d.Day.Format("2 January"), number(n), statusName(status))})
			below += n
		}
		if every := max(1, (len(days)+6)/7); (len(days)-1-i)%every == 0 {
			chart.Labels = append(chart.Labels, axisLabel{x + slot/2, d.Day.Format("2 Jan")})
		}
	}
	return chart
}

// gridStep is a round number that divides most into at most five parts.
func gridStep(most int) int {
	for unit := 1; ; unit *= 10 {
		for _, step := range []int{unit, 2 * unit, 5 * unit} {
			if most <= 5*step {
				return step
			}
		}
	}
}

// took shows how long something took, in the unit that a person would use.
func took(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%.1f h", d.Hours())
	}
	return fmt.Sprintf("%.1f days", d.Hours()/24)
}

// share is n of all, 0 to 100, as long as a meter's bar.
func share(n, all int) float64 { return 100 * float64(n) / float64(max(1, all)) }

// youngerThan names a group of ages; 0 is what is left.
func youngerThan(under time.Duration) string {
	switch {
	case under == 0:
		return "Older"
	case under < 48*time.Hour:
		return fmt.Sprintf("Under %d hours", int(under.Hours()))
	}
	return fmt.Sprintf("Under %d days", int(under.Hours()/24))
}
