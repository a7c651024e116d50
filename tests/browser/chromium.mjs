// A Chromium, and pages in it that remember everything that went wrong on them.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const pictures = fileURLToPath(new URL("../../build/browser/", import.meta.url));

export const screens = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};

export async function startChromium(...flags) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
      ...flags,
    ],
  });
}

/**
 * A fresh profile with one page. `complaints()` gives, once the page has come to rest, what went wrong on it: what its console
 * calls an error (violations of the Content Security Policy and of Trusted Types are among them), violation events
 * themselves, uncaught exceptions and failed loads.
 */
export async function openPage(browser, screen, origin) {
  const context = await browser.newContext({ ...screens[screen], baseURL: origin });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const heard = [];
  page.on("console", (message) => {
    if (message.type() === "error" || /content security policy|trusted ?types?/i.test(message.text())) {
      heard.push(`console: ${message.text()} ${message.location().url}`);
    }
  });
  page.on("pageerror", (error) => heard.push(`exception: ${error.message}`));
  page.on("requestfailed", (request) => {
    // A load that the next navigation cut off has not failed.
    const error = request.failure()?.errorText;
    if (error !== "net::ERR_ABORTED") heard.push(`failed: ${request.url()} ${error}`);
  });
  await context.exposeBinding("reportViolation", (_, text) => heard.push(`violation: ${text}`));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      globalThis.reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  return {
    page,
    context,
    async complaints() {
      // Violation events are dispatched after the task that caused them.
      await page.evaluate(() => new Promise((rested) => requestAnimationFrame(() => setTimeout(rested, 50))));
      return heard;
    },
    async picture(name) {
      await mkdir(pictures, { recursive: true });
      await page.screenshot({ path: `${pictures}${name}-${screen}.png`, fullPage: true });
    },
    close: () => context.close(),
  };
}
