"""What the product knows: pure values and decisions. Nothing here opens a file, starts a process or reads a clock."""
