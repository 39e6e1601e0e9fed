/**
 * The recipe of `scan: {kind: spectrum}`: card and files -> spectra -> fits and limits at every mass, in f64 -> result
 * table, summary, provenance. Knows no files and no terminal.
 */
import { hashCard, type Parsed } from '../../io/card.ts';
import type { FileSource } from '../../io/file-source.ts';
import type { SpectrumCard } from '../../model/card.ts';
import { limitGroups } from '../../model/limit-groups.ts';
import type { PlotLabels } from '../../model/result.ts';
import type { FigureFit, FigureSpectrum, SpectrumScanResult } from '../../model/spectrum/spectrum-result.ts';
import { hiddenBins, hiddenIntervals } from '../../model/spectrum/blind-masses.ts';
import { topHypotheses } from '../../model/spectrum/top-hypotheses.ts';
import { VERSION } from '../../version.ts';
import { couplingLabels } from '../limit-columns.ts';
import { evaluateSpectra } from './evaluate-spectra.ts';
import { fitCurves } from './fit-curves.ts';
import type { SpectrumResult } from './fit-spectrum.ts';
import { prepareSpectra, type PreparedPart, type PreparedSpectra } from './prepare.ts';
import { axisLabel, massLabel, summariseSpectra } from './spectrum-summary.ts';
import { hasNumbers, spectrumTable } from './spectrum-table.ts';
import { backgroundUnderSignals, stitchedBackground } from './stitched-background.ts';
import { refuseUnfitted, unfittedLines } from './unfitted.ts';

export interface SpectrumScanOptions {
  readonly files: FileSource;
  /** Overrides the card's seed. */
  readonly seed?: number;
  /** Look at the blind hypotheses; recorded in the result. */
  readonly unblind?: boolean;
  /** The card and its files, where they are prepared already (same seed and blinding). */
  readonly prepared?: PreparedSpectra;
  readonly signal?: AbortSignal;
  readonly onProgress?: (stage: string, done: number, total: number) => void;
}

/** Hypotheses whose fits are drawn. */
const DRAWN = 3;
export const P0_METHOD = 'profile likelihood ratio, asymptotic';

/**
 * Fits every mass of a card. Errors: DarkscanError of kind card, data, resource; `interrupted` when the signal aborts.
 */
export async function scanSpectra(
  parsed: Parsed<SpectrumCard>,
  options: SpectrumScanOptions,
): Promise<SpectrumScanResult> {
  const { card } = parsed;
  const seed = options.seed ?? card.seed ?? 1;
  const unblind = options.unblind ?? false;
  const prepared = options.prepared ?? (await prepareSpectra(card, { files: options.files, seed, unblind }));
  const started = performance.now();
  const { results, limits, limitStatus } = await evaluateSpectra(prepared, options);
  refuseUnfitted(
    card.name,
    results.map(({ status }) => status),
  );
  const elapsedMs = prepared.prepareMs + performance.now() - started;
  const table = spectrumTable(prepared, results, limits, limitStatus);
  const backgrounds = prepared.parts.map(stitchedBackground);
  const warnings = warningsOf(prepared, results, backgrounds);
  const summary = summariseSpectra({ prepared, results, table, limits, warnings, elapsedMs });
  return {
    name: card.name,
    table,
    labels: spectrumLabels(card),
    p0Method: P0_METHOD,
    limitGroups: limitGroups(card.statistics.limits),
    couplings: couplingLabels(card.couplings),
    spectra: prepared.parts.map((part, i) => figureSpectrum(prepared, part, backgrounds[i])),
    fits: topHypotheses(table, DRAWN).flatMap((id) => figureFit(prepared, id) ?? []),
    summary,
    provenance: {
      schema: 'darkscan/run/1',
      version: VERSION,
      card: { name: card.name, source: parsed.source, sha256: await hashCard(card) },
      scan: 'spectrum',
      seed,
      unblinded: unblind,
      blindHypotheses: summary.blindHypotheses,
      files: prepared.files,
      spectra: summary.spectra,
      status: summary.status,
      warnings,
      timingsMs: { prepare: prepared.prepareMs, total: elapsedMs },
    },
    cardText: parsed.text,
  };
}

/** Words for plots. */
export function spectrumLabels(card: SpectrumCard): PlotLabels {
  const { luminosity, poi } = card.signal;
  return {
    title: card.title ?? card.name,
    experiment: card.experiment ?? '',
    conditions: card.conditions ?? (luminosity ? `${luminosity.value} ${luminosity.unit}` : ''),
    x: massLabel(card),
    poi: { label: poi.name, unit: poi.unit },
  };
}

function figureSpectrum(
  { blind }: PreparedSpectra,
  { name, block, spectrum, plan, hypotheses, first }: PreparedPart,
  background: Float64Array,
): FigureSpectrum {
  const hidden = hiddenIntervals(hypotheses, blind.subarray(first, first + plan.nHypotheses));
  const isHidden = hiddenBins(spectrum, hidden);
  const seen = new Uint8Array(spectrum.nBins);
  for (const bin of plan.bins) seen[bin] = 1;
  return {
    name,
    ...axisLabel(block.x),
    low: [...spectrum.low],
    high: [...spectrum.high],
    counts: Array.from(spectrum.counts, (n, bin) => (isHidden[bin] ? null : n)),
    background: Array.from(background, (mean, bin) => (seen[bin] ? mean : null)),
    excluded: block.range.exclude ?? [],
    blind: hidden,
  };
}

function figureFit({ parts }: PreparedSpectra, id: number): FigureFit | undefined {
  const index = parts.findLastIndex(({ first }) => first <= id);
  const { plan, spectrum, first } = parts[index];
  const curves = fitCurves(plan, spectrum.counts, id - first);
  if (curves === undefined) return undefined;
  const { result, bins, background, signalPlusBackground, backgroundOfFull } = curves;
  return {
    id,
    spectrum: index,
    bins: [...bins],
    background: [...background],
    signalPlusBackground: [...signalPlusBackground],
    backgroundOfFull: [...backgroundOfFull],
    dof: result.dof,
  };
}

/** Fitted background within 2 widths of the signal below which asymptotic formulae are wrong by 10 % and more. */
const FEW_EVENTS = 5;

function warningsOf(
  { parts, card }: PreparedSpectra,
  results: readonly SpectrumResult[],
  backgrounds: readonly Float64Array[],
): string[] {
  const warnings = unfittedLines(results.map(({ status }) => status));
  // of blind hypotheses the background that has not seen a signal
  const expected = parts.flatMap((part, i) => [...backgroundUnderSignals(part, backgrounds[i])]);
  const few = results.filter((result, h) =>
    result.status === 'blind' ? expected[h] < FEW_EVENTS : hasNumbers(result) && result.bHat < FEW_EVENTS,
  ).length;
  const asymptotic = card.statistics.limits.filter(({ method }) => method !== 'bayes').map(({ method }) => method);
  if (few > 0)
    warnings.push(
      `${few} hypotheses have fewer than ${FEW_EVENTS} background events within 2 widths of the signal: ${['p0', ...asymptotic].join(', ')} are asymptotic there`,
    );
  for (const { name, rows } of parts)
    for (const [reason, n] of Object.entries(rows.rejected))
      if (!reason.startsWith('select')) warnings.push(`${name === '' ? '' : `${name}: `}${n} rows rejected: ${reason}`);
  return warnings;
}
