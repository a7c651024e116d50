// The three forms of the route report, and the comparison of two lock files.
#include "start/policy_report.hpp"

#include "base/json_text.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sallyport::start {
namespace {

void printable(std::string& out, std::string_view text) { ops::append_printable(out, text); }

std::string who(const RouteReport& route) {
  std::string out(route.policy);
  if (!route.note.empty()) out.append(route.policy == "anyone" ? ": " : " ").append(route.note);
  for (const std::string& each : route.behind) out.append(", behind ").append(each);
  return out;
}

std::string takes(const RouteReport& route) {
  std::string out;
  for (const std::string& each : route.takes) out.append(out.empty() ? "" : ", ").append(each);
  return out;
}

std::string inputs(const RouteReport& route) {
  std::string out;
  std::string_view place;
  const auto begin = [&](std::string_view name) {
    out.append(out.empty() ? "" : "; ").append(name).append(" ");
    place = name;
  };
  for (const RouteReport::Input& input : route.inputs) {
    if (input.place != place) {
      begin(input.place);
      if (place == route.body) out += '(' + std::to_string(route.body_bytes) + " bytes) ";
    } else {
      out += ", ";
    }
    out += input.name;
    if (!input.type.empty()) out.append(" ").append(input.type);
  }
  if (!route.body.empty() && place != route.body) {  // a stream has no members, and a struct may have none
    begin(route.body);
    out += '(' + std::to_string(route.body_bytes) + " bytes)";
  }
  return out;
}

std::string output(const RouteReport::Output& output) {
  std::string out;
  if (output.status != 0) out = std::to_string(output.status) + ' ';
  out += output.kind;
  if (output.list) out += " list of";
  if (!output.type.empty()) out.append(" ").append(output.type);
  if (output.members.empty()) return out;
  out += " {";
  for (const std::string& member : output.members) out.append(out.ends_with('{') ? "" : ", ").append(member);
  return out + '}';
}

// --- JSON

class Json {
 public:
  std::string out;

  Json& name(std::string_view text) {
    separate();
    base::append_json_string(out, text, base::JsonEscapes::line);
    out += ':';
    first_ = true;
    return *this;
  }
  void text(std::string_view value) {
    separate();
    base::append_json_string(out, value, base::JsonEscapes::line);
  }
  void number(std::uint64_t value) {
    separate();
    out += std::to_string(value);
  }
  void flag(bool value) {
    separate();
    out += value ? "true" : "false";
  }
  template <class Inside>
  void object(Inside&& inside) {
    within('{', '}', std::forward<Inside>(inside));
  }
  template <class Items, class Each>
  void list(const Items& items, Each&& each) {
    within('[', ']', [&] {
      for (const auto& item : items) each(item);
    });
  }
  template <class Items>
  void texts(const Items& items) {
    list(items, [&](const auto& item) { text(item); });
  }

 private:
  void separate() {
    if (!first_) out += ',';
    first_ = false;
  }
  template <class Inside>
  void within(char open, char close, Inside&& inside) {
    separate();
    out += open;
    first_ = true;
    inside();
    out += close;
    first_ = false;
  }
  bool first_ = true;  // the next member is the first, so no comma goes before it
};

void put(Json& json, const Relaxation& relaxation) {
  json.object([&] {
    json.name("name").text(relaxation.name);
    json.name("value").text(relaxation.value);
    json.name("reason").text(relaxation.reason);
    json.name("insecure").flag(relaxation.insecure);
  });
}

void put(Json& json, const RouteReport& route) {
  json.object([&] {
    json.name("method").text(route.method);
    json.name("path").text(route.path);
    json.name("policy").text(route.policy);
    json.name("note").text(route.note);
    json.name("behind").texts(route.behind);
    json.name("takes").texts(route.takes);
    json.name("limits").texts(route.limits);
    json.name("body").object([&] {
      json.name("kind").text(route.body);
      json.name("max_bytes").number(route.body_bytes);
    });
    json.name("inputs").list(route.inputs, [&](const RouteReport::Input& input) {
      json.object([&] {
        json.name("in").text(input.place);
        json.name("name").text(input.name);
        json.name("type").text(input.type);
      });
    });
    json.name("output").object([&] {
      json.name("kind").text(route.output.kind);
      json.name("status").number(static_cast<std::uint64_t>(route.output.status));
      json.name("type").text(route.output.type);
      json.name("list").flag(route.output.list);
      json.name("members").texts(route.output.members);
    });
    json.name("calls").texts(route.calls);
    json.name("relaxations").list(route.relaxations, [&](const Relaxation& each) { put(json, each); });
  });
}

// --- Lock files

// The part of a lock line that is compared at start; empty for lines that only reviewers need, such as a route's
// inputs.
std::string_view public_route(std::string_view line) {
  if (!line.starts_with("route ")) return {};
  const std::string_view key = line.substr(0, line.find(" | "));
  // A policy of the application's own may admit whoever it likes, and who signs a webhook has no account.
  const bool open = key.find(" anyone: ") != key.npos || key.find(" signed_by ") != key.npos ||
                    key.find(" when ") != key.npos || key.find("(when ") != key.npos;
  return open ? key.substr(6) : std::string_view();
}
std::string_view relaxation(std::string_view line) {
  const bool is = line.starts_with("relaxation ") || line.starts_with("waiver ");
  return is ? line : std::string_view();
}

std::vector<std::string_view> keys(std::string_view text, std::string_view (*key)(std::string_view)) {
  std::vector<std::string_view> found;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (const std::string_view one = key(line); !one.empty()) found.push_back(one);
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> differences(std::string_view file, std::string_view now,
                                     std::string_view (*key)(std::string_view)) {
  const auto before = keys(file, key);
  const auto after = keys(now, key);
  std::vector<std::string> out;
  const auto add = [&](const auto& these, const auto& those, char sign) {
    std::vector<std::string_view> only;
    std::set_difference(these.begin(), these.end(), those.begin(), those.end(), std::back_inserter(only));
    for (const std::string_view one : only) out.push_back(std::string(1, sign).append(" ").append(one));
  };
  add(after, before, '+');
  add(before, after, '-');
  return out;
}

}  // namespace

std::string policy_table(const PolicyReport& report) {
  std::size_t width = 0;
  for (const RouteReport& route : report.routes) width = std::max(width, std::min<std::size_t>(route.path.size(), 40));
  std::string out;
  const auto detail = [&](std::string_view name, std::string_view text) {
    if (text.empty()) return;
    out.append("        ").append(name).append(6 - name.size(), ' ');
    printable(out, text);
    out += '\n';
  };
  for (const RouteReport& route : report.routes) {
    out.append(route.method).append(8 - route.method.size(), ' ').append(route.path);
    out.append(width - std::min(width, route.path.size()) + 2, ' ');
    printable(out, who(route));
    out += '\n';
    for (const std::string& limit : route.limits) detail("limit", limit);
    detail("takes", takes(route));
    detail("in", inputs(route));
    detail("out", output(route.output));
    for (const std::string& origin : route.calls) detail("calls", origin);
    for (const Relaxation& each : route.relaxations) detail("relax", each.text());
  }
  out += "\nEvery client: " + std::to_string(report.general_per_second) + " requests per second, " +
         std::to_string(report.general_burst) + " at once; assets are not counted.\n";
  const auto section = [&](std::string_view title, const auto& items, auto&& text) {
    out.append("\n").append(title).append(items.empty() ? ": none\n" : ":\n");
    for (const auto& item : items) {
      out += "  ";
      printable(out, text(item));
      out += '\n';
    }
  };
  section("Relaxed by settings", report.settings, [](const Relaxation& each) { return each.text(); });
  section("Rows of every owner, and of members", report.queries, [](const Relaxation& each) { return each.text(); });
  section("Secrets taken out", report.secrets, [](const Relaxation& each) { return each.text(); });
  section("Waivers", report.waivers, [](const Waiver& waiver) { return waiver.text(); });
  return out;
}

std::string policy_json(const PolicyReport& report) {
  Json json;
  json.object([&] {
    json.name("routes").list(report.routes, [&](const RouteReport& route) { put(json, route); });
    json.name("settings").list(report.settings, [&](const Relaxation& each) { put(json, each); });
    json.name("queries").list(report.queries, [&](const Relaxation& each) { put(json, each); });
    json.name("secrets").list(report.secrets, [&](const Relaxation& each) { put(json, each); });
    json.name("waivers").list(report.waivers, [&](const Waiver& waiver) {
      json.object([&] {
        json.name("code").text(waiver.code);
        json.name("until").text(day_text(waiver.until));
        json.name("reason").text(waiver.reason);
      });
    });
    json.name("general_limit").object([&] {
      json.name("per_second").number(report.general_per_second);
      json.name("burst").number(report.general_burst);
    });
  });
  return json.out + "\n";
}

std::string policy_lock(const PolicyReport& report) {
  std::string out =
      "# Who may call what. Review a change of this file as you review code; `sallyport policy --lock` writes it.\n";
  std::vector<std::string> relaxations;
  for (const RouteReport& route : report.routes) {
    std::string call = std::string(route.method) + ' ' + route.path;
    printable(out.append("route "), call + ' ' + who(route));
    for (const std::string& limit : route.limits) printable(out.append(" | limit "), limit);
    if (const std::string own = takes(route); !own.empty()) printable(out.append(" | takes "), own);
    if (const std::string in = inputs(route); !in.empty()) printable(out.append(" | in "), in);
    printable(out.append(" | out "), output(route.output));
    out += '\n';
    for (const std::string& origin : route.calls) {  // a way out
      relaxations.emplace_back(call).append(" calls ").append(origin);
    }
    for (const Relaxation& each : route.relaxations) relaxations.push_back(call + ' ' + each.text());
  }
  for (const Relaxation& each : report.settings) relaxations.push_back("settings " + each.text());
  for (const Relaxation& each : report.queries) relaxations.push_back("queries " + each.text());
  for (const Relaxation& each : report.secrets) relaxations.push_back("secrets " + each.text());
  std::sort(relaxations.begin(), relaxations.end());
  for (const std::string& each : relaxations) {
    printable(out.append("relaxation "), each);
    out += '\n';
  }
  std::vector<std::string> waivers;
  waivers.reserve(report.waivers.size());
  for (const Waiver& waiver : report.waivers) waivers.push_back(waiver.text());
  std::sort(waivers.begin(), waivers.end());
  for (const std::string& each : waivers) {
    printable(out.append("waiver "), each);
    out += '\n';
  }
  return out;
}

LockDifference compare_lock(std::string_view file, std::string_view now) {
  return {.public_routes = differences(file, now, &public_route), .relaxations = differences(file, now, &relaxation)};
}

}  // namespace sallyport::start
