/** A small 1D analysis for tests of the command line: ten intervals, a flat background of 4 events each. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ResultTable } from '../../src/model/result.ts';
import { numbersOf } from '../../src/model/result.ts';
import { readTable } from '../../src/node/read-run.ts';
import { workplace, type Outcome, type RunOptions } from '../unit/cli/run-cli.ts';

export const LINE_CARD = `schema: darkscan/card/1
name: line
scan: windows
data: { file: events.csv }
x: { column: m, unit: GeV }
windows:
  resolution: { x: 0.1 }
  half_axes: 2
  step: 2
  region: { x: [1, 3] }
background:
  components:
    - { name: flat, density: 10 }
signal:
  poi: { name: S, unit: events }
  efficiency: 0.5
statistics:
  p0: marginal
  limits: [{ method: bayes, credibility: 0.9, poi_max: 1000 }]
`;

/** Masses between 1.05 and 2.15: the windows at 2.4 and above stay empty. */
export const MASSES = [1.05, 1.12, 1.31, 1.4, 1.55, 1.63, 1.78, 1.82, 1.94, 2.01, 2.15];
export const EVENTS = `m,w\n${MASSES.map((m) => `${m},1\n`).join('')}`;

export type Edit = readonly [found: string, put: string];

export interface Bench {
  readonly folder: string;
  readonly at: (...parts: string[]) => string;
  readonly cli: (line: string, options?: RunOptions) => Promise<Outcome>;
  /** Scans the card after some edits, on the CPU, without plots, into the run directory `name`. */
  readonly scan: (name: string, edits?: readonly Edit[], more?: string) => Promise<Outcome>;
  readonly tableOf: (name: string) => Promise<ResultTable>;
}

/** A folder with the events in it, removed at the end of the test file. */
export function bench(): Bench {
  const { folder, cli } = workplace();
  const at = (...parts: string[]): string => join(folder, ...parts);
  writeFileSync(at('events.csv'), EVENTS);
  return {
    folder,
    at,
    cli,
    scan(name, edits = [], more = '') {
      writeFileSync(at(`${name}.yaml`), edited(LINE_CARD, edits));
      return cli(`scan ${name}.yaml --backend cpu --no-plots --out ${name} ${more}`);
    },
    tableOf: async (name) => (await readTable(at(name))).table,
  };
}

/** Every edit must hit, so that a change of the card cannot turn a test into one of the good card. */
export function edited(card: string, edits: readonly Edit[]): string {
  return edits.reduce((text, [found, put]) => {
    expect(text).toContain(found);
    return text.replace(found, put);
  }, card);
}

export function textsOf(table: ResultTable, name: string): readonly string[] {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column?.type !== 'string') throw new Error(`no column of texts '${name}'`);
  return column.values as readonly string[];
}

/** No number of a table may be NaN or infinite where the status says ok. */
export function expectWholeRows(table: ResultTable, rows: readonly number[]): void {
  for (const name of ['n', 'bkg', 'bkg_err', 'sens', 'ln_p0', 'limit_obs', 'limit_exp_m2', 'limit_exp_0']) {
    for (const row of rows) expect(Number.isFinite(numbersOf(table, name)[row]), `${name}[${row}]`).toBe(true);
  }
}
