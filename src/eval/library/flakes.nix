# References to flakes.
lib: { inherit (builtins) flakeRefToString parseFlakeRef; }
