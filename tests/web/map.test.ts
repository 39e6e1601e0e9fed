/** The map in a browser: pointer, wheel, fingers and keys, against the windows and numbers of the library. */
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScanResult } from '../../src/model/result.ts';
import { viewOf, windowsOfTable } from '../../src/model/windows-of-table.ts';
import { layoutOf, placeOf } from '../../src/web/map/layout.ts';
import { mapGeometry } from '../../src/web/map/geometry.ts';
import { neighbourOf } from '../../src/web/map/neighbour.ts';
import { listQuantities } from '../../src/web/map/quantities.ts';
import { describeWindow } from '../../src/web/map/words.ts';
import { launchChromium } from '../support/chromium.ts';
import { scanCard } from './support/card.ts';
import { WINDOWS_CARD } from './support/detail-cards.ts';
import { keepScan } from './support/keep-scan.ts';
import { expectNoComplaints, openPage, type OpenOptions, type OpenPage } from './support/open-page.ts';
import { serveSite, type Site } from './support/site.ts';

let site: Site;
let browser: Browser;
let result: ScanResult;
/** One page for the tests that leave its choices as they were. */
let shared: OpenMap | undefined;

beforeAll(async () => {
  site = await serveSite();
  browser = await launchChromium();
  result = (await keepScan(WINDOWS_CARD)).result as ScanResult;
}, 120_000);

afterAll(async () => {
  await browser.close();
  await site.close();
});

interface OpenMap extends OpenPage {
  readonly map: Locator;
  readonly panel: Locator;
  readonly readout: Locator;
}

/** The shared page as after a scan: the best window pinned, all shown. */
async function freshMap(): Promise<OpenMap> {
  const open = (shared ??= await openMap());
  const { map, page, readout } = open;
  await page.mouse.move(0, 0);
  await map.press('0');
  await map.press('Escape');
  await map.press('ArrowUp');
  await expect.poll(() => readout.textContent()).toBe(words(result.summary.best[0].id));
  return open;
}

async function openMap(options: OpenOptions = {}, card = WINDOWS_CARD): Promise<OpenMap> {
  const open = await openPage(browser, site, options);
  await scanCard(open.page, card);
  const panel = open.page.getByRole('region', { name: 'Map of the windows' });
  const map = panel.getByRole('application');
  await map.scrollIntoViewIfNeeded();
  return { ...open, map, panel, readout: panel.getByTestId('map-readout') };
}

/** Where the centre of a window is in the browser's window while all is shown. */
async function centreOf(map: Locator, id: number): Promise<[number, number]> {
  const { x, y, width } = (await map.boundingBox())!;
  const windows = windowsOfTable(result.table);
  const [px, py] = placeOf(layoutOf(width, true).box, viewOf(windows), windows.x[id], windows.y[id]);
  return [x + px, y + py];
}

const words = (id: number, column = 'z'): string =>
  describeWindow(
    result,
    listQuantities(result).find((quantity) => quantity.column === column)!,
    id,
  );

/** The pixels of the picture as one number. */
async function pictureOf(map: Locator): Promise<number> {
  // two frames: one draws, the next is sure that it did
  return map.evaluate(async (element) => {
    for (let k = 0; k < 2; k++) await new Promise((resolve) => requestAnimationFrame(resolve));
    const canvas = element.querySelector('canvas')!;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true })!;
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    return new Uint32Array(data.buffer).reduce((hash, pixel) => (Math.imul(hash, 31) + pixel) | 0, 7);
  });
}

describe('with a mouse', () => {
  test('every window pointed at shows its own numbers, as the library has them', async () => {
    const open = await freshMap();
    const { page, map, readout } = open;
    for (let id = 0; id < result.table.rowCount; id += 7) {
      await page.mouse.move(...(await centreOf(map, id)));
      await expect.poll(() => readout.textContent()).toBe(words(id));
    }
    const { x, y } = (await map.boundingBox())!;
    await page.mouse.move(x + 5, y + 5);
    await expect.poll(() => readout.textContent()).toBe(words(result.summary.best[0].id));
    expectNoComplaints(open);
  });

  test('a click pins, a second one unpins, a double click shows all and leaves the pin', async () => {
    const open = await freshMap();
    const { page, map, panel, readout } = open;
    const all = panel.getByRole('button', { name: 'all' });
    await page.mouse.click(...(await centreOf(map, 10)), { delay: 20 });
    await page.mouse.move(0, 0);
    await expect.poll(() => readout.textContent()).toBe(words(10));
    await panel.getByRole('button', { name: 'zoom in' }).click();
    await expect.poll(() => all.isEnabled()).toBe(true);
    const { x, y, width, height } = (await map.boundingBox())!;
    await page.mouse.dblclick(x + width / 2, y + height / 2);
    await page.mouse.move(0, 0);
    await expect.poll(() => all.isEnabled()).toBe(false);
    await expect.poll(() => readout.textContent()).toBe(words(10));
    await page.mouse.click(...(await centreOf(map, 10)));
    await page.mouse.move(0, 0);
    await expect.poll(() => readout.textContent()).toMatch(/^Point at a window/);
    expectNoComplaints(open);
  });

  test('the wheel zooms about the pointer, dragging moves, and neither changes the pinned window', async () => {
    const open = await freshMap();
    const { page, map, panel, readout } = open;
    const all = panel.getByRole('button', { name: 'all' });
    const before = await pictureOf(map);
    const [x, y] = await centreOf(map, 12);
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -400);
    await expect.poll(() => all.isEnabled()).toBe(true);
    const zoomed = await pictureOf(map);
    expect(zoomed).not.toBe(before);
    // the window under the pointer is still there
    await page.mouse.move(x + 1, y);
    await expect.poll(() => readout.textContent()).toBe(words(12));
    await page.mouse.down();
    await page.mouse.move(x + 60, y + 20, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => pictureOf(map)).not.toBe(zoomed);
    await page.mouse.move(x + 61, y + 20);
    await expect.poll(() => readout.textContent()).toBe(words(12));
    await page.mouse.move(0, 0);
    await expect.poll(() => readout.textContent()).toBe(words(result.summary.best[0].id));
    await all.click();
    await expect.poll(() => pictureOf(map)).toBe(before);
    expectNoComplaints(open);
  });

  test('a wheel that has nothing to zoom scrolls the page', async () => {
    const open = await openMap({ context: { viewport: { width: 1400, height: 600 } } });
    const { page, map } = open;
    const top = () => page.evaluate(() => scrollY);
    await page.evaluate(() => scrollTo(0, 0));
    const { x, y, width } = (await map.boundingBox())!;
    await page.mouse.move(x + width / 2, y + 60);
    await page.mouse.wheel(0, 200);
    await expect.poll(top).toBeGreaterThan(0);
    expectNoComplaints(open);
    await page.close();
  });
});

test('arrow keys walk from neighbour to neighbour and say so, plus and 0 zoom, Escape unpins', async () => {
  const open = await freshMap();
  const { page, map, panel, readout } = open;
  const geometry = mapGeometry(result.table);
  const { box } = layoutOf((await map.boundingBox())!.width, true);
  let id = result.summary.best[0].id;
  await map.focus();
  for (const [key, way] of [['ArrowLeft', 'left'], ['ArrowUp', 'up'], ['ArrowRight', 'right'], ['ArrowDown', 'down']] as const) {
    await page.keyboard.press(key);
    id = neighbourOf(geometry, id, way, (box.right - box.left) / (box.bottom - box.top)) ?? id;
    await expect.poll(() => readout.textContent()).toBe(words(id));
    await expect.poll(() => panel.locator('[aria-live]').textContent()).toBe(words(id));
  } // prettier-ignore
  const all = panel.getByRole('button', { name: 'all' });
  await page.keyboard.press('+');
  await expect.poll(() => all.isEnabled()).toBe(true);
  const zoomed = await pictureOf(map);
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => pictureOf(map)).not.toBe(zoomed);
  await page.keyboard.press('0');
  await expect.poll(() => all.isEnabled()).toBe(false);
  await page.keyboard.press('Escape');
  await expect.poll(() => readout.textContent()).toMatch(/^Point at a window/);
  expectNoComplaints(open);
});

test('two fingers zoom and one then moves the map', async () => {
  const open = await openMap({ context: { hasTouch: true } });
  const { page, map, panel } = open;
  const input = await page.context().newCDPSession(page);
  const { x, y, width, height } = (await map.boundingBox())!;
  const [cx, cy] = [x + width / 2, y + height / 2];
  const touch = (type: string, points: number[]) =>
    input.send('Input.dispatchTouchEvent', {
      type: type as 'touchStart',
      touchPoints: points.map((dx, id) => ({ x: cx + dx, y: cy, id })),
    });
  await touch('touchStart', [-20, 20]);
  for (const d of [30, 40, 60, 80]) await touch('touchMove', [-d, d]);
  await touch('touchEnd', []);
  await expect.poll(() => panel.getByRole('button', { name: 'all' }).isEnabled()).toBe(true);
  const zoomed = await pictureOf(map);
  await touch('touchStart', [0]);
  for (const d of [10, 30, 50]) await touch('touchMove', [d]);
  await touch('touchEnd', []);
  await expect.poll(() => pictureOf(map)).not.toBe(zoomed);
  expectNoComplaints(open);
  await page.close();
});

test('each quantity is another picture, with a legend that counts; log colours, events and theme too', async () => {
  const open = await freshMap();
  const { page, map, panel, readout } = open;
  const legend = () => panel.getByRole('list').textContent();
  const shown = panel.getByLabel('show');
  const pictures = new Set([await pictureOf(map)]);
  const nBlind = result.summary.blindWindows;
  expect(nBlind).toBeGreaterThan(0);
  expect(await legend()).toContain(`blind: ${nBlind} windows`);
  const quantities = listQuantities(result);
  expect(await shown.locator('option').count()).toBe(quantities.length);
  for (const { column } of quantities.slice(1)) {
    await shown.selectOption(column);
    await expect.poll(() => readout.textContent()).toBe(words(result.summary.best[0].id, column));
    pictures.add(await pictureOf(map));
  }
  // expected limits of all windows, observed ones and Z of those that are not blind, n, b, status
  expect(pictures.size).toBe(quantities.length);
  expect(await legend()).toContain(`ok: ${result.table.rowCount - nBlind} windows`);
  await shown.selectOption('limit_exp_0');
  expect(await legend()).not.toContain('blind');
  await shown.selectOption('limit_obs');
  const linear = await pictureOf(map);
  await panel.getByLabel('log colours').click();
  await expect.poll(() => pictureOf(map)).not.toBe(linear);
  const withEvents = await pictureOf(map);
  await panel.getByLabel('events', { exact: true }).uncheck();
  await expect.poll(() => pictureOf(map)).not.toBe(withEvents);
  expect(await legend()).not.toContain('events');
  const light = await pictureOf(map);
  await page.getByRole('button', { name: 'Dark' }).click();
  await expect.poll(() => pictureOf(map)).not.toBe(light);
  expectNoComplaints(open);
});

test('a scan of one mass is a band with its events below', async () => {
  const card = WINDOWS_CARD.replace(/^y: .*\n/m, '')
    .replace(', y: 0.5, correlation: -0.5', '')
    .replaceAll(/, y: \[[-0-9, ]+\]/g, '');
  const open = await openMap({}, card);
  const band = (await keepScan(card)).result as ScanResult;
  const { map, page, readout } = open;
  const { x, y, width } = (await map.boundingBox())!;
  const { box } = layoutOf(width, false);
  const windows = windowsOfTable(band.table);
  expect(band.table.rowCount).toBeGreaterThan(3);
  for (let id = 0; id < band.table.rowCount; id++) {
    const [px] = placeOf(box, viewOf(windows), windows.x[id], 0);
    await page.mouse.move(x + px, y + box.top + 30);
    await expect.poll(() => readout.textContent()).toBe(describeWindow(band, listQuantities(band)[0], id));
  }
  // events are not windows
  await page.mouse.move(x + (box.left + box.right) / 2, y + box.bottom - 5);
  await expect.poll(() => readout.textContent()).toContain(`window ${band.summary.best[0].id} `);
  expectNoComplaints(open);
  await page.close();
});

test('a picture follows the size of its panel', async () => {
  const open = await openMap();
  const { page, map } = open;
  const size = () => map.evaluate((element) => [element.clientWidth, element.querySelector('canvas')!.width]);
  const [wide, pixels] = await size();
  await page.setViewportSize({ width: 500, height: 900 });
  await expect.poll(async () => (await size())[1]).toBeLessThan(pixels);
  expect((await size())[0]).toBeLessThan(wide);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(500);
  await page.close();
});
