/** The numbers of a chart as rows of text: a row per place in view, a column per layer. */
import { withUnit } from '../../report/svg/label.ts';
import { numberText, probabilityText } from '../state/number-text.ts';
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
    { label: isBinned ? `${withUnit(x)}, from` : withUnit(x), values: places.map(({ low }) => low) },
    ...(isBinned ? [{ label: 'to', values: places.map(({ high }) => high) }] : []),
  ];
  const ofLayers = layers.flatMap(columnsOf);
  const inView = [...places.keys()].filter((i) => isInside(places[i], x.domain));
  return {
    head: [...ofPlaces, ...ofLayers].map(({ label }) => label),
    rows: inView.map((i) => [
      ...ofPlaces.map(({ values }) => numberText(values[i], 6)),
      ...ofLayers.map(({ values }) =>
        y.kind === 'log10' ? probabilityText(values[i] * Math.LN10) : numberText(values[i]),
      ),
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
