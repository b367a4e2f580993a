// Chromium, and pages that fail a test on a script error, a policy violation or a request that leaves the machine.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { ROOT } from './stack.mjs';

const SCREENSHOTS = path.join(ROOT, 'target/screenshots');
export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 900 };

export async function launch() {
  await mkdir(SCREENSHOTS, { recursive: true });
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** Runs `visit` on a page of its own and then asserts that nothing went wrong behind its back. */
export async function withPage(browser, url, options, visit) {
  const context = await browser.newContext({ viewport: DESKTOP, locale: 'en-AU', ...options });
  const wrong = [];
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => wrong.push(`script error: ${error.message}`));
    page.on('console', (line) => {
      if (/Content Security Policy/.test(line.text())) wrong.push(line.text());
    });
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== url) wrong.push(`request to ${request.url()}`);
    });
    await visit(page);
  } finally {
    await context.close();
  }
  assert.deepEqual(wrong, []);
}

export function screenshot(page, name) {
  return page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), fullPage: true });
}
