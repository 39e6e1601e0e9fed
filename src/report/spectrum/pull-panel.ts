/** The panel below a spectrum: pulls (n - b)/sqrt(b) of a background without signal. */
import { drawLine } from '../figures/bands.ts';
import { element } from '../svg/element.ts';
import { LOWER_BOX, type Panel } from '../svg/frame.ts';
import type { LegendEntry } from '../svg/legend.ts';
import { linearScale, type Scale } from '../svg/scale.ts';
import type { DrawnBin } from './drawn-bins.ts';

const FILLED = { fill: '#c9d6e4', stroke: '#1f3b57', 'stroke-width': '0.8' };
/** Below this expectation one event is a pull above 1 and no Gaussian one: its bar is open. */
const FEW = 1;
const OPEN = { fill: 'none', stroke: '#5a6b7d', 'stroke-width': '0.8', 'stroke-dasharray': '2 1.5' };
/** Pulls up to this always fit. */
const LEAST = 3;
/** The line has no place where less is expected: on the edge of what a density may be it would point anywhere. */
const LEAST_EXPECTED = 1e-3;
/** Where the line goes that leaves the panel. */
const OUTSIDE = 30;

/** For the legend, where a bar is open. */
export function fewKey(bins: readonly DrawnBin[]): LegendEntry[] {
  return bins.some(({ expected: [b] }) => b < FEW)
    ? [{ key: 'box', label: `pulls: b below ${FEW} event`, style: OPEN }]
    : [];
}

/** NaN where nothing is expected: no b, or b = 0. */
export function pullOf(n: number, b: number): number {
  return b > 0 ? (n - b) / Math.sqrt(b) : NaN;
}

/**
 * b is the first expectation of a bin. The second, where there is one, is the fit with signal: its distance from b is a line
 * of this style.
 */
export function pullPanel(bins: readonly DrawnBin[], x: Scale, xTitle: string, style?: Record<string, string>): Panel {
  const pulls = bins.map(({ n, expected: [b] }) => pullOf(n, b));
  const line = bins.map(({ low, high, expected: [b, full = NaN] }) => ({
    low,
    high,
    pull: b < LEAST_EXPECTED ? NaN : pullOf(full, b),
  }));
  const largest = bins.reduce((max, { expected: [b] }, i) => {
    const heights = b >= FEW ? [pulls[i], line[i].pull] : [pulls[i]];
    return heights.reduce((most, pull) => (Math.abs(pull) > most ? Math.abs(pull) : most), max);
  }, LEAST);
  const y = linearScale([-1.15 * largest, 1.15 * largest], [LOWER_BOX.bottom, LOWER_BOX.top], 4);
  const open: Scale = { ...y, position: (value) => positionOutside(y, value) };
  const zero = y.position(0);
  const bars = (isChosen: (b: number) => boolean) =>
    bins
      .map(({ low, high, expected: [b] }, i) => {
        if (Number.isNaN(pulls[i]) || !isChosen(b)) return '';
        const [left, right, at] = [x.position(low), x.position(high), y.position(pulls[i])].map((one) =>
          one.toFixed(1),
        );
        return `M${left} ${zero.toFixed(1)}V${at}H${right}V${zero.toFixed(1)}z`;
      })
      .join('');
  return {
    axes: { box: LOWER_BOX, x, y, xTitle, yTitle: '(n − b)/√b' },
    marks: [
      element('path', { class: 'pulls', d: bars((b) => b >= FEW), ...FILLED }),
      element('path', { class: 'pulls-few', d: bars((b) => b < FEW), ...OPEN }),
      element('path', { d: `M${LOWER_BOX.left} ${zero.toFixed(1)}H${LOWER_BOX.right}`, stroke: 'black' }),
      style === undefined ? '' : drawLine(line, ({ pull }) => pull, x, open, style),
    ],
  };
}

function positionOutside(y: Scale, value: number): number {
  const [low, high] = y.domain;
  if (value < low) return LOWER_BOX.bottom + OUTSIDE;
  return value > high ? LOWER_BOX.top - OUTSIDE : y.position(value);
}
