// The requests that both services are sent, in this order. `stricter` names why ours refuses what Express lets pass, or tells less (see
// verdict.mjs); without it both have to decide alike. In lines, {host}, {origin}, {cookie}, {token}, {session} and {planted} stand for what each
// service gave. A request comes from an address of its own, named by the proxy both trust, unless `client` or `peer` says otherwise.

export const requests = [];

let strangers = 0;
function add(name, line, fields = [], more = {}) {
  strangers += 1;
  const client = more.client ?? `198.51.${100 + Math.floor(strangers / 250)}.${1 + (strangers % 250)}`;
  const lines = [...fields];
  const has = (field) => lines.some((text) => text.toLowerCase().startsWith(`${field}:`));
  if (!more.bare) {
    if (!has("host")) lines.unshift("Host: {host}");
    if (!has("x-forwarded-for") && !more.peer) lines.push(`X-Forwarded-For: ${client}`);
    lines.push("Connection: close");
  }
  requests.push({ name, line: / HTTP\//.test(line) || more.bare ? line : `${line} HTTP/1.1`, fields: lines, ...more });
}
const json = "Content-Type: application/json";
const form = "Content-Type: application/x-www-form-urlencoded";

// --- What everybody may read

add("the greeting", "GET /");
add("HEAD", "HEAD /");
add("a page", "GET /page");
add("a style sheet", "GET /style.css");
add("helmet's headers on JSON", "GET /helmet", [], { helmet: true });
add("helmet's headers on a page", "GET /helmet-page", [], { helmet: true });
add("nothing there", "GET /nothing");
add("a method the path does not have", "DELETE /page");
add("TRACE", "TRACE /");
add("CONNECT", "CONNECT /");
add("a method nobody knows", "BREW /");
add("OPTIONS without an origin", "OPTIONS /");

// --- For whom it is meant, and its framing

add("another Host", "GET /", ["Host: evil.example"], { stricter: "host" });
add("our name with another port", "GET /", ["Host: localhost:1"], { stricter: "host" });
add("Host with a path", "GET /", ["Host: {host}/evil"], { stricter: "host" });
add("Host with a user", "GET /", ["Host: localhost@evil.example"], { stricter: "host" });
add("two Hosts", "GET /", ["Host: {host}", "Host: evil.example"], { stricter: "host" });
add("an empty Host", "GET /", ["Host: "], { stricter: "host" });
add("no Host", "GET / HTTP/1.1", ["Connection: close"], { bare: true });
add("X-Forwarded-Host of another", "GET /", ["X-Forwarded-Host: evil.example"], { stricter: "host" });
add("absolute target of another host", "GET http://evil.example/", [], { stricter: "host" });
add("Content-Length and Transfer-Encoding", "POST /things", [json, "Content-Length: 4", "Transfer-Encoding: chunked"], {
  body: "0\r\n\r\n",
});
add("two Content-Lengths", "POST /things", [json, "Content-Length: 13", "Content-Length: 14"], {
  body: '{"title":"x"}',
});
add("Content-Length with a sign", "POST /things", [json, "Content-Length: +13"], { body: '{"title":"x"}' });
add("a coding that is not chunked", "POST /things", [json, "Transfer-Encoding: gzip"], { body: "x" });
add("chunked twice", "POST /things", [json, "Transfer-Encoding: chunked, chunked"], { body: "0\r\n\r\n" });
add("space before the colon", "GET /", ["X-Some : a"]);
add("a folded field", "GET /", ["X-Some: a\r\n b"]);
add("NUL in a field", "GET /", ["X-Some: a\0b"]);
add("bare CR in a field", "GET /", ["X-Some: a\rb"]);
add("a field without a name", "GET /", [": a"]);
add("bare LF at line ends", "GET / HTTP/1.1\nHost: localhost\n", [], { bare: true });
add("a chunked body", "POST /things", [json, "Transfer-Encoding: chunked"], {
  body: 'f\r\n{"title":"one"}\r\n0\r\n\r\n',
});
add("a chunk size with a sign", "POST /things", [json, "Transfer-Encoding: chunked"], {
  body: '+f\r\n{"title":"one"}\r\n0\r\n\r\n',
});
add("a chunk size in hexadecimal notation", "POST /things", [json, "Transfer-Encoding: chunked"], {
  body: '0xf\r\n{"title":"one"}\r\n0\r\n\r\n',
});
add("chunked in HTTP/1.0", "POST /things HTTP/1.0", [json, "Transfer-Encoding: chunked"], {
  body: 'f\r\n{"title":"one"}\r\n0\r\n\r\n',
  stricter: "framing",
});
add("HTTP/1.0 without Host", "GET / HTTP/1.0", [], { bare: true, stricter: "host" });
add("HTTP/0.9", "GET /", [], { bare: true, stricter: "framing" });
add("HTTP/3.0 in the line", "GET / HTTP/3.0");
add("a line of 9 KB", `GET /?q=${"a".repeat(9000)}`, [], { stricter: "size" });
add("a query of 5 KB", `GET /search?q=${"a".repeat(5000)}`, [], { stricter: "size" });
add("fields of 20 KB", "GET /", [`X-Some: ${"a".repeat(20_000)}`]);
add(
  "100 fields",
  "GET /",
  Array.from({ length: 100 }, (_, i) => `X-${i}: a`),
  { stricter: "size" },
);
add("a cookie of 10 KB", "GET /", [`Cookie: a=${"b".repeat(10_000)}`]);
add("Expect nobody knows", "GET /", ["Expect: magic"]);

// --- Paths and queries

add("a path parameter", "GET /things/one");
add("a segment that is encoded", "GET /things/%61");
add("an encoded slash", "GET /things/a%2fb", [], { stricter: "path" });
add("an encoded backslash", "GET /things/a%5cb", [], { stricter: "path" });
add("an encoded NUL", "GET /things/a%00b", [], { stricter: "path" });
add("an encoded line end", "GET /things/a%0d%0ab", [], { stricter: "path" });
add("an encoded percent", "GET /things/a%252fb", [], { stricter: "path" });
add("bytes that are no UTF-8", "GET /things/a%ff");
add("half an escape", "GET /things/a%2");
add("dot segments", "GET /things/../page");
add("encoded dot segments", "GET /%2e%2e/%2e%2e/etc/passwd");
add("an empty segment", "GET //things/a");
add("a semicolon", "GET /things/a;b", [], { stricter: "path" });
add("a backslash", "GET /things/a\\b", [], { stricter: "path" });
add("another case", "GET /PAGE", [], { stricter: "path" });
add("a slash at the end", "GET /page/");
add("a query", "GET /search?q=one");
add("a parameter twice", "GET /search?q=one&q=two", [], { stricter: "query" });
add("a parameter nobody asked for", "GET /search?q=one&admin=1", [], { stricter: "query" });
add("a parameter with brackets", "GET /search?q[a]=one", [], { stricter: "query" });

// --- Files

add("a file", "GET /files/hello.txt");
add("a file with a dot", "GET /files/.hidden");
add("a folder above", "GET /files/../../etc/passwd");
add("a folder above, encoded", "GET /files/%2e%2e%2fsecret.txt");
add("a link out of the folder", "GET /files/link.txt", [], { stricter: "files" });
add("a range", "GET /files/hello.txt", ["Range: bytes=0-1"]);

// --- Bodies

add("a body", "POST /things", [json], { body: '{"title":"one"}' });
add("nothing", "POST /things", [json]);
add("half a body", "POST /things", [json], { body: '{"title":' });
add("a member that is missing", "POST /things", [json], { body: "{}" });
add("a number for text", "POST /things", [json], { body: '{"title":1}' });
add("a list for text", "POST /things", [json], { body: '{"title":["one"]}' });
add("an operator for text", "POST /things", [json], { body: '{"title":{"$ne":""}}' });
add("text that is too long", "POST /things", [json], { body: `{"title":"${"a".repeat(201)}"}` });
add("a member nobody asked for", "POST /things", [json], { body: '{"title":"one","admin":true}', stricter: "body" });
add("__proto__", "POST /things", [json], { body: '{"title":"one","__proto__":{"admin":true}}', stricter: "body" });
add("a member twice", "POST /things", [json], { body: '{"title":"one","title":"two"}', stricter: "body" });
add("text that is no UTF-8", "POST /things", [json], { body: '{"title":"a\xff"}', stricter: "body" });
add("a byte order mark", "POST /things", [json], { body: '\xef\xbb\xbf{"title":"one"}', stricter: "body" });
add("half a surrogate pair", "POST /things", [json], { body: '{"title":"\\ud800"}', stricter: "body" });
add("a list of a thousand lists", "POST /things", [json], { body: "[".repeat(1000) + "]".repeat(1000) });
add("300 KB", "POST /things", [json], { body: `{"title":"${"a".repeat(300_000)}"}` });
add("JSON as plain text", "POST /things", ["Content-Type: text/plain"], { body: '{"title":"one"}' });
add("JSON without a type", "POST /things", [], { body: '{"title":"one"}' });
add("a form for JSON", "POST /things", [form], { body: "title=one", stricter: "type" });
add("another charset", "POST /things", [`${json}; charset=utf-16`], { body: "\xfe\xff\0{" });
add("a coding of the body", "POST /things", [json, "Content-Encoding: br"], { body: "x" });

// --- Other sites' pages: reading

for (const [name, path, site, mode, dest, stricter] of [
  ["a link on another site", "/page", "cross-site", "navigate", "document"],
  ["an address that was typed", "/page", "none", "navigate", "document"],
  ["our own script", "/", "same-origin", "cors", "empty"],
  ["a picture on another site", "/", "cross-site", "no-cors", "image", "isolation"],
  ["a script on another site", "/", "cross-site", "no-cors", "script", "isolation"],
  ["a frame on another site", "/page", "cross-site", "navigate", "iframe", "isolation"],
  ["an object on another site", "/page", "cross-site", "navigate", "object", "isolation"],
  ["fetch on another site", "/", "cross-site", "cors", "empty", "isolation"],
  ["fetch on a sibling", "/", "same-site", "cors", "empty", "isolation"],
  ["a site nobody knows", "/", "elsewhere", "cors", "empty", "isolation"],
]) {
  const fields = [`Sec-Fetch-Site: ${site}`, `Sec-Fetch-Mode: ${mode}`, `Sec-Fetch-Dest: ${dest}`];
  add(name, `GET ${path}`, fields, { stricter });
}
add("Sec-Fetch-Site twice", "GET /", ["Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"], {
  stricter: "isolation",
});

// --- Other sites' pages: changing, with the user's cookies

const own = "Origin: {origin}";
const foreign = "Origin: https://evil.example";
const origins = { "its own": own, another: foreign, null: "Origin: null", no: undefined };
const sites = ["same-origin", "none", "same-site", "cross-site", "elsewhere", undefined];

function change(method, site, whose, token, path = "/account/thing", more = {}) {
  const origin = origins[whose];
  const ours = site === "same-origin" || site === "none";
  const contradicts = ours && whose === "another";
  const passes = site ? ours && !contradicts : whose === "its own";
  const why = contradicts ? "foreign-origin" : site ? "fetch-site" : whose === "no" ? "no-proof" : "foreign-origin";
  add(
    `${method} of ${site ?? "no named"} site, ${whose} origin, ${token ? "the" : "no"} token`,
    `${method} ${path}`,
    [
      "Cookie: {cookie}",
      ...(site ? [`Sec-Fetch-Site: ${site}`] : []),
      ...(origin ? [origin] : []),
      ...(token ? ["X-CSRF-Token: {token}"] : []),
    ],
    { stricter: token && !passes ? why : undefined, ...more },
  );
}
for (const token of [true, false]) {
  for (const site of sites) for (const whose of Object.keys(origins)) change("POST", site, whose, token);
  for (const method of ["PUT", "PATCH", "DELETE"]) {
    for (const site of ["same-origin", "cross-site"]) change(method, site, "its own", token);
    for (const whose of ["its own", "another", "no"]) change(method, undefined, whose, token);
  }
}
add("reading one's account", "GET /account", ["Cookie: {cookie}"]);
add("reading it from another site's link", "GET /account", [
  "Cookie: {cookie}",
  "Sec-Fetch-Site: cross-site",
  "Sec-Fetch-Mode: navigate",
  "Sec-Fetch-Dest: document",
]);
add("nobody's session", "GET /account", ["Cookie: __Host-session=s%3Aa.b; __Host-Http-session=abc"]);
add("a planted session before the real one", "GET /account", ["Cookie: {planted}; {cookie}"]);
add("a planted session after the real one", "GET /account", ["Cookie: {cookie}; {planted}"], { stricter: "planted" });
add("no session", "POST /account/thing", ["Sec-Fetch-Site: same-origin"]);
add("the token without a session", "POST /account/thing", ["Sec-Fetch-Site: same-origin", "X-CSRF-Token: {token}"]);
add("a token that is not ours", "POST /account/thing", ["Cookie: {cookie}", `X-CSRF-Token: ${"0".repeat(64)}.00`]);
add("the token in the address", "POST /account/thing?_csrf={token}", ["Cookie: {cookie}"]);
add("the session in the address", "GET /account?sid={session}");
add("the method in a field", "POST /account/thing", [
  "Cookie: {cookie}",
  "Sec-Fetch-Site: cross-site",
  "X-HTTP-Method-Override: GET",
]);
add("Origin twice", "POST /account/thing", ["Cookie: {cookie}", own, foreign, "X-CSRF-Token: {token}"], {
  stricter: "foreign-origin",
});
add(
  "Origin of our host without TLS",
  "POST /account/thing",
  ["Cookie: {cookie}", "Origin: http://{host}", "X-CSRF-Token: {token}"],
  { stricter: "foreign-origin" },
);
add(
  "a form of our own page",
  "POST /account/form",
  ["Cookie: {cookie}", form, "Sec-Fetch-Site: same-origin", "X-CSRF-Token: {token}"],
  { body: "title=one" },
);
add("a form of another site", "POST /account/form", ["Cookie: {cookie}", form, "Sec-Fetch-Site: cross-site", foreign], {
  body: "title=one",
});

add("a public form of our own page", "POST /contact", [form, "Sec-Fetch-Site: same-origin", own], {
  body: "title=one",
});
add("a public form of another site", "POST /contact", [form, "Sec-Fetch-Site: cross-site", foreign], {
  body: "title=one",
});
add("a public form, sent by a program", "POST /contact", [form], { body: "title=one" });
add("another site's page to a public route", "POST /things", [json, "Sec-Fetch-Site: cross-site", foreign], {
  body: '{"title":"one"}',
  stricter: "cors-change",
});

// --- CORS

const strangeOrigins = [
  "https://evil.example",
  "null",
  "http://app.example",
  "https://app.example:444",
  "https://app.example.evil.example",
  "https://evilapp.example",
  "https://sub.app.example",
  "https://app.example/",
  "HTTPS://APP.EXAMPLE",
];
const asked = (method, ...names) => [
  `Access-Control-Request-Method: ${method}`,
  ...(names.length ? [`Access-Control-Request-Headers: ${names.join(",")}`] : []),
];
for (const path of ["/shared", "/trusting"]) {
  for (const origin of ["https://app.example", "https://admin.example:8443"]) {
    add(`${path}: ${origin} reads`, `GET ${path}`, [`Origin: ${origin}`], { cors: true });
  }
  const fetched = ["Origin: https://app.example", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors"];
  add(`${path}: its fetch reads`, `GET ${path}`, [...fetched, "Sec-Fetch-Dest: empty"], { cors: true });
  add(`${path}: it changes`, `PUT ${path}`, fetched, { cors: true });
  add(`${path}: it asks for PUT`, `OPTIONS ${path}`, ["Origin: https://app.example", ...asked("PUT")], { cors: true });
  add(
    `${path}: it asks for a field`,
    `OPTIONS ${path}`,
    ["Origin: https://app.example", ...asked("PUT", "content-type")],
    {
      cors: true,
    },
  );
  add(`${path}: it asks for DELETE`, `OPTIONS ${path}`, ["Origin: https://app.example", ...asked("DELETE")], {
    cors: true,
  });
  for (const origin of strangeOrigins) {
    add(`${path}: ${origin} reads`, `GET ${path}`, [`Origin: ${origin}`], { cors: true });
    add(`${path}: ${origin} asks`, `OPTIONS ${path}`, [`Origin: ${origin}`, ...asked("PUT")], { cors: true });
    add(`${path}: ${origin} changes`, `PUT ${path}`, [`Origin: ${origin}`], { cors: true, stricter: "cors-change" });
  }
  add(`${path}: two origins`, `GET ${path}`, ["Origin: https://app.example", "Origin: https://evil.example"], {
    cors: true,
  });
  add(`${path}: our own page`, `GET ${path}`, [own], { cors: true });
  add(`${path}: no origin`, `GET ${path}`, [], { cors: true });
}
add("/shared: another field", "OPTIONS /shared", ["Origin: https://app.example", ...asked("PUT", "x-other")], {
  cors: true,
});
add("/trusting: with cookies", "GET /trusting", ["Origin: https://app.example", "Cookie: {cookie}"], { cors: true });
add("/open: anybody reads", "GET /open", ["Origin: https://evil.example"], { cors: true });
add("/open: null reads", "GET /open", ["Origin: null"], { cors: true, stricter: "null" });
add("a route without CORS", "GET /", ["Origin: https://app.example"]);
add("a preflight there", "OPTIONS /", ["Origin: https://app.example", ...asked("PUT")]);

// --- Limits: five calls in a minute, by the address

const calls = (name, count, make, more = () => ({})) => {
  for (let i = 1; i <= count; ++i) add(`${name}: call ${i}`, ...make(i), more(i));
};
calls(
  "five in a minute",
  7,
  () => ["GET /limited", []],
  () => ({ client: "203.0.113.1", limit: "five" }),
);
calls(
  "two routes, one limit",
  7,
  (i) => [i % 2 ? "GET /limited" : "GET /limited-too", []],
  () => ({
    client: "203.0.113.2",
    limit: "five",
  }),
);
calls(
  "two limits",
  5,
  () => ["GET /both", []],
  () => ({ client: "203.0.113.3", limit: "narrow" }),
);
calls("forged addresses before the proxy's", 7, (i) => [
  "GET /limited",
  [`X-Forwarded-For: 192.0.2.${i}, 203.0.113.4`],
]);
calls(
  "addresses from a peer nobody trusts",
  7,
  (i) => ["GET /limited", [`X-Forwarded-For: 192.0.2.${i}`]],
  () => ({
    peer: "127.0.0.2",
  }),
);
calls("two forwarded fields", 7, (i) => [
  "GET /limited",
  [`X-Forwarded-For: 192.0.2.${i}`, "X-Forwarded-For: 203.0.113.10"],
]);
calls(
  "X-Real-IP and its kind",
  7,
  (i) => ["GET /limited", [`X-Real-IP: 192.0.2.${i}`, `True-Client-IP: 192.0.2.${i}`]],
  () => ({
    client: "203.0.113.11",
  }),
);
calls(
  "Forwarded that says otherwise",
  7,
  (i) => ["GET /limited", [`Forwarded: for=192.0.2.${i}`]],
  (i) => ({
    client: "203.0.113.12",
    stricter: i <= 5 ? "client" : undefined,
  }),
);
calls(
  "HEAD",
  7,
  (i) => [i % 2 ? "HEAD /limited" : "GET /limited", []],
  () => ({ client: "203.0.113.13" }),
);
calls(
  "other queries",
  7,
  (i) => [`GET /limited?try=${i}`, []],
  () => ({ client: "203.0.113.14" }),
);
calls("one IPv6 /56", 7, (i) => ["GET /limited", [`X-Forwarded-For: 2001:db8:0:1${i}::${i}`]]);
calls("IPv4, also as IPv6", 7, (i) => ["GET /limited", [`X-Forwarded-For: ${i % 2 ? "" : "::ffff:"}203.0.113.5`]]);
calls(
  "ports beside the address",
  7,
  (i) => ["GET /limited", [`X-Forwarded-For: 203.0.113.6:${4000 + i}`]],
  (i) => ({
    stricter: i > 5 ? "client" : undefined,
  }),
);
calls(
  "ports beside IPv6",
  7,
  (i) => ["GET /limited", [`X-Forwarded-For: [2001:db8:5::${i}]:${4000 + i}`]],
  (i) => ({
    stricter: i > 5 ? "client" : undefined,
  }),
);
calls(
  "failures count",
  8,
  (i) => [`GET /failures?q=${i <= 2 ? "right" : "wrong"}`, []],
  () => ({ client: "203.0.113.7" }),
);
add("and then the right one", "GET /failures?q=right", [], { client: "203.0.113.7" });
add("twenty at once", "GET /limited", [], { client: "203.0.113.8", times: 20 });
add("twenty failures at once", "GET /failures?q=wrong", [], { client: "203.0.113.9", times: 20 });
add("an empty forwarded element", "GET /limited", ["X-Forwarded-For: 192.0.2.1,,"], { stricter: "client" });
add("a name for an address", "GET /limited", ["X-Forwarded-For: somebody"], { stricter: "client" });
add("an IPv6 zone", "GET /limited", ["X-Forwarded-For: fe80::1%eth0"], { stricter: "client" });
add("a proxy that had it in clear", "GET /", ["X-Forwarded-Proto: http"], { stricter: "clear" });

// --- Sign-in: five failures

const signIn = (who, password, fields = ["Sec-Fetch-Site: same-origin"]) => [
  "POST /login",
  [json, ...fields],
  { body: JSON.stringify({ email: `${who}@example.org`, password }) },
];
const wrong = "eight blue anvils hum";
const right = "seven green anvils sing";
{
  const [line, fields, more] = signIn("owner", right);
  add("signing in", line, fields, { ...more, cookies: true });
}
for (let i = 1; i <= 6; ++i) {
  const [line, fields, more] = signIn("first", wrong);
  add(`one address, one account: failure ${i}`, line, fields, { ...more, client: "203.0.113.20" });
}
{
  const [line, fields, more] = signIn("owner", right);
  add("from there, the right password of another account", line, fields, { ...more, client: "203.0.113.20" });
}
for (let i = 1; i <= 6; ++i) {
  const [line, fields, more] = signIn(`some${i}`, wrong);
  add(`one address, many accounts: failure ${i}`, line, fields, { ...more, client: "203.0.113.21" });
}
for (let i = 1; i <= 7; ++i) {
  const [line, fields, more] = signIn("second", wrong);
  add(`many addresses, one account: failure ${i}`, line, fields, { ...more, stricter: i > 5 ? "account" : undefined });
}
for (const [name, fields] of [
  ["sign-in from another site", ["Sec-Fetch-Site: cross-site", foreign]],
  ["sign-in from a sibling", ["Sec-Fetch-Site: same-site"]],
  ["sign-in that does not say from where", []],
]) {
  const [line, all, more] = signIn("owner", right, fields);
  add(name, line, all, { ...more, stricter: "sign-in" });
}
add("sign-in by another site's form", "POST /login", [form, "Sec-Fetch-Site: cross-site", foreign], {
  body: `email=owner%40example.org&password=${encodeURIComponent(right)}`,
  stricter: "sign-in",
});
