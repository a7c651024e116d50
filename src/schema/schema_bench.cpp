// The cost of reading and writing a small note as JSON.
#include <benchmark/benchmark.h>

#include <sallyport/json.hpp>
#include <sallyport/schema.hpp>

namespace {

namespace sp = sallyport;

struct NewNote {
  sp::Text<1, 200> title;
  sp::Text<0, 10'000> body;
};
struct Note {
  std::string title;
  std::string body;
};

}  // namespace

template <>
struct sallyport::view<Note> {
  using show = fields<&Note::title, &Note::body>;
};

namespace {

std::string example() {
  std::string json = R"({"title":")" + std::string(20, 't') + R"(","body":")" + std::string(100, 'b') + "\"}";
  json.reserve(json.size() + 64);
  return json;
}

void read_note(benchmark::State& state) {
  const std::string json = example();
  for (auto _ : state) {
    sp::detail::FieldErrors errors;
    auto note = sp::detail::read_json<NewNote>(json.data(), json.size(), json.capacity(), errors);
    benchmark::DoNotOptimize(note);
  }
}
BENCHMARK(read_note);

void write_note(benchmark::State& state) {
  const Note note{std::string(20, 't'), std::string(100, 'b')};
  std::string out;
  for (auto _ : state) {
    out.clear();
    sp::to_json(out, note);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(write_note);

}  // namespace
