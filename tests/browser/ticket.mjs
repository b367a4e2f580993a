// From the form to the acknowledgement, the customer's page and a reply.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fitsWidth, isLabelled, passesAxe, walkByTab } from './accessible.mjs';
import { PHONE, screenshot, withPage } from './browser.mjs';

const NUMBER = /\b[A-Z]{2,4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b/;

export function ticket(suite) {
  const visit = (options, check) => withPage(suite.browser, suite.stack.url, options, check);

  describe('a ticket', () => {
    test('is opened by keyboard alone', () => visit({}, async (page) => {
      await page.goto(suite.stack.url);
      const words = { email: 'keys@example.com', name: 'Kim Keys', subject: 'Locked out', message: 'I cannot log in.' };
      for (let presses = 0; presses < 60; presses += 1) {
        await page.keyboard.press('Tab');
        const { name, kind } = await page.evaluate(() => {
          const { name, type } = document.activeElement;
          return { name, kind: type };
        });
        if (words[name]) await page.keyboard.type(words[name]);
        if (name === 'type') await page.keyboard.press('Space');
        if (kind === 'submit') break;
      }
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => url.pathname !== '/');
      await showsPromise(suite, page);
      await suite.stack.mailTo(words.email);
    }));

    for (const [language, locale] of [['en', 'en-AU'], ['de', 'de-DE'], ['vi', 'vi-VN']]) {
      test(`has a number, a promised time, an acknowledgement and a page in ${language}, without scripts`, () =>
        visit({ locale, viewport: PHONE, javaScriptEnabled: false }, async (page) => {
          const email = `visitor-${language}@example.com`;
          await page.goto(suite.stack.url);
          await submit(page, email);
          const number = await showsPromise(suite, page);
          assert.equal(await page.locator('html').getAttribute('lang'), language);
          await fitsWidth(page);
          await screenshot(page, `sent-${language}`);

          const mail = await suite.stack.mailTo(email);
          assert.ok(mail.text.includes(number), 'the acknowledgement does not name the number');
          const link = mail.text.match(/http:\S*\/tickets\/\S*key=[^\s>)]+/)?.[0];
          assert.ok(link, `no link in the acknowledgement:\n${mail.text}`);

          await page.goto(link);
          assert.ok((await page.locator('main').innerText()).includes('The site is slow since this morning.'));
          assert.equal(await page.locator('html').getAttribute('lang'), language);
          await page.locator('textarea').fill('It also shows error 502.');
          await page.locator('form:has(textarea) [type=submit]').click();
          await page.getByText('It also shows error 502.').waitFor();
          await fitsWidth(page);
          await isLabelled(page);
          await screenshot(page, `ticket-${language}`);
        }));
    }

    test('has pages that pass axe and are reached by Tab', () => visit({}, async (page) => {
      await page.goto(suite.stack.url);
      await submit(page, 'axe@example.com');
      await passesAxe(page);
      await page.locator('main a[href*="key="]').first().click();
      await page.locator('textarea').waitFor();
      await passesAxe(page);
      await walkByTab(page);
    }));

    test('shows nothing to a visitor without its key', () => visit({}, async (page) => {
      await page.goto(suite.stack.url);
      await submit(page, 'private@example.com');
      const href = await page.locator('main a[href*="key="]').first().getAttribute('href');
      const link = new URL(href, suite.stack.url);
      const wrong = [...link.searchParams.get('key')].reverse().join('');
      for (const key of [null, '', wrong]) {
        link.searchParams.delete('key');
        if (key !== null) link.searchParams.set('key', key);
        const answer = await page.goto(link.href);
        assert.equal(answer.status(), 404);
        assert.ok(!(await page.content()).includes('The site is slow'));
      }
    }));

    test('has its acknowledgement on the mailbox page, rendered', () => visit({}, async (page) => {
      await page.goto(suite.stack.url);
      await submit(page, 'mailbox@example.com');
      const number = await showsPromise(suite, page);
      await suite.stack.mailTo('mailbox@example.com');
      await page.goto(`${suite.stack.url}/_local/mail`);
      const text = await page.locator('body').innerText();
      assert.ok(text.includes('mailbox@example.com') && text.includes(number));
      await screenshot(page, 'mailbox');
      await page.goto(`${suite.stack.url}/_local/`);
      await screenshot(page, 'runner');
    }));
  });
}

async function submit(page, email) {
  await page.locator('[name=email]').fill(email);
  await page.locator('[name=name]').fill('A visitor');
  await page.locator('[name=subject]').fill('Slow site');
  await page.locator('[name=message]').fill('The site is slow since this morning.');
  await page.locator('[name=type][value=request]').check();
  await page.locator('form:has([name=message]) [type=submit]').click();
  await page.waitForURL((url) => url.pathname !== '/');
}

/** The page shows a number and a promised time that is still to come, and names its zone. Answers the number. */
async function showsPromise(suite, page) {
  const main = await page.locator('main').innerText();
  assert.match(main, NUMBER);
  const times = page.locator('main time[datetime]');
  const promised = await times.evaluateAll((all) => all.map((it) => [it.dateTime, it.textContent]));
  assert.ok(promised.length > 0, 'no promised time');
  const now = await suite.stack.now();
  // When the request came in and when its receipt was confirmed stand there too, and are past.
  const ahead = promised.filter(([instant]) => Date.parse(instant) > now);
  assert.ok(ahead.length > 0, 'no promised time lies ahead');
  for (const [, words] of promised) {
    assert.match(words, /\d{1,2}[:.]\d{2}/);
  }
  assert.match(main, /Australia\/Sydney|UTC[+-]?\d*/, 'no zone is named');
  return main.match(NUMBER)[0];
}
