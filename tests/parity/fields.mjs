// Judges the fields of two answers: what helmet sends, what cookies say, how limits are told.
import { values } from "./client.mjs";

/** helmet's fields, as it writes them. */
export const helmetFields = [
  "Content-Security-Policy",
  "Cross-Origin-Embedder-Policy",
  "Cross-Origin-Opener-Policy",
  "Cross-Origin-Resource-Policy",
  "Origin-Agent-Cluster",
  "Referrer-Policy",
  "Strict-Transport-Security",
  "X-Content-Type-Options",
  "X-DNS-Prefetch-Control",
  "X-Download-Options",
  "X-Frame-Options",
  "X-Permitted-Cross-Domain-Policies",
  "X-XSS-Protection",
];

/** Why a field differs from helmet's; sentences for docs/express.md. */
export const fieldReasons = {
  csp: "Nothing is allowed but what is named: no inline style, nothing from any https address, nobody's frame. What is no page is inert (`sandbox`).",
  longer: "Two years instead of one.",
  frames: "Nobody's frame, not even the service's own.",
  documents:
    "Has a meaning for documents only, and is sent with them; a file or an asset opened by itself is inert by its policy.",
  obsolete:
    "Has no effect in current browsers: DNS prefetching of links is off on https pages, downloads are opened by no Internet Explorer, and the XSS filters it turns off are gone.",
  referrer:
    "The one field that says more than helmet's: the origin, never the path, goes to other https sites. With `no-referrer` browsers send `Origin: null` with the service's own forms, which the check of `Origin` would have to refuse. `sp::referrer::no_referrer` and `same_origin` choose otherwise.",
};

const fetchDirectives = [
  "script-src",
  "style-src",
  "img-src",
  "font-src",
  "connect-src",
  "object-src",
  "frame-src",
].concat(["media-src", "worker-src", "manifest-src"]);

function directives(policy) {
  const pairs = policy.split(";").map((text) => text.trim().split(/\s+/));
  return new Map(pairs.map(([name, ...sources]) => [name, sources]));
}

// No source allowed that theirs does not allow. A nonce names one script of ours: that is less than 'self'.
function policyAtLeast(theirs, ours) {
  const [a, b] = [directives(theirs), directives(ours)];
  const within = (name, fallback) => {
    const there = a.get(name) ?? (fallback && a.get(fallback));
    const here = b.get(name) ?? (fallback && b.get(fallback));
    if (!there) return true;
    if (!here) return false;
    return here.every((source) => /^'(none|strict-dynamic|nonce-.*)'$/.test(source) || there.includes(source));
  };
  const inert = b.has("sandbox") && b.get("default-src")?.[0] === "'none'";
  return (
    fetchDirectives.every((name) => within(name, "default-src")) &&
    (!a.has("script-src-attr") || !(b.get("script-src") ?? b.get("default-src")).includes("'unsafe-inline'")) &&
    ["base-uri", "form-action", "frame-ancestors"].every((name) => within(name)) &&
    (!a.has("upgrade-insecure-requests") || b.has("upgrade-insecure-requests") || inert)
  );
}

const age = (value) => Number(/max-age=(\d+)/.exec(value)?.[1] ?? 0);

/** "same", a key of fieldReasons, or "weaker", for one field of helmet's. */
export function judgeField(name, kind, theirs, ours) {
  if (theirs === ours || theirs === undefined) return "same";
  if (ours === undefined) {
    if (["X-DNS-Prefetch-Control", "X-Download-Options", "X-XSS-Protection"].includes(name)) return "obsolete";
    const documents = kind === "asset" || kind === "file" ? ["Cross-Origin-Opener-Policy", "X-Frame-Options"] : [];
    if (kind !== "page") documents.push("Origin-Agent-Cluster");
    return documents.includes(name) ? "documents" : "weaker";
  }
  if (name === "Content-Security-Policy") return policyAtLeast(theirs, ours) ? "csp" : "weaker";
  if (name === "Strict-Transport-Security") {
    return age(ours) >= age(theirs) && /; includeSubDomains/.test(ours) ? "longer" : "weaker";
  }
  if (name === "X-Frame-Options" && ours === "DENY") return "frames";
  if (name === "Referrer-Policy" && kind === "page" && ours === "strict-origin-when-cross-origin") return "referrer";
  return "weaker";
}

export function kindOf(answer) {
  const type = values(answer, "content-type")[0] ?? "";
  if (type.startsWith("text/html")) return "page";
  if (/^application\/(problem\+)?json/.test(type)) return "json";
  return type.startsWith("text/css") ? "asset" : "file";
}

/** helmet's fields in an answer, as they were written and in that order. */
export const helmetLines = (answer) =>
  answer.fields.filter(([name]) => helmetFields.includes(name)).map(([name, value]) => `${name}: ${value}`);

/** What is wrong with the cookies of an answer; nothing when all are as good as they can be. */
export function cookieFaults(answer) {
  const attributes = (cookie) =>
    cookie
      .split(/; */)
      .slice(1)
      .map((text) => text.toLowerCase());
  const faults = values(answer, "set-cookie").flatMap((cookie) => {
    const has = attributes(cookie);
    const wanted = ["secure", "httponly", "path=/"].filter((attribute) => !has.includes(attribute));
    if (!has.some((attribute) => /^samesite=(strict|lax)$/.test(attribute))) wanted.push("samesite");
    if (has.some((attribute) => attribute.startsWith("domain="))) wanted.push("no domain");
    return cookie.startsWith("__Host-") ? wanted : [...wanted, "__Host-"];
  });
  return faults.length || values(answer, "set-cookie").length ? faults : ["no cookie"];
}

/** The lines that tell limits, in their order. */
export const limitLines = (answer) =>
  answer.fields.filter(([name]) => /^(x-)?ratelimit/i.test(name)).map(([name, value]) => `${name}: ${value}`);

/** The draft-8 items of one limit: its policy and how it stands, without blanks and without the `pk` of express-rate-limit. */
export function limitItems(answer, limit) {
  const items = [...values(answer, "ratelimit-policy"), ...values(answer, "ratelimit")].flatMap((value) =>
    value.split(","),
  );
  return items
    .map((item) => item.replace(/\s/g, "").replace(/;pk=:[^:]*:/, ""))
    .filter((item) => item.startsWith(`"${limit}"`));
}

/**
 * Equal but for seconds, which may be one apart: the two were asked one after the other. Two for a time of day, since express-rate-limit
 * rounds it up and ours adds two numbers that are rounded.
 */
export function alike(theirs, ours) {
  const numbers = (text) => [...text.matchAll(/\d+/g)].map(Number);
  const words = (text) => text.replace(/\d+/g, "#");
  const slack = (number) => (number > 1e9 ? 2 : number > 10 ? 1 : 0);
  const there = numbers(theirs);
  const here = numbers(ours);
  return words(theirs) === words(ours) && there.every((number, i) => Math.abs(number - here[i]) <= slack(number));
}
