/** What summary.json says about a finished scan of sliding-range fits. */
import { limitGroups } from '../../model/limit-groups.ts';
import type { QuantityLabel, ResultTable, Significance } from '../../model/result.ts';
import type { BestHypothesis, SpectrumSummary } from '../../model/spectrum/spectrum-result.ts';
import { topHypotheses } from '../../model/spectrum/top-hypotheses.ts';
import { zFromLnP } from '../../stats/normal.ts';
import { exp, expm1, log, log1p } from '../../stats/portable.ts';
import { limitSummary, type LimitNumbers } from '../limit-columns.ts';
import type { SpectrumResult } from './fit-spectrum.ts';
import type { PreparedSpectra } from './prepare.ts';
import { hasNumbers } from './spectrum-table.ts';

const BEST_LISTED = 10;

export interface SpectrumSummaryInputs {
  readonly prepared: PreparedSpectra;
  readonly results: readonly SpectrumResult[];
  readonly table: ResultTable;
  readonly limits: readonly LimitNumbers[];
  readonly warnings: readonly string[];
  readonly elapsedMs: number;
}

export function summariseSpectra(inputs: SpectrumSummaryInputs): SpectrumSummary {
  const { prepared, results, table, limits, warnings, elapsedMs } = inputs;
  const { card, parts } = prepared;
  const status: Record<string, number> = {};
  const statuses = table.columns.find(({ name }) => name === 'status')!.values as readonly string[];
  for (const s of statuses) status[s] = (status[s] ?? 0) + 1;
  const ids = topHypotheses(table, BEST_LISTED);
  return {
    schema: 'darkscan/spectrum-summary/1',
    card: card.name,
    title: card.title ?? card.name,
    nHypotheses: prepared.nHypotheses,
    spectra: parts.map(({ name, block, spectrum, hypotheses, rows }) => ({
      name,
      x: axisLabel(block.x),
      nBins: spectrum.nBins,
      nHypotheses: hypotheses.length,
      rows,
    })),
    mass: massLabel(card),
    best: ids.map((id) => bestHypothesis(prepared, results[id], id, statuses[id], limits)),
    global: ids.length === 0 ? null : globalBounds(results[ids[0]].lnP0, results.filter(hasNumbers).length),
    status,
    blindHypotheses: status.blind ?? 0,
    limits: limitGroups(card.statistics.limits).map((group, i) => limitSummary(group, limits[i], card.signal.poi.unit)),
    warnings,
    elapsedMs,
  };
}

function bestHypothesis(
  { parts, mass }: PreparedSpectra,
  { sHat, sErr, bHat, lnP0, z, pFit, status: fit }: SpectrumResult,
  id: number,
  status: string,
  limits: readonly LimitNumbers[],
): BestHypothesis {
  const part = parts.findLast(({ first }) => first <= id)!;
  const limit = limits[0]?.observed[id];
  return {
    id,
    ...(parts.length > 1 ? { spectrum: part.name } : {}),
    mass: mass[id],
    sigma: part.hypotheses[id - part.first].sigma,
    sHat,
    sErr: fit === 'no-error' ? null : sErr,
    bHat,
    lnP0,
    z,
    pFit,
    ...(limit === undefined ? {} : { limitObs: Number.isNaN(limit) ? null : limit }),
    status,
  };
}

/** Of n hypotheses with the p0 of the best one: 1 - (1 - p)^n were they independent (Sidak), n p (Bonferroni). */
export function globalBounds(lnP: number, n: number): { sidak: Significance; bonferroni: Significance } {
  const significance = (lnGlobal: number): Significance => {
    const clipped = Math.min(0, lnGlobal);
    return { lnP: clipped, z: clipped === 0 ? null : zFromLnP(clipped) };
  };
  const sum = log(n) + lnP;
  const none = n * log1p(-exp(lnP));
  return { sidak: significance(lnP < -600 ? sum : log(-expm1(none))), bonferroni: significance(sum) };
}

export function axisLabel({ column, label, unit }: { column?: string; label?: string; unit?: string }): QuantityLabel {
  return { label: label ?? column ?? 'x', unit: unit ?? '' };
}

/** Of the column mass: that of the variable, or "mass" where the card computes it. */
export function massLabel({ spectra, mass: own }: PreparedSpectra['card']): QuantityLabel {
  if (own !== undefined) return axisLabel({ column: 'mass', ...own });
  return spectra.some(({ mass }) => mass !== undefined) ? { label: 'mass', unit: '' } : axisLabel(spectra[0].x);
}
