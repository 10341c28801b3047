#include <optional>

#include <fmt/format.h>

#include "scenario/schema/parts.hpp"
#include "scenario/schema/table.hpp"
#include "study/study.hpp"

namespace yuanwang::scenario {

using namespace engine;

namespace {

const std::vector<std::string>& project_states() {
    static const std::vector<std::string> words = {"in_service", "under_construction", "planned",
                                                   "candidate"};
    return words;
}

} // namespace

RecordType make_project_type() {
    Table<Project> t{
        "project",
        "A change with a date: merged from 00:00 Beijing time of `in_service` on, where enabled."};
    t.id(&Project::id);
    t.name("name", &Project::name, "display name");
    t.word("class", &Project::project_class,
           {"solar", "wind", "hydro", "thermal", "storage", "grid", "efficiency", "clean_heating",
            "zero_carbon_park", "compute", "other"},
           "what kind it is")
        .need();
    t.word("status", &Project::status, project_states(), "how far it is").otherwise("planned");
    t.date("in_service", &Project::in_service,
           "first day in force; from the start where none is given");
    t.add("enabled", FieldKind::boolean, "whether it takes part",
          [](const Field&, Reader& reader, const Node* value, void* table) {
              Project& project = *static_cast<Project*>(table);
              const bool dated = project.status == "under_construction" && project.in_service;
              project.enabled = (value ? reader.read_boolean(*value) : std::nullopt)
                                    .value_or(project.status == "in_service" || dated);
          })
        .computed("true where in service, or under construction with a date");
    t.integer("count", &Project::count, "entries of the public portfolio it stands for")
        .within(0, 10000)
        .otherwise("1");
    t.number("capex_cny", &Project::capex_cny, "investment").at_least(0).otherwise("0");
    t.number("life_y", &Project::life_y, "years it serves, for its net present value")
        .within(1, 100)
        .otherwise("25");
    t.add("changes", FieldKind::changes,
          "grid, sources, loads, storage, and `remove`, in the shape of a scenario",
          [](const Field&, Reader&, const Node* value, void* table) {
              static_cast<Project*>(table)->has_changes =
                  value && value->is_map() && !value->items.empty();
          });
    t.finish([](Reader&, const Node&, Project& project) {
        if (project.name.en.empty() && project.name.zh.empty()) {
            project.name.en = project.id;
        }
    });
    return t.take();
}

RecordType make_calibration_type() {
    using C = CalibrationTarget;
    Table<C> t{"calibration", "A band an indicator of the run must fall into; its `source` "
                              "stands beside it in the report."};
    t.id(&C::id);
    t.name("name", &C::name, "display name");
    t.text("indicator", &C::indicator, "name in summary.json, under indicators or counts").need();
    t.number("min", &C::min, "lower end").need();
    t.number("max", &C::max, "upper end").need();
    t.finish([](Reader& reader, const Node& element, C& target) {
        if (target.min > target.max) {
            reader.add_fault(element, "min", fmt::format("must not be above max {:g}", target.max));
        }
        if (target.name.en.empty() && target.name.zh.empty()) {
            target.name.en = target.id;
        }
        const Node* marked = element.find("min");
        target.source = marked && marked->mark ? marked->mark->reason : "";
    });
    return t.take();
}

} // namespace yuanwang::scenario
