// How the pages are to people: no finding of axe, in light and dark, on a desktop and on a phone; the focus at what is wrong.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import { screens, startChromium } from "./chromium.mjs";
import { addNote, note, signIn, signUp } from "./person.mjs";
import { startHello, startNotes } from "./service.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = new URL("../../build/browser/", import.meta.url).pathname;
let notes;
let hello;
let browser;

before(async () => {
  [notes, hello, browser] = await Promise.all([startNotes(), startHello(), startChromium()]);
});

after(async () => {
  await browser?.close();
  await Promise.all([notes?.stop(), hello?.stop()]);
});

async function look(page, name) {
  await page.screenshot({ path: `${pictures}${name}.png`, fullPage: true });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`), [], name);
  const { content, screen } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    screen: document.documentElement.clientWidth,
  }));
  assert.ok(content <= screen, `${name} is ${content} pixels wide on a screen of ${screen}`);
}

// Submits what the browser itself would not let pass.
async function submitAnyway(page) {
  await page.locator("main form[method=post]").first().evaluate((form) => {
    form.noValidate = true;
    form.requestSubmit();
  });
  await page.locator("[aria-invalid=true]").first().waitFor();
}

const focused = (page) =>
  page.evaluate(() => {
    const { name, ariaInvalid } = document.activeElement;
    const described = document.activeElement.getAttribute("aria-describedby") ?? "";
    const words = described.split(" ").map((id) => document.getElementById(id)?.textContent).join("");
    return { name, ariaInvalid, words };
  });

for (const screen of Object.keys(screens)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`every page is accessible (${screen}, ${colorScheme})`, async () => {
      const as = `${screen}-${colorScheme}`;
      // axe is not a script of the page's: the policy would keep it out.
      const context = await browser.newContext({ ...screens[screen], baseURL: notes.origin, colorScheme, bypassCSP: true });
      const page = await context.newPage();
      await page.goto("/");
      await look(page, `landing-${as}`);
      await page.goto("/signup");
      await submitAnyway(page);
      assert.deepEqual(await focused(page), { name: "name", ariaInvalid: "true", words: "This is needed." });
      await look(page, `signup-wrong-${as}`);

      const email = `${as}@example.org`;
      await signIn(page, email, "not the password at all");
      await page.getByRole("alert").waitFor();
      assert.equal((await focused(page)).name, "password");
      await look(page, `signin-wrong-${as}`);
      await signUp(page, email);
      await page.waitForURL((url) => url.pathname === "/signin");
      await look(page, `welcome-${as}`);
      await signIn(page, email);
      await page.waitForURL("**/notes");
      await look(page, `empty-${as}`);

      await addNote(page, "Shopping", "Bread");
      await addNote(page, "A long one", "line\n".repeat(14));
      await page.getByRole("link", { name: "Edit Shopping" }).waitFor();
      await page.getByRole("button", { name: "Delete A long one" }).waitFor();
      await look(page, `notes-${as}`);
      await page.goto("/notes?q=bread");
      await note(page, "Shopping").waitFor();
      assert.ok(await note(page, "Shopping").evaluate((card) => card.getBoundingClientRect().top < innerHeight));
      await look(page, `search-${as}`);
      for (const path of ["/signin", "/signup"]) {
        await page.goto(path);
        assert.equal(new URL(page.url()).pathname, "/notes", `${path} does not look signed out`);
      }
      await page.getByRole("link", { name: "Edit Shopping" }).click();
      await page.getByLabel("Title").fill("");
      await submitAnyway(page);
      assert.equal((await focused(page)).name, "title");
      await look(page, `edit-wrong-${as}`);

      const gone = await page.goto("/nowhere");
      assert.equal(gone.status(), 404);
      await page.getByRole("link", { name: "Go on" }).waitFor();
      await look(page, `error-own-${as}`);
      await context.close();
    });

    test(`the framework's error page (${screen}, ${colorScheme})`, async () => {
      const context = await browser.newContext({ ...screens[screen], colorScheme, baseURL: hello.origin });
      const page = await context.newPage();
      const answer = await page.goto("/nowhere");
      assert.equal(answer.status(), 404);
      assert.match(answer.headers()["content-security-policy"], /style-src 'sha256-/);
      const { family, ground } = await page.evaluate(() => {
        const { fontFamily, backgroundColor } = getComputedStyle(document.body);
        return { family: fontFamily, ground: backgroundColor };
      });
      assert.match(family, /system-ui/, "its style is applied under its policy");
      assert.equal(ground, colorScheme === "dark" ? "rgb(23, 26, 23)" : "rgb(250, 249, 246)");
      await context.close();
      const again = await browser.newContext({ ...screens[screen], colorScheme, baseURL: hello.origin, bypassCSP: true });
      const looked = await again.newPage();
      await looked.goto("/nowhere");
      await look(looked, `error-plain-${screen}-${colorScheme}`);
      await again.close();
    });
  }
}

test("borders of fields and the ring of the focus stand out three to one", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({ baseURL: notes.origin, colorScheme });
    const page = await context.newPage();
    await page.goto("/signin");
    await page.getByLabel("Email").focus();
    const colors = await page.evaluate(() => {
      const of = (selector) => getComputedStyle(document.querySelector(selector));
      return {
        border: of("input[name=password]").borderTopColor,
        ring: of("input[name=email]").outlineColor,
        card: of(".card").backgroundColor,
      };
    });
    const light = (color) => {
      const [r, g, b] = color.match(/[0-9]+/g).map((part) => {
        const share = part / 255;
        return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
    assert.ok(contrast(colors.border, colors.card) >= 3, `${colorScheme}: border ${contrast(colors.border, colors.card)}`);
    assert.ok(contrast(colors.ring, colors.card) >= 3, `${colorScheme}: ring ${contrast(colors.ring, colors.card)}`);
    await context.close();
  }
});

test("the counter counts characters, beside the label", async () => {
  const context = await browser.newContext({ baseURL: notes.origin });
  const page = await context.newPage();
  await signUp(page, "counter@example.org");
  await signIn(page, "counter@example.org");
  await page.waitForURL("**/notes");
  await page.getByLabel("Body", { exact: true }).fill("😀😀");
  assert.equal(await page.locator(".count").textContent(), "2 of 10000 characters");
  await context.close();
});
