package ir

// Settled says whether a block is printed without being formatted again.
func Settled(b *Block) bool { return b.settled() }
