/**
 * What `scan` prints at the end of a scan of sliding-range fits: the most significant masses WITH the number of
 * hypotheses beside them, what the best one means for the whole scan, limits, statuses. Bad news in CAPITALS.
 */
import type { Significance } from '../../model/result.ts';
import type { BestHypothesis, SpectrumSummary } from '../../model/spectrum/spectrum-result.ts';
import { alignColumns } from '../compare.ts';
import { limitText, probabilityText, rowsText, significant, statusText, toysLine } from '../summary-text.ts';
import { labelText, withUnit } from '../svg/label.ts';

const LISTED = 5;

/**
 * Lines for a terminal.
 * @param directory where the run was written, when it was
 * @param plots whether plots are in it
 */
export function spectrumSummaryText(summary: SpectrumSummary, directory?: string, { plots = true } = {}): string {
  const { nHypotheses, limits, spectra, global } = summary;
  const toys = global?.toys === undefined ? '' : ', toys.json';
  const files = `hypotheses.parquet, summary.json, run.json${toys}${plots ? ', plots/' : ''}`;
  const lines = [
    `${labelText(summary.title)} (${summary.card})`,
    `${nHypotheses} hypotheses, fitted in ${(summary.elapsedMs / 1000).toFixed(2)} s (f64)`,
    ...spectra.map(({ name, x, nBins, rows, nHypotheses: n }) => {
      const own = spectra.length > 1 ? `${name}, ${n} hypotheses: ` : '';
      return `  ${own}${labelText(withUnit(x))}: ${rowsText(rows)} in ${nBins} bins`;
    }),
    '',
    ...bestText(summary),
    ...globalText(summary),
    ...limits.flatMap((group) => ['', ...limitText(group, 'hypotheses')]),
    '',
    statusText(summary, 'hypotheses'),
    ...summary.warnings.map((warning) => `WARNING ${warning}`),
    ...(directory === undefined ? [] : [`results in ${directory}: ${files}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function bestText({ best, nHypotheses, limits, mass, spectra }: SpectrumSummary): string[] {
  if (best.length === 0) return [`most significant of ${nHypotheses} hypotheses: NONE HAS AN EXCESS`];
  const head = ['id', labelText(withUnit(mass)), 'S', 'background', 'local p0', 'Z', 'p(fit)', 'limit', 'status'];
  const several = spectra.length > 1;
  const rows = best.slice(0, LISTED).map((one) => [...(several ? [one.spectrum!] : []), ...bestRow(one)]);
  const limit = limits.length > 1 ? `; limit: ${limits[0].method}, ${limits[0].levelLabel}` : '';
  return [
    `most significant ${rows.length} of ${nHypotheses} hypotheses (p0: profile likelihood ratio, local${limit})`,
    ...alignColumns([[...(several ? ['spectrum'] : []), ...head], ...rows]).map((line) => `  ${line}`),
  ];
}

function bestRow({ id, mass, sHat, sErr, bHat, lnP0, z, pFit, limitObs, status }: BestHypothesis): string[] {
  return [
    String(id),
    significant(mass, 5),
    sErr === null ? significant(sHat) : `${significant(sHat)} ± ${significant(sErr, 2)}`,
    significant(bHat),
    probabilityText(lnP0),
    z.toFixed(2),
    significant(pFit, 2),
    limitObs === null || limitObs === undefined ? '-' : significant(limitObs),
    status === 'ok' ? 'ok' : status.toUpperCase(),
  ];
}

function globalText({ global, nHypotheses }: SpectrumSummary): string[] {
  if (global === null) return [];
  const say = ({ lnP, z }: Significance) => `p ${probabilityText(lnP)}${z === null ? '' : ` (Z ${z.toFixed(2)})`}`;
  return [
    `  the best of ${nHypotheses} hypotheses, were they independent (Sidak): ${say(global.sidak)}; Bonferroni bound ${say(global.bonferroni)}`,
    ...(global.toys === undefined ? [] : [toysLine(global.toys, '')]),
  ];
}
