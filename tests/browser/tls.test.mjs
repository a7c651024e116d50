// A browser over TLS: it chooses HTTP/2 by itself, and everything works there as it does without.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openPage, startChromium } from "./chromium.mjs";
import { addNote, signIn, signUp } from "./person.mjs";
import { startNotes } from "./service.mjs";

let service;
let browser;

before(async () => {
  service = await startNotes("--tls.enabled");
  browser = await startChromium("--ignore-certificate-errors"); // the development certificate is nobody's
});

after(async () => {
  await browser?.close();
  if (service) assert.equal(await service.stop(), 0, "the service ends cleanly when told to");
});

test("a person signs up and keeps a note over HTTP/2", async () => {
  const { page, complaints, close } = await openPage(browser, "desktop", service.origin);
  await page.goto("/");
  const protocol = await page.evaluate(() => performance.getEntriesByType("navigation")[0].nextHopProtocol);
  assert.equal(protocol, "h2");
  const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map((entry) => entry.nextHopProtocol));
  assert.ok(loaded.length > 0 && loaded.every((name) => name === "h2"), `${loaded}`);

  await signUp(page, "grace@example.org");
  await page.waitForURL((url) => url.pathname !== "/signup");
  if (new URL(page.url()).pathname !== "/notes") await signIn(page, "grace@example.org");
  await page.waitForURL("**/notes");
  await addNote(page, "Over TLS", "kept");
  const cookies = await page.context().cookies();
  assert.deepEqual(cookies.map(({ name }) => name).sort(), ["__Host-Http-device", "__Host-Http-session"]);
  assert.ok(cookies.every((cookie) => cookie.secure && cookie.httpOnly && cookie.sameSite === "Strict"), JSON.stringify(cookies));
  assert.deepEqual(await complaints(), []);
  await close();
});
