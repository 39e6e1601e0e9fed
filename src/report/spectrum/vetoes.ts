/** Regions left out of the fits, hatched over the whole height of a figure. */
import { element } from '../svg/element.ts';
import type { Box } from '../svg/frame.ts';
import type { LegendEntry } from '../svg/legend.ts';
import type { Scale } from '../svg/scale.ts';

const FILL = { fill: 'url(#hatch)', stroke: '#999', 'stroke-width': '0.6' };

/** One group per box; none where no region is inside the axis. Needs the pattern `hatch`. */
export function shadeVetoes(
  excluded: readonly (readonly [low: number, high: number])[],
  x: Scale,
  boxes: readonly Box[],
): string[] {
  const [from, to] = x.domain;
  const inside = excluded.filter(([low, high]) => high > from && low < to);
  if (inside.length === 0) return [];
  return boxes.map(({ top, bottom }) => {
    const parts = inside.map(([low, high]) => {
      const left = x.position(low);
      return element('rect', { x: left, y: top, width: x.position(high) - left, height: bottom - top, ...FILL });
    });
    return element('g', { class: 'vetoes' }, ...parts);
  });
}

export function vetoKey(): LegendEntry {
  return { key: 'box', label: 'vetoed, not fitted', style: FILL };
}
