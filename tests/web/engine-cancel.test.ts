/** Cancelling at any moment, what stays after it, and a page that never freezes meanwhile. */
import fs from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { scanCard, setCard, TINY_CARD } from './support/card.ts';
import { expectNoComplaints, openPage } from './support/open-page.ts';
import { serveSite, type Site } from './support/site.ts';

/** Promised: within 200 ms; other tests share the machine. */
const AT_ONCE_MS = 1000;
/** Promised: no task above 100 ms while a scan runs; other tests share the machine. */
const FREEZE_MS = 1000;

const example = (name: string): string =>
  fs.readFileSync(new URL(`../../examples/${name}/card.yaml`, import.meta.url), 'utf8');

let [site, browser]: [Site?, Browser?] = [];
beforeAll(async () => {
  site = await serveSite();
  browser = await launchChromium({ webgpu: true });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** Clicks Cancel when the progress line first says `stage`; ms by the clock of the page until Scan is offered again. */
function cancelAt(page: Page, stage: string): Promise<number> {
  return page.evaluate(`new Promise((resolve) => {
    const button = (name) => [...document.querySelectorAll('header button')].find(({ textContent }) => textContent === name);
    let started;
    const look = () => {
      if (started === undefined) {
        const words = document.querySelector('[data-testid="progress"]')?.textContent ?? '';
        if (!words.startsWith(${JSON.stringify(stage)})) return;
        started = performance.now();
        button('Cancel').click();
      } else if (button('Scan')) {
        observer.disconnect();
        resolve(performance.now() - started);
      }
    };
    const observer = new MutationObserver(look);
    observer.observe(document.querySelector('header'), { subtree: true, childList: true, characterData: true });
    look();
  })`);
}

test('a scan ends at once at every stage, the last result stays, and the next scan works', async () => {
  const open = await openPage(browser!, site!);
  const { page } = open;
  const tiny = await scanCard(page, TINY_CARD);
  const stages = [
    [example('dark-higgsstrahlung'), 'preparing'],
    [example('dark-higgsstrahlung'), 'limits'],
    [example('alp-diphoton'), 'preparing'],
    [example('alp-diphoton'), 'fits'],
  ];
  for (const [card, stage] of stages) {
    await setCard(page, card);
    await page.keyboard.press('Control+Enter');
    expect(await cancelAt(page, stage), stage).toBeLessThan(AT_ONCE_MS);
    expect(await page.getByTestId('device').textContent()).toBe(tiny);
  }
  // the engine of the last finished scan answers still
  await page.locator('#table-row-3').click();
  await page.getByRole('region', { name: 'window 3' }).getByText('Expected background').waitFor();
  expect(await scanCard(page, TINY_CARD)).toMatch(/^6 windows in /);
  expectNoComplaints(open);
}, 120_000);

test('a click on Scan while a scan runs starts anew', async () => {
  const open = await openPage(browser!, site!);
  for (let i = 0; i < 3; i++) await open.page.keyboard.press('Control+Enter');
  expect(await scanCard(open.page, TINY_CARD)).toMatch(/^6 windows in /);
  expectNoComplaints(open);
}, 60_000);

test('no task of the page takes long while the example is scanned', async () => {
  const open = await openPage(browser!, site!);
  const { page } = open;
  const longest = await page.evaluate(`new Promise((resolve) => {
    const started = performance.now();
    const tasks = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: 'longtask' });
    const observer = new MutationObserver(() => {
      if (document.querySelector('[data-testid="progress"]')) return;
      observer.disconnect();
      const ended = performance.now(); // in the task that draws the result
      const isMeanwhile = ({ startTime, duration }) => startTime > started && startTime + duration < ended;
      // the browser tells of tasks some time after them
      setTimeout(() => resolve(Math.max(0, ...tasks.filter(isMeanwhile).map(({ duration }) => duration))), 1000);
    });
    observer.observe(document.querySelector('header'), { subtree: true, childList: true });
  })`);
  expect(longest).toBeLessThan(FREEZE_MS);
  expectNoComplaints(open);
}, 120_000);
