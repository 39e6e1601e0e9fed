/** ROOT-like labels on a canvas. */
import { parseLabel } from '../../report/svg/label-parser.ts';

export interface TextStyle {
  /** Pixels of the font. */
  readonly size: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  /** Upwards, turned by a quarter. */
  readonly vertical?: boolean;
}

const FAMILY = 'system-ui, sans-serif';

/** Draws in the fill style of the context; (x, y) is on the baseline. */
export function drawLabel(
  context: CanvasRenderingContext2D,
  label: string,
  x: number,
  y: number,
  { size, anchor = 'start', vertical = false }: TextStyle,
): void {
  let at = 0;
  const runs = parseLabel(label).map((run) => {
    context.font = `${run.size * size}px ${FAMILY}`;
    const placed = { ...run, at: at + run.dx * size };
    at = placed.at + context.measureText(run.text).width;
    return placed;
  });
  context.save();
  context.translate(x, y);
  if (vertical) context.rotate(-Math.PI / 2);
  const back = anchor === 'end' ? at : anchor === 'middle' ? at / 2 : 0;
  for (const run of runs) {
    context.font = `${run.size * size}px ${FAMILY}`;
    context.fillText(run.text, run.at - back, run.shift * size);
  }
  context.restore();
}
