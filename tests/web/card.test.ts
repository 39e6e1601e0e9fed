/** The card on the page: examples, mistakes at their line, opening a file, scanning by key. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { cardLink, setCard, TINY_CARD } from './support/card.ts';
import { expectNoComplaints, openPage, scanFinished } from './support/open-page.ts';
import { serveSite, type Site } from './support/site.ts';

let site: Site;
let browser: Browser;

beforeAll(async () => {
  site = await serveSite();
  browser = await launchChromium({ webgpu: true });
}, 120_000);

afterAll(async () => {
  await browser.close();
  await site.close();
});

test('mistakes are marked at their place and listed; a click goes there, undo takes the change back', async () => {
  const open = await openPage(browser, site, { hash: await cardLink() });
  const { page } = open;
  await page.getByText('complete and scanned').waitFor();
  const editor = page.locator('.cm-content');
  expect(await editor.getAttribute('aria-label')).toBe('Card');

  await setCard(page, TINY_CARD.replace('half_axes', 'half_axis'));
  const problem = page.getByRole('button', { name: /^line 6 windows\.half_axis is not a known key/ });
  await problem.click();
  await page.locator('.cm-lintRange-error', { hasText: 'half_axis' }).waitFor();
  expect(await page.locator('.cm-activeLine').textContent()).toContain('half_axis');
  await page.keyboard.press('Control+z');
  await page.getByText('complete and scanned').waitFor();
  expectNoComplaints(open);
});

test('keys are completed from the schema; Ctrl+Enter scans and inserts nothing', async () => {
  const open = await openPage(browser, site, { hash: await cardLink() });
  const { page } = open;
  await page.getByText('complete and scanned').waitFor();
  await page.locator('.cm-line', { hasText: 'name: tiny' }).click();
  await page.keyboard.press('End');
  await page.keyboard.type('\nsee');
  await page.locator('.cm-completionLabel', { hasText: 'seed' }).waitFor();
  // a list that has just come takes no key for 75 ms (CodeMirror's interactionDelay)
  await page.waitForTimeout(200);
  await page.keyboard.press('Enter');
  const quick = `7 # ${'every letter typed arrives '.repeat(4)}.`;
  await page.keyboard.type(quick);
  await page.getByText('complete and not scanned yet').waitFor();
  const lines = await page.locator('.cm-line').allTextContents();
  expect(lines.slice(0, 4)).toEqual(['schema: darkscan/card/1', 'name: tiny', `seed: ${quick}`, 'scan: windows']);
  await page.keyboard.press('Control+Enter');
  await page.getByText('complete and scanned').waitFor();
  expect(await page.locator('.cm-line').allTextContents()).toEqual(lines);
  expectNoComplaints(open);
});

test('where the editor cannot be loaded the card is a text field that does the same', async () => {
  const open = await openPage(browser, site, {
    hash: await cardLink(),
    before: (page) => page.route(/code-editor/, (route) => route.abort()),
  });
  const { page } = open;
  await page.getByText('complete and scanned').waitFor();
  const field = page.locator('textarea').and(page.getByLabel('Card', { exact: true }));
  await field.fill(TINY_CARD.replace('step: 2', 'step: -2'));
  await page.getByRole('button', { name: /^line 6 windows\.step is -2, expected a number above 0/ }).click();
  // the cursor stands before the -
  await page.keyboard.press('Delete');
  expect(await field.inputValue()).toBe(TINY_CARD);
  await page.getByText('complete and scanned').waitFor();
  expect(open.complaints.filter((text) => !/code-editor|ERR_FAILED/.test(text))).toEqual([]);
});

test('an example is scanned when it is chosen; a file too long to be a card is refused', async () => {
  const open = await openPage(browser, site, { hash: await cardLink() });
  const { page } = open;
  await page.getByText('complete and scanned').waitFor();
  await page.getByLabel('Example').selectOption('alp-diphoton');
  await page.getByText('complete and scanned').waitFor();
  expect(await scanFinished(page)).toMatch(/^\d+ fits in /);
  await setCard(page, '#'.repeat(4_000_001));
  await page
    .getByRole('alert')
    .getByText('card.yaml: has 4000001 bytes, a card has at most 1000000 characters')
    .waitFor();
  expectNoComplaints(open);
});
