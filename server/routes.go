package server

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
	"dossier/staff"
)

// permissions says what the roles may do. A second look at each permission is taken in package session.
// A master of all companies has MayList too, since lists and re-screenings concern them all.
var permissions = map[staff.Role][]session.Permission{
	staff.Master:  {session.MayRead, session.MayIngest, session.MayDecide, session.MayExport, session.MayExportPersonal, session.MayManage},
	staff.Agent:   {session.MayRead, session.MayDecide},
	staff.Auditor: {session.MayRead, session.MayExport, session.MayExportPersonal},
}

// leaderMay is what a master of all companies may do.
var leaderMay = append(slices.Clone(permissions[staff.Master]), session.MayList)

// mayOf is what a member may do, only to be read.
func mayOf(m staff.Member) []session.Permission {
	may := permissions[m.Role]
	if m.Role == staff.Master && m.Everyone {
		may = leaderMay
	}
	if m.Impersonal {
		may = slices.DeleteFunc(slices.Clone(may), func(p session.Permission) bool { return p == session.MayExportPersonal })
	}
	return may
}

// For the routes of anybody nobody has to be logged in. Those of unasked do not even look who it is, so
// that they answer when the store does not: a page that says so needs its style sheets.
const anybody, unasked = session.Permission(""), session.Permission("unasked")

// A route is one thing that a browser may ask for.
type route struct {
	method, path string
	need         session.Permission
	do           fiber.Handler
}

// routes lists every page. Those under /api are registered in apiRoutes.
func (s *Server) routes() []route {
	const get, post = fiber.MethodGet, fiber.MethodPost
	return []route{
		{get, "/healthz", unasked, s.healthy},
		{get, "/readyz", unasked, s.ready},
		{get, "/metrics", unasked, s.showMetrics},
		{get, "/static/*", unasked, s.serveAsset},
		{get, "/login", anybody, s.showLogin},
		{post, "/login", anybody, s.logIn},
		{get, "/login/second", anybody, s.showSecond},
		{post, "/login/second", anybody, s.logInSecond},
		{post, "/login/passkey/begin", anybody, s.beginPasskeyLogin},
		{post, "/login/passkey", anybody, s.passkeyLogin},
		{get, "/set-password", anybody, s.showLink},
		{post, "/set-password", anybody, s.useLink},
		{get, "/setup", anybody, s.showSetup},
		{post, "/setup", anybody, s.setUp},
		{post, "/logout", session.MayRead, s.logOut},

		{get, "/", session.MayRead, s.home},
		{get, "/accent/:company.css", session.MayRead, s.accentSheet},
		{get, "/sessions", session.MayRead, s.listSessions},
		{get, "/awaiting", session.MayRead, s.listAwaiting},
		{get, "/rejections", session.MayRead, s.listRejections},
		{get, "/sessions/export.csv", session.MayExport, s.exportSessions},
		{get, "/sessions/reject", session.MayDecide, s.confirmReject},
		{post, "/sessions/reject", session.MayDecide, s.rejectMany},
		{post, "/sessions/next", session.MayDecide, s.nextCase},
		{post, "/sessions/filters", session.MayRead, s.saveFilter},
		{post, "/sessions/filters/delete", session.MayRead, s.dropFilter},
		{post, "/sessions/columns", session.MayRead, s.chooseColumns},
		{get, "/exports", session.MayExport, s.listExports},
		{post, "/exports", session.MayExport, s.startExport},
		{get, "/exports/:export/export.csv", session.MayExport, s.exportFile},
		{post, "/exports/:export/delete", session.MayExport, s.dropExport},

		{get, "/sessions/:id", session.MayRead, s.showSession},
		{get, "/sessions/:id/attempts", session.MayRead, s.showAttempts},
		{get, "/sessions/:id/audit", session.MayRead, s.showAudit},
		{get, "/sessions/:id/report.pdf", session.MayRead, s.report},
		{get, "/sessions/:id/photos/:name", session.MayRead, s.photo},
		{get, "/sessions/:id/face.jpg", session.MayRead, s.face},
		{get, "/sessions/:id/compare", session.MayRead, s.compare},
		{get, "/sessions/:id/next", session.MayRead, s.neighbour(false)},
		{get, "/sessions/:id/previous", session.MayRead, s.neighbour(true)},
		{post, "/sessions/:id/claim", session.MayDecide, s.claim},
		{post, "/sessions/:id/release", session.MayDecide, s.release},
		{post, "/sessions/:id/assign", session.MayManage, s.assign},
		{get, "/sessions/:id/edit", session.MayDecide, s.showEdit},
		{post, "/sessions/:id/edit", session.MayDecide, s.edit},
		{post, "/sessions/:id/decision", session.MayDecide, s.decide},
		{post, "/sessions/:id/notes", session.MayDecide, s.comment},
		{post, "/sessions/:id/rescreen", session.MayDecide, s.rescreenOne},
		{post, "/sessions/:id/replay", session.MayRead, s.replay},
		{post, "/sessions/:id/hold", session.MayDecide, s.hold},
		{post, "/sessions/:id/erase", session.MayManage, s.eraseSession},
		{post, "/sessions/:id/reopen", session.MayManage, s.reopen},
		{post, "/sessions/:id/alerts/:alert", session.MayDecide, s.disposeInSession},

		{get, "/sanctions", session.MayRead, s.listAlerts},
		{get, "/sanctions/alerts/:alert", session.MayRead, s.showAlert},
		{post, "/sanctions/alerts/:alert", session.MayDecide, s.disposeAlert},
		{post, "/sanctions/alerts/:alert/approval", session.MayDecide, s.approveAlert},
		{post, "/sanctions/alerts/:alert/assignee", session.MayDecide, s.assignAlert},
		{post, "/sanctions/next", session.MayDecide, s.takeNext},
		{get, "/sanctions/export.csv", session.MayExport, s.exportAlerts},
		{get, "/sanctions/entry", session.MayRead, s.showEntry},
		{post, "/sanctions/entry", session.MayDecide, s.disposeEntry},
		{get, "/sanctions/suppressions", session.MayRead, s.listSuppressions},
		{get, "/sanctions/suppressions/export.csv", session.MayExport, s.exportSuppressions},
		{get, "/sanctions/suppressions/:suppression", session.MayRead, s.showSuppression},
		{post, "/sanctions/suppressions/:suppression/end", session.MayDecide, s.endSuppression},
		{post, "/sanctions/suppressions/:suppression/review", session.MayDecide, s.renewSuppression},
		{get, "/sanctions/threshold", session.MayManage, s.showThreshold},
		{post, "/sanctions/threshold", session.MayManage, s.saveThreshold},
		{get, "/sanctions/lists", session.MayRead, s.showLists},
		{post, "/sanctions/lists", session.MayList, s.uploadList},
		{get, "/sanctions/lists/:list", session.MayRead, s.showList},
		{get, "/sanctions/lists/:list/:version", session.MayRead, s.showListVersion},
		{get, "/sanctions/lists/:list/:version/problems.csv", session.MayExport, s.exportListProblems},
		{get, "/sanctions/lists/:list/:version/file", session.MayExport, s.listFile},
		{post, "/sanctions/lists/:list/update", session.MayList, s.fetchList},
		{get, "/sanctions/report", session.MayExport, s.showScreeningReport},
		{get, "/sanctions/report.:format", session.MayExport, s.downloadScreeningReport},
		{get, "/sanctions/fetches", session.MayRead, s.showFetches},
		{post, "/sanctions/lists/:list/retire", session.MayList, s.retireList},
		{get, "/sanctions/runs", session.MayRead, s.listRuns},
		{post, "/sanctions/runs", session.MayList, s.startRun},
		{get, "/sanctions/runs/events", session.MayRead, s.followRuns},
		{get, "/sanctions/runs/:run/events", session.MayRead, s.followRun},
		{get, "/sanctions/runs/:run", session.MayRead, s.showRun},
		{post, "/sanctions/runs/:run/cancel", session.MayList, s.cancelRun},
		{post, "/sanctions/runs/:run/resume", session.MayList, s.resumeRun},
		{post, "/sanctions/runs/:run/retry", session.MayList, s.retryRun},

		{get, "/dashboard", session.MayRead, s.showDashboard},
		{get, "/settings/profile", session.MayRead, s.showProfile},
		{post, "/settings/profile", session.MayRead, s.rename},
		{post, "/settings/profile/password", session.MayRead, s.changePassword},
		{get, "/settings/profile/authenticator", session.MayRead, s.showEnrol},
		{get, "/settings/profile/authenticator/qr.png", session.MayRead, s.enrolCode},
		{post, "/settings/profile/authenticator", session.MayRead, s.enrol},
		{post, "/settings/profile/authenticator/remove", session.MayRead, s.dropApp},
		{post, "/settings/profile/recovery", session.MayRead, s.newCodes},
		{post, "/settings/profile/passkeys/begin", session.MayRead, s.beginPasskey},
		{post, "/settings/profile/passkeys", session.MayRead, s.addPasskey},
		{post, "/settings/profile/passkeys/:key", session.MayRead, s.renamePasskey},
		{post, "/settings/profile/passkeys/:key/remove", session.MayRead, s.dropPasskey},
		{post, "/settings/profile/logins/end", session.MayRead, s.endOthers},
		{post, "/settings/profile/logins/:login/end", session.MayRead, s.endOne},

		{get, "/settings/members", session.MayManage, s.showMembers},
		{post, "/settings/members", session.MayManage, s.invite},
		{get, "/settings/members/new", session.MayManage, s.showNewMember},
		{get, "/settings/members/:member", session.MayManage, s.showMember},
		{post, "/settings/members/:member", session.MayManage, s.editMember},
		{post, "/settings/members/:member/state", session.MayManage, s.disableMember},
		{post, "/settings/members/:member/link", session.MayManage, s.newLink},
		{post, "/settings/members/:member/second-factor", session.MayManage, s.dropFactors},
		{post, "/settings/members/:member/logins/end", session.MayManage, s.endMemberLogins},
		{post, "/settings/members/:member/logins/:login/end", session.MayManage, s.endMemberLogin},

		{get, "/activity", session.MayExport, s.showActivity},
		{get, "/activity/export.csv", session.MayExport, s.exportActivity},
		{post, "/activity/verify", session.MayExport, s.verifyActivity},

		{get, "/settings/webhooks", session.MayManage, s.showHooks},
		{post, "/settings/webhooks", session.MayManage, s.addHook},
		{get, "/settings/webhooks/:hook", session.MayManage, s.showHook},
		{post, "/settings/webhooks/:hook", session.MayManage, s.changeHook},
		{post, "/settings/webhooks/:hook/deliveries/:delivery", session.MayManage, s.redeliver},
		{get, "/settings", session.MayRead, s.showSettings},
		{get, "/settings/system", session.MayList, s.showSystem},
		{get, "/settings/erasure", session.MayManage, s.showErasure},
		{post, "/settings/erasure", session.MayManage, s.startErasure},
		{get, "/settings/company", session.MayManage, s.showForm(companyForm)},
		{post, "/settings/company", session.MayManage, s.saveForm(companyForm)},
		{get, "/settings/branding", session.MayManage, s.showBranding},
		{post, "/settings/branding", session.MayManage, s.saveBranding},
		{get, "/settings/branding/logo", session.MayManage, s.showLogo},
		{get, "/settings/keys", session.MayManage, s.showKeys},
		{post, "/settings/keys", session.MayManage, s.makeKey},
		{post, "/settings/keys/:key/revoke", session.MayManage, s.revokeKey},
		{get, "/settings/session", session.MayManage, s.showForm(sessionForm)},
		{post, "/settings/session", session.MayManage, s.saveForm(sessionForm)},
		{get, "/settings/rules", session.MayManage, s.showForm(rulesForm)},
		{post, "/settings/rules", session.MayManage, s.saveForm(rulesForm)},
		{get, "/settings/fields", session.MayManage, showRows(s, extraPage)},
		{post, "/settings/fields", session.MayManage, saveRows(s, extraPage)},
		{get, "/settings/reasons", session.MayManage, showRows(s, tagsPage)},
		{post, "/settings/reasons", session.MayManage, saveRows(s, tagsPage)},
		{get, "/settings/countries", session.MayManage, showRows(s, riskPage)},
		{post, "/settings/countries", session.MayManage, saveRows(s, riskPage)},
		{get, "/settings/sanctions", session.MayManage, s.showForm(sanctionsForm)},
		{post, "/settings/sanctions", session.MayManage, s.saveForm(sanctionsForm)},
		{get, "/settings/retention", session.MayManage, s.showForm(retentionForm)},
		{post, "/settings/retention", session.MayManage, s.saveForm(retentionForm)},
		{get, "/settings/history", session.MayExport, s.showHistory},
		{get, "/settings/history/:version", session.MayExport, s.showVersion},
		{get, "/settings/transfer", session.MayManage, s.showTransfer},
		{post, "/settings/transfer", session.MayManage, s.importSettings},
		{get, "/settings/export.json", session.MayManage, s.exportSettings},
	}
}

// Routes lists what the server answers, as "GET /sessions/:id", the API included.
func (s *Server) Routes() []string {
	var all []string
	for _, r := range s.app.GetRoutes(true) {
		if r.Method != fiber.MethodHead { // each GET answers HEAD as well
			all = append(all, r.Method+" "+r.Path)
		}
	}
	return all
}

// register puts the routes behind what holds for all of them.
func (s *Server) register() {
	s.app.Use(s.around)
	root := s.app.Group(s.base)
	for _, r := range s.routes() {
		switch {
		case r.need == unasked:
			root.Get(r.path, r.do)
		case r.need == anybody && r.method == fiber.MethodPost:
			root.Add(r.method, r.path, sameOrigin, s.takes(r.method+" "+r.path, true), r.do)
		case r.need == anybody:
			root.Get(r.path, s.know, r.do) // and HEAD
		case r.method == fiber.MethodPost:
			root.Add(r.method, r.path, s.know, s.only(r.need), sameOrigin, s.takes(r.method+" "+r.path, false), ownForm, r.do)
		default:
			root.Get(r.path, s.know, s.only(r.need), r.do)
		}
	}
	s.apiRoutes(root.Group("/api"))
	s.app.Use(s.know, s.nothingHere)
}

// nothingHere answers what no route takes: 405 with those methods that the address takes, else 404.
func (s *Server) nothingHere(c *fiber.Ctx) error {
	if allowed := s.allowed(c.Path()); len(allowed) > 0 {
		c.Set(fiber.HeaderAllow, strings.Join(allowed, ", "))
		return fiber.ErrMethodNotAllowed
	}
	return fiber.ErrNotFound
}

// allowed are the methods that path takes.
func (s *Server) allowed(path string) []string {
	var methods []string
	for _, r := range s.app.GetRoutes(true) {
		if fiber.RoutePatternMatch(path, r.Path) && !slices.Contains(methods, r.Method) {
			methods = append(methods, r.Method)
		}
	}
	slices.Sort(methods)
	return methods
}
