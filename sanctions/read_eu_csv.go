package sanctions

import (
	"cmp"
	"strings"
)

// readEUCSV reads the CSV edition 1.1 (eu-fsf-csv): one row a name, address, birth date or document of
// an entity, which share the entity's columns.
func readEUCSV(src *source, c *collector) error {
	f := openCSV(src, src, ';', 0)
	if err := f.header("Entity_EU_ReferenceNumber", "NameAlias_WholeName"); err != nil {
		return err
	}
	foreign := map[string]bool{}
	for {
		more, err := f.next(c)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if c.list.Published.IsZero() {
			if d, ok := ParseDate(f.get("fileGenerationDate")); ok && d.Exact() {
				c.published(d.From.time(), "")
			}
		}
		entity := euRow(f)
		entity.noteForeign(foreign)
		c.add(entity.entry(c, f.place()), f.place())
	}
	for i := range c.list.Records {
		choosePrimary(c.list.Records[i].Names, foreign)
	}
	return nil
}

// euRow makes an entity of one row.
func euRow(f *csvFile) euEntity {
	u := euEntity{
		Reference: f.get("Entity_EU_ReferenceNumber"),
		LogicalID: f.get("Entity_LogicalId"),
		UNID:      f.get("Entity_UnitedNationId"),
		Listed:    f.get("Entity_DesignationDate"),
		Details:   f.get("Entity_DesignationDetails"),
		Remarks:   []string{f.get("Entity_Remark")},
		Births:    []euBirth{euRowBirth(f)},
		Documents: []euDocument{euRowDocument(f)},
		Citizens:  []euPlace{euRowPlace(f, "Citizenship_")},
		Addresses: []euPlace{euRowPlace(f, "Address_")},
	}
	u.Subject.Code = cmp.Or(f.get("Entity_SubjectType_ClassificationCode"), f.get("Entity_SubjectType"))
	u.Regulation.Programme = f.get("Entity_Regulation_Programme")
	u.Regulation.URL = f.get("Entity_Regulation_PublicationUrl")
	u.Regulation.Title = f.get("Entity_Regulation_NumberTitle")
	if name := euRowName(f); name.Whole != "" || name.Last != "" {
		u.Names = []euName{name}
	}
	return u
}

func euRowName(f *csvFile) euName {
	n := euName{
		First:    f.get("NameAlias_FirstName"),
		Middle:   f.get("NameAlias_MiddleName"),
		Last:     f.get("NameAlias_LastName"),
		Whole:    f.get("NameAlias_WholeName"),
		Title:    f.get("NameAlias_Title"),
		Language: f.get("NameAlias_NameLanguage"),
		Function: f.get("NameAlias_Function"),
		Sex:      f.get("NameAlias_Gender"),
		Strong:   f.get("NameAlias_Strong"),
	}
	if remark := f.get("NameAlias_Remark"); remark != "" {
		n.Remarks = []string{remark}
	}
	return n
}

// euRowPlace reads the columns of an address, a birth place or a citizenship.
func euRowPlace(f *csvFile, prefix string) euPlace {
	return euPlace{
		Street:  f.get(prefix + "Street"),
		Place:   f.get(prefix + "Place"),
		City:    f.get(prefix + "City"),
		Region:  f.get(prefix + "Region"),
		Zip:     f.get(prefix + "ZipCode"),
		ISO2:    f.get(prefix + "CountryIso2Code"),
		Country: f.get(prefix + "CountryDescription"),
	}
}

func euRowBirth(f *csvFile) euBirth {
	return euBirth{
		euPlace:  euRowPlace(f, "BirthDate_"),
		Date:     f.get("BirthDate_BirthDate"),
		Day:      f.get("BirthDate_Day"),
		Month:    f.get("BirthDate_Month"),
		Year:     f.get("BirthDate_Year"),
		From:     f.get("BirthDate_YearRangeFrom"),
		To:       f.get("BirthDate_YearRangeTo"),
		Circa:    strings.ToLower(f.get("BirthDate_Circa")),
		Calendar: f.get("BirthDate_CalendarType"),
		Remarks:  []string{f.get("BirthDate_Remark")},
	}
}

func euRowDocument(f *csvFile) euDocument {
	is := func(column string) string { return strings.ToLower(f.get("Identification_" + column)) }
	return euDocument{
		Number:   f.get("Identification_Number"),
		Latin:    f.get("Identification_LatinNumber"),
		Kind:     f.get("Identification_TypeDescription"),
		Code:     f.get("Identification_TypeCode"),
		ISO2:     f.get("Identification_CountryIso2Code"),
		Country:  f.get("Identification_CountryDescription"),
		Issued:   f.get("Identification_IssuedDate"),
		Expires:  f.get("Identification_ValidTo"),
		Expired:  is("KnownExpired"),
		False:    is("KnownFalse"),
		Lost:     is("ReportedLost"),
		Revoked:  is("RevokedByIssuer"),
		NameOnIt: f.get("Identification_NameOnDocument"),
		Remarks:  []string{f.get("Identification_Remark")},
	}
}
