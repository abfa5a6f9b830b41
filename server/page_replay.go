package server

import (
	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

type replayView struct {
	frame
	S       session.Session
	Replays []session.Replay
}

// replay answers POST /sessions/:id/replay: the screenings once more, with the lists of their day.
func (s *Server) replay(c *fiber.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	replays, err := s.o.Sessions.Replay(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	got, err := s.o.Sessions.Get(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "replay", "main", replayView{frame: s.frame(c, "Replay", "sessions"), S: got, Replays: replays})
}

type replayPage struct {
	Items []session.Replay `json:"items"`
}

// apiReplay answers POST /api/v1/sessions/:id/replay.
func (s *Server) apiReplay(c *fiber.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	replays, err := s.o.Sessions.Replay(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, replayPage{replays})
}
