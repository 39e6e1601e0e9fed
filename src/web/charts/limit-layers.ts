/** Limits as marks of a chart: bands of 68 and 95 %, the dashed median, what was observed. Only what has numbers. */
import type { BandLayer, ChartModel, Layer } from './chart-model.ts';

type Values = readonly number[] | undefined;

export interface LimitValues {
  readonly observed: Values;
  /** Of the expected limits. */
  readonly median: Values;
  readonly band68: readonly [Values, Values];
  readonly band95: readonly [Values, Values];
}

export const MEDIAN_DASH = [6, 3];

export function limitLayers({ observed, median, band68, band95 }: LimitValues): Layer[] {
  return [
    ...band('expected, 95 %', '--band-2', band95),
    ...band('expected, 68 %', '--band-1', band68),
    ...(hasNumbers(median)
      ? [
          {
            kind: 'line',
            label: 'median expected',
            tone: '--ink',
            values: median,
            dash: MEDIAN_DASH,
            word: 'expected',
          } as const,
        ]
      : []),
    ...(hasNumbers(observed)
      ? [{ kind: 'line', label: 'observed', tone: '--ink', values: observed, word: 'observed' } as const]
      : []),
  ];
}

export function band(label: string, tone: BandLayer['tone'], [from, to]: readonly [Values, Values]): BandLayer[] {
  return hasNumbers(from) && hasNumbers(to) ? [{ kind: 'band', label, tone, from, to }] : [];
}

/** At a fraction of an event several quantiles are the same count, and a band has no width. */
export function hasClosedBands({ layers }: ChartModel): boolean {
  return layers.some((layer) => layer.kind === 'band' && Array.from(layer.from).some((low, i) => low === layer.to[i]));
}

export function hasNumbers(values: Values): values is readonly number[] {
  return values !== undefined && values.some((value) => !Number.isNaN(value));
}
