/// @file
/// Which program this is, to the byte: what another build has stored is not taken for what this one would compute.
#pragma once

#include <string>

namespace yuanwang::sweep {

/// The GNU build id of the program, a hash of its content that the linker leaves in it; the version where there is none.
[[nodiscard]] const std::string& build_id();

} // namespace yuanwang::sweep
