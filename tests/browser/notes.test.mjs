// What a person does with the notes example, on a desktop and on a phone: sign up, sign in, add, edit, search, delete, sign out.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openPage, startChromium } from "./chromium.mjs";
import { addNote, note, signIn, signUp } from "./person.mjs";
import { startNotes } from "./service.mjs";

let service;
let browser;

before(async () => {
  service = await startNotes();
  browser = await startChromium();
});

after(async () => {
  await browser?.close();
  if (service) assert.equal(await service.stop(), 0, "the service ends cleanly when told to");
});

async function fitsTheScreen(page) {
  const { content, screen } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    screen: document.documentElement.clientWidth,
  }));
  assert.ok(content <= screen, `${page.url()} is ${content} pixels wide on a screen of ${screen}`);
}

for (const screen of ["desktop", "phone"]) {
  test(`a person keeps notes (${screen})`, async () => {
    const { page, context, complaints, picture, close } = await openPage(browser, screen, service.origin);
    const email = `ada-${screen}@example.org`;

    await page.goto("/");
    await fitsTheScreen(page);
    await picture("landing");

    await signUp(page, email);
    await page.waitForURL((url) => url.pathname !== "/signup");
    if (new URL(page.url()).pathname !== "/notes") await signIn(page, email);
    await page.waitForURL("**/notes");

    const cookies = await context.cookies();
    assert.ok(cookies.length > 0, "a signed-in person has a session cookie");
    for (const cookie of cookies) {
      assert.ok(cookie.httpOnly, `${cookie.name} is out of reach of scripts`);
      assert.equal(cookie.sameSite, "Strict", `${cookie.name} does not travel from other sites`);
    }

    await addNote(page, "Groceries", "Bread, olives, lemons");
    await addNote(page, "Letters", "Write to Grace");
    await fitsTheScreen(page);
    await picture("notes");

    await note(page, "Groceries").getByRole("link", { name: "Edit" }).click();
    await page.waitForURL("**/notes/*/edit");
    await fitsTheScreen(page);
    await picture("edit");
    await page.getByLabel("Title").fill("Market");
    await page.getByRole("button", { name: "Save" }).click();
    await page.waitForURL("**/notes");
    await note(page, "Market").waitFor();
    assert.equal(await note(page, "Groceries").count(), 0);

    await page.locator("input[name=q]").fill("Grace");
    await page.locator("input[name=q]").press("Enter");
    await page.waitForURL("**/notes?q=Grace");
    await note(page, "Letters").waitFor();
    assert.equal(await note(page, "Market").count(), 0, "a search shows what matches and nothing else");
    await picture("search");

    await page.goto("/notes");
    page.on("dialog", (dialog) => dialog.accept());
    await note(page, "Letters").getByRole("button", { name: "Delete" }).click();
    await note(page, "Letters").waitFor({ state: "detached" });
    assert.equal(await note(page, "Market").count(), 1);

    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL((url) => url.pathname !== "/notes");
    assert.deepEqual(await complaints(), []);

    await page.goto("/notes"); // a refusal is an error in the console: after the check above
    assert.equal(await page.locator("article.note").count(), 0, "the notes are closed after signing out");
    assert.equal(await page.getByRole("button", { name: "Add note" }).count(), 0);
    await close();
  });
}

test("script in a note is shown, never run", async () => {
  const { page, complaints, picture, close } = await openPage(browser, "desktop", service.origin);
  await signUp(page, "mallory@example.org");
  await page.waitForURL((url) => url.pathname !== "/signup");
  if (new URL(page.url()).pathname !== "/notes") await signIn(page, "mallory@example.org");
  await page.waitForURL("**/notes");

  const title = '<script>globalThis.ran = "title"</script>';
  const body = '"><img src=x onerror="globalThis.ran = \'body\'">';
  await addNote(page, title, body);
  assert.match(await note(page, title).textContent(), /<img src=x onerror=/);
  assert.equal(await page.locator("article.note img").count(), 0);
  assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  await picture("script");

  assert.deepEqual(await complaints(), [], "nothing even tried to run");
  await close();
});

test("the page itself can't turn text into markup or run what is injected", async () => {
  const { page, complaints, close } = await openPage(browser, "desktop", service.origin);
  await page.goto("/");
  const outcome = await page.evaluate(() => {
    const tried = {};
    try {
      document.body.innerHTML = "<b>replaced</b>";
      tried.innerHTML = "ran";
    } catch (error) {
      tried.innerHTML = error.name;
    }
    const script = document.createElement("script");
    try {
      script.text = "globalThis.ran = true";
      document.body.append(script);
    } catch (error) {
      tried.script = error.name;
    }
    tried.ran = globalThis.ran ?? false;
    return tried;
  });
  assert.equal(outcome.innerHTML, "TypeError", "Trusted Types refuse it");
  assert.equal(outcome.ran, false);
  assert.ok((await complaints()).some((text) => text.startsWith("violation:")), "and the harness sees violations when there are any");
  await close();
});

test("a wrong password says nothing about why", async () => {
  const { page, close } = await openPage(browser, "phone", service.origin);
  const textOf = async (email) => {
    await signIn(page, email, "not the password at all");
    const alert = page.getByRole("alert");
    await alert.waitFor();
    return alert.textContent();
  };
  assert.equal(await textOf("nobody@example.org"), await textOf("mallory@example.org"));
  await close();
});
