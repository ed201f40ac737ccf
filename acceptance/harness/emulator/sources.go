package emulator

// Sources filters parameters of a cache's parameter group by who set them:
// ministack tells all of them whatever is asked for.
type Sources struct{}

// Remember leaves only what was asked for in the answer.
func (Sources) Remember(c Call, a *Answer, _ *Router) {
	wanted := c.Form.Get("Source")
	if c.Service != "elasticache" || c.Action != "DescribeCacheParameters" || wanted == "" {
		return
	}
	root, err := parseTree(a.Body)
	if err != nil {
		return
	}
	for _, name := range []string{"Parameters", "CacheNodeTypeSpecificParameters"} {
		root.each(name, func(t *tree) {
			t.drop(func(p *tree) bool { return p.value("Source") != wanted })
		})
	}
	a.Body = root.bytes()
}
