{ x ? 1 }: { inherit x; y = ./hello.txt; }
