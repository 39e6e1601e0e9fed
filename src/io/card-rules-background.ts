/** Rules of single background components, and of side bands among each other. */
import { DEFAULT_INNER } from '../model/band-shape.ts';
import type { Card, ControlSample, Polynomial, SideBand } from '../model/card.ts';
import type { Report } from './card-path.ts';

export function checkBackground(card: Card, report: Report): void {
  card.background.components.forEach((component, i) => {
    const where = `background.components[${i}]`;
    if ('side_band' in component) checkSideBand(card, component.side_band, `${where}.side_band`, report);
    if ('control' in component) checkControl(card, component.control, `${where}.control`, report);
    if ('polynomial' in component) checkPolynomial(card, component.polynomial, `${where}.polynomial`, report);
  });
  checkLeaks(card, report);
}

function checkSideBand(card: Card, band: SideBand, where: string, report: Report): void {
  const { inner, outer, tau, leak } = band;
  if (outer === undefined && band.where === undefined) {
    report(where, 'has neither outer nor where, expected an outer edge or a condition; add one');
  } else checkEdges(card, inner, outer, where, report);
  if (typeof tau === 'object') refuseConstant(tau.density, `${where}.tau.density`, 'above 0', report);
  else refuseConstant(tau, `${where}.tau`, 'above 0', report);
  refuseConstant(leak, `${where}.leak`, '0 or more', report);
  if (leak === 'gaussian' && 'table' in card.windows) {
    report(`${where}.leak`, "is 'gaussian', but windows from a table have no resolution; give a number or a formula");
  }
  if (outer === undefined && 'table' in card.windows && (tau === 'area' || typeof tau === 'object')) {
    const found = 'integrates over a band without an end (windows from a table have no region)';
    report(`${where}.tau`, `${found}; give outer, or tau as a number or formula`);
  }
}

/** Edge of a window in units of the resolution, where the card alone tells. */
function windowEdge({ windows, y }: Card): number {
  if ('table' in windows) return 1;
  const { half_axes: half } = windows;
  return typeof half === 'number' ? half : y === undefined ? half.x : Math.max(half.x, half.y);
}

function checkEdges(card: Card, given: number | undefined, outer: number | undefined, where: string, report: Report) {
  const inner = given ?? DEFAULT_INNER;
  if (outer !== undefined && !(inner < outer)) {
    report(`${where}.outer`, `is ${outer}, expected a number above inner (${inner})`);
    return;
  }
  const edge = windowEdge(card);
  if (inner >= edge) return;
  const found = given === undefined ? `has inner ${inner} (its default)` : `has inner ${inner}`;
  report(where, `${found}, expected ${edge} (edge of the window) or more; move the band out`);
}

/** Of formulas, those that are a plain number are checked here; the rest needs the windows. */
function refuseConstant(
  formula: number | string | undefined,
  where: string,
  allowed: 'above 0' | '0 or more',
  report: Report,
): void {
  const value = typeof formula === 'number' ? formula : NaN;
  if (value < 0 || (value === 0 && allowed === 'above 0')) {
    report(where, `is ${value}, expected a finite number${allowed === 'above 0' ? ' above 0' : ', 0 or more'}`);
  }
}

function checkControl(card: Card, control: ControlSample, where: string, report: Report): void {
  refuseConstant(control.transfer, `${where}.transfer`, 'above 0', report);
  // simulated data: card-rules.ts refuses every component without a density
  if (control.file !== undefined || !('file' in card.data)) return;
  const hasOwnTree = control.tree !== undefined && control.tree !== card.data.tree;
  if (!hasOwnTree && (control.select === undefined || control.select.length === 0)) {
    report(where, 'has neither file nor select: it would be the data themselves; select other events, or name a file');
  }
  for (const name of Object.keys(control.derive ?? {})) {
    if (!Object.hasOwn(card.data.derive ?? {}, name)) continue;
    report(`${where}.derive.${name}`, 'is already derived in data.derive, whose columns are here too; rename it');
  }
}

function checkPolynomial(card: Card, polynomial: Polynomial, where: string, report: Report): void {
  const { ranges, inner, outer, bin_width: binWidth } = polynomial;
  if (card.y !== undefined) {
    report(where, 'needs a card without y; take a side_band, a density or a sample for a plane');
    return;
  }
  refuseConstant(binWidth, `${where}.bin_width`, 'above 0', report);
  if (ranges === undefined) {
    if (outer === undefined) report(where, 'says not where to fit, expected ranges or outer; add one');
    else checkEdges(card, inner, outer, where, report);
    return;
  }
  if (inner !== undefined || outer !== undefined) {
    report(where, `has ranges and ${outer === undefined ? 'inner' : 'outer'}, expected one of the two; remove one`);
  }
  ranges.forEach(([low, high], k) => {
    if (!(low < high)) {
      report(`${where}.ranges[${k}]`, `is [${low}, ${high}], expected [low, high] with low < high; correct it`);
    } else if (k > 0 && low < ranges[k - 1][1]) {
      const before = `[${ranges[k - 1].join(', ')}]`;
      report(`${where}.ranges[${k}]`, `is [${low}, ${high}], expected it to begin after ${before}; order them`);
    }
  });
}

/** The likelihood of a window knows one band into which its signal leaks. */
function checkLeaks(card: Card, report: Report): void {
  const isLattice = !('table' in card.windows);
  const leaking = card.background.components.flatMap((component, i) => {
    if (!('side_band' in component)) return [];
    const { leak } = component.side_band;
    const leaks = leak === undefined ? isLattice : Number(leak) !== 0;
    return leaks ? [{ i, name: component.name }] : [];
  });
  if (leaking.length < 2) return;
  const [first, second] = leaking;
  const found = `is the second band into which signal leaks (after ${first.name}), expected at most one`;
  report(`background.components[${second.i}].side_band`, `${found}; give one of them leak: 0`);
}
