package render

// variables returns variables.tf, or nil when there are none.
func (r *renderer) variables() []byte {
	var blocks [][]byte
	for _, v := range r.Module.Variables {
		blocks = append(blocks, v.Text)
	}
	return joinBlocks(blocks...)
}

// outputs returns outputs.tf, or nil when there are none.
func (r *renderer) outputs() []byte {
	var blocks [][]byte
	for _, o := range r.Module.Outputs {
		blocks = append(blocks, o.Text)
	}
	return joinBlocks(blocks...)
}
