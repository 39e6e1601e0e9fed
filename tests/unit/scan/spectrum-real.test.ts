/**
 * Real and public events through cards of fits, against iminuit on the same bins (tests/golden/spectrum_real.py): three
 * Upsilons of CMS 2011, each with the others vetoed, and the diphoton-like pseudo-data of Combine's tutorial.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isSpectrumCard, parseAnyCard } from '../../../src/io/card.ts';
import { findColumn, numbersOf } from '../../../src/model/result.ts';
import { openDataFiles } from '../../../src/node/data-files.ts';
import { scanSpectra } from '../../../src/scan/spectrum/spectrum-scan.ts';
import { hasShared, SHARED } from '../../support/fixtures.ts';

interface Case {
  readonly name: string;
  readonly x: number;
  readonly sigma: number;
  readonly exclude?: readonly (readonly [number, number])[];
  readonly sHat: number;
  readonly sErr: number;
  readonly z: number;
  readonly deviance: number;
}
const { cases } = JSON.parse(readFileSync('tests/golden/spectrum_real.json', 'utf8')) as { cases: Case[] };

const UPSILON = {
  data: {
    file: 'cms-dimuon-2011/Ymumu.csv.gz',
    derive: { mass: 'sqrt(max(0, (E1+E2)^2 - (px1+px2)^2 - (py1+py2)^2 - (pz1+pz2)^2))' },
  },
  x: { column: 'mass', unit: 'GeV' },
  bins: { from: 8.7, to: 11.4, width: 0.02 },
  background: { kind: 'chebyshev', degree: 3 },
};
const DIPHOTON = {
  data: { file: 'combine-counting/data_part1_mass.csv.gz' },
  x: { column: 'mass_GeV', unit: 'GeV' },
  bins: { from: 100, to: 180, width: 0.5 },
  background: { kind: 'exponential', degree: 1 },
};

async function scan({ name, x, sigma, exclude = [] }: Case, from = x, to = x) {
  const block = {
    ...(name === 'diphoton' ? DIPHOTON : UPSILON),
    hypotheses: { from, to, step: 0.25 },
    resolution: sigma,
    range: { half_width: 100, exclude },
    shape: { kind: 'gaussian' },
  };
  const card = {
    schema: 'darkscan/card/1',
    name: 'real',
    scan: { kind: 'spectrum' },
    spectra: [block],
    signal: { poi: { name: 'S', unit: 'events' } },
    statistics: { limits: [] },
  };
  const parsed = parseAnyCard(JSON.stringify(card), 'card.json');
  if (!isSpectrumCard(parsed.card)) throw new Error('not a card of fits');
  const files = openDataFiles({ cardFolder: '.', searchPath: SHARED });
  return (await scanSpectra({ ...parsed, card: parsed.card }, { files })).table;
}

describe.skipIf(!hasShared).each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
  test('S^, its error and Z as iminuit has them', async () => {
    const table = await scan(one);
    const at = (column: string) => numbersOf(table, column)[0];
    expect(findColumn(table, 'status')!.values[0]).toBe('ok');
    expect(Math.abs(at('s_hat') - one.sHat)).toBeLessThan(1e-3 * one.sErr);
    expect(Math.abs(at('s_err') / one.sErr - 1)).toBeLessThan(1e-3);
    expect(Math.abs(at('z') - one.z)).toBeLessThan(1e-3);
  });

  test('a scan of masses has its largest Z there', async () => {
    const table = await scan(one, one.x - 2 * one.sigma, one.x + 2 * one.sigma);
    const z = Array.from(numbersOf(table, 'z'));
    const best = z.indexOf(Math.max(...z));
    expect(Math.abs(numbersOf(table, 'mass')[best] - one.x)).toBeLessThanOrEqual(0.5 * one.sigma);
  });
});
