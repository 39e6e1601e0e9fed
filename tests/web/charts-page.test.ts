/** Charts in a browser: linked with each other and the details, by pointer and by keys, in both themes, blind or not. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linkOf } from '../../src/web/state/link.ts';
import { launchChromium } from '../support/chromium.ts';
import { TINY_CARD } from './support/card.ts';
import { SPECTRUM_CARD, WINDOWS_CARD } from './support/detail-cards.ts';
import { expectNoComplaints, openPage, scanFinished, type OpenOptions, type OpenPage } from './support/open-page.ts';
import { serveSite, type Site } from './support/site.ts';

let site: Site;
let browser: Browser;

beforeAll(async () => {
  site = await serveSite();
  browser = await launchChromium();
}, 120_000);

afterAll(async () => {
  await browser.close();
  await site.close();
});

async function openScanned(card: string, options?: OpenOptions): Promise<OpenPage> {
  const open = await openPage(browser, site, { ...options, hash: await linkOf({ text: card, files: [] }) });
  await scanFinished(open.page);
  return open;
}

const chart = (page: Page, name: RegExp) => page.getByRole('slider', { name });
const pointed = (slider: Locator) => slider.getAttribute('aria-valuetext');

/** Moves the pointer to a part of the plot from its left and top; axes are outside. */
async function pointAt(slider: Locator, across: number, down = 0.5): Promise<void> {
  await slider.locator('.u-over').hover({ position: await placeIn(slider, across, down) });
}

async function placeIn(slider: Locator, across: number, down: number) {
  const { width, height } = (await slider.locator('.u-over').boundingBox())!;
  return { x: across * width, y: down * height };
}

/** How many pixels of the canvas have a colour of the style sheet. */
function painted(slider: Locator, tone: string): Promise<number> {
  return slider.evaluate((element, name) => {
    const canvas = element.querySelector('canvas')!;
    const copy = Object.assign(document.createElement('canvas'), { width: canvas.width + 1, height: canvas.height });
    const context = copy.getContext('2d', { willReadFrequently: true })!;
    context.drawImage(canvas, 1, 0);
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    context.fillRect(0, 0, 1, 1);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    const [r, g, b] = data;
    let found = 0;
    for (let i = 0; i < data.length; i += 4)
      if (data[i] === r && data[i + 1] === g && data[i + 2] === b && data[i + 3] === 255) found++;
    return found;
  }, tone);
}

describe('fits', () => {
  let opened: Promise<OpenPage> | undefined;
  /** One page for all tests. */
  const ofBump = () => (opened ??= openScanned(SPECTRUM_CARD));

  test('pointing shows a hypothesis in all charts, a click pins it, keys move on, Escape lets go', async () => {
    const open = await ofBump();
    const { page } = open;
    const [p0, limit, whole] = [/^local p0/, /^limit on/, /^events of the whole/].map((name) => chart(page, name));
    const fit = page.getByRole('heading', { name: /^Fit of hypothesis/ });

    await pointAt(p0, 0.05);
    expect(await pointed(p0)).toMatch(/^m = 11 GeV: p0 [\d.]+.*; hypothesis 0, Z /);
    expect(await pointed(limit)).toMatch(/hypothesis 0/);
    expect(await pointed(whole)).toMatch(/^hypothesis 0/);
    await fit.filter({ hasText: 'hypothesis 0' }).waitFor();

    await pointAt(limit, 0.95);
    await limit.locator('.u-over').click({ position: await placeIn(limit, 0.95, 0.5) });
    await page.mouse.move(2, 2);
    await fit.filter({ hasText: 'hypothesis 8' }).waitFor();
    await p0.focus();
    await page.keyboard.press('ArrowLeft');
    await fit.filter({ hasText: 'hypothesis 7' }).waitFor();
    await page.keyboard.press('Home');
    await fit.filter({ hasText: 'hypothesis 0' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('its fit is drawn here').waitFor();
    expect(await pointed(p0)).toBe('nothing chosen');
    expectNoComplaints(open);
  });

  test('the picture is painted in the colours of both themes and its numbers are a table', async () => {
    const open = await ofBump();
    const { page } = open;
    await chart(page, /^local p0/).press('End');
    const fit = chart(page, /^data and fits/);
    for (const name of ['Dark', 'Light']) {
      await page.getByRole('button', { name }).click();
      await expect.poll(() => painted(fit, '--signal')).toBeGreaterThan(100);
      expect(await painted(fit, '--ink')).toBeGreaterThan(500); // frame and points
      expect(await painted(chart(page, /^limit on/), '--band-2')).toBeGreaterThan(1000);
    }
    await page.getByLabel('blue bands').check();
    await expect.poll(() => painted(chart(page, /^limit on/), '--band-2')).toBeGreaterThan(1000);

    await page.getByText('Numbers of data and fits').click();
    const rows = page.getByRole('group', { name: 'numbers' }).getByRole('row');
    expect(await rows.first().textContent()).toMatch(/^m \[GeV\], fromto/);
    expect(await rows.count()).toBe(41); // 20 GeV in bins of 0.5 and the head
    expect((await rows.allTextContents()).join()).not.toMatch(/NaN|undefined/);
    expectNoComplaints(open);
  });

  test('a part of the axis is chosen by dragging, which pins nothing, and left by a button or keys', async () => {
    const open = await ofBump();
    const { page } = open;
    const p0 = chart(page, /^local p0/);
    const before = await pointed(p0);
    await p0.scrollIntoViewIfNeeded();
    const box = (await p0.locator('.u-over').boundingBox())!;
    await page.mouse.move(box.x + 0.25 * box.width, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.75 * box.width, box.y + 30, { steps: 4 });
    await page.mouse.up();
    await page.mouse.move(2, 2);
    expect(await pointed(p0)).toBe(before);
    const panel = page.getByRole('region', { name: 'p0 and limits' });
    await pointAt(p0, 0.01);
    expect(await pointed(p0)).toMatch(/^m = 13 GeV/); // 11 to 19 GeV: a quarter is cut off
    await panel.getByRole('button', { name: 'Whole axis' }).click();
    await pointAt(p0, 0.01);
    expect(await pointed(p0)).toMatch(/^m = 11 GeV/);
    await p0.focus();
    await page.keyboard.press('+');
    await panel.getByRole('button', { name: 'Whole axis' }).waitFor();
    await page.keyboard.press('0');
    await panel.getByRole('button', { name: 'Whole axis' }).waitFor({ state: 'detached' });
    expectNoComplaints(open);
  });
});

test('windows: a bin points at its best window, blind ones are expected only', async () => {
  const open = await openScanned(WINDOWS_CARD);
  const { page } = open;
  const z = chart(page, /^largest local Z.* against M_μμ/);
  await pointAt(z, 0.05);
  const words = await pointed(z);
  const id = /window (\d+)/.exec(words!)![1];
  expect(words).toMatch(/^M_μμ 1 to .* GeV\/c²: largest Z/);
  await page.getByRole('region', { name: `Window ${id}` }).waitFor();
  expect(await pointed(chart(page, /^windows per bin of local Z/))).toContain('observed');

  await page.getByLabel('quantity').selectOption({ label: 'limit on σ (bayes, 90 % credibility)' });
  const limit = chart(page, /^limit on σ.* against M_μμ/);
  await pointAt(limit, 0.98);
  expect(await pointed(limit)).toMatch(/: best expected [\d.]+; window \d+, blind$/);
  await page.getByText(/blind windows: only what is expected/).waitFor();
  expectNoComplaints(open);
});

test('windows along one axis: p0 and limits; a browser whose language is none', async () => {
  const before = (page: Page) =>
    page.addInitScript(() =>
      Object.defineProperty(navigator, 'language', { value: 'en-US@posix', configurable: true }),
    );
  const open = await openScanned(TINY_CARD, { before });
  await pointAt(chart(open.page, /^local p0/), 0.5);
  expect(await pointed(chart(open.page, /^limit on S/))).toMatch(/^m = 1\.\d+ GeV: expected .*; window \d/);
  expectNoComplaints(open);
});
