import { expect, test } from 'vitest';
import { parseCard } from '../../../src/io/card.ts';
import type { FileSource } from '../../../src/io/file-source.ts';
import { prepareScan } from '../../../src/scan/prepare.ts';

const CARD = `
schema: darkscan/card/1
name: tables
scan: windows
data: { file: events.csv }
x: { column: m }
windows: { table: { file: windows.csv, columns: { x: m, half_width: w } } }
background:
  components:
    - { name: a, table: { file: background.csv, columns: { bkg: a } } }
    - { name: b, table: { file: background.csv, columns: { bkg: b, bkg_err: db } } }
signal: { poi: { name: S, unit: events }, efficiency: 1 }
statistics: { p0: marginal, limits: [] }
`;

const FILES: Record<string, string> = {
  'events.csv': 'm\n1\n2.4\n2.6\n',
  'windows.csv': 'm,w\n1,0.5\n2.5,0.5\n',
  'background.csv': 'a,b,db\n0.5,1,0.1\n0.25,2,0.2\n',
};

const files: FileSource = {
  read: (name) => {
    const bytes = new TextEncoder().encode(FILES[name]);
    return Promise.resolve({ name, bytes, sha256: '', storedBytes: bytes.length });
  },
};

test('two components take different columns of one table', async () => {
  const { model } = await prepareScan(parseCard(CARD, 'card.yaml').card, { files, seed: 1, unblind: false });
  expect(Array.from(model.n)).toEqual([1, 2]);
  expect(Array.from(model.components[0].b0)).toEqual([0.5, 0.25]);
  expect(Array.from(model.components[1].b0)).toEqual([1, 2]);
  expect(Array.from(model.components[1].error!)).toEqual([0.1, 0.2]);
});
