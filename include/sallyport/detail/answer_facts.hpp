// What is known of a handler's answers from its return type, for the route report.
#pragma once

#include <sallyport/bytes.hpp>
#include <sallyport/detail/type_name.hpp>
#include <sallyport/response.hpp>
#include <sallyport/stream.hpp>
#include <sallyport/view.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace sallyport::detail {

struct AnswerFacts {
  enum class Kind : std::uint8_t {
    nothing,   ///< a status and no body
    json,      ///< a value, through its view
    page,      ///< HTML
    problem,   ///< always a problem document
    response,  ///< the handler decides: the type says no more
    stream,    ///< bytes in pieces
    events,    ///< server-sent events
    bytes,     ///< of a media type, whole
  };
  Kind kind = Kind::response;
  int status = 0;                ///< 0: the handler decides
  std::string_view type_name{};  ///< of the value, without its namespace: "Note"; of streams and bytes the media type
  std::span<const std::string_view> members{};  ///< what its view shows
  bool list = false;                            ///< a list of such values
};

template <class Shown>
struct ShownNames;
template <auto... Members>
struct ShownNames<fields<Members...>> {
  static constexpr std::array<std::string_view, sizeof...(Members)> names{member_name<Members>...};
};

template <class T>
struct AnswerValue {
  using Type = T;
  static constexpr int status = 200;
};
template <class T>
struct AnswerValue<Ok<T>> : AnswerValue<T> {};
template <class T>
struct AnswerValue<Created<T>> {
  using Type = T;
  static constexpr int status = 201;
};
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_optional<Maybe<T>> = true;

template <class Result>
consteval AnswerFacts describe_answer() {
  using Is = AnswerFacts::Kind;
  if constexpr (is_maybe<Result>) {
    return describe_answer<typename Result::value_type>();  // or 404
  } else if constexpr (StreamAnswer<Result>) {
    return {.kind = Result::events ? Is::events : Is::stream, .status = 200, .type_name = Result::media_type};
  } else if constexpr (is_bytes<Result>) {
    return {.kind = Is::bytes, .status = 200, .type_name = Result::media_type};
  } else if constexpr (std::same_as<Result, Response>) {
    return {};
  } else if constexpr (std::same_as<Result, Page>) {
    return {.kind = Is::page};
  } else if constexpr (std::same_as<Result, Problem>) {
    return {.kind = Is::problem};
  } else if constexpr (std::same_as<Result, NoContent>) {
    return {.kind = Is::nothing, .status = 204};
  } else {
    using Value = typename AnswerValue<Result>::Type;
    using Plain = PlainType<Value>;
    AnswerFacts facts{.kind = Is::json,
                      .status = AnswerValue<Result>::status,
                      .type_name = type_name<Plain>,
                      .list = !std::same_as<Plain, Value> && !is_optional<Value>};
    if constexpr (Viewed<Plain>) facts.members = ShownNames<typename view<Plain>::show>::names;
    return facts;
  }
}

/// Of a handler that returns `Result`, or a Task of it.
template <class Result>
inline constexpr AnswerFacts answer_facts = describe_answer<Result>();

}  // namespace sallyport::detail
