// The two services as child processes on ports of the kernel's choice, and what a signed-in client of each holds.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";
import { bytesOf, send, values } from "./client.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const patience = 30_000; // ms to start and to stop; a busy machine takes some seconds

function start(program, parameters, cwd, environment = {}) {
  const child = spawn(program, parameters, {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  const ended = new Promise((done) => child.once("exit", done));
  const stop = async () => {
    child.kill("SIGTERM");
    const forced = setTimeout(() => child.kill("SIGKILL"), patience);
    await ended;
    clearTimeout(forced);
  };
  return new Promise((ready, failed) => {
    const said = [];
    const giveUp = setTimeout(() => stop().then(() => failed(new Error(`not ready:\n${said.join("\n")}`))), patience);
    const listen = (line) => {
      said.push(line);
      const match = /^ready: (https:\/\/\S+)/.exec(line);
      if (!match) return;
      clearTimeout(giveUp);
      ready({ origin: match[1], port: Number(new URL(match[1]).port), said, stop });
    };
    createInterface({ input: child.stdout }).on("line", listen);
    createInterface({ input: child.stderr }).on("line", listen);
    child.once("error", failed);
    ended.then(() => failed(new Error(`${program} ended:\n${said.join("\n")}`)));
  });
}

async function home() {
  const folder = await mkdtemp(join(tmpdir(), "parity-"));
  await mkdir(join(folder, "public/files"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "nobody's business\n");
  await writeFile(join(folder, "public/files/hello.txt"), "hello\n");
  await writeFile(join(folder, "public/files/.hidden"), "nobody's business\n");
  await symlink("../../secret.txt", join(folder, "public/files/link.txt"));
  return folder;
}

/** Starts both, telling limits as `fields` says; `stop()` ends them. */
export async function startBoth(fields) {
  const folder = await home();
  const running = [];
  const stop = async () => {
    await Promise.all(running.map((service) => service.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const program = process.env.PARITY_SERVICE ?? resolve(here, "../../build/release/bin/parity_service");
    const flags = ["--mode=development", "--port=0", "--tls.enabled", "--server.trusted-proxies=127.0.0.1"];
    const soon = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString().slice(0, 10);
    flags.push(`--waivers=CFG-012 until ${soon}: the clients of these tests are named by a proxy`);
    flags.push(`--limits.fields=${fields}`, "--password.memory-kib=19456", "--password.iterations=2", "--log.file=log");
    const ours = await start(program, flags, folder);
    running.push(ours);
    // The certificate is the one that development has made.
    const parameters = [0, "var/development-certificate.pem", "var/development-certificate.key", "public", fields];
    const theirs = await start(process.execPath, [join(here, "express_app.mjs"), ...parameters], folder, {
      NODE_ENV: "production",
    });
    running.push(theirs);
    return { ours, theirs, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Sends a request of the table to a service. */
export function ask(service, request) {
  const own = { host: new URL(service.origin).host, origin: service.origin, ...service.holds };
  const fill = (text) => text.replace(/\{(host|origin|cookie|token|session|planted)\}/g, (_, name) => own[name] ?? "");
  return send(
    service.port,
    bytesOf({ line: fill(request.line), fields: request.fields.map(fill), body: request.body }),
    request.peer,
  );
}

const owner = JSON.stringify({ email: "owner@example.org", password: "seven green anvils sing" });

/** Signs in: the service then `holds` the cookies and the token that requests of the table speak of. */
export async function signIn(service, path) {
  const cookies = (answer) => values(answer, "set-cookie").map((cookie) => cookie.split(";")[0]);
  const base = ["Host: {host}", "X-Forwarded-For: 192.0.2.200", "Sec-Fetch-Site: same-origin", "Connection: close"];
  const signedIn = await ask(service, {
    line: `POST ${path} HTTP/1.1`,
    fields: [...base, "Content-Type: application/json"],
    body: owner,
  });
  const held = cookies(signedIn);
  if (held.length === 0) throw new Error(`no session at ${service.origin}${path}: ${signedIn.status} ${signedIn.body}`);
  service.holds = {
    cookie: held.join("; "),
    session: held[0].split("=")[1],
    planted: `${held[0].split("=")[0]}=planted`,
  };
  const asked = await ask(service, { line: "GET /account/token HTTP/1.1", fields: [...base, "Cookie: {cookie}"] });
  if (asked.status !== 200) return; // only Express has one
  service.holds.token = JSON.parse(asked.body).token;
  service.holds.cookie = [...held, ...cookies(asked)].join("; ");
}
