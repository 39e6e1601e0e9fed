/** What is proposed for a dropped file, and that first cards run as they are. */
import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CpuBackend } from '../../src/engine/cpu-backend.ts';
import { isSpectrumCard, parseAnyCard, parseCard } from '../../src/io/card.ts';
import { prepareScan } from '../../src/scan/prepare.ts';
import { scanSpectra } from '../../src/scan/spectrum/spectrum-scan.ts';
import { scanWindows } from '../../src/scan/window-scan.ts';
import { guessColumns } from '../../src/web/data/guess-columns.ts';
import {
  cardFor,
  columnsFor,
  firstChoice,
  refusal,
  retarget,
  selectionOf,
  targetsOf,
} from '../../src/web/data/offer.ts';
import { previewTable, type ColumnPreview } from '../../src/web/engine/preview.ts';
import { selectRowsOf } from '../../src/web/engine/select-rows.ts';
import { TINY_CARD } from './support/card.ts';

function columns(...names: string[]): ColumnPreview[] {
  return names.map((name) => ({
    name,
    type: 'double',
    numbers: { count: 2, missing: 0, range: [0, 1], bins: [1, 1] },
  }));
}

describe('x and y are guessed from the names of', () => {
  test.each([
    [['pt', 'm_mumu', 'm_rec2'], 'm_mumu', 'm_rec2'],
    [['run', 'event', 'mass_GeV', 'q'], 'mass_GeV', 'run'],
    [['q1', 'q2', 'm_recoil2_GeV2', 'm_mumu_GeV'], 'm_mumu_GeV', 'm_recoil2_GeV2'],
    [['E', 'M12', 'missing_mass'], 'M12', 'missing_mass'],
    [['Dimuon_mass', 'mll'], 'Dimuon_mass', 'mll'],
    [['a', 'b'], 'a', 'b'],
    [['a'], 'a', undefined],
  ])('%j', (names, x, y) => {
    expect(guessColumns(columns(...names))).toMatchObject({ x, y });
  });

  test('the columns of the card come first, and columns of one value or of text are left out', () => {
    const [one, two, text] = columns('m_a', 'other', 'mass');
    const mass: ColumnPreview = { ...text, refusal: 'holds text' };
    const flat: ColumnPreview = { ...one, numbers: { count: 2, missing: 0, range: [1, 1], bins: [] } };
    expect(guessColumns([flat, two, mass])).toEqual({ x: 'other', y: undefined, fitsCard: false });
    expect(guessColumns([one, two], { x: 'other' })).toEqual({ x: 'other', y: 'm_a', fitsCard: true });
  });
});

const bytes = new Uint8Array(fs.readFileSync(new URL('../fixtures/events.csv', import.meta.url)));
const FILE = { name: 'events.csv', bytes, sha256: '', storedBytes: bytes.length };

test('a file with the columns of the card goes there; another card gets its own columns and conditions', async () => {
  const preview = await previewTable(FILE);
  const data = "{ file: old.csv, derive: { half: 'm/2' }, select: ['q > 0'] }";
  const { card } = parseAnyCard(TINY_CARD.replace('{ simulate: true }', data), 'card.yaml');
  const targets = targetsOf(card);
  const chosen = firstChoice(preview, targets);
  expect(chosen).toMatchObject({ target: { id: 'card' }, x: 'm', selectText: 'q > 0', blind: true });
  expect(columnsFor(preview, chosen.target)).toEqual(['m', 'e', 'q', 'n', 'ok', 'half']);
  const half = { ...chosen, x: 'half' };
  expect(selectionOf(half)).toEqual({ x: 'half', derive: { half: 'm/2' }, select: ['q > 0'] });
  const fresh = retarget(
    half,
    targets.find(({ id }) => id === 'plane')!,
    preview,
  );
  expect(fresh).toMatchObject({ x: 'm', y: 'e', selectText: '' });
  expect(retarget({ ...fresh, selectText: 'ok' }, chosen.target, preview)).toMatchObject({ x: 'm', selectText: 'ok' });
  expect(refusal({ ...fresh, y: 'm' }, { rows: { read: 1, used: 1, rejected: {} } })).toMatch(/^x and y are both m/);
});

/** The first card of a kind for events.csv. */
async function firstCard(id: string): Promise<string> {
  const preview = await previewTable(FILE);
  const targets = targetsOf(undefined);
  const chosen = retarget(
    firstChoice(preview, targets),
    targets.find((one) => one.id === id)!,
    preview,
  );
  const rows = await selectRowsOf(FILE, selectionOf(chosen));
  expect(refusal(chosen, rows)).toBeUndefined();
  return cardFor(chosen, preview, rows, '');
}

const FILES = { read: async () => FILE };

test('a first card of windows over a line runs as it is: blind at first, then it shows the bump of the file', async () => {
  const card = parseCard(await firstCard('line'), 'card.yaml');
  const options = { backend: new CpuBackend({ threads: 1 }), files: FILES };
  const blind = await scanWindows(card, options);
  expect(blind.summary.status).toEqual({ blind: blind.summary.nWindows });
  expect(blind.table.columns.find(({ name }) => name === 'limit_exp_0')!.values).not.toContain(null);
  const [best] = (await scanWindows(card, { ...options, unblind: true })).summary.best;
  expect(best.z).toBeGreaterThan(4);
  expect(best.x).toBeCloseTo(6, 1);
});

test('one over a plane has a background in every window from the data beside it', async () => {
  const { card } = parseCard(await firstCard('plane'), 'card.yaml');
  const { windows, model, blind } = await prepareScan(card, { files: FILES, seed: 1, unblind: false });
  expect(windows.count).toBeGreaterThan(1000);
  expect(Math.min(...blind)).toBe(1);
  expect(model.components.map(({ name }) => name)).toEqual(['beside']);
  expect([...model.components[0].b0].every((b) => b >= 0)).toBe(true);
});

test('one of a spectrum is fitted at every mass, blind at first', async () => {
  const parsed = parseAnyCard(await firstCard('spectrum'), 'card.yaml');
  const { card } = parsed;
  if (!isSpectrumCard(card)) throw new Error('not a card of spectra');
  const { summary } = await scanSpectra({ ...parsed, card }, { files: FILES, seed: 1 });
  expect(summary.nHypotheses).toBeGreaterThan(100);
  expect(summary.status).toEqual({ blind: summary.nHypotheses });
});
