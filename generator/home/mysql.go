package home

import (
	"slices"
	"strings"
)

// mysqlZones are the values that RDS for MySQL, RDS for MariaDB and Aurora MySQL
// take for the parameter time_zone. Source: "Local time zone for MySQL DB
// instances" in the user guide of Amazon RDS.
var mysqlZones = strings.Fields(`
	Africa/Cairo Africa/Casablanca Africa/Harare Africa/Monrovia Africa/Nairobi Africa/Tripoli Africa/Windhoek
	America/Araguaina America/Asuncion America/Bogota America/Buenos_Aires America/Caracas America/Chihuahua America/Cuiaba
	America/Denver America/Fortaleza America/Guatemala America/Halifax America/Manaus America/Matamoros America/Monterrey
	America/Montevideo America/Phoenix America/Santiago America/Tijuana
	Asia/Amman Asia/Ashgabat Asia/Baghdad Asia/Baku Asia/Bangkok Asia/Beirut Asia/Calcutta Asia/Damascus Asia/Dhaka
	Asia/Irkutsk Asia/Jerusalem Asia/Kabul Asia/Karachi Asia/Kathmandu Asia/Krasnoyarsk Asia/Magadan Asia/Muscat
	Asia/Novosibirsk Asia/Riyadh Asia/Seoul Asia/Shanghai Asia/Singapore Asia/Taipei Asia/Tehran Asia/Tokyo
	Asia/Ulaanbaatar Asia/Vladivostok Asia/Yakutsk Asia/Yerevan
	Atlantic/Azores
	Australia/Adelaide Australia/Brisbane Australia/Darwin Australia/Hobart Australia/Perth Australia/Sydney
	Brazil/DeNoronha Brazil/East Canada/Newfoundland Canada/Saskatchewan Canada/Yukon
	Europe/Amsterdam Europe/Athens Europe/Dublin Europe/Helsinki Europe/Istanbul Europe/Kaliningrad Europe/Moscow
	Europe/Paris Europe/Prague Europe/Sarajevo
	Pacific/Auckland Pacific/Fiji Pacific/Guam Pacific/Honolulu Pacific/Samoa
	US/Alaska US/Central US/East-Indiana US/Eastern US/Pacific UTC`)

// MySQLZone returns the name by which RDS for MySQL knows the zone: its own, that
// of a zone whose clock has agreed with it for many years, or that of one whose
// clock agrees with it now. Where there is none it is UTC.
func (h Home) MySQLZone() string {
	if slices.Contains(mysqlZones, h.Zone) {
		return h.Zone
	}
	for _, same := range []func(Home) bool{
		func(there Home) bool { return there.past == h.past },
		func(there Home) bool { return there.clock == h.clock && there.area() == h.area() },
		func(there Home) bool { return there.clock == h.clock },
	} {
		for _, name := range mysqlZones {
			if there, ok := Find(name); ok && same(there) {
				return name
			}
		}
	}
	return "UTC"
}
