/** Regions left out of the fits, and those whose events are not shown, hatched over the whole height of a figure. */
import { element } from '../svg/element.ts';
import type { Box } from '../svg/frame.ts';
import type { LegendEntry } from '../svg/legend.ts';
import type { Scale } from '../svg/scale.ts';

const FILL = { fill: 'url(#hatch)', stroke: '#999', 'stroke-width': '0.6' };
const BLIND_FILL = { fill: 'url(#hatch-blind)', stroke: '#8a6d3b', 'stroke-width': '0.6' };

type Regions = readonly (readonly [low: number, high: number])[];

/** One group per box; none where no region is inside the axis. Needs the pattern `hatch`. */
export function shadeVetoes(excluded: Regions, x: Scale, boxes: readonly Box[]): string[] {
  return shade(excluded, x, boxes, 'vetoes', FILL);
}

/** The same of regions under blind signals. Needs the pattern `hatch-blind`. */
export function shadeBlind(blind: Regions, x: Scale, boxes: readonly Box[]): string[] {
  return shade(blind, x, boxes, 'blind', BLIND_FILL);
}

function shade(
  regions: Regions,
  x: Scale,
  boxes: readonly Box[],
  name: string,
  style: Record<string, string>,
): string[] {
  const [from, to] = x.domain;
  const inside = regions.filter(([low, high]) => high > from && low < to);
  if (inside.length === 0) return [];
  return boxes.map(({ top, bottom }) => {
    const parts = inside.map(([low, high]) => {
      const left = x.position(low);
      return element('rect', { x: left, y: top, width: x.position(high) - left, height: bottom - top, ...style });
    });
    return element('g', { class: name }, ...parts);
  });
}

export function blindKey(): LegendEntry {
  return { key: 'box', label: 'blind: events not shown', style: BLIND_FILL };
}

export function vetoKey(): LegendEntry {
  return { key: 'box', label: 'vetoed, not fitted', style: FILL };
}
