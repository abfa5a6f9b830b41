package server

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// A hookForm is a webhook as typed.
type hookForm struct {
	URL, Method string
	Events      []string
	Version     int
}

func hookFormOf(w session.Webhook) hookForm {
	f := hookForm{URL: w.URL, Method: w.Method, Version: w.Version}
	for _, e := range w.Events {
		f.Events = append(f.Events, string(e))
	}
	return f
}

func typedHook(c *fiber.Ctx) hookForm {
	f := hookForm{URL: c.FormValue("url"), Method: c.FormValue("method"), Events: formValues(c, "events")}
	f.Version, _ = strconv.Atoi(c.FormValue("version"))
	return f
}

// onto puts what was typed into w.
func (f hookForm) onto(w session.Webhook) session.Webhook {
	w.URL, w.Method, w.Version, w.Events = f.URL, f.Method, f.Version, nil
	for _, e := range f.Events {
		w.Events = append(w.Events, session.HookEvent(e))
	}
	return w
}

type hooksView struct {
	settingsView
	Form   hookForm
	Fields session.Fields
	Failed string
	Hooks  []session.Webhook
}

// Methods are what a webhook may be sent with.
func (v hooksView) Methods() []option {
	return options([]string{"POST", "PUT"}, func(s string) string { return s }, []string{v.Form.Method})
}

// Events are what a webhook may be told.
func (v hooksView) Events() []option {
	var all []string
	for _, e := range session.HookEvents {
		all = append(all, string(e))
	}
	return options(all, hookEventName, v.Form.Events)
}

func hookEventName(e string) string {
	names := map[session.HookEvent]string{session.HookFinished: "A session finished", session.HookDecided: "A member decided",
		session.HookAlert: "A person may be on a sanctions list", session.HookTest: "Test"}
	if name, ok := names[session.HookEvent(e)]; ok {
		return name
	}
	return e
}

func deliveryName(s session.DeliveryState) string {
	return map[session.DeliveryState]string{session.DeliveryWaiting: "Waiting", session.DeliveryDone: "Delivered",
		session.DeliveryGivenUp: "Given up", session.DeliveryPointless: "Session gone"}[s]
}

func deliveryTone(s session.DeliveryState) string {
	return map[session.DeliveryState]string{session.DeliveryWaiting: "warn", session.DeliveryDone: "good", session.DeliveryGivenUp: "bad"}[s]
}

// showHooks answers GET /settings/webhooks.
func (s *Server) showHooks(c *fiber.Ctx) error {
	return s.hooksPage(c, fiber.StatusOK, hookForm{Method: "POST", Events: []string{string(session.HookFinished)}}, nil)
}

func (s *Server) hooksPage(c *fiber.Ctx, status int, f hookForm, failed error) error {
	around, err := s.settingsView(c, "webhooks")
	if err != nil {
		return err
	}
	view := hooksView{settingsView: around, Form: f, Fields: fieldsOf(failed)}
	if failed != nil {
		view.Failed = session.MessageOf(failed)
	}
	if view.Hooks, err = s.o.Sessions.Webhooks(c.UserContext(), actor(c), around.Company.Slug); err != nil {
		return err
	}
	return s.render(c, status, "webhooks", "main", view)
}

// addHook answers POST /settings/webhooks.
func (s *Server) addHook(c *fiber.Ctx) error {
	around, err := s.settingsView(c, "webhooks")
	if err != nil {
		return err
	}
	f := typedHook(c)
	w, err := s.o.Sessions.AddWebhook(c.UserContext(), actor(c), f.onto(session.Webhook{Company: around.Company.Slug}))
	if status, ok := showAgain(err); ok {
		return s.hooksPage(c, status, f, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.base+"/settings/webhooks/"+w.ID+"?done=hook-added", fiber.StatusSeeOther)
}

type hookView struct {
	hooksView
	Hook       session.Webhook
	Deliveries []session.Delivery
	Next       string // cursor of older deliveries
	Tried      *session.Delivery
}

// showHook answers GET /settings/webhooks/:hook?before=.
func (s *Server) showHook(c *fiber.Ctx) error {
	w, err := s.o.Sessions.Webhook(c.UserContext(), actor(c), c.Params("hook"))
	if err != nil {
		return err
	}
	return s.hookPage(c, fiber.StatusOK, w, hookFormOf(w), nil, nil)
}

func (s *Server) hookPage(c *fiber.Ctx, status int, w session.Webhook, f hookForm, failed error, tried *session.Delivery) error {
	around, err := s.settingsViewOf(c, "webhooks", w.Company)
	if err != nil {
		return err
	}
	view := hookView{hooksView: hooksView{settingsView: around, Form: f, Fields: fieldsOf(failed)}, Hook: w, Tried: tried}
	view.Title = "Webhook"
	if failed != nil {
		view.Failed = session.MessageOf(failed)
	}
	view.Deliveries, err = s.o.Sessions.Deliveries(c.UserContext(), actor(c), w.ID, c.Query("before"), pageSize)
	if err != nil {
		return err
	}
	if len(view.Deliveries) == pageSize {
		view.Next = view.Deliveries[pageSize-1].ID
	}
	return s.render(c, status, "webhook", "main", view)
}

// Last is the newest try of a delivery, or nil.
func (hookView) Last(d session.Delivery) *session.DeliveryTry {
	if len(d.Tries) == 0 {
		return nil
	}
	return &d.Tries[len(d.Tries)-1]
}

// Answered is what the receiver said, as "500 Internal Server Error".
func (hookView) Answered(t session.DeliveryTry) string {
	said := strings.TrimSpace(fmt.Sprintf("%d %s", t.Status, http.StatusText(t.Status)))
	if t.Status/100 == 3 {
		said += ", which is not followed"
	}
	return said
}

// changeHook answers POST /settings/webhooks/:hook with what to do.
func (s *Server) changeHook(c *fiber.Ctx) error {
	ctx, who := c.UserContext(), actor(c)
	w, err := s.o.Sessions.Webhook(ctx, who, c.Params("hook"))
	if err != nil {
		return err
	}
	f, done := hookFormOf(w), ""
	switch do := c.FormValue("do"); do {
	case "save":
		f, done = typedHook(c), "saved"
		_, err = s.o.Sessions.SaveWebhook(ctx, who, f.onto(w))
	case "on", "off":
		changed := w
		changed.Enabled, done = do == "on", "hook-"+do
		_, err = s.o.Sessions.SaveWebhook(ctx, who, changed)
	case "rotate":
		done = "hook-rotated"
		_, err = s.o.Sessions.RotateSecret(ctx, who, w.ID)
	case "delete":
		if err := s.o.Sessions.DeleteWebhook(ctx, who, w.ID); err != nil {
			return err
		}
		return c.Redirect(s.base+"/settings/webhooks?company="+w.Company+"&done=hook-deleted", fiber.StatusSeeOther)
	case "test":
		tried, err := s.o.Sessions.TestWebhook(ctx, who, w.ID)
		if err != nil {
			return err
		}
		return s.hookPage(c, fiber.StatusOK, w, f, nil, &tried)
	default:
		err = session.Fields{"do": "Use save, on, off, rotate, test or delete."}.Err("server.changeHook")
	}
	if status, ok := showAgain(err); ok {
		return s.hookPage(c, status, w, f, err, nil)
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.base+"/settings/webhooks/"+w.ID+"?done="+done, fiber.StatusSeeOther)
}

// redeliver answers POST /settings/webhooks/:hook/deliveries/:delivery: the message goes out once more.
func (s *Server) redeliver(c *fiber.Ctx) error {
	w, err := s.o.Sessions.Webhook(c.UserContext(), actor(c), c.Params("hook"))
	if err != nil {
		return err
	}
	tried, err := s.o.Sessions.Redeliver(c.UserContext(), actor(c), w.ID, c.Params("delivery"))
	if err != nil {
		return err
	}
	return s.hookPage(c, fiber.StatusOK, w, hookFormOf(w), nil, &tried)
}
