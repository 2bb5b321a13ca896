{ name = "hello"; }
