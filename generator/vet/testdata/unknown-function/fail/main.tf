output "all" {
  value = [json_encode({ a = 1 }), lenght([1]), quite_another_thing(1)]
}
