// Writes what the comparison has found as the section "Differences" of docs/express.md.
import { fieldReasons, helmetFields } from "./fields.mjs";
import { proofs, reasons } from "./verdict.mjs";

const cell = (text) => text.replaceAll("|", "\\|");
const code = (text) => (text === undefined ? "–" : `\`${cell(text)}\``);
const row = (...cells) => `| ${cells.join(" | ")} |\n`;
const head = (...cells) => row(...cells) + row(...cells.map(() => "---"));

function listed(title, sentences, found) {
  const rows = Object.entries(sentences).filter(([why]) => found.get(why)?.length);
  if (rows.length === 0) return "";
  const lines = rows.map(([why, sentence]) =>
    row(cell(sentence), cell(found.get(why).join("; ")).replaceAll("_", "\\_")),
  );
  return `### ${title}\n\n${head("Why", "Requests")}${lines.join("")}\n`;
}

// One line for each way a field differs; kinds of answers that agree share it.
function fields(found) {
  const lines = [];
  const why = new Set();
  for (const name of helmetFields) {
    const kinds = [...(found.get(name) ?? [])].filter(([, entry]) => entry.why !== "same");
    for (const [kind, { theirs, ours, why: reason }] of kinds) {
      const last = lines.at(-1);
      const text = ours?.replace(/'nonce-[^']*'/g, "'nonce-…'");
      why.add(reason);
      if (last && last.name === name && last.theirs === theirs && last.ours === text) last.kinds.push(kind);
      else lines.push({ name, kinds: [kind], theirs, ours: text, reason });
    }
  }
  const order = ["page", "json", "file", "asset"];
  const rows = lines.map(({ name, kinds, theirs, ours, reason }) =>
    row(name, kinds.sort((a, b) => order.indexOf(a) - order.indexOf(b)).join(", "), code(theirs), code(ours), reason),
  );
  const legend = [...why].map((reason) => `- *${reason}*: ${fieldReasons[reason]}\n`);
  return head("Field", "On", "helmet", "Here", "Why") + rows.join("") + "\n" + legend.join("");
}

export function markdown({ counts, reasons: why, fields: byField, limits }) {
  const all = counts.same + counts.stricter + counts.proved;
  const newest = limits.find(({ fields }) => fields === "draft-8");
  const seconds = (line) => line.replace(/pk=:[^:]*:/, "pk=:…:");
  return `
Of ${all} requests ${counts.same} are decided alike and ${counts.stricter} more strictly here; ${counts.proved} that csrf-csrf refuses for want of a token are let through, because their
origin is proved otherwise. None is decided less strictly.

${listed("Stricter here", reasons, why)}${listed(
    "Without a token",
    Object.fromEntries(Object.entries(proofs).map(([name, { sentence }]) => [name, sentence])),
    why,
  )}### Response fields

By default; with \`sp::helmet{"…"}\` they are helmet's, byte for byte and in its order, followed by \`Cache-Control\`.

${fields(byField)}
### Fields of limits

\`limits.fields\` = \`draft-7\`, \`draft-6\` and \`legacy\` send the lines of express-rate-limit. \`draft-8\`, the default, is written without spaces, tells
the general limit too, and has no \`pk\`: an unkeyed hash of the address that whoever reads it can turn back.

\`\`\`text
express-rate-limit
${newest.theirs.map((line) => `  ${seconds(line)}`).join("\n")}
here
${newest.ours.map((line) => `  ${line}`).join("\n")}
\`\`\`

`;
}
