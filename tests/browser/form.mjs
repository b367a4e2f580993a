// The form as a visitor meets it: on a phone, without scripts, by keyboard, in three languages, with mistakes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fitsWidth, isLabelled, passesAxe, walkByTab } from './accessible.mjs';
import { DESKTOP, PHONE, screenshot, withPage } from './browser.mjs';

const LANGUAGES = [['en', 'en-AU'], ['de', 'de-DE'], ['vi', 'vi-VN']];
const FIELDS = ['email', 'name', 'subject', 'message', 'department'];

export function form(suite) {
  const visit = (options, check) => withPage(suite.browser, suite.stack.url, options, async (page) => {
    await page.goto(suite.stack.url);
    await check(page);
  });

  describe('the form', () => {
    for (const [screen, viewport] of [['phone', PHONE], ['desktop', DESKTOP]]) {
      for (const javaScriptEnabled of [true, false]) {
        const scripts = javaScriptEnabled ? 'with' : 'without';
        test(`fits a ${screen} ${scripts} scripts, with a label on every field`, () =>
          visit({ viewport, javaScriptEnabled }, async (page) => {
            for (const name of FIELDS) assert.ok(await page.locator(`[name=${name}]`).first().isVisible(), name);
            const types = await page.locator('[name=type]').evaluateAll((radios) => radios.map(({ value }) => value));
            assert.deepEqual(types, ['request', 'complaint']);
            assert.ok(await page.locator('[name=nonce]').getAttribute('value'));
            await fitsWidth(page);
            await isLabelled(page);
            await screenshot(page, `form-${screen}-${scripts}-scripts`);
          }));
      }
    }

    for (const [language, locale] of LANGUAGES) {
      test(`speaks ${language} to a browser that asks for it, and passes axe`, () =>
        visit({ locale, viewport: PHONE }, async (page) => {
          assert.equal(await page.locator('html').getAttribute('lang'), language);
          await fitsWidth(page);
          await passesAxe(page);
          await screenshot(page, `form-${language}`);
        }));
    }

    test('says its heading in other words in each language', async () => {
      const headings = new Set();
      for (const [, locale] of LANGUAGES) {
        await visit({ locale }, async (page) => headings.add(await page.getByRole('heading', { level: 1 }).innerText()));
      }
      assert.equal(headings.size, LANGUAGES.length);
    });

    test('changes its language by a visible link, which wins over what the browser asks for', () =>
      visit({ locale: 'de-DE', javaScriptEnabled: false }, async (page) => {
        for (const [language] of [...LANGUAGES].reverse()) {
          if (await page.locator('html').getAttribute('lang') === language) continue;
          await page.locator(`a[href*="lang=${language}"]`).click();
          assert.equal(await page.locator('html').getAttribute('lang'), language);
          assert.equal(await page.locator('[name=lang]').first().inputValue(), language);
        }
      }));

    test('is reached by Tab alone, in reading order, with a focus that can be seen', () =>
      visit({}, async (page) => {
        const visited = await walkByTab(page);
        for (const name of [...FIELDS, 'type']) assert.ok(visited.includes(name), `${name} is not reached`);
      }));

    test('shows what it promises for this choice before anything is sent', () =>
      visit({ javaScriptEnabled: false }, async (page) => {
        assert.match(await page.locator('main').innerText(), /\b(hours?|minutes?|days?)\b/);
      }));

    for (const javaScriptEnabled of [true, false]) {
      const scripts = javaScriptEnabled ? 'with' : 'without';
      test(`answers an empty submission ${scripts} scripts beside the fields, and keeps what was typed`, () =>
        visit({ javaScriptEnabled, viewport: PHONE }, async (page) => {
          await page.locator('[name=email]').fill('visitor@example.com');
          await page.locator('[name=type][value=complaint]').check();
          // The browser's own bubbles are not part of the page: ask the server.
          await page.locator('[name=message]').evaluate((field) => { field.form.noValidate = true; });
          const answer = page.waitForResponse((response) => response.request().method() === 'POST');
          await page.locator('form [type=submit]').last().click();
          assert.equal((await answer).status(), 422);
          assert.ok(await page.getByRole('alert').isVisible());
          const message = page.locator('[name=message]');
          assert.equal(await message.getAttribute('aria-invalid'), 'true');
          const described = (await message.getAttribute('aria-describedby')).split(' ');
          const error = page.locator(described.map((id) => `[id="${id}"]`).join(','));
          assert.ok((await error.allInnerTexts()).join('').trim(), 'no words beside the field');
          assert.equal(await page.locator('[name=email]').inputValue(), 'visitor@example.com');
          assert.ok(await page.locator('[name=type][value=complaint]').isChecked());
          await fitsWidth(page);
          await isLabelled(page);
          if (javaScriptEnabled) await passesAxe(page);
          await screenshot(page, `form-errors-${scripts}-scripts`);
        }));
    }
  });
}
