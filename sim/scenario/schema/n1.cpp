#include "scenario/schema/parts.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "scenario/schema/table.hpp"

namespace yuanwang::scenario {

using namespace engine;

namespace {

struct OutageWord {
    std::string_view word;
    bool N1Settings::*member;
};
constexpr std::array outage_words = {OutageWord{"branches", &N1Settings::branches},
                                     OutageWord{"transformers", &N1Settings::transformers},
                                     OutageWord{"generators", &N1Settings::generators},
                                     OutageWord{"busbars", &N1Settings::busbars}};

/// Reads `[branches, busbars]`: what is named is lost, the rest is not.
void read_outages(const Field&, Reader& reader, const Node* value, void* table) {
    const auto words = value ? reader.read_texts(*value) : std::nullopt;
    if (!words) {
        return; // the defaults stay
    }
    N1Settings& settings = *static_cast<N1Settings*>(table);
    for (const OutageWord& known : outage_words) {
        settings.*known.member = false;
    }
    for (const std::string& word : *words) {
        const auto known = std::ranges::find(outage_words, word, &OutageWord::word);
        if (known == outage_words.end()) {
            reader.add_fault_here(
                *value, "must be words of `branches`, `transformers`, `generators`, `busbars`");
        } else {
            settings.*known->member = true;
        }
    }
}

std::vector<std::string> join_lists(std::initializer_list<std::vector<std::string>> lists) {
    std::vector<std::string> all;
    for (const std::vector<std::string>& list : lists) {
        all.insert(all.end(), list.begin(), list.end());
    }
    return all;
}

RecordType make_pair_type() {
    Table<N1Pair> t{"n_1_pair",
                    "Elements that are lost together, such as two circuits on one tower."};
    t.id(&N1Pair::id);
    t.name("name", &N1Pair::name, "display name; the id where there is none");
    t.references("elements", &N1Pair::elements, join_lists({branch_lists(), source_lists()}),
                 "each mention takes one circuit, unit or source")
        .need()
        .any_epoch = true;
    t.finish([](Reader& reader, const Node& element, N1Pair& pair) {
        if (pair.elements.size() == 1) {
            reader.add_fault(element, "elements",
                             "must name two or more; one circuit twice takes two");
        }
    });
    return t.take();
}

} // namespace

const RecordType& n1_type() {
    static const RecordType pair = make_pair_type();
    static const RecordType type = [] {
        Table<N1Settings> t{"n_1", "Security after one outage."};
        t.word("method", &N1Settings::method, {"none", "dc", "screened", "ac"},
               "`ac` solves every outage of every step; `screened` those that come near a limit; "
               "`dc` looks at active power only")
            .otherwise("screened");
        t.word("controls", &N1Settings::controls, {"fixed", "moving"},
               "state that is judged: `fixed` is right after the outage, taps and shunts still as "
               "before; `moving` is later, when on-load taps and switched shunts have acted")
            .otherwise("fixed");
        t.integer("every", &N1Settings::every, "judges one step in so many")
            .within(1, 100000)
            .otherwise("1");
        t.add("outages", FieldKind::texts,
              "what is lost, one at a time: `branches` (circuits), `transformers` (units), "
              "`generators` (one unit "
              "of a plant, a block of a storage, a DC pole), `busbars`",
              read_outages)
            .computed("branches, transformers, generators");
        t.records("pairs", &N1Settings::pairs, pair, "what is lost together, beside `outages`");
        t.references("exceptions", &N1Settings::exceptions,
                     join_lists({branch_lists(), bus_lists(), source_lists(), {"grid.sections"}}),
                     "elements that may leave their limits after an outage, and outages that may "
                     "lose load")
            .any_epoch = true;
        return t.take();
    }();
    return type;
}

} // namespace yuanwang::scenario
