/** Charts against the mass, a place per row of the table: local p0, limits with their bands, signal over its error. */
import { findColumn, numbersOf, type P0Group, type QuantityLabel, type ResultTable } from '../../model/result.ts';
import { linesByMass, massAxis } from '../../report/figures/mass-axis.ts';
import { log10Tail, sigmaLines } from '../../report/figures/sigma-lines.ts';
import type { LimitColumns } from '../../report/limit-bins.ts';
import { exponentScale } from '../../report/svg/scale.ts';
import { heightDomain, plainAxis, type ChartModel, type Layer, type Place, type View } from './chart-model.ts';
import { limitLayers } from './limit-layers.ts';

/** The rows of a table along its mass. */
export interface MassRows {
  /** Column of the mass. */
  readonly column: 'mass' | 'x';
  /** Row of each place. */
  readonly rows: readonly number[];
  readonly places: readonly Place[];
  /** A list of places for each spectrum. */
  readonly runs: readonly (readonly number[])[];
  /** Of the axis, and whether it is logarithmic unless asked otherwise. */
  readonly full: View;
  readonly prefersLog: boolean;
}

export function massRows(table: ResultTable, column: 'mass' | 'x'): MassRows {
  const mass = numbersOf(table, column);
  const lines = linesByMass(table, column);
  const rows = lines.flat().sort((i, j) => mass[i] - mass[j] || i - j);
  const placeOf = new Map(rows.map((row, place) => [row, place]));
  const { kind, domain } = massAxis(mass, { left: 0, right: 1, top: 0, bottom: 1 });
  return {
    column,
    rows,
    places: rows.map((row) => ({ low: mass[row], high: mass[row] })),
    runs: lines.map((line) => line.map((row) => placeOf.get(row)!)),
    full: domain,
    prefersLog: kind === 'log',
  };
}

export interface MassLook {
  readonly quantity: QuantityLabel;
  readonly view?: View;
  readonly isLogX: boolean;
}

/** Lines of the first, second ... p0 method. */
const P0_STYLES = [
  { tone: '--accent' },
  { tone: '--signal', dash: [6, 3] },
  { tone: '--good', dash: [2, 2] },
  { tone: '--ink', dash: [8, 3, 2, 3] },
] as const;
/** The axis always reaches down to this. */
const LEAST_Z = 3;
/** Pixels by which lines of sigma must be apart to be labelled: a chart is about this high. */
const NOMINAL_HEIGHT = 200;

/** From ln_p0, so that 40 sigma (p = 1e-349) has its place. */
export function p0Model(table: ResultTable, along: MassRows, methods: readonly P0Group[], look: MassLook): ChartModel {
  const layers = methods.map(({ method, suffix }, m): Layer => {
    const lnP0 = numbersOf(table, `ln_p0${suffix}`);
    const values = along.rows.map((row) => lnP0[row] / Math.LN10);
    return {
      kind: 'line',
      label: `local p_{0} (${method})`,
      word: m === 0 ? 'p0' : method,
      values,
      ...P0_STYLES[m % P0_STYLES.length],
    };
  });
  const [smallest] = heightDomain({ places: along.places, layers }, look.view, 'linear', [log10Tail(LEAST_Z), 0]);
  const y = plainAxis('local p_{0}', 'log10', [smallest, 0]);
  const levels = sigmaLines(exponentScale(smallest, [NOMINAL_HEIGHT, 0]));
  return {
    ...chartAlong(along, look),
    y,
    layers: layers.reverse(), // the first method on top
    levels: levels.map(({ z, log10 }) => ({ at: log10, label: `${z}σ` })),
  };
}

export function limitModel(
  table: ResultTable,
  along: MassRows,
  columns: LimitColumns,
  look: MassLook & { readonly title: string; readonly isLogY: boolean },
): ChartModel {
  const ofRows = (name: string | undefined) => {
    const column = name === undefined ? undefined : findColumn(table, name);
    return column?.type === 'f64' ? along.rows.map((row) => column.values[row]) : undefined;
  };
  const { m2, m1, '0': median, p1, p2 } = columns.expected;
  const layers = limitLayers({
    observed: ofRows(columns.observed),
    median: ofRows(median),
    band68: [ofRows(m1), ofRows(p1)],
    band95: [ofRows(m2), ofRows(p2)],
  });
  return { ...chartAlong(along, look), ...limitAxisOf(along.places, layers, look), layers };
}

/** The vertical axis of limits. */
export function limitAxisOf(
  places: readonly Place[],
  layers: readonly Layer[],
  { title, isLogY, view }: { readonly title: string; readonly isLogY: boolean; readonly view?: View },
): Pick<ChartModel, 'y'> {
  const kind = isLogY ? 'log' : 'linear';
  return { y: plainAxis(title, kind, heightDomain({ places, layers }, view, kind, isLogY ? [] : [0])) };
}

/** What every fit found, deficits too. */
export function signalModel(table: ResultTable, along: MassRows, look: MassLook): ChartModel {
  const [sHat, sErr] = [numbersOf(table, 's_hat'), numbersOf(table, 's_err')];
  const values = along.rows.map((row) => (sErr[row] > 0 ? sHat[row] / sErr[row] : NaN));
  const constant = (value: number) => along.rows.map(() => value);
  const layers: Layer[] = [
    { kind: 'band', label: '± 2', tone: '--error-2', from: constant(-2), to: constant(2) },
    { kind: 'band', label: '± 1', tone: '--error-1', from: constant(-1), to: constant(1) },
    { kind: 'line', label: 'Ŝ / error of the fit', tone: '--accent', values, word: 'Ŝ / error' },
  ];
  const domain = heightDomain({ places: along.places, layers }, look.view, 'linear', [-3, 3]);
  return { ...chartAlong(along, look), y: plainAxis('Ŝ / error', 'linear', domain), layers };
}

function chartAlong({ places, runs, full }: MassRows, { quantity, view, isLogX }: MassLook) {
  return { x: { ...quantity, kind: isLogX ? 'log' : 'linear', domain: view ?? full }, places, runs } as const;
}
