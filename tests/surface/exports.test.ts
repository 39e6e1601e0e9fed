/** The public surface: names that users import. Adding one is a decision, removing one breaks somebody. */
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { VERSION } from '../../src/version.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const manifest = JSON.parse(read('package.json'));

const LIBRARY = {
  values: [
    'CpuBackend',
    'DarkscanError',
    'EXIT_CODES',
    'VERSION',
    'chooseBackend',
    'evaluateWindows',
    'figureInputs',
    'findColumn',
    'isDarkscanError',
    'isSpectrumCard',
    'listFigures',
    'listSpectrumFigures',
    'numbersOf',
    'parseAnyCard',
    'parseCard',
    'scanSpectra',
    'scanWindows',
    'spectrumSummaryText',
    'summaryText',
    'tableFromParquet',
    'tableToCsv',
    'tableToJson',
    'tableToParquet',
  ],
  types: [
    'AnyCard',
    'BackgroundComponent',
    'Backend',
    'BackendChoice',
    'BackendInfo',
    'BackendRequest',
    'BayesRequest',
    'Card',
    'ClsRequest',
    'CountingModel',
    'ErrorKind',
    'EvaluateOptions',
    'FileSource',
    'Handle',
    'LimitRequest',
    'LoadedFile',
    'Nuisance',
    'P0Method',
    'Parsed',
    'ParsedCard',
    'Platform',
    'ProfileRequest',
    'ResultColumn',
    'ResultTable',
    'RunOptions',
    'ScanOptions',
    'ScanResult',
    'SpectrumCard',
    'SpectrumScanOptions',
    'SpectrumScanResult',
    'SpectrumSummary',
    'Summary',
    'WindowNumbers',
    'WindowStatistics',
    'WindowStatus',
  ],
};
const NODE = {
  values: ['dataFiles', 'nodePlatform', 'openDataFiles', 'openRunDirectory', 'saveRun'],
  types: ['DataFilesOptions', 'RunDirectory', 'RunDirectoryOptions'],
};

/** Names a module re-exports; both entries consist of nothing else. */
function exportedNames(path: string): { values: string[]; types: string[] } {
  const names = { values: [] as string[], types: [] as string[] };
  for (const statement of ts.createSourceFile(path, read(path), ts.ScriptTarget.ES2022).statements) {
    if (!ts.isExportDeclaration(statement) || !statement.exportClause || !ts.isNamedExports(statement.exportClause)) {
      throw new Error(`${path}: ${ts.SyntaxKind[statement.kind]} is not a list of re-exported names`);
    }
    for (const element of statement.exportClause.elements) {
      names[statement.isTypeOnly || element.isTypeOnly ? 'types' : 'values'].push(element.name.text);
    }
  }
  return names;
}

describe.each([
  ['darkscan', 'src/index.ts', LIBRARY, () => import('../../src/index.ts')],
  ['darkscan/node', 'src/node/index.ts', NODE, () => import('../../src/node/index.ts')],
])('%s', (_, path, expected, load) => {
  test('exports these names and no others', async () => {
    const found = exportedNames(path);
    expect(found.values.toSorted()).toEqual(expected.values.toSorted());
    expect(found.types.toSorted()).toEqual(expected.types.toSorted());
    expect(Object.keys(await load()).toSorted()).toEqual(expected.values.toSorted());
  });
});

describe('package.json', () => {
  test('has the version of src/version.ts, CITATION.cff and the top of the changelog', () => {
    expect(manifest.version).toBe(VERSION);
    expect(read('CITATION.cff')).toContain(`\nversion: ${VERSION}\n`);
    expect(read('CHANGELOG.md').match(/^## (.*)$/m)?.[1]).toBe(VERSION);
  });

  test('promises entries, the schema, the licence and a Node version that are true', () => {
    expect(Object.keys(manifest.exports)).toEqual(['.', './card.schema.json', './package.json', './node']);
    expect(manifest.bin).toEqual({ darkscan: './bin/darkscan.mjs' });
    expect(manifest.license).toBe('MIT');
    expect(read('LICENSE')).toMatch(/^MIT License\n/);
    expect(manifest.engines).toEqual({ node: '>=20.19' });
  });

  test('the package with the GPU is optional; every dependency has an exact version', () => {
    expect(Object.keys(manifest.optionalDependencies)).toEqual(['webgpu']);
    const all = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies };
    expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
  });

  // npm leaves out of the lock what it could not fetch, and `npm ci` then refuses the lock
  test('the lock holds every optional dependency of every package, for all platforms', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
      ),
    );
    expect(missing).toEqual([]);
    expect(packages['']).toMatchObject({ version: VERSION, devDependencies: manifest.devDependencies });
  });
});
