/**
 * Frames per second of the page's map while it is dragged, zoomed and pointed at, in headless Chromium without a GPU:
 *   node --import tsx bench/map-frames.bench.ts [--events 100000] [--seconds 4] [--dpr 1] [--record FILE]
 * The plane of the example (9110 windows) with that many simulated events. A driver inside the page sends one pointer
 * event per frame, so that every frame has something to draw; a frame is the time between two animation frames.
 */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { launchChromium } from '../tests/support/chromium.ts';
import { serveSite } from '../tests/web/support/site.ts';
import { circumstances } from './support/record.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '4' },
    dpr: { type: 'string', default: '1' },
    record: { type: 'string' },
  },
});

interface Frames {
  readonly nFrames: number;
  /** Pictures drawn anew meanwhile. */
  readonly nPictures: number;
  readonly perSecond: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly maxMs: number;
  /** Processor time per frame of the process of the page, all its threads, and of the one that composes it. */
  readonly pageCpuMs: number;
  readonly composerCpuMs: number;
}

/** Body of a frame of the driver: what it sends to the map `m` with box `q` at frame `k`. */
const SEND: Readonly<Record<string, string>> = {
  'point at windows': `move(q.x + q.width * (0.2 + 0.5 * (k % 97) / 97), q.y + q.height * (0.3 + 0.5 * (k % 61) / 61))`,
  'drag, zoomed 3 times': `move(q.x + q.width * (0.5 + 0.2 * Math.sin(k / 20)), q.y + q.height * (0.5 + 0.2 * Math.cos(k / 13)))`,
  'zoom in and out': `m.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, clientX: q.x + q.width / 2,
    clientY: q.y + q.height / 2, deltaY: k % 80 < 40 ? -60 : 60 }))`,
  nothing: '',
};

function driver(body: string, seconds: number): string {
  return `new Promise((resolve) => {
    const m = document.querySelector('[role="application"]'), q = m.getBoundingClientRect(), times = [];
    const send = (type, x, y, buttons) => m.dispatchEvent(new PointerEvent(type, { bubbles: true, clientX: x, clientY: y,
      pointerId: 1, pointerType: 'mouse', isPrimary: true, button: type === 'pointermove' ? -1 : 0, buttons }));
    const move = (x, y) => send('pointermove', x, y, 1);
    m.setPointerCapture = () => {}; // there is no such pointer
    const put = CanvasRenderingContext2D.prototype.putImageData;
    let nPictures = 0;
    CanvasRenderingContext2D.prototype.putImageData = function (...of) { nPictures++; return put.apply(this, of); };
    if (${body.includes('Math.sin')}) send('pointerdown', q.x + q.width / 2, q.y + q.height * 0.7, 1);
    let k = 0;
    const frame = (now) => {
      times.push(now);
      if (now - times[0] > ${1000 * seconds}) {
        send('pointerup', q.x, q.y, 0);
        CanvasRenderingContext2D.prototype.putImageData = put;
        return resolve({ times, nPictures });
      }
      k++; ${body};
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  })`;
}

async function measure(page: Page, body: string): Promise<Frames> {
  const before = await processorTimes(page);
  const { times, nPictures } = await page.evaluate<{ times: number[]; nPictures: number }>(
    driver(body, Number(values.seconds)),
  );
  const intervals = times
    .slice(1)
    .map((time, i) => time - times[i])
    .sort((a, b) => a - b);
  const at = (fraction: number) => Math.round(10 * intervals[Math.floor(fraction * (intervals.length - 1))]) / 10;
  const after = await processorTimes(page);
  const perFrame = (type: string) => Math.round((10_000 * (after[type] - before[type])) / intervals.length) / 10;
  const perSecond = Math.round((10_000 * intervals.length) / (times.at(-1)! - times[0])) / 10;
  return {
    nFrames: intervals.length,
    nPictures,
    perSecond,
    medianMs: at(0.5),
    p95Ms: at(0.95),
    maxMs: at(1),
    pageCpuMs: perFrame('renderer'),
    composerCpuMs: perFrame('GPU'),
  };
}

/** Seconds so far by type of process. A busy machine makes frames rare, not dear. */
async function processorTimes(page: Page): Promise<Record<string, number>> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const total: Record<string, number> = {};
  for (const { type, cpuTime } of processInfo) total[type] = (total[type] ?? 0) + cpuTime;
  return total;
}

/** The example with its background scaled to so many events; the same plane and windows. */
function cardOf(nEvents: number): string {
  const card = fs.readFileSync(new URL('../examples/dark-higgsstrahlung/card.yaml', import.meta.url), 'utf8');
  return card.replaceAll(
    /^( +events: )(\d+)$/gm,
    (_, key: string, n: string) => `${key}${(Number(n) * nEvents) / 900}`,
  );
}

const site = await serveSite({ isolated: true });
const browser = await launchChromium();
const page = await browser.newPage({
  viewport: { width: 1400, height: 1000 },
  deviceScaleFactor: Number(values.dpr),
});
await page.goto(site.url);
await page.getByLabel('Card file').setInputFiles({
  name: 'card.yaml',
  mimeType: 'application/yaml',
  buffer: Buffer.from(cardOf(Number(values.events))),
});
await page.waitForTimeout(500);
await page.keyboard.press('Control+Enter');
await page.getByText('complete and scanned').waitFor({ timeout: 600_000 });
console.log(await page.locator('[data-testid="device"]').textContent());
await page.waitForTimeout(1000);
const rows: Record<string, Frames> = {};
for (const [name, body] of Object.entries(SEND)) {
  await page.getByRole('application').press('0');
  if (name.startsWith('drag')) for (let i = 0; i < 3; i++) await page.getByRole('application').press('+');
  rows[name] = await measure(page, body);
  console.log(name.padEnd(24), JSON.stringify(rows[name]));
}
const version = `Chromium ${browser.version()}, headless, software raster`;
console.log(version);
if (values.record)
  fs.writeFileSync(
    values.record,
    `${JSON.stringify({ ...circumstances(), browser: version, events: Number(values.events), dpr: Number(values.dpr), frames: rows }, undefined, 2)}\n`,
  );
await browser.close();
await site.close();
