// What a page owes everyone who uses it.
import assert from 'node:assert/strict';
import axe from 'axe-core';

/** No violation that axe calls serious or critical. */
export async function passesAxe(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run());
  const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(bad.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`), []);
}

export async function fitsWidth(page) {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const elements = [...document.querySelectorAll('body *')];
    const over = elements.filter((it) => it.getBoundingClientRect().right > width + 1).map((it) => it.outerHTML.slice(0, 120));
    return document.documentElement.scrollWidth > width ? over : [];
  });
  assert.deepEqual(wide, [], 'wider than the screen');
}

/** Every field has words of its own: a label, and not only a placeholder that goes away. */
export async function isLabelled(page) {
  const nameless = await page.evaluate(() => {
    const fields = [...document.querySelectorAll('input:not([type=hidden]), select, textarea')];
    const words = (field) => [...(field.labels ?? [])].map((label) => label.textContent.trim()).join(' ');
    const grouped = (field) => field.type !== 'radio' || field.closest('fieldset')?.querySelector('legend')?.textContent.trim();
    const seen = fields.filter((field) => field.checkVisibility({ visibilityProperty: true }));
    return seen.filter((field) => !words(field) || !grouped(field)).map((field) => field.outerHTML);
  });
  assert.deepEqual(nameless, []);
}

/**
 * Presses Tab until the focus has left the page and answers what it visited. Asserts that this is everything that can
 * be operated, in reading order, and that each focus can be seen.
 */
export async function walkByTab(page) {
  const expected = await page.evaluate(() => {
    const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')];
    const reachable = all.filter((it) => it.checkVisibility({ visibilityProperty: true }) && !it.disabled);
    const groups = new Set();
    return reachable
      .filter((it) => it.type !== 'radio' || (!groups.has(it.name) && groups.add(it.name)))
      .map((it) => it.name || it.getAttribute('href') || it.textContent.trim());
  });
  const visited = [];
  for (let presses = 0; presses <= expected.length; presses += 1) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const it = document.activeElement;
      if (!it || it === document.body) return null;
      const style = getComputedStyle(it);
      const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
      const name = it.name || it.getAttribute('href') || it.textContent.trim();
      return { name, visible: outlined || style.boxShadow !== 'none', html: it.outerHTML.slice(0, 120) };
    });
    if (!focus) break;
    assert.ok(focus.visible, `the focus cannot be seen on ${focus.html}`);
    visited.push(focus.name);
  }
  assert.deepEqual(visited, expected);
  return visited;
}
