// The examples as child processes: on a port of the kernel's choice, with a database of their own.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";

const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));
const patience = 30_000; // ms to start and to stop; a busy machine takes some seconds

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Starts the service and waits until it says that it serves. `stop()` ends it and gives its exit code. */
export const startNotes = (...flags) => start("notes", ...flags);
export const startHello = (...flags) => start("hello", ...flags);

async function start(name, ...flags) {
  const program = process.env[name.toUpperCase()] ?? join(root, "build/release/bin", name);
  if (!existsSync(program)) throw new Error(`${program} is not built: scripts/build release ${name}`);

  const home = await mkdtemp(join(tmpdir(), "notes-"));
  const port = await freePort();
  const child = spawn(
    program,
    ["--mode", "development", "--port", String(port), "--database.path", join(home, "notes.db"), ...flags],
    { cwd: home, stdio: ["ignore", "pipe", "pipe"] },
  );
  const ended = new Promise((done) => child.once("exit", (code, signal) => done(code ?? signal)));

  const said = [];
  const origin = await new Promise((ready, failed) => {
    const giveUp = setTimeout(() => failed(new Error(`not ready:\n${said.join("\n")}`)), patience);
    const listen = (line) => {
      said.push(line);
      const match = /^ready: (https?:\/\/\S+)/.exec(line);
      if (match) {
        clearTimeout(giveUp);
        ready(match[1]);
      }
    };
    createInterface({ input: child.stdout }).on("line", listen);
    createInterface({ input: child.stderr }).on("line", listen);
    child.once("error", failed);
    ended.then((code) => failed(new Error(`ended with ${code}:\n${said.join("\n")}`)));
  }).catch((error) => {
    child.kill("SIGKILL");
    throw error;
  });

  return {
    origin,
    said,
    async stop() {
      child.kill("SIGTERM");
      const forced = setTimeout(() => child.kill("SIGKILL"), patience);
      const code = await ended;
      clearTimeout(forced);
      await rm(home, { recursive: true, force: true });
      return code;
    },
  };
}
