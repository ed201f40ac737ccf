resource "terraform_data" "this" {
  input = var.kept
}

variable "kept" {
  type = map(object({
    days  = optional(number, 30) # notes: tape.a-note-with-a-rather-long-name as long as that
    place = string
  }))
  description = "What is kept for how long, and where."
  default     = { everything = { place = "on the shelf behind the door" }, nothing = { days = 1, place = "" } } # why: what is on the shelf is found again
}

output "id" {
  value       = terraform_data.this.id
  description = "Id of the store."
}
