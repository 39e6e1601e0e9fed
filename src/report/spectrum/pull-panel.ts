/** The panel below a spectrum: pulls (n - b)/sqrt(b) of a background without signal. */
import { drawLine } from '../figures/bands.ts';
import { element } from '../svg/element.ts';
import { LOWER_BOX, type Panel } from '../svg/frame.ts';
import { linearScale, type Scale } from '../svg/scale.ts';
import type { DrawnBin } from './drawn-bins.ts';

const FILL = { fill: '#c9d6e4', stroke: '#1f3b57', 'stroke-width': '0.8' };
/** Pulls up to this always fit. */
const LEAST = 3;

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
  const line = bins.map(({ low, high, expected: [b, full = NaN] }) => ({ low, high, pull: pullOf(full, b) }));
  const largest = [...pulls, ...line.map(({ pull }) => pull)].reduce(
    (max, pull) => (Math.abs(pull) > max ? Math.abs(pull) : max),
    LEAST,
  );
  const y = linearScale([-1.15 * largest, 1.15 * largest], [LOWER_BOX.bottom, LOWER_BOX.top], 4);
  const zero = y.position(0);
  const bars = bins.flatMap(({ low, high }, i) => {
    if (Number.isNaN(pulls[i])) return [];
    const [left, right, at] = [x.position(low), x.position(high), y.position(pulls[i])].map((value) =>
      value.toFixed(1),
    );
    return [`M${left} ${zero.toFixed(1)}V${at}H${right}V${zero.toFixed(1)}z`];
  });
  return {
    axes: { box: LOWER_BOX, x, y, xTitle, yTitle: '(n − b)/√b' },
    marks: [
      element('path', { class: 'pulls', d: bars.join(''), ...FILL }),
      element('path', { d: `M${LOWER_BOX.left} ${zero.toFixed(1)}H${LOWER_BOX.right}`, stroke: 'black' }),
      style === undefined ? '' : drawLine(line, ({ pull }) => pull, x, y, style),
    ],
  };
}
