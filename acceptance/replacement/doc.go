// Package replacement finds out which arguments of hashicorp/aws make the
// provider replace an object.
//
// No schema says so (hashicorp/terraform#29375), but every plan does. The package
// starts the real provider as Terraform does, and has it plan one change of one
// argument after another over the plugin protocol: an object is invented, one
// argument changes, and the answer names what requires a new object. Nothing leaves
// the machine: planning needs no account, and the endpoint that the provider is
// given refuses every connection.
//
// What the provider decides by comparing values, it decides here for invented ones.
// So the table says what is known to replace an object, never what cannot.
package replacement
