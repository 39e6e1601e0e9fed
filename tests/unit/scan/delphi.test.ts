/**
 * The DELPHI example on real collisions: its counts against an independent computation, and data without structure
 * (every pair moved by a few resolutions) against the expected distribution of Z.
 */
import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { CpuBackend } from '../../../src/engine/cpu-backend.ts';
import { parseCard, type ParsedCard } from '../../../src/io/card.ts';
import type { FileSource } from '../../../src/io/file-source.ts';
import { makeStream } from '../../../src/stats/philox.ts';
import { numbersOf, type ScanResult } from '../../../src/model/result.ts';
import { openDataFiles } from '../../../src/node/data-files.ts';
import { scanWindows } from '../../../src/scan/window-scan.ts';

const DATA = '../shared/data';
const present = existsSync(`${DATA}/lep-delphi-dimuon/delphi_dimuon_clean.csv.gz`);
if (!present && process.env.CI) throw new Error(`${DATA}/lep-delphi-dimuon is missing`);
const FILES = openDataFiles({ cardFolder: 'examples/delphi-recoil', searchPath: DATA });

function scan(card: ParsedCard, files: FileSource): Promise<ScanResult> {
  return scanWindows(card, { backend: new CpuBackend({ threads: 1 }), files });
}

describe.skipIf(!present)('delphi-recoil', () => {
  let card: ParsedCard;
  let result: ScanResult;

  beforeAll(async () => {
    card = parseCard(readFileSync('examples/delphi-recoil/card.yaml', 'utf8'), 'card.yaml');
    result = await scan(card, FILES);
  }, 120_000);

  test('rows read and used are those of the file and the selection', () => {
    const { rows } = result.summary;
    expect(rows.read).toBe(22_424);
    expect(rows.used).toBe(3_768);
    expect(Object.values(rows.rejected).reduce((sum, n) => sum + n, rows.used)).toBe(22_424);
  });

  test('counts equal those in principal axes, event by event', () => {
    const column = (name: string) => numbersOf(result.table, name);
    const [x, y, a, b, phi, n] = ['x', 'y', 'a', 'b', 'phi_deg', 'n'].map(column);
    const { x: ex, y: ey } = result.events;
    let edge = 0;
    for (let w = 0; w < result.table.rowCount; w += 7) {
      const [c, s] = [Math.cos((phi[w] * Math.PI) / 180), Math.sin((phi[w] * Math.PI) / 180)];
      let count = 0;
      let close = 0;
      for (let i = 0; i < ex.length; i++) {
        const [dx, dy] = [ex[i] - x[w], ey![i] - y[w]];
        const r = ((dx * c + dy * s) / a[w]) ** 2 + ((dy * c - dx * s) / b[w]) ** 2;
        if (Math.abs(r - 1) < 1e-9) close++;
        if (r <= 1) count++;
      }
      edge += close;
      expect(Math.abs(n[w] - count), `window ${w}`).toBeLessThanOrEqual(close);
    }
    expect(edge).toBeLessThan(5);
  });

  test('the excess near the Z is reported where the README says the annulus fails, and nowhere else', () => {
    const [x, z] = ['x', 'z'].map((name) => numbersOf(result.table, name));
    const large = Array.from(z.keys()).filter((i) => z[i] > 4);
    expect(large.length).toBeGreaterThan(0);
    for (const i of large) expect(x[i]).toBeGreaterThan(74);
    for (let i = 0; i < z.length; i++) if (x[i] < 66) expect(Number.isNaN(z[i]) || z[i] < 4.2).toBe(true);
  });

  test('moved by a few resolutions, the data show the expected distribution of Z', async () => {
    // 3 resolutions, about 1 to 2.4 GeV and 150 GeV^2: wider than a window, narrower than an annulus
    const bytes = new TextEncoder().encode(movedEvents(result));
    const files: FileSource = {
      read: (name) => Promise.resolve({ name, bytes, sha256: '', storedBytes: bytes.length }),
    };
    const inner = card.text.replace(
      "where: 'x + sqrt(y) < sqrt_s - 1.5'",
      "where: 'x + sqrt(y) < sqrt_s - 9 && x < 70'",
    );
    expect(inner).not.toBe(card.text);
    const moved = await scan(parseCard(inner, 'card.yaml'), files);
    const z = Array.from(numbersOf(moved.table, 'z'));
    const { edges, expected, expectedAtOne } = moved.expectedZ!;
    for (const [from, to] of [
      [-6, -1],
      [-1, 0],
      [0, 1],
      [1, 2],
      [2, 8],
    ]) {
      const seen = z.filter((value) => value >= from && value < to).length;
      const mean = expected.reduce((sum, e, i) => sum + (edges[i] >= from && edges[i] < to ? e : 0), 0);
      // an event is in pi k^2/step^2 = 3.1 windows, an annulus shared by many: 5 sqrt(6 mean) + 5 % is generous
      expect(Math.abs(seen - mean), `${from} to ${to}: ${seen}, expected ${mean}`).toBeLessThan(
        5 * Math.sqrt(6 * (mean + 1)) + 0.05 * mean,
      );
    }
    // a flat prior in b expects (n_off + 1)/tau, 1/tau = 0.15 events per window more than the annulus holds: windows
    // without events are more frequent than predicted, by at most that much
    const atOne = z.filter(Number.isNaN).length;
    const noise = 5 * Math.sqrt(6 * (z.length - expectedAtOne));
    expect(atOne - expectedAtOne).toBeGreaterThan(-noise);
    expect(atOne - expectedAtOne).toBeLessThan(0.15 * z.length + noise);
  }, 120_000);
});

/** The selected pairs, each displaced by a Gaussian of 3 resolutions along its principal axes, as a file. */
function movedEvents(result: ScanResult): string {
  const stream = makeStream(11, 5);
  const lines = ['q1,q2,m_mumu_GeV,m_recoil2_GeV2'];
  const { x, y } = result.events;
  for (let i = 0; i < x.length; i++) {
    const [u, v, s, t] = Array.from(stream.words(i), (word) => (word + 0.5) / 2 ** 32);
    const radius = Math.sqrt(-2 * Math.log(u));
    const other = Math.sqrt(-2 * Math.log(s));
    const dm = 1.5 * radius * Math.cos(2 * Math.PI * v);
    lines.push(`1,-1,${x[i] + dm},${y![i] - 90 * dm + 60 * other * Math.cos(2 * Math.PI * t)}`);
  }
  return `${lines.join('\n')}\n`;
}
