/// @file
/// MATPOWER case files (`.m`), in; and the same case in our language.
///
/// Reading rules: type-4 buses and out-of-service branches and generators are dropped, unread; a PV
/// bus without a generator in service becomes PQ; the last generator in service of a bus gives its
/// voltage; tap ratio 0 means 1, a negative one a shift by 180 degrees. Each island has one
/// reference bus; where no bus of the case is one with a generator in service, the first PV bus takes
/// its place, as in MATPOWER's `bustypes`; so it does in an island of its own, which MATPOWER would
/// not solve. An island without either is de-energised. A branch from a bus to itself is the shunt it
/// amounts to. `dcline` is left out, as MATPOWER's power flow does. Columns: MATPOWER User's Manual,
/// appendix B. Base other than 100 MVA is converted to 100 MVA.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/name.hpp"
#include "exchange/matlab/value.hpp"
#include "study/study.hpp"

namespace yuanwang::exchange {

/// The tables of a case as they stand in the file, rows × columns.
struct MatpowerCase {
    std::string name;
    double base_mva = 100;
    std::vector<std::vector<double>> bus;
    std::vector<std::vector<double>> gen;
    std::vector<std::vector<double>> branch;
    std::vector<std::vector<double>> gencost;
    std::vector<std::string> bus_name;       ///< empty where the file has none
    std::size_t n_dc_line = 0;               ///< rows of `dcline` in service
    std::vector<std::string> files;          ///< that were read, the case itself first
    std::vector<matlab::RowPlace> bus_place; ///< of each row; empty where not known
    std::vector<matlab::RowPlace> gen_place;
    std::vector<matlab::RowPlace> branch_place;
};

/// Parses a case file. Throws `InputError` with line and column, `IoError` where the file cannot be
/// read.
[[nodiscard]] MatpowerCase read_matpower(const std::filesystem::path& file);

/// Parses the text of a case file; `file` names it in faults.
[[nodiscard]] MatpowerCase parse_matpower(std::string_view text, const std::string& file);

/// What a reader of a case should know: what was left out, assumed, or is written otherwise than it stands there.
struct CaseNote {
    Place place;
    std::string path; ///< `gen[2].Pmin`
    std::string text;
    bool of_limits = false; ///< concerns limits and prices only: no power flow hangs on it
};
[[nodiscard]] std::string to_string(const CaseNote& note);

/// A case as a study, with what is to be told of it.
struct CaseStudy {
    engine::Study study;
    std::vector<bool> energised; ///< [n_bus] a unit that holds voltage reaches it
    std::vector<CaseNote> notes;
};

/// A study of one step: every bus, impedance branch, generator, static load and shunt of the case.
/// Dispatch `none`, no limits, no controls, single slack: what MATPOWER's own default solves.
/// Reactive limits are kept in the study, for whoever switches the controls on. Ids: bus `14`,
/// branch `4-5` (`4-5-2` for the second circuit), `gen_1`, `load_5`, `shunt_9`. A bus without base
/// voltage gets 1 kV. Throws `InputError` with all faults of the tables.
[[nodiscard]] engine::Study make_study(const MatpowerCase& matpower);
[[nodiscard]] CaseStudy make_case_study(const MatpowerCase& matpower);

/// Where a converted case comes from and what it is called.
struct CaseHeader {
    std::string id;     ///< scenario id; empty: the case's name
    Name name;          ///< empty: the case's name
    Name description;   ///< empty: none
    std::string source; ///< covers every figure; empty: the case's file
};

/// The case in our language, ready for `scenario::load_scenario`. De-energised buses are left out. Numbers carry all their digits
/// (shortest text that reads back the same), so the scenario gives the power flow of the case to
/// the last printed digit.
[[nodiscard]] std::string to_yaml(const MatpowerCase& matpower, const CaseHeader& header = {});

} // namespace yuanwang::exchange
