#include "sweep/build_id.hpp"

#include <cstring>
#include <string_view>

#include <fmt/format.h>
#include <link.h>

#include "powerflow/batch/instruction_set.hpp"
#include "report/summary_json.hpp"

namespace yuanwang::sweep {

namespace {

std::size_t round_up(std::size_t n) {
    return (n + 3) / 4 * 4;
}

/// The build id among the notes of one segment (ELF: name size, descriptor size, type, name, descriptor).
std::string find_in_notes(const char* notes, std::size_t n_byte) {
    while (n_byte >= sizeof(ElfW(Nhdr))) {
        ElfW(Nhdr) head;
        std::memcpy(&head, notes, sizeof head);
        const char* name = notes + sizeof head;
        const char* content = name + round_up(head.n_namesz);
        const std::size_t length = sizeof head + round_up(head.n_namesz) + round_up(head.n_descsz);
        if (length > n_byte) {
            break;
        }
        if (head.n_type == NT_GNU_BUILD_ID &&
            std::string_view{name, head.n_namesz} == std::string_view{"GNU\0", 4}) {
            std::string id;
            for (const char byte : std::string_view{content, head.n_descsz}) {
                id += fmt::format("{:02x}", static_cast<unsigned char>(byte));
            }
            return id;
        }
        notes += length;
        n_byte -= length;
    }
    return {};
}

/// Called for the program first.
int read_program(dl_phdr_info* info, std::size_t, void* out) {
    auto& id = *static_cast<std::string*>(out);
    for (int k = 0; k < info->dlpi_phnum && id.empty(); ++k) {
        const ElfW(Phdr)& segment = info->dlpi_phdr[k];
        if (segment.p_type == PT_NOTE) {
            id = find_in_notes(
                reinterpret_cast<const char*>(info->dlpi_addr + segment.p_vaddr), // NOLINT
                segment.p_filesz);
        }
    }
    return 1;
}

} // namespace

const std::string& build_id() {
    static const std::string id = [] {
        std::string found;
        dl_iterate_phdr(read_program, &found);
        return found.empty() ? std::string{report::program_version()} : found;
    }();
    return id;
}

std::string maker_id() {
    return build_id() + " " + powerflow::batch::instruction_set();
}

} // namespace yuanwang::sweep
