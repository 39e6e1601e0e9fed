/** The card on the page: examples, mistakes at their line, opening a file, scanning by key. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { scanCard, setCard, TINY_CARD } from './support/card.ts';
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

test('a card opened from a file is scanned, its mistakes are listed and a click goes to their line', async () => {
  const open = await openPage(browser, site);
  const { page } = open;
  expect(await scanCard(page, TINY_CARD)).toMatch(/^\d windows in /);

  await setCard(page, TINY_CARD.replace('half_axes', 'half_axis'));
  const problem = page.getByRole('button', { name: /^line 6 windows\.half_axis is not a known key/ });
  await problem.click();
  await page.keyboard.press('End');
  await page.keyboard.type(' # here');
  expect(await page.getByRole('textbox', { name: 'Card' }).inputValue()).toContain('[1, 2] } } # here\n');
  expectNoComplaints(open);
});

test('an example is scanned when it is chosen', async () => {
  const open = await openPage(browser, site);
  await open.page.getByLabel('Example').selectOption('alp-diphoton');
  expect(await scanFinished(open.page)).toMatch(/^\d+ fits in /);
  expectNoComplaints(open);
});
