/** Where the legend of a spectrum goes: all of it in a free corner, else its keys at the top left and its text at the right. */
import type { Box } from '../svg/frame.ts';
import { countHidden, freeCorner, legendWidth, type LegendEntry } from '../svg/legend.ts';

/** From the edges of the box, as freeCorner leaves it. */
const MARGIN = 12;

export interface PlacedLegend {
  /** Top left corner. */
  readonly corner: [number, number];
  readonly entries: readonly LegendEntry[];
}

export interface PlacedLegends {
  readonly legends: readonly PlacedLegend[];
  /** Marks behind them. */
  readonly hidden: number;
}

/** @param marks points (SVG units) that should stay visible */
export function placeLegends(
  box: Box,
  entries: readonly LegendEntry[],
  marks: readonly (readonly [number, number])[],
): PlacedLegends {
  const [keys, words] = [entries.filter(({ key }) => key !== 'none'), entries.filter(({ key }) => key === 'none')];
  const together = counted([{ corner: freeCorner(box, entries, marks), entries }], marks);
  if (together.hidden === 0 || words.length === 0) return together;
  const top = box.top + MARGIN;
  const apart = counted(
    [
      { corner: [box.left + MARGIN, top], entries: keys },
      { corner: [box.right - MARGIN - legendWidth(words), top], entries: words },
    ],
    marks,
  );
  return apart.hidden < together.hidden ? apart : together;
}

function counted(legends: readonly PlacedLegend[], marks: readonly (readonly [number, number])[]): PlacedLegends {
  const hidden = legends.reduce((sum, { corner, entries }) => sum + countHidden(corner, entries, marks), 0);
  return { legends, hidden };
}
