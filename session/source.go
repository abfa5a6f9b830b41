package session

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"dossier/sanctions"
)

// DefaultSources are where lists are published, by list id. None is fetched until it is switched on.
var DefaultSources = map[string]string{
	sanctions.UNSC:             "https://scsanctions.un.org/resources/xml/en/consolidated.xml",
	sanctions.OFACSDN:          "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/SDN.XML",
	sanctions.OFACConsolidated: "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/CONSOLIDATED.XML",
	sanctions.EUFSF:            "https://webgate.ec.europa.eu/fsd/fsf/public/files/xmlFullSanctionsList_1_1/content?token=dG9rZW4tMjAxNw",
	sanctions.UKSanctions:      "https://sanctionslist.fcdo.gov.uk/docs/UK-Sanctions-List.xml",
	sanctions.CHSECO:           "https://www.sesam.search.admin.ch/sesam-search-web/pages/downloadXmlGesamtliste.xhtml?lang=en&action=downloadXmlGesamtlisteAction",
	sanctions.CASEMA:           "https://www.international.gc.ca/world-monde/assets/office_docs/international_relations-relations_internationales/sanctions/sema-lmes.xml",
	sanctions.OpenSanctions:    fmt.Sprintf(publishedSet, "sanctions"),
}

// publishedSet is where OpenSanctions publishes a data set.
const publishedSet = "https://data.opensanctions.org/datasets/latest/%s/targets.simple.csv"

// DefaultSource is where a list is published, or "".
func DefaultSource(id string) string {
	if set, ok := strings.CutPrefix(id, sanctions.OpenSanctions+"_"); ok {
		return fmt.Sprintf(publishedSet, set)
	}
	return DefaultSources[id]
}

// KnownLists are the ids that a list may have, beside those of further data sets, see [IsList].
func KnownLists() []string {
	return []string{sanctions.OFACSDN, sanctions.OFACConsolidated, sanctions.UNSC, sanctions.EUFSF, sanctions.UKSanctions,
		sanctions.CHSECO, sanctions.CASEMA, sanctions.OpenSanctions, sanctions.Custom}
}

// BaseList is the list that id is one of several of, such as opensanctions of opensanctions_peps; another id
// is its own.
func BaseList(id string) string { return sanctions.Base(id) }

// IsList reports whether a list may have this id. A misspelt one would be a second list, soon stale.
func IsList(id string) bool { return slices.Contains(KnownLists(), BaseList(id)) }

// noSuchList says of an id that it is none, and which there are.
func noSuchList(id string) string {
	return fmt.Sprintf("There is no list %s. Use one of: %s; or opensanctions_NAME or custom_NAME for further ones, with a name of up to 40 small letters, digits and underscores.",
		clip(id, 60), strings.Join(KnownLists(), ", "))
}

// ListIDs are the ids to choose from: the known ones, and those of further data sets that have a source, or
// are or were in force.
func (s *Service) ListIDs(ctx context.Context) ([]string, error) {
	stored, err := s.store.ListIDs(ctx)
	ids := KnownLists()
	for _, id := range append(stored, slices.Sorted(maps.Keys(s.sources))...) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, err
}

// ParseSources reads which lists are fetched: "un_sc" from its default address, "un_sc=https://…" from
// another one.
func ParseSources(wishes []string) (map[string]string, error) {
	sources := map[string]string{}
	for _, wish := range wishes {
		id, address, own := strings.Cut(strings.TrimSpace(wish), "=")
		if !IsList(id) {
			return nil, errors.New(noSuchList(id))
		}
		if !own {
			address = DefaultSource(id)
			if address == "" {
				return nil, fmt.Errorf("the list %s is published nowhere that we know: give its address, %s=https://…", id, id)
			}
		}
		if u, err := url.Parse(address); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			return nil, fmt.Errorf("%s: %q is no http or https address", id, address)
		}
		if sources[id] != "" {
			return nil, fmt.Errorf("the list %s has two sources", id)
		}
		sources[id] = address
	}
	return sources, nil
}

// Sources returns the addresses that lists are fetched from, by list id.
func (s *Service) Sources() map[string]string { return maps.Clone(s.sources) }
