/** What a browser loads before the first result, as a server that compresses sends it. */
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { expectNoComplaints, openPage, scanFinished } from './support/open-page.ts';
import { serveSite, type Site } from './support/site.ts';

const MOST_BYTES = 400_000;

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

test('the first result needs less than 400 kB, and neither the readers of files nor the editor', async () => {
  const asked = new Set<string>();
  const open = await openPage(browser, site, {
    before: async (page) => {
      page.on('request', (request) => asked.add(request.url()));
      await page.addInitScript(markFirstResult);
    },
  });
  await scanFinished(open.page);
  // what is on its way is not in the page's list yet: the editor is there when all it needs has come
  await open.page.locator('.card-code').waitFor();
  const afterwards = await open.page.evaluate(loadedAfterFirstResult);
  const before = [...asked].filter((url) => url.startsWith(site.url) && !afterwards.includes(url));
  const sizes = await Promise.all(
    before.map(async (url) => {
      const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
      return { file: url.slice(site.url.length), gzipped: gzipSync(bytes).length };
    }),
  );
  const names = sizes.map(({ file }) => file);
  expect(names.filter((name) => /(index|engine-worker|kernel-worker)-[^.]*\.js/.test(name))).toHaveLength(3);
  expect(names.filter((name) => /root|parquet|unpack|editor|sha2|wasm|ttf/.test(name))).toEqual([]);
  const total = sizes.reduce((sum, { gzipped }) => sum + gzipped, 0);
  console.log(`before the first result: ${total} bytes gzipped in ${sizes.length} files`);
  expect(total, JSON.stringify(sizes, undefined, 1)).toBeLessThan(MOST_BYTES);
  expectNoComplaints(open);
});

/** In the page: when the map is there, by the page's own clock. */
function markFirstResult(): void {
  const watch = new MutationObserver(() => {
    if (document.querySelector('section[aria-label="Map of the windows"]') === null) return;
    watch.disconnect();
    performance.mark('first result');
  });
  watch.observe(document, { childList: true, subtree: true });
}

/** What the page itself asked for after that. */
function loadedAfterFirstResult(): string[] {
  const [{ startTime }] = performance.getEntriesByName('first result');
  return performance
    .getEntriesByType('resource')
    .filter((entry) => entry.startTime > startTime)
    .map(({ name }) => name);
}
