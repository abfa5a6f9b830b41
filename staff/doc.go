// Package staff says who may log in: members with roles and passwords, their logins,
// and the API keys of programs. It keeps no state of its own; the [Store] does.
package staff
