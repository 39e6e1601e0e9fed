/** Lines at whole numbers of sigma across a p0 scan. */
import { lnNormalTail } from '../../stats/normal.ts';
import { element } from '../svg/element.ts';
import { text } from '../svg/frame.ts';
import type { Box } from '../svg/frame.ts';
import type { Scale } from '../svg/scale.ts';

export interface SigmaLine {
  readonly z: number;
  /** log10 of the one-sided normal tail. */
  readonly log10: number;
}

/** Rows of text need this much room. */
const ROW = 13;
const STEPS = [1, 2, 5, 10, 20];

/** log10 of P(> z). */
export function log10Tail(z: number): number {
  return lnNormalTail(z) / Math.LN10;
}

/** At 1, 2, 3 ... sigma inside the axis (log10 p), in larger steps where these would be too close to be labelled. */
export function sigmaLines(y: Scale): SigmaLine[] {
  const distance = (step: number) => y.position(log10Tail(2 * step)) - y.position(log10Tail(step));
  const step = STEPS.find((one) => log10Tail(2 * one) <= y.domain[0] || distance(one) >= ROW) ?? STEPS.at(-1)!;
  const lines: SigmaLine[] = [];
  for (let z = step; log10Tail(z) > y.domain[0]; z += step) lines.push({ z, log10: log10Tail(z) });
  return lines;
}

export function drawSigmaLines(lines: readonly SigmaLine[], y: Scale, box: Box): string[] {
  return lines.map(({ log10 }) =>
    element('path', {
      d: `M${box.left} ${y.position(log10).toFixed(1)}H${box.right}`,
      stroke: '#777',
      'stroke-dasharray': '5 4',
      fill: 'none',
    }),
  );
}

export function labelSigmaLines(lines: readonly SigmaLine[], y: Scale, box: Box): string[] {
  // two digits at 12 would leave the paper
  return lines.map(({ z, log10 }) =>
    text(box.right + (z < 10 ? 4 : 3), y.position(log10) + 4, `${z}#sigma`, { size: z < 10 ? 12 : 10 }),
  );
}
