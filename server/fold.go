package server

import (
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
		if err := s.foldList(t.Tree.Root); err != nil {
			return fmt.Errorf("server: %s: %w", t.Name(), err)
		}
	}
	return nil
}

func (s *Server) foldList(list *parse.ListNode) error {
	if list == nil {
		return nil
	}
	for i, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			text, known, err := s.constant(n.Pipe)
			if err != nil {
				return err
			}
			if known {
				list.Nodes[i] = &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos, Text: []byte(text)}
			}
		case *parse.IfNode:
			if err := s.foldBranch(n.BranchNode); err != nil {
				return err
			}
		case *parse.RangeNode:
			if err := s.foldBranch(n.BranchNode); err != nil {
				return err
			}
		case *parse.WithNode:
			if err := s.foldBranch(n.BranchNode); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Server) foldBranch(b parse.BranchNode) error {
	if err := s.foldList(b.List); err != nil {
		return err
	}
	return s.foldList(b.ElseList)
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
