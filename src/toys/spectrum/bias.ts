/**
 * Bias and pull of S^: toys with known signals over the mass range, thrown from the background that the fits to the data (or
 * those of another card, the truth) have found, and fitted as the data are.
 */
import type { Backend } from '../../engine/backend.ts';
import { CpuBackend } from '../../engine/cpu-backend.ts';
import { DarkscanError } from '../../errors.ts';
import type { BiasResult, BiasRow } from '../../model/spectrum/bias-result.ts';
import type { SpectrumPart } from '../../scan/spectrum/part.ts';
import { measured } from './bias-moments.ts';
import { biasWarnings, overallOf, spuriousSizes } from './bias-overall.ts';
import { fitExpected, ownRange, withOwnFit, withSignal, type OwnRange } from './bias-range.ts';
import { throwEnsemble, type BiasBackends } from './bias-toys.ts';
import { checkSeen, truthBackground } from './bias-truth.ts';
import { expectedBackground } from './expected-background.ts';
import { firstBins } from './joint-plan.ts';

export const MOST_STRENGTHS = 16;

export interface BiasOptions {
  /** Name of the card in the result. */
  readonly card: string;
  /** Numbers of hypotheses in the scan, ascending (bias-choice.ts). */
  readonly ids: readonly number[];
  /** Injected events in units of the error of S^ that is expected without signal; at most 16, >= 0. */
  readonly strengths: readonly number[];
  /** Per hypothesis and strength. */
  readonly nToys: number;
  readonly seed: number;
  /** Throw every hypothesis from its own fit, not from the stitched background; not with a truth. */
  readonly isOwn?: boolean;
  /** Another card on the same data. */
  readonly truth?: { readonly name: string; readonly parts: readonly SpectrumPart[] };
  /** Backend of precision f64 for what quick fits cannot do, where `backend` has none; default: this thread. */
  readonly cpu?: () => Backend;
  /** What people should know about the spectra. */
  readonly warnings?: readonly string[];
  readonly signal?: AbortSignal;
  /** Toys done of all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** The spectra of a card; `mass` of all hypotheses. */
export interface BiasedSpectra {
  readonly parts: readonly SpectrumPart[];
  readonly mass: ArrayLike<number>;
}

/**
 * Toys of strength k of hypothesis i have numbers from 2^32 (1 + 16 i + k) on: they do not depend on which others are thrown.
 * Errors: kind card where the truth does not fit the card or no hypothesis has an expected error; `interrupted`.
 */
export async function measureBias(spectra: BiasedSpectra, backend: Backend, options: BiasOptions): Promise<BiasResult> {
  const hasF64 = backend.info.precision === 'f64';
  const f64 = hasF64 ? backend : (options.cpu?.() ?? new CpuBackend({ threads: 1 }));
  try {
    return await measureOn({ quick: backend, f64 }, spectra, options);
  } finally {
    if (!hasF64) await f64.close();
  }
}

async function measureOn(
  backends: BiasBackends,
  { parts, mass }: BiasedSpectra,
  options: BiasOptions,
): Promise<BiasResult> {
  const { card, ids, strengths, nToys, seed, truth, signal, onProgress } = options;
  const expected = truth ? truthBackground(parts, truth.parts, truth.name) : expectedBackground(parts);
  const partBins = firstBins(parts);
  const rows: BiasRow[] = [];
  const leftOut: Record<string, number> = {};
  const leaveOut = (reason: string) => (leftOut[reason] = (leftOut[reason] ?? 0) + 1);
  let done = 0;
  for (const id of ids) {
    const p = parts.findLastIndex(({ first }) => first <= id);
    const part = parts[p];
    const h = id - part.first;
    const status = part.plan.statuses[h];
    const stitched = status === 'ok' ? ownRange(part, h, expected, partBins[p]) : undefined;
    const range = stitched && options.isOwn ? withOwnFit(stitched, part, h) : stitched;
    if (range && truth) checkSeen(part, h, truth.parts[p], truth.name);
    const unit = range && fitExpected(range, range.expected)?.sErr;
    if (range === undefined || unit === undefined) {
      leaveOut(status === 'ok' ? 'no expected error' : status);
      done += nToys * strengths.length;
      continue;
    }
    for (const [k, strength] of strengths.entries()) {
      const injected = strength * unit;
      const ensemble = { seed, word: 1 + MOST_STRENGTHS * id + k, nToys, injected };
      const toys = await throwEnsemble(range, ensemble, backends, {
        signal,
        onProgress: (n) => onProgress?.(done + n, nToys * ids.length * strengths.length),
      });
      done += nToys;
      const { mass: x, sigma } = part.hypotheses[h];
      rows.push({
        id,
        spectrum: part.name,
        mass: mass[id],
        x,
        sigma,
        strength,
        s_unit: unit,
        bias_expected: biasExpected(range, injected),
        ...measured(toys, injected),
      });
      if (signal?.aborted) throw new DarkscanError('interrupted', 'bias: interrupted; nothing was written');
    }
  }
  if (rows.length === 0) {
    const reasons = Object.entries(leftOut).map(([reason, n]) => `${n} ${reason}`);
    throw new DarkscanError(
      'card',
      `bias: none of ${ids.length} hypotheses can be thrown (${reasons.join(', ')}); look at the scan`,
    );
  }
  const isFixed = parts.some(({ model }) => (model.peaks ?? []).length > 0);
  return {
    schema: 'darkscan/bias/1',
    card,
    truth: truth?.name ?? null,
    thrown_from: options.isOwn ? 'own' : 'stitched',
    seed,
    n_toys: nToys,
    n_hypotheses: rows.length / strengths.length,
    left_out: leftOut,
    overall: strengths.map((strength) =>
      overallOf(
        strength,
        rows.filter((row) => row.strength === strength),
      ),
    ),
    spurious: truth
      ? spuriousSizes(
          rows,
          parts.map(({ name }) => name),
        )
      : null,
    warnings: [
      ...(options.warnings ?? []),
      ...biasWarnings(rows, truth !== undefined),
      ...(isFixed ? ['yields of peaking backgrounds are not measured again in toys: pulls are narrower for it'] : []),
    ],
    rows,
  };
}

function biasExpected(range: OwnRange, injected: number): number | null {
  const fit = fitExpected(range, withSignal(range, injected));
  return fit === undefined ? null : fit.sHat - injected;
}
