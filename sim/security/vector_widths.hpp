/// @file
/// Loops over lanes, compiled for every vector width the machine might have; the widest is picked at start-up.
///
/// Without contraction of operations (the build forbids it) all widths compute the same bits.
#pragma once

#if defined(__x86_64__)
#define YUANWANG_ALL_VECTOR_WIDTHS __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define YUANWANG_ALL_VECTOR_WIDTHS
#endif
