/** The numbers of a chart as rows of text: a row per place in view, a column per layer. */
import { probabilityText, significant } from '../../report/summary-text.ts';
import { isInside, type ChartModel, type Layer } from './chart-model.ts';

export interface ChartTable {
  /** ROOT-like. */
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

interface Column {
  readonly label: string;
  readonly values: ArrayLike<number>;
}

export function chartTable({ x, y, places, layers }: ChartModel): ChartTable {
  const isBinned = places.some(({ low, high }) => low < high);
  const ofPlaces: Column[] = [
    { label: isBinned ? `${x.label}, from` : x.label, values: places.map(({ low }) => low) },
    ...(isBinned ? [{ label: 'to', values: places.map(({ high }) => high) }] : []),
  ];
  const ofLayers = layers.flatMap(columnsOf);
  const inView = [...places.keys()].filter((i) => isInside(places[i], x.domain));
  return {
    head: [...ofPlaces, ...ofLayers].map(({ label }) => label),
    rows: inView.map((i) => [
      ...ofPlaces.map(({ values }) => significant(values[i], 6)),
      ...ofLayers.map(({ values }) => (y.kind === 'log10' ? probabilityOf(values[i]) : numberText(values[i]))),
    ]),
  };
}

function columnsOf(layer: Layer): Column[] {
  if (layer.kind === 'band')
    return [
      { label: `${layer.label}, from`, values: layer.from },
      { label: `${layer.label}, to`, values: layer.to },
    ];
  const { label, values } = layer;
  if (layer.kind !== 'points' || layer.from === undefined || layer.to === undefined) return [{ label, values }];
  return [
    { label, values },
    { label: `${label}, lower end of its error`, values: layer.from },
    { label: `${label}, upper end`, values: layer.to },
  ];
}

/** '-' where there is none. */
export function numberText(value: number, digits = 4): string {
  return Number.isNaN(value) ? '-' : significant(value, digits);
}

/** From its log10, which reaches further than doubles. */
function probabilityOf(log10: number): string {
  return Number.isNaN(log10) ? '-' : probabilityText(log10 * Math.LN10);
}
