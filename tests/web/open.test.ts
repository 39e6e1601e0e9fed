/** What a visitor sees first, with and without isolation headers, with and without a GPU. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { expectNoComplaints, openPage, scanFinished } from './support/open-page.ts';
import { serveSite, type Site } from './support/site.ts';

describe.each([{ isolated: true }, { isolated: false }])('served with isolation headers: $isolated', ({ isolated }) => {
  let site: Site;
  let browser: Browser;

  beforeAll(async () => {
    site = await serveSite({ isolated });
    browser = await launchChromium({ webgpu: true });
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  test('the example is scanned at once on CPU workers: the only adapter is a software one', async () => {
    const open = await openPage(browser, site);
    expect(await scanFinished(open.page)).toMatch(/^9110 windows in .* on \d+ CPU workers \(f64\), .*\/s$/);
    expect(await open.page.evaluate(() => globalThis.crossOriginIsolated)).toBe(isolated);
    expectNoComplaints(open);
  });
});
