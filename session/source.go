package session

import (
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
	sanctions.OpenSanctions:    "https://data.opensanctions.org/datasets/latest/sanctions/targets.simple.csv",
}

// KnownLists are the ids that a list may have: a misspelt one would be a second list, soon stale.
func KnownLists() []string {
	return []string{sanctions.OFACSDN, sanctions.OFACConsolidated, sanctions.UNSC, sanctions.EUFSF, sanctions.UKSanctions,
		sanctions.CHSECO, sanctions.CASEMA, sanctions.OpenSanctions, sanctions.Custom}
}

// ParseSources reads which lists are fetched: "un_sc" from its default address, "un_sc=https://…" from
// another one.
func ParseSources(wishes []string) (map[string]string, error) {
	sources := map[string]string{}
	for _, wish := range wishes {
		id, address, own := strings.Cut(strings.TrimSpace(wish), "=")
		if !slices.Contains(KnownLists(), id) {
			return nil, fmt.Errorf("there is no list %q: use one of %s", id, strings.Join(KnownLists(), ", "))
		}
		if !own {
			address = DefaultSources[id]
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
