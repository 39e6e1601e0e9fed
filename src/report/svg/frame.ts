/**
 * The paper every figure is drawn on: a box with inward ticks on four sides, axis titles at the ends of their axes,
 * experiment label top left, conditions (energy, luminosity) top right, the subject of the figure below them, the title
 * of the analysis beside it where there is room.
 */
import type { PlotLabels } from '../../model/result.ts';
import { element, escapeText, svgDocument } from './element.ts';
import { hasStackedScripts, labelMarkup, labelText, labelWidth } from './label.ts';
import type { Scale } from './scale.ts';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const FIGURE_SIZE = { width: 800, height: 560 } as const;
/** Plot box alone; figures with a colour bar or a side legend use narrower ones. */
export const WIDE_BOX: Box = { left: 84, top: 62, right: 776, bottom: 496 };
export const BAR_BOX: Box = { left: 84, top: 62, right: 680, bottom: 496 };
/** Two panels over one axis. */
export const UPPER_BOX: Box = { ...WIDE_BOX, bottom: 374 };
export const LOWER_BOX: Box = { ...WIDE_BOX, top: 382 };

const MAJOR_TICK = 10;
const MINOR_TICK = 5;
const FONT = 14;
const TICK_FONT = 13;
/** Numbers beside the vertical axis may be this wide; beyond it is its title. */
const TICK_WIDTH = 47;

export interface Axes {
  readonly box: Box;
  readonly x: Scale;
  readonly y: Scale;
  /** ROOT-like titles with units. */
  readonly xTitle: string;
  readonly yTitle: string;
}

/** One line of text with ROOT-like markup. */
export function text(
  x: number,
  y: number,
  label: string,
  options: { size?: number; anchor?: 'start' | 'middle' | 'end'; bold?: boolean; fill?: string; rotate?: boolean } = {},
): string {
  const { size = FONT, anchor = 'start', bold = false, fill, rotate = false } = options;
  // Stacked scripts step back, and renderers disagree whether that counts for the anchor: place those by our own width.
  const own = anchor !== 'start' && hasStackedScripts(label);
  const back = own ? labelWidth(label) * size * (anchor === 'end' ? 1 : 0.5) : 0;
  const attributes = {
    x: rotate ? Math.round(x) - back : x - back,
    y: rotate ? Math.round(y) : y,
    'font-size': size,
    'text-anchor': anchor === 'start' || own ? undefined : anchor,
    'font-weight': bold ? 'bold' : undefined,
    fill,
    transform: rotate ? `rotate(-90 ${Math.round(x)} ${Math.round(y)})` : undefined,
  };
  return element('text', attributes, labelMarkup(label, size));
}

export interface Panel {
  readonly axes: Axes;
  readonly marks: readonly string[];
}

/** A whole figure: marks (clipped to the box), axes over them, extras (legend, colour bar) last. */
export function figure(parts: {
  axes: Axes;
  /** A panel below, on the same x: its axis carries the numbers and the title of both. */
  lower?: Panel;
  labels: PlotLabels;
  /** Second header line, and the accessible title together with the card's. */
  subject: string;
  /** What a person who cannot see the figure should know. */
  description: string;
  defs?: string;
  marks: readonly string[];
  extras?: readonly string[];
}): string {
  const { axes, lower, labels, subject, description, defs = '', marks, extras = [] } = parts;
  const { left, right } = axes.box;
  const end = Math.max(right, BAR_BOX.right);
  const fits = (labelWidth(subject) + labelWidth(labels.title)) * 13 + 24 < end - left;
  return svgDocument(
    FIGURE_SIZE,
    `${labelText(subject)}: ${labelText(labels.title)}`,
    labelText(description),
    element('defs', {}, clipPath('box', axes.box), lower ? clipPath('lower', lower.axes.box) : '', defs),
    element('g', { 'clip-path': 'url(#box)' }, ...marks),
    lower ? element('g', { 'clip-path': 'url(#lower)' }, ...lower.marks) : '',
    drawAxes(lower ? { ...axes, x: withoutLabels(axes.x), xTitle: '' } : axes),
    lower ? drawAxes(lower.axes) : '',
    text(left, 26, labels.experiment, { bold: true, size: 15 }),
    text(end, 26, labels.conditions, { anchor: 'end' }),
    text(left, 50, subject, { size: 13 }),
    fits ? text(end, 50, labels.title, { anchor: 'end', size: 13 }) : '',
    ...extras,
  );
}

function clipPath(id: string, { left, top, right, bottom }: Box): string {
  return element('clipPath', { id }, element('rect', { x: left, y: top, width: right - left, height: bottom - top }));
}

function withoutLabels(scale: Scale): Scale {
  return { ...scale, major: scale.major.map(({ value }) => ({ value, label: '' })) };
}

function drawAxes({ box, x, y, xTitle, yTitle }: Axes): string {
  const { left, top, right, bottom } = box;
  const ticks: string[] = [];
  const addTicks = (length: number, values: readonly number[], scale: Scale, vertical: boolean) => {
    for (const value of values) {
      const at = scale.position(value).toFixed(1);
      if (vertical) ticks.push(`M${left} ${at}h${length}M${right} ${at}h${-length}`);
      else ticks.push(`M${at} ${bottom}v${-length}M${at} ${top}v${length}`);
    }
  };
  addTicks(
    MAJOR_TICK,
    x.major.map((tick) => tick.value),
    x,
    false,
  );
  addTicks(MINOR_TICK, x.minor, x, false);
  addTicks(
    MAJOR_TICK,
    y.major.map((tick) => tick.value),
    y,
    true,
  );
  addTicks(MINOR_TICK, y.minor, y, true);
  const widest = Math.max(...y.major.map(({ label }) => labelWidth(label)), 1);
  const ySize = Math.min(TICK_FONT, Math.round((10 * TICK_WIDTH) / widest) / 10);
  return element(
    'g',
    {},
    element('path', { d: ticks.join(''), stroke: 'black', 'stroke-width': '1', fill: 'none' }),
    element('rect', {
      x: left,
      y: top,
      width: right - left,
      height: bottom - top,
      fill: 'none',
      stroke: 'black',
      'stroke-width': '1.4',
    }),
    ...x.major
      .filter(({ label }) => label !== '')
      .map((tick) => text(x.position(tick.value), bottom + 20, tick.label, { anchor: 'middle', size: TICK_FONT })),
    ...y.major.map((tick) => text(left - 8, y.position(tick.value) + 5, tick.label, { anchor: 'end', size: ySize })),
    xTitle === '' ? '' : text(right, bottom + 44, xTitle, { anchor: 'end', size: 15 }),
    text(24, top, yTitle, { anchor: 'end', size: 15, rotate: true }),
  );
}

/** Hatch and cross-hatch patterns for windows without a number, told apart without colour. */
export function hatchPattern(id: string, stroke: string, crossed = false, fill = 'white'): string {
  const d = crossed ? 'M0 0L6 6M6 0L0 6' : 'M-1.5 1.5L1.5 -1.5M0 6L6 0M4.5 7.5L7.5 4.5';
  const background = element('rect', { width: 6, height: 6, fill });
  const lines = element('path', { d, stroke, 'stroke-width': '0.9' });
  return element(
    'pattern',
    { id: escapeText(id), width: 6, height: 6, patternUnits: 'userSpaceOnUse' },
    background,
    lines,
  );
}
