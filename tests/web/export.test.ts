/** Files of the page without a browser: the zip against what Node writes, the command line, what goes wrong. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tableToCsv } from '../../src/io/result-csv.ts';
import { loadPngRenderer } from '../../src/node/png.ts';
import { openRunDirectory } from '../../src/node/run-directory.ts';
import { saveRun } from '../../src/node/save-run.ts';
import { valueOf } from '../../src/outcome.ts';
import type { DrawPng } from '../../src/run/run-content.ts';
import { commandOf, filesBeside, type Commanded } from '../../src/web/export/command.ts';
import { FilesService } from '../../src/web/export/files-service.ts';
import { syntheticScan } from '../support/synthetic-scan.ts';

const root = mkdtempSync(join(tmpdir(), 'darkscan-export-'));
afterAll(() => rmSync(root, { recursive: true }));

const scan = syntheticScan({ step: 12, injected: 4 });
const nativePng = async (): Promise<DrawPng> => (await loadPngRenderer()) as DrawPng;

function service(loadPng = nativePng): FilesService {
  const made = new FilesService(loadPng);
  made.open({ result: scan });
  return made;
}

/** Path -> bytes of all files in a folder. */
function filesIn(folder: string): Record<string, Buffer> {
  const names = readdirSync(folder, { recursive: true }).map(String);
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name))]));
}

describe('the zip of a run', () => {
  let written: Record<string, Buffer>;

  beforeAll(async () => {
    written = filesIn(await saveRun(scan, openRunDirectory({ name: 'synthetic', root })));
  });

  test('holds the files of the run directory, in a folder of its name, byte for byte', async () => {
    const drawn: string[] = [];
    const { zip, warning } = valueOf(await service().archive((...figure) => drawn.push(figure.join(' '))));
    const files = unzipSync(zip);
    expect(Object.keys(files).sort()).toEqual(
      Object.keys(written)
        .map((name) => `${scan.name}/${name}`)
        .sort(),
    );
    for (const [name, bytes] of Object.entries(written))
      expect(Buffer.compare(files[`${scan.name}/${name}`], bytes), name).toBe(0);
    expect(warning).toBeUndefined();
    const names = Object.keys(written).filter((name) => name.endsWith('.svg'));
    expect(drawn[0]).toMatch(/^event-plane 0 \d+$/);
    expect(drawn).toHaveLength(names.length);
  });

  test('says so where no PNG can be drawn, and has all else', async () => {
    const broken = service(async () => {
      throw new Error('HTTP 404\nnot found');
    });
    const { zip, warning } = valueOf(await broken.archive(() => undefined));
    expect(warning).toBe('plots: no PNG, resvg cannot be loaded (HTTP 404); the SVG files are complete');
    const expected = Object.keys(written).filter((name) => !name.endsWith('.png'));
    expect(Object.keys(unzipSync(zip)).sort()).toEqual(expected.map((name) => `${scan.name}/${name}`).sort());
    expect(await broken.figure('map-z', 'png')).toMatchObject({ ok: false, kind: 'resource', message: warning });
  });

  test('tries again to draw PNG after it could not', async () => {
    let nTries = 0;
    const late = service(async () => {
      if (++nTries === 1) throw new Error('no connection');
      return nativePng();
    });
    expect(await late.figure('map-z', 'png')).toMatchObject({ ok: false });
    const png = valueOf(await late.figure('map-z', 'png'));
    expect(Buffer.compare(png, written['plots/map-z.png'])).toBe(0);
  });
});

describe('single files', () => {
  test('are those of the run', async () => {
    const names = valueOf(await service().figureNames());
    expect(names.slice(0, 3)).toEqual(['event-plane', 'map-z', 'z-distribution']);
    const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
    expect(text(valueOf(await service().figure('map-z', 'svg')))).toMatch(/^<\?xml .*<svg /s);
    expect(text(valueOf(await service().table('csv')))).toBe(tableToCsv(scan.table));
    expect(text(valueOf(await service().table('parquet')).subarray(0, 4))).toBe('PAR1');
  });

  test('of a name that no figure has are a bug, not an empty file', async () => {
    expect(await service().figure('map-y', 'svg')).toMatchObject({ ok: false, kind: 'internal' });
  });
});

describe('the command line', () => {
  const finished = (kind: 'cpu' | 'webgpu', provenance = {}): Commanded =>
    ({ result: { ...scan, provenance }, device: { info: { kind } } }) as Commanded;

  test.each([
    ['npx darkscan scan card.yaml --backend cpu', finished('cpu', { unblinded: false }), undefined],
    ['npx darkscan scan card.yaml --backend webgpu', finished('webgpu'), undefined],
    ['npx darkscan scan card.yaml --unblind --backend cpu', finished('cpu', { unblinded: true }), undefined],
    ['npx darkscan scan card.yaml --backend cpu --global --n 1000', finished('cpu'), 1000],
  ])('%s', (line, commanded, nToys) => {
    expect(commandOf(commanded, nToys)).toBe(line);
  });

  test('needs the card and the data files beside it', () => {
    const files = ['events.csv', 'maps/eff.parquet', 'events.csv'].map((name) => ({ name, sha256: '', bytes: 1 }));
    expect(filesBeside(finished('cpu', { files }))).toEqual(['card.yaml', 'events.csv', 'maps/eff.parquet']);
    expect(filesBeside(finished('cpu'))).toEqual(['card.yaml']);
  });
});
