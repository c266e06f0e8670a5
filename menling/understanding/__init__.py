"""What words mean, from the command line: lines in, meaning out, and how often it is right. Opens no house."""
