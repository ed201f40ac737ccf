package emulator

// Sources are who set the parameters of a parameter group. ministack tells those
// of a cache whatever is asked for, and moto, which keeps only what users set,
// does not say so.
type Sources struct{}

// Remember names the source of parameters, and leaves only what was asked for.
func (Sources) Remember(c Call, a *Answer, _ *Router) {
	wanted := c.Form.Get("Source")
	switch c.Action {
	case "DescribeCacheParameters", "DescribeDBParameters", "DescribeDBClusterParameters":
	default:
		return
	}
	root, err := parseTree(a.Body)
	if err != nil {
		return
	}
	root.each("Parameters", func(t *tree) {
		for _, p := range t.children {
			if c.Service == "rds" && p.value("ParameterName") != "" {
				p.set("Source", "user")
			}
		}
		t.drop(func(p *tree) bool { return wanted != "" && p.value("Source") != wanted })
	})
	root.each("CacheNodeTypeSpecificParameters", func(t *tree) {
		t.drop(func(p *tree) bool { return wanted != "" && p.value("Source") != wanted })
	})
	a.Body = root.bytes()
}
