package sanctions

import (
	"bytes"
	"fmt"
	"io"
	"testing"
)

// BenchmarkRead reads the real lists; MB/s counts the bytes after decompression.
func BenchmarkRead(b *testing.B) {
	for _, file := range []string{"un-consolidated-2026-02-27.xml.gz", "ofac-nonsdn-consolidated-2025-03-28.xml.gz", "ofac-nonsdn-advanced-2020-03-17.xml.gz",
		"ofac-irgc-enhanced-2024-08-28.xml.gz", "ofac-sdn-and-nonsdn-concatenated-2022-11.csv.gz", "uk-hmt-consolidated-2018-04-13.csv.gz", "ca-sema-2025-03.xml.gz",
		"opensanctions-ua_war_sanctions-2026-03-13.targets.simple.csv.gz", "opensanctions-us_congress-2025-12-08.senzing.jsonl.gz"} {
		b.Run(file, func(b *testing.B) {
			src, err := openSource(openShared(b, file), ReadOptions{})
			if err != nil {
				b.Fatal(err)
			}
			data, err := io.ReadAll(src)
			if err != nil {
				b.Fatal(err)
			}
			benchmarkRead(b, data)
		})
	}
}

// BenchmarkReadLarge reads an sdn.xml of the size that OFAC publishes, 30 MB, made of invented entries.
func BenchmarkReadLarge(b *testing.B) {
	benchmarkRead(b, largeOFAC(30<<20))
}

func benchmarkRead(b *testing.B, data []byte) {
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(bytes.NewReader(data), ReadOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

// largeOFAC makes an sdn.xml of about so many bytes.
func largeOFAC(size int) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" standalone="yes"?><sdnList xmlns="http://tempuri.org/sdnList.xsd"><publshInformation><Publish_Date>02/03/2031</Publish_Date></publshInformation>`)
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, `
  <sdnEntry>
    <uid>%d</uid>
    <firstName>Wilma Anne %[1]d</firstName>
    <lastName>EXAMPLE</lastName>
    <sdnType>Individual</sdnType>
    <remarks>(Linked To: ACME HOLDING)</remarks>
    <programList>
      <program>SDGT</program>
      <program>CUBA</program>
    </programList>
    <idList>
      <id>
        <uid>1</uid>
        <idType>Passport</idType>
        <idNumber>X %[1]d</idNumber>
        <idCountry>Germany</idCountry>
      </id>
    </idList>
    <akaList>
      <aka>
        <uid>5</uid>
        <type>a.k.a.</type>
        <category>strong</category>
        <lastName>EXEMPEL</lastName>
        <firstName>Vilma %[1]d</firstName>
      </aka>
      <aka>
        <uid>6</uid>
        <type>a.k.a.</type>
        <category>weak</category>
        <lastName>BEISPIEL, Wilma %[1]d</lastName>
      </aka>
    </akaList>
    <nationalityList>
      <nationality>
        <uid>10</uid>
        <country>Korea, North</country>
        <mainEntry>true</mainEntry>
      </nationality>
    </nationalityList>
    <dateOfBirthList>
      <dateOfBirthItem>
        <uid>13</uid>
        <dateOfBirth>20 Dec 1965</dateOfBirth>
        <mainEntry>true</mainEntry>
      </dateOfBirthItem>
    </dateOfBirthList>
  </sdnEntry>`, i)
	}
	b.WriteString("</sdnList>")
	return b.Bytes()
}
