/** What the page says of toys, in words. */
import type { AnyScanResult } from '../engine/api.ts';
import { isSpectrumResult } from '../engine/api.ts';
import type { CampaignInfo, LiveToys } from '../engine/toys-api.ts';
import type { EstimatorGroup } from '../../toys/toy-result.ts';
import { numbersOf } from '../../model/result.ts';
import { fixedText, probabilityText } from '../state/number-text.ts';

const ESTIMATORS: Readonly<Record<EstimatorGroup['name'], string>> = {
  toys: 'toys',
  'gaussian-process': 'Gaussian process',
  upcrossings: 'up-crossings',
  euler: 'Euler characteristic',
  sidak: 'Šidák',
  bonferroni: 'Bonferroni',
};

export function estimatorName(name: EstimatorGroup['name']): string {
  return ESTIMATORS[name];
}

/** "10,000". */
export function countText(n: number): string {
  return n.toLocaleString('en-US');
}

/** p that is no logarithm; 0 for the lower end of an interval. */
export function shareText(p: number | null): string {
  if (p === null) return '-';
  return p === 0 ? '0' : probabilityText(Math.log(p));
}

/** Why no toys can be compared with this result; undefined where they can. */
export function whyNoToys(result: AnyScanResult): string | undefined {
  const isBlind = (result.summary.status['blind'] ?? 0) > 0;
  if (!isBlind || numbersOf(result.table, 'z').some((z) => !Number.isNaN(z))) return undefined;
  return 'The result is blind: without an observed significance there is nothing to compare toys with.';
}

/** "How often ... ?", before the first toy. */
export function questionText(result: AnyScanResult): string {
  const [one, of] = isSpectrumResult(result)
    ? ['hypothesis', 'spectra thrown from the background fitted to the data, fitted again at every mass']
    : ['window', 'data sets thrown from the background, counted in every window'];
  return `How often is the best ${one} of background alone as significant as that of the data? Toys answer it: whole ${of}.`;
}

/** The one line that matters. */
export function answerText({ pGlobal, pLow, pHigh, zGlobal }: LiveToys): string {
  const z = zGlobal === null ? '' : `, Z = ${fixedText(zGlobal)}`;
  return `global p = ${shareText(pGlobal)} [${shareText(pLow)}, ${shareText(pHigh)}]${z}`;
}

/** How it comes about. */
export function countsText({ nToys, nExceedances }: LiveToys, { zLocal, pLocal }: CampaignInfo): string {
  const reach = `${countText(nExceedances)} of ${countText(nToys)} toys`;
  if (zLocal === null) return `No excess in the data: every toy reaches it (${countText(nToys)} toys).`;
  return `${reach} reach the data: local p ${shareText(pLocal)}, Z = ${fixedText(zLocal)}. In brackets the 68 % interval.`;
}

/** "≤ 0.012" of a bound. */
export function estimateText({ kind, ln_p_global }: EstimatorGroup): string {
  if (ln_p_global === null) return '-';
  return `${kind === 'bound' ? '≤ ' : ''}${probabilityText(ln_p_global)}`;
}

export function intervalText({ p_global_low, p_global_high }: EstimatorGroup): string {
  return p_global_low === null ? '-' : `${shareText(p_global_low)} to ${shareText(p_global_high)}`;
}
