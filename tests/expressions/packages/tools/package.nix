{ name = "tools"; }
