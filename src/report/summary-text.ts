/**
 * What `scan` prints at its end: the most interesting windows WITH the number of windows beside them, what the best one
 * means for the whole scan, limits with their five expected quantiles, statuses. Bad news in CAPITALS.
 */
import type { BestWindow, GlobalToys, LimitSummary, RowCounts, Significance, Summary } from '../model/result.ts';
import { EXPECTED_QUANTILES } from '../model/result.ts';
import { alignColumns } from './compare.ts';
import { labelText, withUnit } from './svg/label.ts';

const LISTED = 5;

/**
 * Lines for a terminal.
 * @param directory where the run was written, when it was
 * @param plots whether plots are in it
 */
export function summaryText(summary: Summary, directory?: string, { plots = true } = {}): string {
  const { nWindows, limits, rows, backend } = summary;
  const toys = summary.global?.toys === undefined ? '' : ', toys.json';
  const files = `windows.parquet, summary.json, run.json${toys}${plots ? ', plots/' : ''}`;
  const lines = [
    `${labelText(summary.title)} (${summary.card})`,
    `${nWindows} windows, ${rowsText(rows)}, ${(summary.elapsedMs / 1000).toFixed(2)} s on ${backend.description}`,
    '',
    ...bestText(summary),
    ...globalText(summary),
    ...limits.flatMap((group) => ['', ...limitText(group)]),
    '',
    statusText(summary),
    ...coverageText(summary),
    ...recheckText(summary),
    ...summary.warnings.map((warning) => `WARNING ${warning}`),
    ...(directory === undefined ? [] : [`results in ${directory}: ${files}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** p from ln p: "3.1e-05", "exp(-801.2) = 10^-348" where doubles end. */
export function probabilityText(lnP: number): string {
  if (lnP > -690) return lnP === 0 ? '1' : Math.exp(lnP).toPrecision(3);
  return `10^${(lnP / Math.LN10).toFixed(1)}`;
}

function bestText({ best, nWindows, p0Method, limits, x, y }: Summary): string[] {
  if (best.length === 0) return [`most significant of ${nWindows} windows: NONE HAS AN EXCESS TO RANK`];
  const shown = best.slice(0, LISTED);
  const head = [
    'window',
    labelText(withUnit(x)),
    ...(y === undefined ? [] : [labelText(withUnit(y))]),
    'n',
    'background',
    'local p0',
    'Z',
    ...(shown[0].otherP0 ?? []).map(({ method }) => `Z ${method}`),
    'limit',
    'status',
  ];
  const rows = shown.map((window) => bestRow(window, y !== undefined));
  const limit = limits.length > 1 ? `; limit: ${limits[0].method}, ${limits[0].levelLabel}` : '';
  return [
    `most significant ${shown.length} of ${nWindows} windows (p0: ${p0Method}, local${limit})`,
    ...alignColumns([head, ...rows]).map((line) => `  ${line}`),
  ];
}

function bestRow(window: BestWindow, plane: boolean): string[] {
  const background =
    window.bkgErr === null ? significant(window.bkg) : `${significant(window.bkg)} ± ${significant(window.bkgErr, 2)}`;
  return [
    String(window.id),
    significant(window.x, 5),
    ...(plane ? [significant(window.y!, 5)] : []),
    String(window.n),
    background,
    window.lnP0 === null ? '-' : probabilityText(window.lnP0),
    ...[window, ...(window.otherP0 ?? [])].map(({ z }) => (z === null ? '-' : z.toFixed(2))),
    window.limitObs === null || window.limitObs === undefined ? '-' : significant(window.limitObs),
    window.status === 'ok' ? 'ok' : window.status.toUpperCase(),
  ];
}

function globalText({ best, global, nWindows }: Summary): string[] {
  if (global === null || best.length === 0) return [];
  const say = ({ lnP, z }: Significance) => `p ${probabilityText(lnP)}${z === null ? '' : ` (Z ${z.toFixed(2)})`}`;
  return [
    `  the best of ${nWindows} windows: global Sidak bound ${say(global.sidak)}, Bonferroni bound ${say(global.bonferroni)}`,
    ...(global.toys === undefined ? [] : [toysLine(global.toys)]),
  ];
}

/** @param counted how, where that is another count than the scan's */
export function toysLine(
  { ensemble, nToys, nExceedances, zLocal, p, low, high, z, trialsFactor }: GlobalToys,
  counted = ' (counted by cells)',
): string {
  const number = (value: number) => (value === 0 ? '0' : probabilityText(Math.log(value)));
  const found = `${nExceedances} of ${nToys} ${ensemble} toys reach Z ${zLocal === null ? '-' : zLocal.toFixed(2)}${counted}`;
  const factor = trialsFactor === null ? '' : `, trials factor ${significant(trialsFactor)}`;
  return `  ${found}: global p ${number(p)} [${number(low)}, ${number(high)}]${z === null ? '' : ` (Z ${z.toFixed(2)})`}${factor}`;
}

export function limitText({ method, levelLabel, unit, observed, expected }: LimitSummary, what = 'windows'): string[] {
  const head = ['', 'best', 'median', 'worst'];
  const names = { m2: 'expected m2', m1: 'expected m1', '0': 'expected median', p1: 'expected p1', p2: 'expected p2' };
  const row = (name: string, spread: LimitSummary['observed']) =>
    spread === null
      ? [name, '-', '-', '-']
      : [name, significant(spread.min), significant(spread.median), significant(spread.max)];
  const rows = [row('observed', observed), ...EXPECTED_QUANTILES.map((q) => row(names[q], expected[q]))];
  return [
    `upper limits over ${what} in ${unit} (${method}, ${levelLabel})`,
    ...alignColumns([head, ...rows]).map((line) => `  ${line}`),
  ];
}

export function statusText({ status }: Pick<Summary, 'status'>, what = 'windows'): string {
  const parts = Object.entries(status)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name === 'ok' || name === 'blind' ? name : name.toUpperCase()}`);
  return `${what} by status: ${parts.join(', ')}`;
}

/** The efficiency holds at a centre: what is left of it elsewhere. */
function coverageText({ coverage, y }: Summary): string[] {
  if (coverage === undefined) return [];
  const percent = (share: number) => `${share < 0.1 ? significant(100 * share, 2) : (100 * share).toFixed(0)} %`;
  const corner = y === undefined ? 'half way between two centres' : 'at the corner of a lattice cell';
  return [
    `a signal keeps ${percent(coverage.atCentre)} of itself inside the window at a centre, ` +
      `${percent(coverage.atCorner)} ${corner}, at worst ${percent(coverage.atWorst)}`,
  ];
}

export function rowsText({ read, used, rejected }: RowCounts): string {
  const lost = Object.entries(rejected).filter(([, count]) => count > 0);
  const reasons = lost.map(([reason, count]) => `${count} ${reason}`).join(', ');
  return `${used} of ${read} rows used${lost.length === 0 ? '' : ` (rejected: ${reasons})`}`;
}

function recheckText({ recheck, nWindows }: Summary): string[] {
  if (recheck === undefined) return [];
  const { nChecked, nNeeded, maxDeltaZ, maxRelLimit } = recheck;
  return [
    `recomputed in f64: ${nChecked} windows; largest differences ${significant(maxDeltaZ, 2)} in Z, ${significant(maxRelLimit, 2)} relative in limits; ` +
      `${nNeeded} windows (${((100 * nNeeded) / nWindows).toFixed(2)} %) needed it`,
  ];
}

export function significant(value: number, digits = 3): string {
  if (value === 0) return '0';
  const text = value.toPrecision(digits);
  return text.includes('e') ? text : text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}
