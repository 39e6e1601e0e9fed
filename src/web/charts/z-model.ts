/** How often each local Z occurs against what the background alone predicts (report/z-histogram.ts). */
import { LEAST_EXPECTED, type ZHistogram } from '../../report/z-histogram.ts';
import { heightDomain, plainAxis, type ChartModel, type Layer, type View } from './chart-model.ts';

export interface ZLook {
  readonly method: string;
  readonly view?: View;
  readonly isLogY: boolean;
}

/** Bins without windows stay empty on a logarithmic axis; expectations below LEAST_EXPECTED are below it. */
export function zModel(histogram: ZHistogram, { method, view, isLogY }: ZLook): ChartModel {
  const { edges, counts, expected, shown, withZ } = histogram;
  const places = Array.from(counts, (_, i) => ({ low: edges[i], high: edges[i + 1] }));
  const layers: Layer[] = [
    ...(withZ > 0
      ? [{ kind: 'bars', label: 'observed windows', tone: '--filled', values: counts, word: 'observed' } as const]
      : []),
    ...(expected === undefined
      ? []
      : [{ kind: 'line', label: 'expected from background, exact and discrete', tone: '--signal', values: expected, dash: [6, 3], word: 'expected' } as const]), // prettier-ignore
  ];
  const kind = isLogY ? 'log' : 'linear';
  const [, high] = heightDomain({ places, layers }, view, kind, [1]);
  const width = Number((edges[1] - edges[0]).toPrecision(3));
  return {
    x: plainAxis('local Z', 'linear', view ?? shown),
    y: plainAxis(`windows per ${width} in Z (${method})`, kind, [isLogY ? LEAST_EXPECTED : 0, high]),
    places,
    layers,
  };
}

/** What is not drawn, and what to mind. */
export function zRemarks({ withZ, atOne, expectedAtOne, outside }: ZHistogram, nWindows: number): string[] {
  const predicted = expectedAtOne === undefined ? '' : `, expected ${expectedAtOne.toFixed(1)}`;
  const without = nWindows - withZ - atOne;
  const parts = [
    `${atOne} windows with p0 = 1${predicted}`,
    ...(without > 0 ? [`${without} blind or without a result`] : []),
    ...(outside > 0 ? [`${outside} outside the bins`] : []),
  ];
  return [`Not drawn: ${parts.join('; ')}.`, 'Windows overlap: neighbouring bins fluctuate together.'];
}
