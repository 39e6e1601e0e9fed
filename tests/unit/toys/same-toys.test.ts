/**
 * 10,000 toys of the 9000-window example are the same words on every backend, in any split, in every engine: rank and
 * window of the extreme, and a fingerprint of the counts of all windows.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';
import { parseCard } from '../../../src/io/card.ts';
import { toyScan, TOY_STRIDE } from '../../../src/kernels/toy_scan.ts';
import { testBackends } from '../../support/backends.ts';
import { launchChromium } from '../../support/chromium.ts';
import { exampleHashes, exampleParams, exampleTables, exampleWords } from './example-toys.ts';

const TOYS = 10_000;
const CARD_FILE = new URL('../../../examples/dark-higgsstrahlung/card.yaml', import.meta.url);
const { card } = parseCard(readFileSync(CARD_FILE, 'utf8'), 'example');
const tables = exampleTables(card);
const twin = exampleWords(tables, TOYS);

/** A change here is a change of every toy: campaigns before it and after it cannot be merged. */
const EXPECTED = { tables: '00a20f3842fa2739', twin: '74e55554409a8ace', wasm: '74e55554409a8ace' };

/** Paths of other Node versions, from scripts/other-nodes.sh. */
const otherNodes = (process.env.DARKSCAN_NODES ?? '').split(':').filter(Boolean);

function program(): string {
  const entry = fileURLToPath(new URL('example-toys.ts', import.meta.url));
  const bundle = buildSync({ entryPoints: [entry], bundle: true, format: 'iife', globalName: 'toys', write: false });
  return `${bundle.outputFiles[0].text}\nconst found = toys.exampleHashes(${JSON.stringify(card)}, ${TOYS});`;
}

test('the toys of the twin are many different ones', () => {
  const marks = new Set(Array.from({ length: TOYS }, (_, i) => twin[TOY_STRIDE * i + 2]));
  expect(marks.size).toBeGreaterThan(TOYS - 10);
  expect(tables.ranks.first.length - 1).toBeGreaterThan(9000);
});

test('tables and toys are what they were when these hashes were written, in this Node', () => {
  expect(exampleHashes(card, TOYS)).toEqual(EXPECTED);
});

test('every backend and every split of the range gives the same words', { timeout: 300_000 }, async () => {
  const backends = await testBackends();
  for (const backend of backends) {
    const handles = [...tables.arrays, new Uint32Array(twin.length)].map((array) => backend.upload(array));
    const cuts = backend.info.precision === 'f32' ? [0, 16, 4097, TOYS] : [0, 1, 77, 5000, 9999, TOYS];
    for (let c = 1; c < cuts.length; c++) {
      await backend.run(toyScan, handles, exampleParams(tables), cuts[c - 1], cuts[c] - cuts[c - 1]);
    }
    expect(await backend.read(handles[7]), backend.info.description).toEqual(twin);
    await backend.close();
  }
});

test.skipIf(otherNodes.length === 0 && !process.env.CI)(
  'Node 22 and 24 give the same words',
  { timeout: 200_000 },
  () => {
    expect(otherNodes, 'DARKSCAN_NODES is empty; run scripts/other-nodes.sh FOLDER').not.toHaveLength(0);
    for (const node of otherNodes) {
      const output = execFileSync(node, ['-'], {
        input: `${program()}\nconsole.log(JSON.stringify(found));`,
        encoding: 'utf8',
      });
      expect(JSON.parse(output), node).toEqual(EXPECTED);
    }
  },
);

test('Chromium gives the same words', { timeout: 200_000 }, async () => {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    expect(await page.evaluate(`(() => { ${program()}; return found; })()`), browser.version()).toEqual(EXPECTED);
  } finally {
    await browser.close();
  }
});
