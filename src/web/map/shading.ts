/** How each window looks on the map: a colour for its number, or ground, ink and pattern of the reason why it has none. */
import { findColumn, type ResultTable } from '../../model/result.ts';
import { BLANK_LABELS, blanksOf, limitRange, significanceRange, type Blank } from '../../report/map-values.ts';
import { significanceMap, viridis, type ColourMap } from '../../report/svg/colour.ts';
import { linearScale, logScale, type Scale } from '../../report/svg/scale.ts';
import { sortNumbers } from '../../report/numbers.ts';
import { PATTERNS, type PatternName } from './patterns.ts';
import { valuesOf, type Quantity } from './quantities.ts';

/** Colours of the style sheet as "#rrggbb". */
export interface MapPalette {
  readonly dark: boolean;
  readonly noExcess: string;
  readonly blankGround: string;
  readonly blankInk: string;
  readonly crossGround: string;
  readonly crossInk: string;
  readonly ok: string;
}

export interface Category {
  /** ROOT-like. */
  readonly label: string;
  readonly nWindows: number;
  readonly ground: string;
  readonly ink: string;
  readonly pattern: PatternName;
}

export interface ColourBar {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  /** Whether a logarithmic scale is possible. */
  readonly canLog: boolean;
  /** Counts: whole numbers at the ticks. */
  readonly whole: boolean;
  readonly colours: ColourMap;
  readonly nAbove: number;
}

export interface Shading {
  readonly values: Float64Array;
  /** [count] 0xaabbggrr: ground and ink of a window, and its pattern (index into PATTERNS). */
  readonly grounds: Uint32Array;
  readonly inks: Uint32Array;
  readonly patterns: Uint8Array;
  /** [count] which window to show where several centres share a pixel. */
  readonly preference: Float64Array;
  /** Absent for categories. */
  readonly bar?: ColourBar;
  readonly categories: readonly Category[];
}

const N_SHADES = 256;

/** @param log undefined: as the values suggest */
export function shadeWindows(
  table: ResultTable,
  quantity: Quantity,
  log: boolean | undefined,
  palette: MapPalette,
): Shading {
  return quantity.kind === 'status' ? shadeStatus(table, palette) : shadeValues(table, quantity, log, palette);
}

/** Scale of a colour bar over `range`. */
export function barScale({ low, high, log, whole }: ColourBar, range: readonly [number, number]): Scale {
  if (log) return logScale([low, high], range);
  return linearScale([low, high], range, whole ? Math.max(1, Math.min(8, Math.round(high - low))) : 8);
}

function shadeValues(
  table: ResultTable,
  { column, kind }: Quantity,
  log: boolean | undefined,
  palette: MapPalette,
): Shading {
  const values = valuesOf(table, column);
  const bar = kind === 'significance' ? significanceBar(values, palette.dark) : valueBar(values, kind, log);
  const scale = barScale(bar, [0, 1]);
  const shades = Array.from({ length: N_SHADES }, (_, k) => packColour(bar.colours((k + 0.5) / N_SHADES)));
  const blanks = blanksOf(table, values, kind === 'significance' ? column : undefined);
  const looks = blankLooks(blanks, palette);
  const cells = newCells(table.rowCount);
  for (let i = 0; i < values.length; i++) {
    const blank = blanks[i];
    if (blank !== undefined) setLook(cells, i, looks[blank]);
    else cells.grounds[i] = shades[Math.min(N_SHADES - 1, Math.floor(scale.position(values[i]) * N_SHADES))];
    cells.preference[i] = Number.isNaN(values[i]) ? -Infinity : kind === 'limit' ? -values[i] : values[i];
  }
  const categories = Object.values(looks).filter(({ nWindows }) => nWindows > 0);
  return { ...cells, values, bar, categories };
}

function significanceBar(values: Float64Array, dark: boolean): ColourBar {
  const [low, high] = significanceRange(values);
  return { low, high, log: false, canLog: false, whole: true, colours: significanceMap(low, high, dark), nAbove: 0 };
}

function valueBar(values: Float64Array, kind: Quantity['kind'], wanted: boolean | undefined): ColourBar {
  const whole = kind === 'amount' && values.every((value) => Number.isNaN(value) || Number.isInteger(value));
  const { low, high, nAbove, log } = whole ? countRange(values) : limitRange(values);
  const canLog = low > 0 && low < high;
  return { low, high, log: canLog && (wanted ?? log), canLog, whole, colours: viridis, nAbove };
}

/** Counts show all their values: the window with the most events must not hide above the scale. */
function countRange(values: Float64Array) {
  const sorted = sortNumbers(values);
  return { low: sorted[0] ?? 0, high: Math.max(1, sorted.at(-1) ?? 1), nAbove: 0, log: false };
}

function blankLooks(blanks: readonly (Blank | undefined)[], palette: MapPalette): Record<Blank, Category> {
  const look = (blank: Blank, ground: string, ink: string, pattern: PatternName): Category => ({
    label: BLANK_LABELS[blank],
    nWindows: blanks.filter((one) => one === blank).length,
    ground,
    ink,
    pattern,
  });
  return {
    'no-excess': look('no-excess', palette.noExcess, palette.noExcess, 'plain'),
    blind: look('blind', palette.blankGround, palette.blankInk, 'hatch'),
    'no-number': look('no-number', palette.crossGround, palette.crossInk, 'cross'),
  };
}

/** Each status keeps its pattern from scan to scan. */
const STATUS_PATTERNS: Readonly<Record<string, PatternName>> = {
  ok: 'plain',
  blind: 'hatch',
  'bad-background': 'cross',
  'no-sensitivity': 'rows',
  'zero-background': 'bars',
  'not-converged': 'checks',
  'prior-edge': 'dots',
  'no-mc': 'grid',
};

function shadeStatus(table: ResultTable, palette: MapPalette): Shading {
  const statuses = findColumn(table, 'status')!.values as readonly string[];
  const counts = new Map<string, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  const looks = new Map(
    [...counts].map(([status, nWindows]): [string, Category] => {
      const ground = status === 'ok' ? palette.ok : palette.blankGround;
      return [
        status,
        { label: status, nWindows, ground, ink: palette.crossInk, pattern: STATUS_PATTERNS[status] ?? 'counter' },
      ];
    }),
  );
  const cells = newCells(table.rowCount);
  statuses.forEach((status, i) => {
    setLook(cells, i, looks.get(status)!);
    // the rarer a status, the more it should be seen
    cells.preference[i] = -counts.get(status)!;
  });
  return { ...cells, values: new Float64Array(table.rowCount).fill(NaN), categories: [...looks.values()] };
}

function newCells(count: number) {
  return {
    grounds: new Uint32Array(count),
    inks: new Uint32Array(count),
    patterns: new Uint8Array(count),
    preference: new Float64Array(count),
  };
}

function setLook(cells: ReturnType<typeof newCells>, i: number, { ground, ink, pattern }: Category): void {
  cells.grounds[i] = packColour(ground);
  cells.inks[i] = packColour(ink);
  cells.patterns[i] = PATTERNS.indexOf(pattern);
}

/** "#rrggbb" as the number that pixels of a canvas hold: 0xffbbggrr. */
export function packColour(colour: string): number {
  const rgb = Number.parseInt(colour.slice(1, 7), 16);
  return (0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0;
}
