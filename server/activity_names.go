package server

import (
	"dossier/session"
	"dossier/staff"
)

// An auditAction is an action of the audit log with what pages call it.
type auditAction struct{ Code, Name string }

// auditActions are the actions in the order in which the filter offers them.
var auditActions = []auditAction{
	{session.ActLogin, "Logged in"}, {session.ActLoginFailed, "Log-in failed"}, {session.ActCodeFailed, "Second factor failed"},
	{session.ActLogout, "Logged out"}, {staff.ActLoginEnded, "Login ended"},
	{session.ActCreated, "Session created"}, {session.ActSubmitted, "Data submitted"}, {session.ActPhoto, "Photo submitted"},
	{session.ActAttempt, "Another attempt"}, {session.ActFinished, "Session finished"}, {session.ActExpired, "Session expired"},
	{session.ActViewed, "Session viewed"}, {session.ActPhotoViewed, "Photo viewed"}, {session.ActPhotoTaken, "Photo downloaded"}, {session.ActReport, "PDF downloaded"},
	{session.ActVerified, "Verified"}, {session.ActRejected, "Rejected"}, {session.ActReopened, "Reopened"},
	{session.ActProposed, "Decision proposed"}, {session.ActSentBack, "Proposal sent back"},
	{session.ActClaimed, "Claimed"}, {session.ActAssigned, "Assigned"}, {session.ActReleased, "Given back"},
	{session.ActEdited, "Client information edited"}, {session.ActCommented, "Note added"}, {session.ActHold, "Legal hold"},
	{session.ActErased, "Session erased"}, {session.ActUnlinked, "Finding without an erased session"}, {session.ActErasure, "Erasure finished"},
	{session.ActScreened, "Screened again"}, {session.ActAlert, "Alert raised"},
	{session.ActDisposition, "Alert decided"}, {session.ActAlertProposed, "Disposition proposed"}, {session.ActAlertApproved, "Disposition approved"},
	{session.ActAlertSentBack, "Disposition sent back"}, {session.ActAlertAssigned, "Alert assigned"}, {session.ActSuppressed, "Suppression made"},
	{session.ActSuppressionEnded, "Suppression ended"}, {session.ActSuppressionRenewed, "Suppression confirmed"},
	{session.ActListLoaded, "List loaded"}, {session.ActListRefused, "List refused"}, {session.ActListRetired, "List retired"}, {session.ActReplayed, "Screening replayed"},
	{session.ActListChecked, "List checked"}, {session.ActRunStarted, "Re-screening started"}, {session.ActRunFinished, "Re-screening finished"},
	{session.ActExport, "Exported"}, {session.ActExportTaken, "Export downloaded"}, {session.ActExportDropped, "Export deleted"},
	{staff.ActMemberInvited, "Member added"}, {staff.ActMember, "Member changed"}, {staff.ActMemberDisabled, "Member disabled"},
	{staff.ActMemberEnabled, "Member let in again"}, {staff.ActMemberLink, "Password link made"}, {staff.ActPassword, "Password set"},
	{staff.ActFactorOn, "Second factor on"}, {staff.ActFactorOff, "Second factor off"}, {staff.ActRecovery, "Recovery codes made"},
	{staff.ActKey, "API key changed"},
	{session.ActSettings, "Settings changed"}, {session.ActWebhook, "Webhook changed"}, {session.ActReindexed, "Search index rebuilt"}, {session.ActScreenQueried, "Person screened by query"},
	{session.ActSearched, "Sessions searched"}, {session.ActAuditChecked, "Chain verified"},
	{session.ActBackup, "Backup made"}, {session.ActBackupFailed, "Backup failed"}, {session.ActRestored, "Backup restored"},
}

func actionName(code string) string {
	for _, a := range auditActions {
		if a.Code == code {
			return a.Name
		}
	}
	return code
}
