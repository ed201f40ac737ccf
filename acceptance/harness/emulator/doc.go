// Package emulator is the AWS that lives run against: emulators on the loopback
// interface and a router in front of them.
//
// The router tells from a request which service and which action it is for, and
// hands it to the emulator that knows the service better. What none of them
// knows it answers itself, as AWS documents it; see Service. What an emulator
// forgets it remembers; see Memory. It takes ports and folders, and returns an
// address: what runs the cores is package harness.
package emulator
