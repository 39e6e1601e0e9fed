/** Nothing leaves the page: what its policy refuses, in the page and in its workers, from any file server. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { openPage } from './support/open-page.ts';
import { serveSite, type Site } from './support/site.ts';

let browser: Browser;
beforeAll(async () => void (browser = await launchChromium({ webgpu: true })), 120_000);
afterAll(() => browser.close());

/** What code that wants to get out would do; every refusal is a line on the console. */
const INTRUDER = `
  addEventListener('securitypolicyviolation', ({ effectiveDirective }) => console.log('NAME refused ' + effectiveDirective));
  fetch('https://elsewhere.test/').then(() => console.log('NAME got out'), () => undefined);
  try { new Function('return 1')(); console.log('NAME evaluated'); } catch { console.log('NAME refused evaluation'); }
`;

/** Puts the intruder in front of the code of every worker; collects its lines. */
async function intrude(page: Page, lines: Set<string>): Promise<void> {
  await page.route(/\/[a-z]+-worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    const name = /([a-z]+-worker)/.exec(route.request().url())![1];
    await route.fulfill({ response, body: INTRUDER.replaceAll('NAME', name) + (await response.text()) });
  });
  page.on('console', (message) => {
    if (message.type() === 'log') lines.add(message.text());
  });
}

describe.each([
  { server: 'a folder of a plain file server', options: { at: '/some/where/' } },
  { server: 'darkscan serve', options: { isolated: true } },
])('from $server', ({ options }) => {
  let site: Site;
  beforeAll(async () => void (site = await serveSite(options)), 120_000);
  afterAll(() => site.close());

  test('code in a worker can neither ask another origin nor evaluate text', async () => {
    const lines = new Set<string>();
    const { page, complaints } = await openPage(browser, site, { before: (opened) => intrude(opened, lines) });
    const refusals = ['connect-src', 'evaluation', 'script-src'];
    const expected = ['engine', 'kernel'].flatMap((name) => refusals.map((what) => `${name}-worker refused ${what}`));
    await expect.poll(() => [...lines].toSorted(), { timeout: 30_000 }).toEqual(expected);
    // Chromium reports every refusal; everything the page needs was found, and nothing else was asked
    expect(complaints.filter((complaint) => !/Content Security Policy/.test(complaint))).toEqual([]);
    expect(page.workers().map((worker) => worker.url().slice(0, 5))).toEqual(page.workers().map(() => 'blob:'));
    await page.close();
  });

  test('code in the page can neither ask, show nor frame another origin, nor run text', async () => {
    const { page } = await openPage(browser, site);
    const refused = page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const seen = new Set<string>();
          addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
            if (seen.add(effectiveDirective).size === 4) resolve([...seen].toSorted());
          });
          void fetch('https://elsewhere.test/').catch(() => undefined);
          const script = document.createElement('script');
          script.textContent = 'globalThis.intruded = true';
          const picture = new Image();
          picture.src = 'https://elsewhere.test/events.png';
          const frame = document.createElement('iframe');
          frame.src = 'https://elsewhere.test/';
          document.body.append(script, frame);
        }),
    );
    expect(await refused).toEqual(['connect-src', 'frame-src', 'img-src', 'script-src-elem']);
    expect(await page.evaluate(() => 'intruded' in globalThis)).toBe(false);
    await page.close();
  });
});

test('every worker is started where the policy of the page is handed on', () => {
  const web = fileURLToPath(new URL('../../src/web', import.meta.url));
  const files = fs.readdirSync(web, { recursive: true }).map(String);
  const sources = files.filter((name) => /\.tsx?$/.test(name));
  const starting = sources.filter((name) => fs.readFileSync(path.join(web, name), 'utf8').includes('new Worker('));
  expect(starting).toEqual([path.join('engine', 'start-worker.ts')]);
});
