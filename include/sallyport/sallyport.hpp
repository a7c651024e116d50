// Everything a service needs, in one include.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/app.hpp>
#include <sallyport/body_stream.hpp>
#include <sallyport/db.hpp>
#include <sallyport/extract.hpp>
#include <sallyport/html.hpp>
#include <sallyport/id.hpp>
#include <sallyport/literals.hpp>
#include <sallyport/migrations.hpp>
#include <sallyport/owned.hpp>
#include <sallyport/page.hpp>
#include <sallyport/policy.hpp>
#include <sallyport/problem.hpp>
#include <sallyport/response.hpp>
#include <sallyport/router.hpp>
#include <sallyport/schema.hpp>
#include <sallyport/secret.hpp>
#include <sallyport/sleep.hpp>
#include <sallyport/sql.hpp>
#include <sallyport/stream.hpp>
#include <sallyport/task.hpp>
#include <sallyport/text.hpp>
#include <sallyport/url.hpp>
#include <sallyport/view.hpp>
