# Prints a line through SIMCALL, then exits with 0.
    .text
    .global _start
_start:
    movi  a2, 4            # write
    movi  a3, 1            # to standard output
    movi  a4, message      # address, through a literal
    movi  a5, 19           # bytes
    simcall
    movi  a2, 1            # exit
    movi  a3, 0
    simcall

    .data
message:
    .ascii "hello from PRO_CPU\n"
