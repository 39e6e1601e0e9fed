import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isDarkscanError } from '../../../src/errors.ts';
import { readFigures, readSummary, readTable } from '../../../src/node/read-run.ts';
import { openRunDirectory } from '../../../src/node/run-directory.ts';
import { saveRun } from '../../../src/node/save-run.ts';
import { compareTables } from '../../../src/report/compare.ts';
import { syntheticScan } from '../../support/synthetic-scan.ts';

const root = mkdtempSync(join(tmpdir(), 'darkscan-save-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const scan = syntheticScan({ step: 12, injected: 4 });

describe('a saved run', () => {
  it('has all its files and gives table, summary and figures back', async () => {
    const path = await saveRun(scan, openRunDirectory({ name: 'synthetic', root }));
    expect(readdirSync(path).sort()).toEqual(['card.yaml', 'plots', 'run.json', 'summary.json', 'windows.parquet']);
    const figures = await readFigures(path);
    expect(readdirSync(join(path, 'plots')).sort()).toEqual(
      ['figures.json', ...figures.flatMap(({ name }) => [`${name}.png`, `${name}.svg`])].sort(),
    );
    for (const figure of figures)
      expect(figure.draw()).toBe(readFileSync(join(path, 'plots', `${figure.name}.svg`), 'utf8'));
    expect(await readSummary(path)).toEqual(JSON.parse(JSON.stringify(scan.summary)));
    const { table, provenance } = await readTable(path);
    expect(compareTables(table, scan.table, { rtol: 0, atol: 0 }).equal).toBe(true);
    expect(provenance).toEqual(scan.provenance);
  });

  it('leaves nothing behind when writing fails', async () => {
    const before = readdirSync(root);
    const broken = { ...scan, summary: { ...scan.summary, elapsedMs: NaN } };
    await expect(saveRun(broken, openRunDirectory({ name: 'broken', root }))).rejects.toThrow(
      'json: $.elapsedMs is NaN',
    );
    expect(readdirSync(root)).toEqual(before);
  });

  it.each([
    ['nowhere', /nowhere\/summary.json: does not exist, expected a run directory of darkscan; name one$/],
    ['damaged', /damaged\/summary.json: not JSON .*run the scan again$/],
  ])('that is %s is refused in one line', async (name, message) => {
    if (name === 'damaged') {
      const run = openRunDirectory({ name: 'x', out: join(root, name) });
      await run.write('summary.json', '{"schema":');
      run.commit();
    }
    const error = await readSummary(join(root, name)).catch((e: unknown) => e);
    expect(isDarkscanError(error, 'data')).toBe(true);
    expect((error as Error).message).toMatch(message);
  });
});
