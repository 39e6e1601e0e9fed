/** Table and detail in a browser: linked with each other, usable by keys, for windows, blind windows and fits. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { scanCard } from './support/card.ts';
import { SPECTRUM_CARD, WINDOWS_CARD } from './support/detail-cards.ts';
import { keepScan } from './support/keep-scan.ts';
import { expectNoComplaints, openPage } from './support/open-page.ts';
import { serveSite, type Site } from './support/site.ts';

let site: Site;
let browser: Browser;

beforeAll(async () => {
  site = await serveSite({ isolated: true });
  browser = await launchChromium({ webgpu: true });
}, 120_000);

afterAll(async () => {
  await browser.close();
  await site.close();
});

const grid = (page: Page) => page.getByRole('grid');
/** Ids of the rows that are drawn, in their order. */
const ids = (page: Page) => grid(page).locator('tbody tr:not([aria-hidden]) td:first-child').allTextContents();
const detail = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('rows are sorted and filtered, what is pointed at and pinned is told in full', async () => {
  const open = await openPage(browser, site);
  const { page } = open;
  await scanCard(page, WINDOWS_CARD);
  const { result } = await keepScan(WINDOWS_CARD);
  const best = result.summary.best[0].id;
  await detail(page, `Window ${best}`).waitFor();
  await expect.poll(async () => (await ids(page))[0]).toBe(String(best));

  // sorted by a column, both ways, by mouse and by keys
  const head = grid(page).getByRole('columnheader', { name: /^n\b/ });
  await head.getByRole('button').click();
  expect(await head.getAttribute('aria-sort')).toBe('descending');
  await page.keyboard.press('Enter');
  expect(await head.getAttribute('aria-sort')).toBe('ascending');
  expect(await grid(page).locator('tbody td:nth-child(4)').first().textContent()).toBe('blind');

  // a filter by a condition, and what is wrong with one
  await page.getByLabel('filter').fill('n >= 3 && z > 0');
  const wanted = await page.locator('#table-shown').textContent();
  expect(wanted).toMatch(/^\d+ of \d+ windows, \d+ left out that have no such number$/);
  await page.getByLabel('filter').fill('nn >= 3');
  expect(await page.locator('#table-shown').textContent()).toMatch(/^filter: unknown name 'nn'/);
  await page.getByLabel('filter').fill('');
  await page.getByLabel('rows').selectOption('10 worst limits');
  await expect.poll(async () => (await ids(page)).length).toBe(10);

  // pointing at a row shows it everywhere, leaving shows the pinned one again, a click pins
  const other = (await ids(page)).find((id) => id !== String(best))!;
  const row = grid(page).locator(`#table-row-${other}`);
  await row.hover();
  await detail(page, `Window ${other}`)
    .getByText(/Expected background/)
    .waitFor();
  await page.getByRole('heading', { name: 'Card' }).hover();
  await detail(page, `Window ${best}`).waitFor();
  await row.click();
  expect(await row.getAttribute('aria-selected')).toBe('true');
  const told = detail(page, `Window ${other}`);
  await told.getByText('Posterior of').first().waitFor();
  expect(await told.getByRole('img').getAttribute('aria-label')).toMatch(
    /90 % credibility limit .* fb, median expected/,
  );
  await told.getByText(/events? inside/).click();
  const n = Number(await row.locator('td').nth(3).textContent());
  const listed = told.getByRole('region', { name: 'events inside' }).locator('tbody tr');
  expect(await listed.count()).toBe(Math.min(50, n));
  await told.getByRole('button', { name: 'Unpin' }).click();
  expect(await row.getAttribute('aria-selected')).toBe('false');
  expectNoComplaints(open);
  await page.close();
});

test('keys move through the rows, Enter pins and Escape unpins', async () => {
  const open = await openPage(browser, site);
  const { page } = open;
  await scanCard(page, WINDOWS_CARD);
  await grid(page).focus();
  const order = await ids(page);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  expect(await grid(page).getAttribute('aria-activedescendant')).toBe(`table-row-${order[1]}`);
  await detail(page, `Window ${order[1]}`).waitFor();
  await page.keyboard.press('Enter');
  expect(await page.locator(`#table-row-${order[1]}`).getAttribute('aria-selected')).toBe('true');
  await page.keyboard.press('Escape');
  expect(await page.locator(`#table-row-${order[1]}`).getAttribute('aria-selected')).toBe('false');
  // the last row is scrolled to
  await page.keyboard.press('End');
  const last = await grid(page).getAttribute('aria-activedescendant');
  await page.locator(`#${last}`).waitFor();
  expect(await page.locator(`#${last}`).getAttribute('aria-rowindex')).toBe(
    await grid(page).getAttribute('aria-rowcount'),
  );
  expectNoComplaints(open);
  await page.close();
});

test('blind windows show what is expected and nothing of the data', async () => {
  const open = await openPage(browser, site);
  const { page } = open;
  await scanCard(page, WINDOWS_CARD);
  await page.getByRole('combobox', { name: /^status/ }).selectOption('blind');
  const [id] = await ids(page);
  await grid(page).locator(`#table-row-${id}`).click();
  const told = detail(page, `Window ${id}`);
  await told.getByText('Blind: the events inside are not shown.').waitFor();
  const text = (await told.innerText()).replaceAll(/\s+/g, ' ');
  expect(text).toMatch(/OBSERVED blind|observed blind/i);
  expect(text).toMatch(/local Z -/i);
  expect(await told.getByRole('img').count()).toBe(0);
  expect(await told.getByText('expected', { exact: false }).count()).toBeGreaterThan(0);
  expectNoComplaints(open);
  await page.close();
});

test('a hypothesis is told with its fit; columns can be chosen', async () => {
  const open = await openPage(browser, site);
  const { page } = open;
  await scanCard(page, SPECTRUM_CARD);
  const { result } = await keepScan(SPECTRUM_CARD);
  const told = detail(page, `Hypothesis ${result.summary.best[0].id}`);
  await told.getByText(/^deviance \d/).waitFor();
  expect(await told.innerText()).toMatch(/signal Ŝ\s+\d+(\.\d)? ± \d+/);
  await page.getByText(/^Columns \(/).click();
  await page.getByLabel(/^n_bins/).check();
  expect(await grid(page).getByRole('columnheader', { name: 'n_bins' }).count()).toBe(1);
  await page.getByRole('button', { name: 'As at first' }).click();
  expect(await grid(page).getByRole('columnheader', { name: 'n_bins' }).count()).toBe(0);
  expectNoComplaints(open);
  await page.close();
});
