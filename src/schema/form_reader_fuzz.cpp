// Any bytes as a form, a query and a path parameter. What is accepted keeps the bounds of its types.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/utf8.hpp"
#include "schema/schema_test_types.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace sp = sallyport;
  namespace test = sp::schema_test;
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  sp::detail::FieldErrors errors;
  const auto form = sp::detail::read_form<test::FlatForm>(text, errors);
  if (form.has_value() != errors.empty()) std::abort();
  if (form) {
    if (form->title.empty() || !sp::base::valid_utf8(form->title.view())) std::abort();
    if (form->title.view().find('\0') != std::string_view::npos || form->roles.size() > 3) std::abort();
    if (form->email && sp::Email::parse(form->email->view())->view() != form->email->view()) std::abort();
  }
  // What is passed over changes nothing of what is read.
  sp::detail::FieldErrors fewer_errors;
  const auto lenient =
      sp::detail::read_form<test::FlatForm>(text, fewer_errors, sp::detail::UnknownMembers::are_passed_over);
  if (form && !(lenient && lenient->title == form->title)) std::abort();
  std::string problem;
  errors.append_json(problem);
  if (!sp::detail::valid_json(problem)) std::abort();

  sp::detail::FieldErrors scalar_errors;
  const auto number = sp::detail::read_scalar<std::int64_t>(text, "n", scalar_errors);
  if (number && std::to_string(*number) != text && text != "-0") std::abort();
  const auto real = sp::detail::read_scalar<double>(text, "n", scalar_errors);
  if (number && real && static_cast<std::int64_t>(*real) != *number) std::abort();
  const auto id = sp::detail::read_scalar<sp::Id<test::Tag>>(text, "n", scalar_errors);
  if (id && id->text() != text) std::abort();
  return 0;
}
