// The pages: templates are checked while compiling, values escaped for their place.
#include "pages.hpp"

#include "assets.hpp"
#include "store.hpp"

#include <string>
#include <vector>

namespace notes {
namespace {

using namespace std::chrono_literals;

// --- Layout

sp::Page page(std::string title, sp::Html body, int status = 200) {
  return {.title = std::move(title),
          .description = "A small notes service, every protection on.",
          .icon = sp::LocalPath("/assets/icon.svg"),
          .stylesheets = {"/assets/notes.css"},
          .scripts = {"/assets/notes.js"},
          .body = std::move(body),
          .status = status};
}

sp::Html brand() { return sp::html<"<a class=\"brand\" href=\"/\">Notes</a>">(); }

sp::Page visitor_page(std::string title, sp::Html content, int status = 200) {
  return page(std::move(title),
              sp::html<"<header class=\"bar\">{}<nav><a href=\"/signin\">Sign in</a><a class=\"button\" "
                       "href=\"/signup\">Sign up</a></nav>"
                       "</header><main class=\"narrow\">{}</main>">(brand(), content),
              status);
}

sp::Page member_page(std::string title, std::string_view name, sp::Html content, int status = 200) {
  return page(
      std::move(title),
      sp::html<"<header class=\"bar\">{}<nav><span class=\"who\">{}</span><form method=\"post\" action=\"/signout\">"
               "<button class=\"quiet\">Sign out</button></form></nav></header><main>{}</main>">(brand(), name,
                                                                                                 content),
      status);
}

sp::Html notice(std::string_view text) {
  if (text.empty()) return {};
  return sp::html<"<p class=\"notice\" role=\"alert\">{}</p>">(text);
}

// What is wrong with a field, in words; empty when nothing is.
std::string_view words(sp::InputError error) {
  switch (error) {
    case sp::InputError::none:
      return "";
    case sp::InputError::missing:
      return "This is needed.";
    case sp::InputError::too_short:
      return "This is too short.";
    case sp::InputError::too_long:
      return "This is too long.";
    case sp::InputError::format:
      return "This does not look right.";
    case sp::InputError::not_allowed:
      return "This is too easy to guess, or has characters that are not accepted.";
    default:
      return "This was not accepted.";
  }
}

// A field as it was typed, and what is wrong with it. The first that is wrong has the focus.
struct Field {
  std::string value;
  std::string_view error;
  bool focus = false;

  std::string_view invalid() const { return error.empty() ? "false" : "true"; }
};

template <class Input>
Field field(const sp::TryForm<Input>* in, std::string_view name, bool& focus_given) {
  if (!in) return {};
  const std::string typed = in->typed(name);  // never a password
  std::string_view error = words(in->error(name));
  if (typed.empty() && !error.empty() && name != "password") error = words(sp::InputError::missing);
  const bool first = !error.empty() && !focus_given;
  focus_given = focus_given || first;
  return {typed, error, first};
}

// It stands there when there is none, too, so that the field can name it.
sp::Html field_error(std::string_view name, std::string_view text) {
  return sp::html<"<span class=\"error\" id=\"error-{}\">{}</span>">(name, text);
}

// --- When something went wrong

sp::Html words_of(const sp::ErrorFacts& error) {
  if (error.status == 404)
    return sp::html<
        "<h1>There is nothing here</h1><p>The address may be mistyped, or the note has been deleted.</p>">();
  if (error.status == 429)
    return sp::html<
        "<h1>One moment, please</h1><p>That was much in a short time. Wait a little and try it again.</p>">();
  if (error.status >= 500)
    return sp::html<
        "<h1>Something went wrong here</h1><p>It is not your doing, and it has been noted. Please try it again "
        "later.</p>">();
  return sp::html<"<h1>{}</h1><p>{}</p>">(error.title, error.detail);
}

// --- Landing

sp::Response landing(sp::Maybe<sp::SignedIn> me) {
  if (me) return sp::Response::see_other("/notes");
  return visitor_page(
      "Notes",
      sp::html<
          "<section class=\"hero\"><h1>Write it down.</h1><p>A small notes service whose every protection is on "
          "from the first line.</p><p class=\"actions\">"
          "<a class=\"button\" href=\"/signup\">Create an account</a><a class=\"quiet\" href=\"/signin\">I have "
          "one</a></p></section><section aria-labelledby=\"protections\"><h2 id=\"protections\">What protects your "
          "notes</h2><dl class=\"protections\">"
          "<div><dt>Yours alone</dt><dd>A note is looked up together with its owner. Another person’s note does not "
          "exist for you.</dd></div>"
          "<div><dt>Text stays text</dt><dd>What is in a note is shown, never run. The page may run this site’s "
          "script and no other.</dd></div>"
          "<div><dt>No page elsewhere acts for you</dt><dd>Other sites can link here. They can’t send, load or frame "
          "anything.</dd></div>"
          "<div><dt>Guessing does not pay</dt><dd>Passwords are hashed with Argon2id. After five wrong ones an account "
          "waits.</dd></div>"
          "<div><dt>Sessions end</dt><dd>After half an hour without use, after a working day in any case, and when you "
          "sign out.</dd></div>"
          "<div><dt>Nobody crowds you out</dt><dd>Requests, connections and sizes have limits, for each client and "
          "together.</dd></div></dl></section>">());
}

// --- Sign up

sp::Page sign_up_page(const sp::TryForm<SignUp>* in, std::string_view problem, int status) {
  bool focused = false;
  const Field name = field(in, "name", focused);
  const Field email = field(in, "email", focused);
  const Field password = field(in, "password", focused);
  return visitor_page(
      "Sign up",
      sp::html<
          "<h1>Sign up</h1>{}<form class=\"card\" method=\"post\" action=\"/signup\">"
          "<label>Name <input name=\"name\" value=\"{}\" autocomplete=\"name\" required maxlength=\"80\" "
          "aria-invalid=\"{}\" aria-describedby=\"error-name\" autofocus=\"{}\"></label>{}"
          "<label>Email <input name=\"email\" type=\"email\" value=\"{}\" autocomplete=\"username\" required "
          "maxlength=\"254\" aria-invalid=\"{}\" aria-describedby=\"error-email\" autofocus=\"{}\"></label>{}"
          "<label>Password <input name=\"password\" type=\"password\" autocomplete=\"new-password\" required "
          "minlength=\"15\" maxlength=\"200\" aria-invalid=\"{}\" aria-describedby=\"error-password hint-password\" "
          "autofocus=\"{}\"></label>{}<p class=\"hint\" id=\"hint-password\">Fifteen characters or more; a few words "
          "you "
          "will remember are best.</p>"
          "<button>Sign up</button></form><p>Have an account? <a href=\"/signin\">Sign in</a></p>">(
          notice(problem), name.value, name.invalid(), name.focus, field_error("name", name.error), email.value,
          email.invalid(), email.focus, field_error("email", email.error), password.invalid(), password.focus,
          field_error("password", password.error)),
      status);
}

sp::Response show_sign_up(sp::Maybe<sp::SignedIn> me) {
  if (me) return sp::Response::see_other("/notes");
  return sign_up_page(nullptr, "", 200);
}

sp::Task<sp::Response> sign_up(sp::TryForm<SignUp> in, sp::SignUpAttempt attempt) {
  if (!in) co_return sign_up_page(&in, "Please look at the marked fields.", 400);
  // The same for an address that has an account: nobody learns here who has one.
  co_return co_await attempt.create_quietly(in->name, in->email, in->password,
                                            sp::Response::see_other("/signin?welcome=true"));
}

// --- Sign in and out

struct SignInQuery {
  sp::Maybe<bool> welcome;
};

sp::Page sign_in_page(std::string_view email, std::string_view problem, sp::Html greeting, int status) {
  const bool wrong = !problem.empty();
  const std::string_view invalid = wrong ? "true" : "false";
  return visitor_page(
      "Sign in",
      sp::html<"<h1>Sign in</h1>{}<form class=\"card\" method=\"post\" action=\"/signin\">"
               "<label>Email <input name=\"email\" type=\"email\" value=\"{}\" autocomplete=\"username\" required "
               "maxlength=\"254\" aria-invalid=\"{}\" aria-describedby=\"error-signin\"></label>"
               "<label>Password <input name=\"password\" type=\"password\" autocomplete=\"current-password\" required "
               "maxlength=\"200\" aria-invalid=\"{}\" aria-describedby=\"error-signin\" autofocus=\"{}\"></label>{}"
               "<button>Sign in</button></form><p>New here? <a href=\"/signup\">Sign up</a></p>">(
          greeting, email, invalid, invalid, wrong,
          sp::html<"<span class=\"error\" id=\"error-signin\" role=\"alert\">{}</span>">(problem)),
      status);
}

sp::Response show_sign_in(sp::Query<SignInQuery> query, sp::Maybe<sp::SignedIn> me) {
  if (me) return sp::Response::see_other("/notes");
  sp::Html greeting;
  if (query->welcome.value_or(false))
    greeting = sp::html<
        "<p class=\"welcome\" role=\"status\">If the address was new, you can sign in "
        "now. If it was not, your password is the one that you had.</p>">();
  return sign_in_page("", "", greeting, 200);
}

sp::Task<sp::Response> sign_in(sp::TryForm<SignIn> in, sp::SignInAttempt attempt) {
  auto again = sign_in_page(in.typed("email"), "Wrong e-mail or password.", {}, 401);
  if (!in) co_return again;
  co_return co_await attempt.password(in->email, in->password, sp::Response::see_other("/notes"), std::move(again));
}

sp::Response sign_out(sp::CurrentSession session) { return session.sign_out(sp::Response::see_other("/")); }

// --- Notes

sp::Html note_fields(const Field& title, const Field& body) {
  return sp::html<
      "<label>Title <input name=\"title\" value=\"{}\" required maxlength=\"200\" autocomplete=\"off\" "
      "aria-invalid=\"{}\" aria-describedby=\"error-title\" autofocus=\"{}\"></label>{}"
      "<label>Body <textarea name=\"body\" rows=\"5\" maxlength=\"10000\" aria-invalid=\"{}\" "
      "aria-describedby=\"error-body\" autofocus=\"{}\">{}</textarea></label>{}">(
      title.value, title.invalid(), title.focus, field_error("title", title.error), body.invalid(), body.focus,
      body.value, field_error("body", body.error));
}

sp::Html note_card(const Note& note) {
  return sp::html<
      "<article class=\"note\"><h2>{}</h2><p class=\"text\">{}</p><footer><a href=\"{}\" aria-label=\"Edit "
      "{}\">Edit</a>"
      "<form method=\"post\" action=\"{}\" data-confirm=\"Delete this note?\"><button "
      "class=\"danger\" aria-label=\"Delete {}\">Delete</button></form></footer>"
      "</article>">(note.title, note.body, sp::local_url<"/notes/{}/edit">(note.id), note.title,
                    sp::local_url<"/notes/{}/delete">(note.id), note.title);
}

sp::Page notes_page(std::string_view name, const sp::Rows<Note>& found, std::string_view q) {
  std::vector<sp::Html> cards;
  cards.reserve(found.size());
  for (const Note& note : found) cards.push_back(note_card(note));
  sp::Html nothing;
  if (found.empty() && q.empty()) nothing = sp::html<"<p class=\"empty\">No notes yet. Write the first one.</p>">();
  if (found.empty() && !q.empty()) nothing = sp::html<"<p class=\"empty\">Nothing contains “{}”.</p>">(q);
  return member_page(
      "Your notes", name,
      sp::html<
          "<h1>Your notes</h1><form class=\"search\" method=\"get\" action=\"/notes\" role=\"search\"><label>Search "
          "<input name=\"q\" type=\"search\" value=\"{}\" maxlength=\"200\"></label><button>Search</button></form>"
          "<details class=\"card\" open=\"{}\"><summary>New note</summary><form method=\"post\" "
          "action=\"/notes\">{}<button>Add note</button></form>"
          "</details>{}<section class=\"notes\" aria-label=\"Notes\">{}</section>">(q, q.empty(), note_fields({}, {}),
                                                                                    nothing, cards));
}

sp::Task<sp::Page> show_notes(sp::Query<NotesQuery> query, sp::SignedIn me, const sp::Db& db) {
  const std::string_view q = query->q ? query->q->view() : std::string_view();
  if (q.empty()) co_return notes_page(me.name, co_await all_notes(db, me.id), q);
  co_return notes_page(me.name, co_await find_notes(db, me.id, q), q);
}

sp::Page note_form_page(std::string_view name, std::string heading, const sp::LocalUrl& action, const Field& title,
                        const Field& body, int status = 200) {
  return member_page(
      heading, name,
      sp::html<
          "<h1>{}</h1><form class=\"card\" method=\"post\" action=\"{}\">{}<p class=\"actions\"><button>Save</button>"
          "<a class=\"quiet\" href=\"/notes\">Cancel</a></p></form>">(heading, action, note_fields(title, body)),
      status);
}

sp::Page note_again(std::string_view name, std::string heading, const sp::LocalUrl& action,
                    const sp::TryForm<NewNote>& in) {
  bool focused = false;
  Field title = field(&in, "title", focused);
  Field body = field(&in, "body", focused);
  return note_form_page(name, std::move(heading), action, title, body, 400);
}

sp::Task<sp::Response> add_note(sp::TryForm<NewNote> in, sp::SignedIn me, sp::Db& db) {
  if (!in) co_return note_again(me.name, "New note", sp::LocalPath("/notes"), in);
  co_await insert_note(db, me.id, *in);
  co_return sp::Response::see_other("/notes");
}

sp::Page show_edit(sp::Owned<Note> note, sp::SignedIn me) {
  return note_form_page(me.name, "Edit note", sp::local_url<"/notes/{}">(note->id), {note->title, {}},
                        {note->body, {}});
}

sp::Task<sp::Response> save_note(sp::Owned<Note> note, sp::TryForm<NewNote> in, sp::SignedIn me, sp::Db& db) {
  if (!in) co_return note_again(me.name, "Edit note", sp::local_url<"/notes/{}">(note->id), in);
  co_await update_note(db, note.id(), *in);
  co_return sp::Response::see_other("/notes");
}

sp::Task<sp::Response> remove_note(sp::Owned<Note> note, sp::Db& db) {
  co_await delete_note(db, note.id());
  co_return sp::Response::see_other("/notes");
}

}  // namespace

sp::Page error_page(const sp::ErrorFacts& error) {
  return page(
      error.status == 404 ? "Nothing here" : "Something went wrong",
      sp::html<"<header class=\"bar\">{}<nav><a href=\"/notes\">Your notes</a></nav></header><main class=\"narrow\">"
               "{}<p class=\"actions\"><a class=\"button\" href=\"/\">Go on</a></p>"
               "<p class=\"hint\">Request {}</p></main>">(brand(), words_of(error), error.request));
}

sp::Router pages() {
  sp::Router pages;
  pages.get("/", sp::anyone("the landing page"), landing);
  pages.get("/signup", sp::anyone("the sign-up form"), show_sign_up);
  pages.post("/signup", sp::anyone("the sign-up form"), sp::attempts{.max = 5, .per = 15min}, sign_up);
  pages.get("/signin", sp::anyone("the sign-in form"), show_sign_in);
  pages.post("/signin", sp::anyone("the sign-in form"), sp::attempts{.max = 5, .per = 15min}, sign_in);
  pages.post("/signout", sp::signed_in, sign_out);
  pages.get("/notes", sp::signed_in, show_notes);
  pages.post("/notes", sp::signed_in, add_note);
  pages.get("/notes/:id/edit", sp::owner<Note>, show_edit);
  pages.post("/notes/:id", sp::owner<Note>, save_note);
  pages.post("/notes/:id/delete", sp::owner<Note>, remove_note);
  pages.asset("/assets/notes.css", sp::AssetType::css, assets::notes_css);
  pages.asset("/assets/notes.js", sp::AssetType::javascript, assets::notes_js);
  pages.asset("/assets/icon.svg", sp::AssetType::svg, assets::icon_svg);
  return pages;
}

}  // namespace notes
