/** The state of toys without a browser: phases, parts, what drops a campaign; and the picture and words made of it. */
import { signal } from '@preact/signals';
import { describe, expect, test } from 'vitest';
import { DarkscanError } from '../../src/errors.ts';
import type { AnyScanResult, ScanRequest } from '../../src/web/engine/api.ts';
import type { CampaignInfo, FinishedPageToys, LiveToys, OnToysProgress } from '../../src/web/engine/toys-api.ts';
import type { ToysLine } from '../../src/web/engine/toys-client.ts';
import { PageToys, type ScannedForToys } from '../../src/web/state/toys.ts';
import { maxZPicture, PICTURE } from '../../src/web/toys/max-z-picture.ts';
import { answerText, countsText, lnShareText } from '../../src/web/toys/toys-words.ts';

const REQUEST: ScanRequest = { text: 'card', source: 'card.yaml', files: new Map(), unblind: false, backend: 'cpu' };
const WINDOWS = { summary: {} } as AnyScanResult;
const SPECTRA = { fits: [] as const } as unknown as AnyScanResult;
const INFO: CampaignInfo = {
  nTested: 6,
  zLocal: 2,
  pLocal: 0.0228,
  ensemble: 'predictive',
  device: '2 CPU workers (f64)',
  warnings: [],
};

function live(nToys: number): LiveToys {
  const histogram = { low: 0, width: 0.1, toys: [nToys], outside: 0 };
  const p = { nExceedances: 1, pGlobal: 2 / (nToys + 1), pLow: 0.001, pHigh: 0.003, zGlobal: 1.5 };
  return { nToys, ...p, histogram, deviceWarnings: [] };
}

/** A worker that does what the test says, when it says it. */
class FakeLine implements ToysLine {
  readonly wanted: number[] = [];
  progress: OnToysProgress | undefined;
  isPaused = false;
  isClosed = false;
  #answer: (toys: LiveToys) => void = () => undefined;
  #refuse: (error: Error) => void = () => undefined;
  thrown = 0;

  async prepare(): Promise<CampaignInfo> {
    return INFO;
  }

  throwUntil(n: number, onProgress: OnToysProgress): Promise<LiveToys> {
    this.wanted.push(n);
    this.progress = onProgress;
    return new Promise((resolve, reject) => ([this.#answer, this.#refuse] = [resolve, reject]));
  }

  pause(): void {
    this.isPaused = true;
  }

  async finished(): Promise<FinishedPageToys> {
    return { nToys: this.thrown } as FinishedPageToys;
  }

  close(): void {
    this.isClosed = true;
    this.#refuse(new DarkscanError('interrupted', 'cancelled'));
  }

  /** There are n toys. */
  end(n: number): void {
    this.thrown = n;
    this.#answer(live(n));
  }

  fail(error: Error): void {
    this.#refuse(error);
  }
}

function makeToys() {
  const scanned = signal<ScannedForToys | undefined>({ request: REQUEST, result: WINDOWS });
  const running = signal<unknown>(undefined);
  const lines: FakeLine[] = [];
  const toys = new PageToys(scanned, running, () => {
    lines.push(new FakeLine());
    return lines[lines.length - 1];
  });
  return { toys, scanned, running, lines };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

describe('a campaign on the page', () => {
  test('goes through its phases and keeps the campaign between parts', async () => {
    const { toys, lines } = makeToys();
    toys.wanted.value = 100;
    const first = toys.start();
    expect(toys.phase.value).toBe('preparing');
    await settle();
    expect(toys.phase.value).toBe('throwing');
    lines[0].progress!({ stage: 'toys', done: 60, total: 100, live: live(60) });
    expect(toys.live.value!.nToys).toBe(60);
    lines[0].end(100);
    await first;
    expect(toys.phase.value).toBe('resting');
    expect(toys.report.value!.nToys).toBe(100);
    toys.wanted.value = 1000;
    const second = toys.start();
    await settle();
    lines[0].end(1000);
    await second;
    expect(lines).toHaveLength(1);
    expect(lines[0].wanted).toEqual([100, 1000]);
    expect(toys.report.value!.nToys).toBe(1000);
  });

  test('the rate is that of the part, not of all toys', async () => {
    const { toys, lines } = makeToys();
    toys.wanted.value = 100;
    const first = toys.start();
    await settle();
    lines[0].end(100);
    await first;
    toys.wanted.value = 1000;
    void toys.start();
    await settle();
    lines[0].progress!({ stage: 'toys', done: 100, total: 1000 });
    expect(toys.running.value!.rate).toBeUndefined();
    expect(toys.running.value).toMatchObject({ done: 100, total: 1000 });
  });

  test('a pause waits for the toys that are being thrown, which count', async () => {
    const { toys, lines } = makeToys();
    const part = toys.start();
    await settle();
    toys.pause();
    expect(toys.phase.value).toBe('pausing');
    expect(lines[0].isPaused).toBe(true);
    lines[0].end(1024);
    await part;
    expect(toys.phase.value).toBe('resting');
    expect(toys.live.value!.nToys).toBe(1024);
  });

  test('a pause before the first toys leaves the campaign ready', async () => {
    const { toys, lines } = makeToys();
    const part = toys.start();
    await settle();
    toys.pause();
    lines[0].fail(new DarkscanError('interrupted', 'toys: paused before the first ones were done'));
    await part;
    expect(toys.phase.value).toBe('resting');
    expect(toys.error.value).toBeUndefined();
    void toys.start();
    await settle();
    expect(lines).toHaveLength(1);
    expect(toys.phase.value).toBe('throwing');
  });

  test('an error is said and ends the campaign; the next one is a new one', async () => {
    const { toys, lines } = makeToys();
    const part = toys.start();
    await settle();
    lines[0].fail(new DarkscanError('card', 'toys: no density'));
    await part;
    expect(toys.phase.value).toBe('none');
    expect(toys.error.value).toBe('toys: no density');
    expect(lines[0].isClosed).toBe(true);
    void toys.start();
    expect(toys.error.value).toBeUndefined();
    expect(lines).toHaveLength(2);
  });

  test('another result drops the toys of the one before, and late answers with them', async () => {
    const { toys, scanned, lines } = makeToys();
    const part = toys.start();
    await settle();
    scanned.value = { request: { ...REQUEST, text: 'another card' }, result: WINDOWS };
    expect(lines[0].isClosed).toBe(true);
    expect(toys.phase.value).toBe('none');
    lines[0].progress!({ stage: 'toys', done: 60, total: 100, live: live(60) });
    lines[0].end(100);
    await part;
    expect(toys.live.value).toBeUndefined();
    expect(await toys.finished()).toBeUndefined();
  });

  test('a scan that begins pauses them; a campaign that is still being made is given up', async () => {
    const { toys, running, lines } = makeToys();
    void toys.start();
    await settle();
    running.value = 'scan';
    expect(toys.phase.value).toBe('pausing');
    toys.drop();
    running.value = undefined;
    void toys.start();
    expect(toys.phase.value).toBe('preparing');
    running.value = 'scan';
    expect(toys.phase.value).toBe('none');
    expect(lines[1].isClosed).toBe(true);
  });

  test('fewer toys are wanted of fits, which take longer; a chosen number stays', () => {
    const { toys, scanned } = makeToys();
    expect(toys.wanted.value).toBe(10_000);
    scanned.value = { request: REQUEST, result: SPECTRA };
    expect(toys.wanted.value).toBe(1000);
    toys.wanted.value = 100;
    scanned.value = { request: REQUEST, result: { ...SPECTRA } };
    expect(toys.wanted.value).toBe(100);
    scanned.value = { request: REQUEST, result: WINDOWS };
    expect(toys.wanted.value).toBe(10_000);
  });

  test('files get the report of the toys that are there, made anew where there are more by now', async () => {
    const { toys, lines } = makeToys();
    toys.wanted.value = 100;
    const first = toys.start();
    await settle();
    lines[0].end(100);
    await first;
    expect(await toys.finished()).toBe(toys.report.value);
    void toys.start();
    await settle();
    lines[0].progress!({ stage: 'toys', done: 400, total: 1000, live: live(400) });
    lines[0].thrown = 400;
    expect((await toys.finished())!.nToys).toBe(400);
  });
});

describe('what is shown', () => {
  test('the outline of the histogram is closed at the axis, and what reaches the data begins at its Z', () => {
    const { steps, reached, data } = maxZPicture({ low: 2, width: 0.5, toys: [0, 10, 100, 1], outside: 0 }, 3.25);
    expect(steps.startsWith(`M${PICTURE.left},${PICTURE.bottom}`)).toBe(true);
    expect(steps.endsWith(`V${PICTURE.bottom}Z`)).toBe(true);
    expect(reached.startsWith(`M${Number(data!.toFixed(2))},`)).toBe(true);
    // bins of 3.0 to 3.5 and of 3.5 to 4.0
    expect(reached.match(/H/g)).toHaveLength(4);
  });

  test('without an excess in the data nothing is marked', () => {
    const picture = maxZPicture({ low: 2, width: 0.5, toys: [0, 10], outside: 3 }, null);
    expect(picture.reached).toBe('');
    expect(picture).not.toHaveProperty('data');
  });

  test('words give the interval, and probabilities below the smallest double', () => {
    expect(answerText(live(999)).replaceAll('\u00a0', ' ')).toBe('global p = 0.002 [0.001, 0.003], Z = 1.50');
    expect(countsText(live(999), INFO)).toMatch(/^1 of 999 toys reach the data: local p 0.0228, Z = 2.00/);
    expect(countsText(live(999), { ...INFO, zLocal: null })).toMatch(/^No excess in the data: every toy reaches it/);
    expect(lnShareText(-3000)).toMatch(/10⁻¹³⁰³$/);
    expect(lnShareText(null)).toBe('-');
  });
});
