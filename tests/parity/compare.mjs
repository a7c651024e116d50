// Sends the table of requests to Express and to Sallyport, judges the pairs of answers, and keeps the differences in docs/express.md.
import { readFile, writeFile } from "node:fs/promises";
import { values } from "./client.mjs";
import {
  alike,
  cookieFaults,
  helmetFields,
  helmetLines,
  judgeField,
  kindOf,
  limitItems,
  limitLines,
} from "./fields.mjs";
import { markdown } from "./markdown.mjs";
import { requests } from "./requests.mjs";
import { ask, signIn, startBoth } from "./services.mjs";
import { allows, judge } from "./verdict.mjs";

const docs = new URL("../../docs/express.md", import.meta.url);
const update = process.argv.includes("--update");

let passed = 0;
let failed = 0;
function check(name, fault) {
  if (!fault) return void (passed += 1);
  failed += 1;
  console.log(`FAIL  ${name}: ${fault}`);
}

// What the comparison finds, for the docs.
const found = {
  counts: { same: 0, stricter: 0, proved: 0 },
  reasons: new Map(), // why -> names of requests
  fields: new Map(), // field -> kind -> { theirs, ours, why }
  limits: [], // { fields, theirs, ours }
};

function noteFields(request, theirs, ours) {
  // Only what both answer as themselves: node's own server answers broken requests, without Express and its fields.
  if (!values(theirs, "x-content-type-options").length || theirs.status >= 400 !== ours.status >= 400) return;
  const kind = kindOf(ours);
  for (const name of helmetFields) {
    const [[there], here] = [values(theirs, name), values(ours, name)];
    const why = judgeField(name, kind, there, here[0]);
    if (here.length > 1) check(`${name} of ${request.name}`, "sent twice");
    if (why === "weaker") check(`${name} of ${request.name}`, `weaker: ${there} there, ${here[0]} here`);
    const kinds = found.fields.get(name) ?? new Map();
    found.fields.set(name, kinds);
    if (there !== undefined && ours.status < 400) kinds.set(kind, { theirs: there, ours: here[0], why });
  }
}

async function compare(request, services) {
  if (request.times) return compareRace(request, services);
  const [theirs, ours] = await Promise.all([ask(services.theirs, request), ask(services.ours, request)]);
  if (process.env.SHOW) console.log(`${theirs.status} ${ours.status}  ${request.name}`);
  const { verdict, why } = judge(request, theirs, ours);
  check(request.name, verdict === "weaker" ? why : undefined);
  if (verdict === "weaker") return;
  found.counts[verdict] += 1;
  if (why) found.reasons.set(why, [...(found.reasons.get(why) ?? []), request.name]);

  if (values(ours, "server").length || values(ours, "x-powered-by").length) check(request.name, "names the server");
  if (request.helmet) {
    const [there, here] = [helmetLines(theirs).join("\n"), helmetLines(ours).join("\n")];
    check(`${request.name}, byte for byte`, there !== here && `\n${there}\n  there, here\n${here}`);
  } else {
    noteFields(request, theirs, ours);
  }
  if (request.cookies) check(`cookies of ${request.name}`, cookieFaults(ours).join(", "));
  if (request.limit) {
    const [there, here] = [limitItems(theirs, request.limit).join(), limitItems(ours, request.limit).join()];
    check(`limit of ${request.name}`, !(there && alike(there, here)) && `${there} there, ${here} here`);
  }
  if (theirs.status === 429 && ours.status === 429 && request.limit) {
    const [there, here] = [values(theirs, "retry-after").join(), values(ours, "retry-after").join()];
    check(`Retry-After of ${request.name}`, !(there && alike(there, here)) && `${there} there, ${here} here`);
  }
}

// Many at once: never more than Express lets through.
async function compareRace(request, services) {
  const let_through = async (service) => {
    const answers = await Promise.all(Array.from({ length: request.times }, () => ask(service, request)));
    return answers.filter((answer) => answer.status !== 429).length;
  };
  const [there, here] = [await let_through(services.theirs), await let_through(services.ours)];
  check(request.name, (here > there || here === 0) && `${here} let through, ${there} by Express`);
  found.counts[here < there ? "stricter" : "same"] += 1;
}

// The same calls with each way to tell limits: the lines have to be express-rate-limit's.
async function compareLimitFields(fields) {
  const services = await startBoth(fields);
  try {
    for (let i = 1; i <= 6; ++i) {
      const request = {
        line: "GET /limited HTTP/1.1",
        fields: ["Host: {host}", "X-Forwarded-For: 203.0.113.77", "Connection: close"],
      };
      const [theirs, ours] = await Promise.all([ask(services.theirs, request), ask(services.ours, request)]);
      const [there, here] = [limitLines(theirs), limitLines(ours)];
      if (i === 1) found.limits.push({ fields, theirs: there, ours: here });
      if (fields === "draft-8") continue;
      const same = there.length > 0 && there.length === here.length && there.every((line, n) => alike(line, here[n]));
      check(`${fields}, call ${i}`, !same && `\n${there.join("\n")}\n  there, here\n${here.join("\n")}`);
    }
  } finally {
    await services.stop();
  }
}

const services = await startBoth("draft-8");
try {
  await signIn(services.theirs, "/login");
  await signIn(services.ours, "/signup");
  for (const request of requests) await compare(request, services);
} finally {
  await services.stop();
}
for (const fields of ["draft-8", "draft-7", "draft-6", "legacy"]) await compareLimitFields(fields);

const text = await readFile(docs, "utf8");
const [begin, end] = ["<!-- differences: written by tests/parity/run --update -->\n", "<!-- end of differences -->"];
if (!text.includes(begin) || !text.includes(end))
  throw new Error("docs/express.md has lost the marks of its differences");
const wanted = text.slice(0, text.indexOf(begin) + begin.length) + markdown(found) + text.slice(text.indexOf(end));
if (update && failed === 0) await writeFile(docs, wanted);
else check("docs/express.md", wanted !== text && "is not what the comparison says: tests/parity/run --update");

const { same, stricter, proved } = found.counts;
console.log(`${same} decided alike, ${stricter} stricter here, ${proved} proved without a token`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
