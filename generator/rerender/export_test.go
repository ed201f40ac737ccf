package rerender

// Stores is the list of types, for tests.
var Stores = stores
