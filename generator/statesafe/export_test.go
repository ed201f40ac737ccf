package statesafe

// StoreCount is how many types hold data, for tests.
var StoreCount = len(stores)
