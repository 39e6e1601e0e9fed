/** What the page says of toys, in words. */
import type { AnyScanResult } from '../engine/api.ts';
import { isSpectrumResult } from '../engine/api.ts';
import type { CampaignInfo, LiveToys } from '../engine/toys-api.ts';
import type { EstimatorGroup } from '../../toys/toy-result.ts';
import { numbersOf } from '../../model/result.ts';
import { fixedText, numberText, probabilityText } from '../state/number-text.ts';

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

/** p from ln p with three digits: the intervals of toys are narrow. */
export function lnShareText(lnP: number | null): string {
  return lnP === null || lnP > LN_LEAST ? numberText(lnP === null ? null : Math.exp(lnP), 3) : probabilityText(lnP);
}

/** ln of 1e-300: smaller probabilities are no doubles. */
const LN_LEAST = -690;

/** "[0.842, 0.850]", "-" without an interval. */
export function intervalText(low: number | null, high: number | null): string {
  return low === null || high === null ? '-' : `[${numberText(low, 3)}, ${numberText(high, 3)}]`;
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
  // the parts are not broken over lines
  const z = zGlobal === null ? '' : `, Z\u00a0=\u00a0${fixedText(zGlobal)}`;
  return `global p\u00a0=\u00a0${numberText(pGlobal, 3)} ${intervalText(pLow, pHigh).replace(' ', '\u00a0')}${z}`;
}

/** How it comes about. */
export function countsText({ nToys, nExceedances }: LiveToys, { zLocal, pLocal, device }: CampaignInfo): string {
  const reach = `${countText(nExceedances)} of ${countText(nToys)} toys`;
  if (zLocal === null) return `No excess in the data: every toy reaches it (${countText(nToys)} toys, ${device}).`;
  return `${reach} reach the data: local p ${numberText(pLocal, 3)}, Z = ${fixedText(zLocal)}. In brackets the 68 % interval. Thrown on ${device}.`;
}

/** "≤ 0.012" of a bound. */
export function estimateText({ kind, ln_p_global }: EstimatorGroup): string {
  if (ln_p_global === null) return '-';
  return `${kind === 'bound' ? '≤ ' : ''}${lnShareText(ln_p_global)}`;
}
