/** From a card and its files to the statistical model: windows, counts, backgrounds, sensitivity, nuisances. */
import { DarkscanError } from '../errors.ts';
import { readEvents, type EventSample } from '../io/events.ts';
import type { FileSource, LoadedFile } from '../io/file-source.ts';
import { readWholeTable } from '../io/table-file.ts';
import { makeBackground, type BackgroundInputs, type BuiltComponent } from '../model/background.ts';
import { blindWindows } from '../model/blind.ts';
import type { Card, ControlSample } from '../model/card.ts';
import type { Columns, Events } from '../model/columns.ts';
import { controlSource } from '../model/control-sample.ts';
import type { CountingModel } from '../model/counting-model.ts';
import { countEvents } from '../model/counting.ts';
import { latticeCoverage, type Coverage } from '../model/coverage.ts';
import { makeScope, type Scope } from '../model/expression.ts';
import { resolveNuisances } from '../model/nuisances.ts';
import { makeRegion } from '../model/region.ts';
import type { RowCounts } from '../model/result.ts';
import { makeSignal } from '../model/signal.ts';
import { simulateEvents } from '../model/simulate.ts';
import { tableKey } from '../model/table-key.ts';
import { makeWindows, type WindowSet } from '../model/windows.ts';

export interface PreparedScan {
  readonly card: Card;
  readonly scope: Scope;
  readonly windows: WindowSet;
  readonly events: Events;
  readonly rows: RowCounts;
  /** By component name: rows of simulated and of control samples. */
  readonly sampleRows: ReadonlyMap<string, RowCounts>;
  readonly model: CountingModel;
  /** [windows.count] 1 where the count must not be looked at. */
  readonly blind: Uint8Array;
  readonly efficiency: Float64Array;
  readonly background: readonly BuiltComponent[];
  /** Maps, tables, simulated and control samples the background was made from, and maps of toys.density. */
  readonly sources: Pick<Required<BackgroundInputs>, 'tables' | 'samples' | 'controls'>;
  readonly coverage: Coverage | undefined;
  readonly files: readonly { name: string; sha256: string; bytes: number }[];
  readonly timingsMs: Readonly<Record<string, number>>;
}

export interface PrepareOptions {
  readonly files: FileSource;
  readonly seed: number;
  readonly unblind: boolean;
}

export async function prepareScan(card: Card, options: PrepareOptions): Promise<PreparedScan> {
  const clock = stopwatch();
  const scope = makeScope(card);
  const loaded = new Map<string, LoadedFile>();
  const read = async (name: string, where: string) => {
    const file = loaded.get(name) ?? (await options.files.read(name, where));
    loaded.set(name, file);
    return file;
  };
  const windows = makeWindows(card, scope, await windowTableOf(card, read));
  clock.lap('windows');
  const sources = await backgroundFiles(card, scope, read);
  const events = await loadData(card, scope, options.seed, sources.tables, read);
  clock.lap('data');
  const n = countEvents(windows, events);
  clock.lap('counting');
  const background = makeBackground(card, scope, windows, { events, ...sources });
  clock.lap('background');
  const efficiencySpec = card.signal.efficiency;
  const table =
    typeof efficiencySpec === 'object'
      ? await readTable(
          efficiencySpec.table,
          'signal.efficiency.table',
          Object.values(efficiencySpec.table.columns),
          read,
        )
      : undefined;
  const signal = makeSignal(card, scope, windows, table);
  const blind = options.unblind ? new Uint8Array(windows.count) : blindWindows(card.blind ?? [], windows);
  const components = background.map((built) => built.component);
  const model: CountingModel = {
    nWindows: windows.count,
    n: n.map((count, i) =>
      blind[i] ? Math.max(0, Math.round(components.reduce((sum, c) => sum + c.b0[i], 0))) : count,
    ),
    components,
    sensitivity: signal.sensitivity,
    nuisances: resolveNuisances(card, windows, scope),
  };
  return {
    card,
    scope,
    windows,
    events,
    rows: events.rows,
    sampleRows: new Map([...sources.samples, ...sources.controls].map(([name, { rows }]) => [name, rows])),
    model,
    blind,
    efficiency: signal.efficiency,
    background,
    sources,
    coverage: coverageOf(card, scope, windows),
    files: [...loaded.values()].map(({ name, sha256, storedBytes }) => ({ name, sha256, bytes: storedBytes })),
    timingsMs: clock.laps,
  };
}

type Read = (name: string, where: string) => Promise<LoadedFile>;

async function loadData(
  card: Card,
  scope: Scope,
  seed: number,
  maps: ReadonlyMap<string, Columns>,
  read: Read,
): Promise<EventSample> {
  if ('simulate' in card.data) {
    const { x, y } = simulateEvents(card, scope, seed, maps);
    return { x, y, rows: { read: x.length, used: x.length, rejected: {} } };
  }
  const file = await read(card.data.file, 'data.file');
  const sample = await readEvents(file, { ...card.data, x: card.x.column, y: card.y?.column }, scope, 'data');
  refuseEmpty(sample, card.data.file, 'data');
  return sample;
}

function refuseEmpty({ rows }: EventSample, file: string, where: string): void {
  if (rows.used > 0) return;
  const reasons = Object.entries(rows.rejected).map(([reason, count]) => `${count} ${reason}`);
  const found = `${rows.read} rows read, none used${reasons.length ? ` (${reasons.join('; ')})` : ''}`;
  const advice = `check ${where}.select and the columns`;
  throw new DarkscanError('data', `${file}: ${found}, expected at least one event; ${advice}`);
}

async function windowTableOf(card: Card, read: Read): Promise<Columns | undefined> {
  if (!('table' in card.windows)) return undefined;
  const { table } = card.windows;
  return readTable(table, 'windows.table', Object.values(table.columns), read);
}

async function readTable(
  { file, tree }: { file: string; tree?: string },
  where: string,
  wanted: readonly string[],
  read: Read,
): Promise<Columns> {
  return readWholeTable(await read(file, `${where}.file`), wanted, tree);
}

/** Maps, tables, simulated and control samples the background components name, and maps of toys.density. */
async function backgroundFiles(
  card: Card,
  scope: Scope,
  read: Read,
): Promise<{
  tables: Map<string, Columns>;
  samples: Map<string, EventSample>;
  controls: Map<string, EventSample>;
}> {
  const tables = new Map<string, Columns>();
  const samples = new Map<string, EventSample>();
  const controls = new Map<string, EventSample>();
  const mapColumns = card.y ? ['x_low', 'x_high', 'y_low', 'y_high', 'events'] : ['x_low', 'x_high', 'events'];
  for (const [i, component] of card.background.components.entries()) {
    const where = `background.components[${i}]`;
    if ('map' in component) {
      addTable(tables, tableKey(component.map), await readTable(component.map, `${where}.map`, mapColumns, read));
    }
    if ('table' in component) {
      const wanted = Object.values(component.table.columns).filter((name) => name !== undefined);
      const table = await readTable(component.table, `${where}.table`, wanted, read);
      addTable(tables, tableKey(component.table), table);
    }
    if ('sample' in component) {
      const { file, tree, derive, select, weight } = component.sample;
      const selection = { x: card.x.column, y: card.y?.column, tree, derive, select, weight };
      const loaded = await read(file, `${where}.sample.file`);
      samples.set(component.name, await readEvents(loaded, selection, scope, `${where}.sample`));
    }
    if ('control' in component) {
      controls.set(component.name, await readControl(card, component.control, `${where}.control`, scope, read));
    }
  }
  for (const [name, spec] of Object.entries(card.toys?.density ?? {})) {
    if (spec === 'windows' || !('map' in spec)) continue;
    addTable(tables, tableKey(spec.map), await readTable(spec.map, `toys.density.${name}.map`, mapColumns, read));
  }
  return { tables, samples, controls };
}

/**
 * Events of a control sample. Those of the data file must not be data as well: the two counts are taken as independent.
 * Errors: kind card (an event that is in both), kind data.
 */
async function readControl(
  card: Card,
  control: ControlSample,
  where: string,
  scope: Scope,
  read: Read,
): Promise<EventSample> {
  const source = controlSource(card, control);
  if (source === undefined) throw new DarkscanError('internal', `prepare: ${where} has no file`);
  const { file, tree, derive, select, isDataFile, hasDataRows } = source;
  const loaded = await read(file, isDataFile ? 'data.file' : `${where}.file`);
  const selection = { x: card.x.column, y: card.y?.column, tree, derive, select };
  const sample = await readEvents(loaded, selection, scope, where);
  refuseEmpty(sample, file, where);
  if (hasDataRows && 'file' in card.data) {
    const both = { ...selection, select: [...(select ?? []), ...(card.data.select ?? [])] };
    const { rows } = await readEvents(loaded, both, scope, where);
    if (rows.used > 0) {
      const message = `card: ${where}: ${rows.used} of its ${sample.rows.used} events are data as well, expected none`;
      throw new DarkscanError('card', `${message}; add a condition to its select`, { where });
    }
  }
  return sample;
}

/** Components may take different columns of one table. */
function addTable(tables: Map<string, Columns>, key: string, { rowCount, columns }: Columns): void {
  tables.set(key, { rowCount, columns: new Map([...(tables.get(key)?.columns ?? []), ...columns]) });
}

function coverageOf(card: Card, scope: Scope, windows: WindowSet): Coverage | undefined {
  if (!('region' in card.windows)) return undefined;
  const region = makeRegion(card.windows.region, card.y !== undefined, scope, 'windows.region');
  return latticeCoverage(windows, region, card.windows.step);
}

function stopwatch(): { laps: Record<string, number>; lap(name: string): void } {
  let started = performance.now();
  const laps: Record<string, number> = {};
  return {
    laps,
    lap(name) {
      const now = performance.now();
      laps[name] = now - started;
      started = now;
    },
  };
}
