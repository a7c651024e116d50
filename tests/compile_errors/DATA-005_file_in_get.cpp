// code: DATA-005
// cases: 2
// A GET handler reads files, and writes none.
#include <sallyport/sallyport.hpp>

#include <string>

namespace sp = sallyport;

struct Upload {
  sp::Text<0, 10'000> text;
};

void routes(sp::App& app) {
  app.folder<"uploads">("/var/lib/notes/uploads");
  app.post("/files/:name", sp::signed_in,
           [](sp::Path<"name", sp::Line<1, 100>> name, sp::Body<Upload> in, sp::Folder<"uploads">& uploads) {
             if (!uploads.write_new(*name, in->text.view())) throw sp::Problem(409, "There is such a file");
             return sp::NoContent{};
           });
  app.get("/files/:name", sp::signed_in,
          [](sp::Path<"name", sp::Line<1, 100>> name, const sp::Folder<"uploads">& uploads) {
            return uploads.file(*name);
          });
#if CASE == 1
  app.get("/files/:name/read", sp::signed_in,
          [](sp::Path<"name", sp::Line<1, 100>> name, sp::Folder<"uploads">& uploads) { return uploads.file(*name); });
#elif CASE == 2
  app.get("/files/:name/remove", sp::signed_in,
          [](sp::Path<"name", sp::Line<1, 100>> name, sp::Folder<"uploads">& uploads) {
            uploads.remove(*name);
            return sp::NoContent{};
          });
#endif
}
