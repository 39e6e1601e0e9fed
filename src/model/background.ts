/**
 * Background components of a card as numbers per window: the one place that knows where a background comes from. What
 * happens to their uncertainties is the business of counting-model.ts.
 */
import { DarkscanError } from '../errors.ts';
import type { BackgroundTable, Card } from './card.ts';
import { columnOf, type Columns, type Events } from './columns.ts';
import { sumWeights } from './counting.ts';
import { controlComponent } from './control-sample.ts';
import type { BackgroundComponent } from './counting-model.ts';
import { integrateMap, makeBinnedMap } from './binned-map.ts';
import { makeDensity } from './density.ts';
import type { Scope } from './expression.ts';
import { polynomialComponent } from './polynomial/polynomial-component.ts';
import { sideBandComponent } from './side-band.ts';
import { tableKey } from './table-key.ts';
import { integrateWindows } from './window-integral.ts';
import type { WindowSet } from './windows.ts';

/** What the card only names, already read. */
export interface BackgroundInputs {
  /** The data, for side bands and polynomials. */
  readonly events?: Events;
  /** By file name: maps and external tables. */
  readonly tables?: ReadonlyMap<string, Columns>;
  /** By component name: simulated samples with weights (scale not yet applied), derived and selected. */
  readonly samples?: ReadonlyMap<string, Events>;
  /** By component name: events of control samples, derived and selected. */
  readonly controls?: ReadonlyMap<string, Events>;
}

export interface BuiltComponent {
  readonly component: BackgroundComponent;
  /** Expected events of the whole component, where it has one: support of a density, all bins, all simulated events. */
  readonly total?: number;
  /** Largest absolute error of b0 by the numerical integration over any window; 0 where there is none. */
  readonly worstIntegrationError: number;
}

type CardComponent = Card['background']['components'][number];

/** Every component of the card, in its order. Errors of kind card and data name the component or the file. */
export function makeBackground(
  card: Card,
  scope: Scope,
  windows: WindowSet,
  inputs: BackgroundInputs,
): readonly BuiltComponent[] {
  return card.background.components.map((component, i) =>
    makeComponent(card, component, `background.components[${i}]`, scope, windows, inputs),
  );
}

function makeComponent(
  card: Card,
  component: CardComponent,
  where: string,
  scope: Scope,
  windows: WindowSet,
  inputs: BackgroundInputs,
): BuiltComponent {
  const { name } = component;
  if ('density' in component) {
    const density = makeDensity(card, component, scope, where);
    const { value: b0, error } = integrateWindows(windows, density.atMany);
    const worstIntegrationError = error.reduce((worst, e) => Math.max(worst, e), 0);
    return { component: { name, kind: 'known', b0 }, total: density.total, worstIntegrationError };
  }
  if ('map' in component) {
    const map = makeBinnedMap(read(inputs, tableKey(component.map)), card.y !== undefined, component.map.file);
    const total = map.events.reduce((sum, events) => sum + events, 0);
    return { component: { name, kind: 'known', b0: integrateMap(windows, map) }, total, worstIntegrationError: 0 };
  }
  if ('sample' in component) {
    const sample = inputs.samples?.get(name);
    if (sample === undefined) throw new DarkscanError('internal', `background: the sample of ${name} was not read`);
    const built = sampleComponent(name, windows, sample, component.sample.scale ?? 1, component.mc_stat ?? true);
    return { ...built, worstIntegrationError: 0 };
  }
  if ('side_band' in component) {
    if (inputs.events === undefined) throw new DarkscanError('internal', 'background: a side band needs the data');
    const { side_band: band } = component;
    return {
      component: sideBandComponent(name, card, band, `${where}.side_band`, scope, windows, inputs.events),
      worstIntegrationError: 0,
    };
  }
  if ('control' in component) {
    const events = inputs.controls?.get(name);
    if (events === undefined)
      throw new DarkscanError('internal', `background: the control sample of ${name} was not read`);
    const { control } = component;
    return {
      component: controlComponent(name, control, `${where}.control`, scope, windows, events),
      worstIntegrationError: 0,
    };
  }
  if ('polynomial' in component) {
    if (inputs.events === undefined) throw new DarkscanError('internal', 'background: a polynomial needs the data');
    const { polynomial } = component;
    const place = `${where}.polynomial`;
    return {
      component: polynomialComponent(name, card, polynomial, place, scope, windows, inputs.events),
      worstIntegrationError: 0,
    };
  }
  const table = read(inputs, tableKey(component.table));
  return { component: tableComponent(name, windows, component.table, table), worstIntegrationError: 0 };
}

function read(inputs: BackgroundInputs, file: string): Columns {
  const table = inputs.tables?.get(file);
  if (table === undefined) throw new DarkscanError('internal', `background: ${file} was not read`);
  return table;
}

/**
 * Weighted simulated events: b0 = scale sum w, sumW2 = scale^2 sum w^2. b0 can be negative where negative weights win:
 * such windows keep their b0 and get a status later. meanWeight is that of the whole selected sample: the scale of the
 * prior in windows without a simulated event.
 */
function sampleComponent(name: string, windows: WindowSet, sample: Events, scale: number, mcStat: boolean) {
  const n = sample.x.length;
  let all = 0;
  for (let j = 0; j < n; j++) {
    const w = sample.weight === undefined ? 1 : sample.weight[j];
    if (!Number.isFinite(w)) {
      const message = `background: event ${j} of the sample of ${name} has weight ${w}, expected a finite number`;
      throw new DarkscanError('data', `${message}; correct the file or its selection`);
    }
    all += w;
  }
  if (n === 0) {
    const message = `background: no event of the sample of ${name} is left, expected at least one; check its selection`;
    throw new DarkscanError('data', message);
  }
  const { sumW, sumW2, entries } = sumWeights(windows, sample);
  const b0 = sumW.map((w) => scale * w);
  const total = scale * all;
  if (!mcStat) return { component: { name, kind: 'known', b0, entries } as const, total };
  const component = { name, kind: 'mc-stat', b0, entries, meanWeight: total / n } as const;
  return { component: { ...component, sumW2: sumW2.map((w2) => scale * scale * w2) }, total };
}

/** One row per window, in window order or by `id` (the number of the window, from 0). */
function tableComponent(name: string, windows: WindowSet, spec: BackgroundTable, table: Columns): BackgroundComponent {
  const { file, columns } = spec;
  if (table.rowCount !== windows.count) {
    const message = `${file}: ${table.rowCount} rows, expected ${windows.count} (one per window)`;
    throw new DarkscanError('data', `${message}; make the table for these windows`);
  }
  const bkg = columnOf(table, columns.bkg, file);
  const err = columns.bkg_err === undefined ? undefined : columnOf(table, columns.bkg_err, file);
  const id = columns.id === undefined ? undefined : columnOf(table, columns.id, file);
  const b0 = new Float64Array(windows.count).fill(NaN);
  const error = err && new Float64Array(windows.count);
  for (let row = 0; row < windows.count; row++) {
    const i = id === undefined ? row : id[row];
    const free = Number.isInteger(i) && i >= 0 && i < windows.count && Number.isNaN(b0[i]);
    if (!free || !Number.isFinite(bkg[row]) || !(err === undefined || (err[row] >= 0 && err[row] < Infinity))) {
      const found = `id ${i}, ${columns.bkg} ${bkg[row]}` + (err ? `, ${columns.bkg_err} ${err[row]}` : '');
      const allowed = `every id 0..${windows.count - 1} once, finite numbers, errors 0 or more`;
      throw new DarkscanError('data', `${file}: row ${row} has ${found}, expected ${allowed}; correct the row`);
    }
    b0[i] = bkg[row];
    if (error && err) error[i] = err[row];
  }
  return error === undefined ? { name, kind: 'known', b0 } : { name, kind: 'error-given', b0, error };
}
