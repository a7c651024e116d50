// Judges two answers to one request: ours is the same as Express's, or stricter for a known reason, or it is weaker.
import { values } from "./client.mjs";

/** Why ours may refuse more, tell less, or send another field. The sentences are those of docs/express.md. */
export const reasons = {
  host: "The `Host` (and `X-Forwarded-Host`) has to be the service's own: 421 or 400. Express answers whatever host is named.",
  framing: "No HTTP/0.9, and no coding in HTTP/1.0: what leaves open where a request ends is refused.",
  size: "8 KiB for the request line, 4 KiB for the query, 64 fields, 16 KiB for all of them. Node's server has 16 KiB for all of it and no other.",
  path: "A path is matched as written: encoded slashes and control characters, `;`, `\\` and the wrong case are refused or not found, never normalised.",
  query: "A query is its schema: unknown and repeated parameters answer 400, and brackets make no objects.",
  files: "Symbolic links are not followed out of a folder; `express.static` follows them.",
  body: "A body is its schema: unknown and repeated members, invalid UTF-8, byte order marks and lone surrogates answer 400.",
  type: "A JSON route takes `application/json` only. `express.json` beside `express.urlencoded` gives one handler both, and forms need no preflight.",
  isolation:
    "Another site may link here, and neither embed nor fetch (Fetch Metadata). helmet leaves that to the browser's handling of the answer.",
  "fetch-site":
    "What another site's page causes is refused although it carries a valid token: a token can leak, `Sec-Fetch-Site` can't be forged by a page.",
  "foreign-origin":
    "The same for an `Origin` that is not the service's own, where the browser sends no `Sec-Fetch-Site`, or one that contradicts it.",
  "no-proof":
    "With cookies, but with neither `Sec-Fetch-Site` nor `Origin`, it may come from anywhere: refused. `csrf.tokens` lets the forms of old browsers prove themselves with a token.",
  planted: "Two session cookies of one name are no session: one of them was planted. Express takes the first.",
  "sign-in": "Signing in is protected like what comes after it (login CSRF); csrf-csrf wants a session first.",
  "cors-change":
    "A change from an origin that is not allowed is refused before the handler runs. `cors` lets it run and keeps only the answer from the page.",
  null: "`Origin: null` is nobody, also where everybody may read; `cors` answers `*`.",
  client:
    "An address with a port is that address, and an unreadable element from a trusted proxy is refused. Express takes the text as it is: each port has limits of its own.",
  clear: "A trusted proxy that says `http` is refused: nothing is served that came in clear.",
  account: "Failures to sign in are counted per account as well: many addresses don't get more guesses.",
};

/** Where csrf-csrf refuses and ours does not, because the same thing is proved otherwise; each with its condition. */
export const proofs = {
  "own page": {
    sentence:
      "The token is missing, but the browser says by `Sec-Fetch-Site: same-origin` or `none`, or where it does not send that by `Origin`, that the service's own page or the user caused it. A page of another site can't make a browser say so.",
    holds: (sent) => {
      const site = sent.find((line) => /^sec-fetch-site:/i.test(line));
      const own = sent.includes("Origin: {origin}");
      return site ? /: (same-origin|none)$/.test(site) : own;
    },
  },
  "nothing to ride on": {
    sentence:
      "A public route, and a request without cookies, `Sec-Fetch-Site` and `Origin`: it comes from no browser, and does nothing its sender could not do by hand. Put csrf-csrf before a public route, and only pages get through.",
    holds: (sent) => !sent.some((line) => /^(cookie|origin|sec-fetch-site):/i.test(line)),
  },
};

/** How much a page of another origin gets to see: 0 nothing, 1 the answer, 2 also with the user's cookies. */
export function granted(request, answer) {
  const origin = sentValue(request, "origin");
  const [allowed, ...more] = values(answer, "access-control-allow-origin");
  if (!allowed || more.length || (allowed !== "*" && allowed !== origin)) return 0;
  const method = sentValue(request, "access-control-request-method");
  if (method) {
    const list = (name) => values(answer, name).join(",").toLowerCase().split(/ *, */);
    const methods = list("access-control-allow-methods");
    const fields = list("access-control-allow-headers");
    const wanted = (sentValue(request, "access-control-request-headers") ?? "")
      .toLowerCase()
      .split(",")
      .filter(Boolean);
    if (answer.status >= 300 || !methods.includes(method.toLowerCase())) return 0;
    if (!wanted.every((field) => fields.includes(field) || fields.includes("*"))) return 0;
  }
  return allowed !== "*" && values(answer, "access-control-allow-credentials").includes("true") ? 2 : 1;
}

const sentValue = (request, name) =>
  request.fields
    .find((line) => line.toLowerCase().startsWith(`${name}:`))
    ?.slice(name.length + 1)
    .trim();

/** Let through? A preflight is let through where the real request would be: see granted(). */
export const allows = (request, answer) =>
  sentValue(request, "access-control-request-method")
    ? granted(request, answer) > 0
    : answer.status >= 200 && answer.status < 400;

/** { verdict: "same" | "stricter" | "proved" | "weaker", why } */
export function judge(request, theirs, ours) {
  if (ours.status >= 500 && ours.status !== 501 && ours.status !== 505) return weaker(`answers ${ours.status}`);
  const [theyLet, weLet] = [allows(request, theirs), allows(request, ours)];
  if (weLet && !theyLet) {
    const token = theirs.status === 403 && theirs.body.includes("EBADCSRFTOKEN");
    const proof = Object.keys(proofs).find((name) => token && proofs[name].holds(request.fields));
    return proof ? { verdict: "proved", why: proof } : weaker(`lets pass what Express refuses with ${theirs.status}`);
  }
  if (granted(request, ours) > granted(request, theirs)) return weaker("tells another origin more");
  // A handler that is reached and fails has still been tried: a guess at a password.
  if (theirs.status === 429 && (ours.status === 401 || ours.status === 404)) return weaker("one more try than Express");
  // Without it a cache would hand one origin's answer to another. Nobody caches what OPTIONS is refused with (RFC 9110 9.3.7).
  if (
    request.cors &&
    (weLet || !request.line.startsWith("OPTIONS")) &&
    !/\borigin\b/i.test(values(ours, "vary").join()) &&
    values(theirs, "vary").join().includes("Origin")
  )
    return weaker("Vary without Origin");
  const limited = ours.status === 429 && theirs.status !== 429;
  const stricter = limited || weLet !== theyLet || granted(request, ours) < granted(request, theirs);
  if (!stricter) {
    return request.stricter
      ? weaker(`decides like Express, expected stricter: ${request.stricter}`)
      : { verdict: "same" };
  }
  if (!request.stricter) return weaker(`differs without a known reason: ${theirs.status} there, ${ours.status} here`);
  if (!reasons[request.stricter]) return weaker(`no reason is called ${request.stricter}`);
  return { verdict: "stricter", why: request.stricter };
}

const weaker = (why) => ({ verdict: "weaker", why });
