/** Control samples from card to counts: selections of a file, and same-sign muon pairs of real e+e- collisions. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { CpuBackend } from '../../../src/engine/cpu-backend.ts';
import { parseCard } from '../../../src/io/card.ts';
import type { FileSource } from '../../../src/io/file-source.ts';
import { numbersOf } from '../../../src/model/result.ts';
import { openDataFiles } from '../../../src/node/data-files.ts';
import { prepareScan, type PreparedScan } from '../../../src/scan/prepare.ts';
import { scanWindows } from '../../../src/scan/window-scan.ts';

const CARD = `
schema: darkscan/card/1
name: control
scan: windows
data: { file: events.csv, derive: { x: "m / 2" }, select: ["q < 0"] }
x: { column: x }
windows: { table: { file: windows.csv, columns: { x: m, half_width: w } } }
background:
  components:
    - { name: same, control: { select: ["q > 0", "v < 5"], derive: { v: "u + x" }, transfer: "0.5 * x" } }
signal: { poi: { name: S, unit: events }, efficiency: 1 }
nuisances: [{ name: transfer, constraint: lognormal, on: { same: 0.2 } }]
statistics: { p0: marginal, limits: [{ method: bayes, credibility: 0.9, poi_max: 1000 }] }
`;

const FILES: Record<string, string> = {
  // x = m/2; the last two same-sign rows fail v < 5 and have no number
  'events.csv': 'm,q,u\n2,-1,0\n5,-1,0\n2,1,1\n2.2,1,0\n4.8,1,1\n5.2,1,1\n5,1,9\nnan,1,0\n',
  'other.csv': 'x,q,u\n1,1,1\n1.1,1,1\n9,1,1\n',
  'windows.csv': 'm,w\n1,0.5\n2.5,0.5\n4,0.1\n',
};
const reads: string[] = [];
const files: FileSource = {
  read: (name) => {
    reads.push(name);
    const bytes = new TextEncoder().encode(FILES[name]);
    return Promise.resolve({ name, bytes, sha256: '', storedBytes: bytes.length });
  },
};

const prepare = (edit: (card: string) => string = (card) => card): Promise<PreparedScan> =>
  prepareScan(parseCard(edit(CARD), 'card.yaml').card, { files, seed: 1, unblind: false });

describe('a control sample', () => {
  test('of the data file has its own selection, its columns and those of the data', async () => {
    reads.length = 0;
    const { model, sampleRows, rows } = await prepare();
    const [component] = model.components;
    expect(component.kind).toBe('side-band');
    expect([...component.nOff!]).toEqual([2, 2, 0]);
    expect([...component.tau!]).toEqual([2, 0.8, 0.5]);
    expect([...component.b0]).toEqual([1, 2.5, 0]);
    expect(component.leak).toBeUndefined();
    expect([...model.n]).toEqual([1, 1, 0]);
    expect(rows.used).toBe(2);
    expect(sampleRows.get('same')).toEqual({
      read: 8,
      used: 4,
      rejected: { 'm: not finite': 1, 'select: q > 0': 2, 'select: v < 5': 1 },
    });
    expect(reads).toEqual(['windows.csv', 'events.csv']);
  });

  test('of another file stands on its own', async () => {
    const { model } = await prepare((card) =>
      card.replace('select: ["q > 0", "v < 5"], derive: { v: "u + x" }', 'file: other.csv'),
    );
    expect([...model.components[0].nOff!]).toEqual([2, 0, 0]);
  });

  test('may not share events with the data, nor be empty', async () => {
    await expect(prepare((card) => card.replace('"q > 0"', '"q > -2"'))).rejects.toThrow(
      /background\.components\[0\]\.control: 2 of its 6 events are data as well, expected none; add a condition/,
    );
    await expect(prepare((card) => card.replace('"q > 0"', '"q > 2"'))).rejects.toThrow(
      /^events\.csv: 8 rows read, none used .*check background\.components\[0\]\.control\.select/,
    );
    await expect(prepare((card) => card.replace('0.5 * x', '1 - x'))).rejects.toThrow(
      /control\.transfer is 0 at x = 1, expected a finite number above 0/,
    );
  });

  test('has the limit and p0 of the side band it is, and its rows in the provenance', async () => {
    const backend = new CpuBackend({ threads: 1 });
    const result = await scanWindows(parseCard(CARD, 'card.yaml'), { backend, files });
    const background = result.provenance.background as { rows?: { used: number } }[];
    expect(background[0].rows!.used).toBe(4);
    expect([...numbersOf(result.table, 'n_off')]).toEqual([2, 2, 0]);
    // without the nuisance: P(N >= 1) = 1 - NB(0; n_off + 1, tau/(1 + tau)) = 1 - (tau/(1 + tau))^(n_off + 1)
    const known = await scanWindows(parseCard(CARD.replace(/nuisances.*\n/, ''), 'card.yaml'), { backend, files });
    const lnP0 = numbersOf(known.table, 'ln_p0');
    expect(lnP0[0]).toBeCloseTo(Math.log(1 - (2 / 3) ** 3), 10);
    expect(lnP0[1]).toBeCloseTo(Math.log(1 - (0.8 / 1.8) ** 3), 10);
    // the nuisance on the transfer factor widens the background of a window with n < b
    const wide = numbersOf(result.table, 'bkg_err')[1];
    expect(wide).toBeGreaterThan(numbersOf(known.table, 'bkg_err')[1]);
  });
});

const DATA = '../shared/data';
const DELPHI = `${DATA}/lep-delphi-dimuon/delphi_dimuon_clean.csv.gz`;
const present = existsSync(DELPHI);
if (!present && process.env.CI) throw new Error(`${DELPHI} is missing`);

test.skipIf(!present)('same-sign muon pairs of DELPHI, counted by a loop over the lines of the file', async () => {
  const text = readFileSync('examples/delphi-recoil/card.yaml', 'utf8')
    .replace(
      'side_band: { inner: 3, outer: 6, tau: area }',
      "control: { select: ['q1*q2 > 0', 'm_mumu_GeV < 80'], transfer: 0.7 }",
    )
    .replace('p0: on-off', 'p0: marginal');
  const source = openDataFiles({ cardFolder: 'examples/delphi-recoil', searchPath: DATA });
  const { card } = parseCard(text, 'card.yaml');
  const { windows, model, sampleRows } = await prepareScan(card, { files: source, seed: 1, unblind: false });

  const [header, ...lines] = gunzipSync(readFileSync(DELPHI)).toString().trim().split('\n');
  const names = header.split(',');
  const [q1, q2, m, r] = ['q1', 'q2', 'm_mumu_GeV', 'm_recoil2_GeV2'].map((name) => names.indexOf(name));
  const pairs = lines
    .map((line) => line.split(',').map(Number))
    .filter((row) => row[q1] * row[q2] > 0 && row[m] < 80)
    .map((row) => [row[m], row[r]] as const);
  expect(sampleRows.get('band')!.used).toBe(pairs.length);
  expect(pairs.length).toBeGreaterThan(50);
  const nOff = model.components[0].nOff!;
  let all = 0;
  for (let i = 0; i < windows.count; i++) {
    // principal axes, not the quadratic form of the product
    const phi = (windows.phiDeg[i] * Math.PI) / 180;
    const [c, s] = [Math.cos(phi), Math.sin(phi)];
    const inside = pairs.filter(([x, y]) => {
      const [dx, dy] = [x - windows.x[i], y - windows.y[i]];
      return ((dx * c + dy * s) / windows.a[i]) ** 2 + ((dy * c - dx * s) / windows.b[i]) ** 2 <= 1;
    });
    expect(nOff[i], `window ${i}`).toBe(inside.length);
    expect(model.components[0].b0[i]).toBeCloseTo(0.7 * inside.length, 12);
    all += inside.length;
  }
  expect(all).toBeGreaterThan(100);
});
