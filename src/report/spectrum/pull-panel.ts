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

export interface Pull {
  readonly low: number;
  readonly high: number;
  /** Of the data; NaN where nothing is expected. */
  readonly pull: number;
  /** The distance of the fit with signal from b in the same unit; NaN where there is none, or next to nothing is expected. */
  readonly signal: number;
  /** Few events are expected: not Gaussian. */
  readonly isFew: boolean;
}

/** b is the first expectation of a bin, the second, where there is one, the fit with signal. */
export function pullsOf(bins: readonly DrawnBin[]): Pull[] {
  return bins.map(({ low, high, n, expected: [b, full = NaN] }) => ({
    low,
    high,
    pull: pullOf(n, b),
    signal: b < LEAST_EXPECTED ? NaN : pullOf(full, b),
    isFew: !(b >= FEW),
  }));
}

/** What the axis of pulls must hold on both sides: where few events are expected the signal may leave it. */
export function reachOf(pulls: readonly Pull[]): number {
  const heights = pulls.flatMap(({ pull, signal, isFew }) => (isFew ? [pull] : [pull, signal]));
  return 1.15 * heights.reduce((most, height) => (Math.abs(height) > most ? Math.abs(height) : most), LEAST);
}

/** @param style of the line of the fit with signal, where there is one */
export function pullPanel(bins: readonly DrawnBin[], x: Scale, xTitle: string, style?: Record<string, string>): Panel {
  const pulls = pullsOf(bins);
  const reach = reachOf(pulls);
  const y = linearScale([-reach, reach], [LOWER_BOX.bottom, LOWER_BOX.top], 4);
  const open: Scale = { ...y, position: (value) => positionOutside(y, value) };
  const zero = y.position(0);
  const bars = (few: boolean) =>
    pulls
      .map(({ low, high, pull, isFew }) => {
        if (Number.isNaN(pull) || isFew !== few) return '';
        const [left, right, at] = [x.position(low), x.position(high), y.position(pull)].map((one) => one.toFixed(1));
        return `M${left} ${zero.toFixed(1)}V${at}H${right}V${zero.toFixed(1)}z`;
      })
      .join('');
  return {
    axes: { box: LOWER_BOX, x, y, xTitle, yTitle: '(n − b)/√b' },
    marks: [
      element('path', { class: 'pulls', d: bars(false), ...FILLED }),
      element('path', { class: 'pulls-few', d: bars(true), ...OPEN }),
      element('path', { d: `M${LOWER_BOX.left} ${zero.toFixed(1)}H${LOWER_BOX.right}`, stroke: 'black' }),
      style === undefined ? '' : drawLine(pulls, ({ signal }) => signal, x, open, style),
    ],
  };
}

function positionOutside(y: Scale, value: number): number {
  const [low, high] = y.domain;
  if (value < low) return LOWER_BOX.bottom + OUTSIDE;
  return value > high ? LOWER_BOX.top - OUTSIDE : y.position(value);
}
