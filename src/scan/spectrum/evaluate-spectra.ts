/**
 * Fits and limits of all hypotheses of all spectra of a card, in f64 and in this thread. Where the card asks for an
 * unbinned likelihood, S^ and Z come from it; limits, and what nuisances of the signal change, from bins of an eighth of the
 * resolution.
 */
import { DarkscanError } from '../../errors.ts';
import { poiMaxOf } from '../../io/card.ts';
import type { SpectrumCard } from '../../model/card.ts';
import type { Nuisance } from '../../model/counting-model.ts';
import { shapeNuisance, type ShapeNuisance, type SignalNuisances } from '../../model/spectrum/signal-nuisances.ts';
import { lnNormalTail } from '../../stats/normal.ts';
import type { LimitNumbers } from '../limit-columns.ts';
import { fitSpectrum, type SpectrumResult } from './fit-spectrum.ts';
import { spectrumLimits } from './limits/spectrum-limits.ts';
import type { HypothesisLimits, SpectrumLimitRequest } from './limits/types.ts';
import type { PreparedPart, PreparedSpectra } from './prepare.ts';
import type { ShapeSizes } from './signal-numbers.ts';
import { hasNumbers } from './spectrum-table.ts';

export interface SpectrumNumbers {
  /** [nHypotheses] with the uncertainties that change S^ and Z: spurious signal, shape of the signal. */
  readonly results: readonly SpectrumResult[];
  /** One per limit of the card, in the unit of the POI. */
  readonly limits: readonly LimitNumbers[];
  /** [nHypotheses] ok, or why a limit is missing. */
  readonly limitStatus: readonly string[];
}

interface EvaluateOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (stage: string, done: number, total: number) => void;
}

export async function evaluateSpectra(
  prepared: PreparedSpectra,
  { signal, onProgress }: EvaluateOptions,
): Promise<SpectrumNumbers> {
  const { parts, card, nHypotheses } = prepared;
  const requests = card.statistics.limits.map(limitRequest);
  const results: SpectrumResult[] = [];
  const limits: HypothesisLimits[] = [];
  for (const part of parts) {
    if (signal?.aborted) throw new DarkscanError('interrupted', 'scan: interrupted; nothing was written');
    await new Promise((resolve) => setTimeout(resolve)); // lets the progress bar and Ctrl-C in
    const { plan, spectrum } = part;
    const firstLimit = limits.length;
    const own = part.unbinned ?? { plan, counts: spectrum.counts };
    const fits = fitSpectrum(own.plan, own.counts);
    const nuisances = nuisancesOf(prepared, part);
    const blind = prepared.blind.subarray(part.first, part.first + plan.nHypotheses);
    const isProfiled = hasSpurious(nuisances) || nuisances.shapes!.length > 0;
    if (requests.length > 0 || isProfiled) {
      const sensitivity = prepared.sensitivity.subarray(part.first, part.first + plan.nHypotheses);
      const expected = card.statistics.expected ?? 'percent';
      limits.push(...spectrumLimits(plan, spectrum.counts, { sensitivity, requests, expected, nuisances, blind }));
    }
    const profiled = isProfiled ? fits.map((fit, h) => withSystematics(fit, limits[firstLimit + h])) : fits;
    results.push(...profiled.map((fit, h) => (blind[h] === 1 ? withheld(fit) : fit)));
    onProgress?.('fits', results.length, nHypotheses);
  }
  return {
    results,
    limits: requests.map((_request, i) => ({
      observed: Float64Array.from(limits, (one) => one.limits[i].observed ?? NaN),
      expected: Array.from({ length: 5 }, (_, k) =>
        Float64Array.from(limits, (one) => one.limits[i].expected[k] ?? NaN),
      ),
    })),
    limitStatus: results.map(({ status }, h) => limitStatus(status, limits[h])),
  };
}

/** Why a limit of a hypothesis with a fit is missing; the fit itself has converged. */
function limitStatus(fit: string, one: HypothesisLimits | undefined): string {
  const found = one?.limits.find(({ status }) => status !== 'ok' && status !== fit)?.status ?? 'ok';
  return found === 'not-converged' ? 'no-limit' : found;
}

function limitRequest(limit: SpectrumCard['statistics']['limits'][number]): SpectrumLimitRequest {
  if (limit.method === 'bayes') return { method: 'bayes', level: limit.credibility, poiMax: poiMaxOf(limit) };
  return { method: limit.method, level: limit.confidence };
}

/** S^, its error, q0 and Z where the uncertainties of the signal are profiled with it. */
function withSystematics(fit: SpectrumResult, profiled: HypothesisLimits): SpectrumResult {
  const { status, sHat, sErr, q0, z } = profiled;
  if (!hasNumbers(fit) || !hasNumbers({ status })) return fit;
  const lnPSigned = lnNormalTail(z);
  return { ...fit, status, sHat, sErr, q0, z, lnPSigned, lnP0: sHat > 0 ? lnPSigned : Math.log(0.5) };
}

/** Of a blind hypothesis nothing is left but why it has no fit, where it has none. */
function withheld({ status }: SpectrumResult): SpectrumResult {
  const half = Math.log(0.5);
  const nothing = { sHat: 0, sErr: 0, bHat: 0, q0: 0, z: 0, deviance: 0, dof: 0, edm: 0, iterations: 0 };
  return { ...nothing, status: hasNumbers({ status }) ? 'blind' : status, lnP0: half, lnPSigned: half, pFit: 1 };
}

function hasSpurious({ spurious }: SignalNuisances): boolean {
  return Array.from(spurious ?? []).some((size) => size > 0);
}

/** Of the hypotheses of one part. */
function nuisancesOf(prepared: PreparedSpectra, part: PreparedPart): Required<SignalNuisances> {
  const { first, plan } = part;
  const own = (values: Float64Array) => values.subarray(first, first + plan.nHypotheses);
  return {
    yields: prepared.yieldNuisances.map((nuisance): Nuisance => ({
      ...nuisance,
      effects: nuisance.effects.map(({ target, up, down }) => ({ target, up: own(up), down: own(down) })),
    })),
    spurious: own(prepared.spurious),
    shapes: prepared.shapeNuisances.map((sizes) => shapeOf(sizes, part, own)),
  };
}

/** One parameter that may change resolution and position together. */
function shapeOf(sizes: ShapeSizes, part: PreparedPart, own: (values: Float64Array) => Float64Array): ShapeNuisance {
  const { plan, spectrum, hypotheses, model } = part;
  const deltas = new Float64Array(plan.bins.length);
  for (const kind of ['resolution', 'position'] as const) {
    const size = sizes[kind];
    if (size === undefined) continue;
    const change = shapeNuisance(kind, own(size), plan, spectrum, hypotheses, model.signalAt);
    change.deltas.forEach((delta, row) => (deltas[row] += delta));
  }
  return { name: sizes.name, deltas };
}
