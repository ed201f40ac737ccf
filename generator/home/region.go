package home

// A Region is a region of AWS.
type Region struct {
	Code    string
	Zone    string // time zone at its place
	City    string // or the state that AWS names it after
	Country string
	OptIn   bool // an account has to ask for it
}

// regions are those of the partition aws, nearest to most users first where two
// share a zone. Source: "AWS Regions" in the AWS General Reference, November 2026.
var regions = []Region{
	{"us-east-1", "America/New_York", "Virginia", "United States", false},
	{"us-east-2", "America/New_York", "Ohio", "United States", false},
	{"us-west-2", "America/Los_Angeles", "Oregon", "United States", false},
	{"us-west-1", "America/Los_Angeles", "California", "United States", false},
	{"ca-central-1", "America/Toronto", "Montreal", "Canada", false},
	{"sa-east-1", "America/Sao_Paulo", "São Paulo", "Brazil", false},
	{"eu-west-1", "Europe/Dublin", "Dublin", "Ireland", false},
	{"eu-west-2", "Europe/London", "London", "United Kingdom", false},
	{"eu-central-1", "Europe/Berlin", "Frankfurt", "Germany", false},
	{"eu-west-3", "Europe/Paris", "Paris", "France", false},
	{"eu-north-1", "Europe/Stockholm", "Stockholm", "Sweden", false},
	{"ap-northeast-1", "Asia/Tokyo", "Tokyo", "Japan", false},
	{"ap-northeast-3", "Asia/Tokyo", "Osaka", "Japan", false},
	{"ap-northeast-2", "Asia/Seoul", "Seoul", "Korea", false},
	{"ap-southeast-1", "Asia/Singapore", "Singapore", "Singapore", false},
	{"ap-southeast-2", "Australia/Sydney", "Sydney", "Australia", false},
	{"ap-south-1", "Asia/Kolkata", "Mumbai", "India", false},
	{"af-south-1", "Africa/Johannesburg", "Cape Town", "South Africa", true},
	{"ap-east-1", "Asia/Hong_Kong", "Hong Kong", "China", true},
	{"ap-east-2", "Asia/Taipei", "Taipei", "Taiwan", true},
	{"ap-south-2", "Asia/Kolkata", "Hyderabad", "India", true},
	{"ap-southeast-3", "Asia/Jakarta", "Jakarta", "Indonesia", true},
	{"ap-southeast-4", "Australia/Melbourne", "Melbourne", "Australia", true},
	{"ap-southeast-5", "Asia/Kuala_Lumpur", "Kuala Lumpur", "Malaysia", true},
	{"ap-southeast-6", "Pacific/Auckland", "Auckland", "New Zealand", true},
	{"ap-southeast-7", "Asia/Bangkok", "Bangkok", "Thailand", true},
	{"ca-west-1", "America/Edmonton", "Calgary", "Canada", true},
	{"eu-central-2", "Europe/Zurich", "Zurich", "Switzerland", true},
	{"eu-south-1", "Europe/Rome", "Milan", "Italy", true},
	{"eu-south-2", "Europe/Madrid", "Madrid", "Spain", true},
	{"il-central-1", "Asia/Jerusalem", "Tel Aviv", "Israel", true},
	{"me-central-1", "Asia/Dubai", "Dubai", "United Arab Emirates", true},
	{"me-south-1", "Asia/Bahrain", "Manama", "Bahrain", true},
	{"mx-central-1", "America/Mexico_City", "Querétaro", "Mexico", true},
}

// Regions returns the regions of AWS.
func Regions() []Region { return append([]Region(nil), regions...) }

// far is from how many minutes of difference on a region of the own part of the
// world is no better than one of another.
const far = 2 * hour

// Region returns the region to begin with: of those that every account has, the
// one in the zone itself, or the one whose clock differs least, in the same part
// of the world if there is one near. Regions to be asked for are left out: an
// account may not have them, and CloudFront delivers no standard logs there.
func (h Home) Region() string {
	return h.Nearest(func(r Region) bool { return !r.OptIn })
}

// Nearest returns the code of the nearest region that may be taken, as Region
// does, or "" when there is none.
func (h Home) Nearest(may func(Region) bool) string {
	best, least := "", week
	other, leastOther := "", week
	for _, r := range regions {
		there, ok := Find(r.Zone)
		if !ok || !may(r) {
			continue
		}
		if r.Zone == h.Zone {
			return r.Code
		}
		apart := distance(h.low, there.low)
		if apart < leastOther {
			other, leastOther = r.Code, apart
		}
		if there.area() == h.area() && apart < least {
			best, least = r.Code, apart
		}
	}
	if best == "" || least > far && leastOther < least {
		return other
	}
	return best
}

// distance returns how far two offsets are apart, around the earth.
func distance(a, b int) int {
	d := modulo(a-b, day)
	return min(d, day-d)
}
