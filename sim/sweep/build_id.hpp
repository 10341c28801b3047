/// @file
/// Which program this is, to the byte: what another build has stored is not taken for what this one would compute.
#pragma once

#include <string>

namespace yuanwang::sweep {

/// The GNU build id of the program, a hash of its content that the linker leaves in it; the version where there is none.
[[nodiscard]] const std::string& build_id();

/// All of the program that decides the bytes of a result: its build and the instruction set its lanes use, `3f2a… AVX3`.
[[nodiscard]] std::string maker_id();

} // namespace yuanwang::sweep
