/** `npm run web`: the page from its sources, as those who work on it see it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createServer } from 'vite';
import { linkOf } from '../../src/web/state/link.ts';
import { launchChromium } from '../support/chromium.ts';
import { TINY_CARD } from './support/card.ts';
import { openPage, scanFinished } from './support/open-page.ts';

test('the page runs from its sources, in workers with shared memory', { timeout: 240_000 }, async () => {
  const cacheDir = fs.mkdtempSync(path.join(os.tmpdir(), 'darkscan-vite-'));
  const server = await createServer({
    configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)),
    cacheDir,
    server: { host: '127.0.0.1', port: 0 },
    logLevel: 'error',
  });
  const browser = await launchChromium();
  try {
    await server.listen();
    const url = server.resolvedUrls!.local[0];
    const site = { url, port: Number(new URL(url).port), close: () => server.close() };
    const open = await openPage(browser, site, { hash: await linkOf({ text: TINY_CARD, files: [] }) });
    expect(await scanFinished(open.page, 120_000)).toMatch(/^\d windows in .* CPU worker/);
    expect(await open.page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
    // vite loads the page again when it comes upon a library that it had not prepared; that breaks requests off
    expect(open.complaints.filter((complaint) => !complaint.startsWith('request failed'))).toEqual([]);
  } finally {
    await browser.close();
    await server.close();
    fs.rmSync(cacheDir, { recursive: true });
  }
});
