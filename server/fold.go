package server

import (
	"cmp"
	"fmt"
	"html/template"
	"text/template/parse"
)

// fold puts what a template's calls of base, icon and asset give in their place where it is the same on every
// page. Two hundred such calls a page took a fifth of its time.
func (s *Server) fold(page *template.Template) error {
	for _, t := range page.Templates() {
		if t.Tree == nil {
			continue
		}
		err := walk(t.Tree.Root, func(n parse.Node) (parse.Node, error) {
			action, ok := n.(*parse.ActionNode)
			if !ok {
				return n, nil
			}
			text, known, err := s.constant(action.Pipe)
			if err != nil || !known {
				return n, err
			}
			return &parse.TextNode{NodeType: parse.NodeText, Pos: n.Position(), Text: []byte(text)}, nil
		})
		if err != nil {
			return fmt.Errorf("server: %s: %w", t.Name(), err)
		}
	}
	return nil
}

// callOwn makes what a template calls that is among a page's own to be called after the page.
func callOwn(list *parse.ListNode, page string, own map[string]*parse.Tree) {
	walk(list, func(n parse.Node) (parse.Node, error) {
		if call, ok := n.(*parse.TemplateNode); ok && own[call.Name] != nil {
			call.Name = page + "/" + call.Name
		}
		return n, nil
	})
}

// walk puts what do makes of each node of a template in its place.
func walk(list *parse.ListNode, do func(parse.Node) (parse.Node, error)) error {
	if list == nil {
		return nil
	}
	for i, n := range list.Nodes {
		made, err := do(n)
		if err != nil {
			return err
		}
		list.Nodes[i] = made
		var branch parse.BranchNode
		switch n := made.(type) {
		case *parse.IfNode:
			branch = n.BranchNode
		case *parse.RangeNode:
			branch = n.BranchNode
		case *parse.WithNode:
			branch = n.BranchNode
		}
		if err := cmp.Or(walk(branch.List, do), walk(branch.ElseList, do)); err != nil {
			return err
		}
	}
	return nil
}

// constant is the HTML that an action gives, if that is known before the page.
func (s *Server) constant(p *parse.PipeNode) (html string, known bool, err error) {
	if len(p.Decl) > 0 || len(p.Cmds) != 1 {
		return "", false, nil
	}
	args := p.Cmds[0].Args
	called, ok := args[0].(*parse.IdentifierNode)
	switch {
	case !ok || len(args) > 2:
		return "", false, nil
	case len(args) == 1:
		return template.HTMLEscapeString(s.base), called.Ident == "base", nil
	}
	of, ok := args[1].(*parse.StringNode)
	if !ok {
		return "", false, nil
	}
	switch called.Ident {
	case "icon":
		icon, err := s.icon(of.Text)
		return string(icon), true, err
	case "asset":
		url, err := s.asset(of.Text)
		return template.HTMLEscapeString(url), true, err
	}
	return "", false, nil
}
