# Who maintains what is nixpkgs' knowledge, not this library's.
lib: {
  maintainers = throw "the list of maintainers is not modelled";
  teams = throw "the list of teams is not modelled";
}
