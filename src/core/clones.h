#pragma once

/// PE_CLONES compiles a hot loop once per instruction set and picks the best one at run time. With -ffp-contract=off every clone
/// does the same roundings in the same order, so all give the same bits. Sanitizers do not work with the resolver functions.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define PE_CLONES __attribute__((target_clones("default", "avx2", "arch=x86-64-v4")))
#else
#define PE_CLONES
#endif
