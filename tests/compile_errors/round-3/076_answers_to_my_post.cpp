// The answers to my post are whoever's, private or not.
#include "../round-2/service.hpp"

struct Post {
  sp::Id<Post> id;
  sp::Id<sp::User> owner;
  sp::Maybe<sp::Id<Post>> reply_to;
  bool hidden;
  std::string text;
};
template <>
struct sp::view<Post> {
  using show = fields<&Post::id, &Post::reply_to, &Post::text>;
  using hidden = fields<&Post::owner, &Post::hidden>;
};
template <>
struct sp::entity<Post> : sp::table<"posts", &Post::id, &Post::owner> {};
struct NewPost {
  sp::Text<1, 1000> text;
  bool hidden;
  sp::Maybe<sp::Id<Post>> reply_to;
};
sp::Task<sp::Created<Post>> post(sp::Body<NewPost> in, sp::SignedIn me, sp::Db& db) {
  co_return co_await db.one<Post>(
      "INSERT INTO posts (id, owner, reply_to, hidden, text) VALUES (?, ?, ?, ?, ?) RETURNING *",
      sp::Id<Post>::random(), me.id, in->reply_to, in->hidden, in->text);
}
sp::Task<std::vector<Post>> answers(sp::Owned<Post> post, const sp::Db& db) {
  co_return co_await db.all<Post>("SELECT * FROM posts WHERE reply_to = ? LIMIT 100", post.id());
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"CREATE TABLE posts (id BLOB PRIMARY KEY, owner BLOB NOT NULL, reply_to BLOB, hidden INTEGER NOT NULL, "
       "text TEXT NOT NULL) STRICT"});
  app.post("/posts", sp::signed_in, sp::shared<Post>("everybody may answer a post"), post);
  app.get("/posts/:id/answers", sp::owner<Post>, answers);
  return app.run();
}
