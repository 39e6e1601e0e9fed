/**
 * The recipe of `scan: windows`: card and files -> model -> numbers on a backend -> result table, summary, provenance.
 * Knows no files, no terminal and no GPU: those come in through FileSource and Backend.
 */
import type { Backend } from '../engine/backend.ts';
import type { FileSource } from '../io/file-source.ts';
import { hashCard, poiMaxOf, type ParsedCard } from '../io/card.ts';
import { isBlind } from '../model/blind.ts';
import type { Card } from '../model/card.ts';
import { limitGroups } from '../model/limit-groups.ts';
import type { PlotLabels, ScanResult } from '../model/result.ts';
import { isSampled } from '../model/sampling.ts';
import { VERSION } from '../version.ts';
import { scanBounds } from './attainable.ts';
import { evaluateWindows, type WindowNumbers } from './evaluate-windows.ts';
import { couplingLabels } from './limit-columns.ts';
import { prepareScan, type PreparedScan } from './prepare.ts';
import { p0Groups, windowTable } from './result-table.ts';
import type { LimitRequest, WindowStatistics } from './statistics.ts';
import { rankedWindows, summarise } from './summary.ts';

export interface ScanOptions {
  readonly backend: Backend;
  readonly files: FileSource;
  /** Overrides the card's seed. */
  readonly seed?: number;
  readonly unblind?: boolean;
  /** The card and its files, where they are prepared already (same seed and blinding). */
  readonly prepared?: PreparedScan;
  readonly signal?: AbortSignal;
  readonly onProgress?: (stage: string, done: number, total: number) => void;
}

/** Part of the windows recomputed in f64 at random. */
const SAMPLE_FRACTION = 0.01;

/**
 * Scans all windows of a card.
 * Errors: DarkscanError of kind card, data, resource, gpu; `interrupted` when the signal aborts.
 */
export async function scanWindows(parsed: ParsedCard, options: ScanOptions): Promise<ScanResult> {
  const before = Object.values(options.prepared?.timingsMs ?? {}).reduce((sum, ms) => sum + ms, 0);
  const started = performance.now() - before;
  const { card } = parsed;
  const seed = options.seed ?? card.seed ?? 1;
  const unblind = options.unblind ?? false;
  const prepared = options.prepared ?? (await prepareScan(card, { files: options.files, seed, unblind }));
  const prepareMs = performance.now() - started;
  const statistics = statisticsOf(card);
  const numbers = await evaluateWindows(prepared.model, statistics, options.backend, {
    blind: prepared.blind,
    sample: (w) => isSampled(seed, w, SAMPLE_FRACTION),
    signal: options.signal,
    onProgress: options.onProgress,
  });
  const evaluateMs = performance.now() - started - prepareMs;
  options.onProgress?.('summary', 0, 1);
  const ranked = rankedWindows(numbers);
  const withP0 = Array.from(numbers.p0[0].lnP.keys()).filter((w) => !Number.isNaN(numbers.p0[0].lnP[w]));
  const lnBest = numbers.p0[0].lnP[ranked[0]];
  const bounds = ranked.length > 0 ? scanBounds(prepared.model, statistics.p0[0], withP0, lnBest) : undefined;
  const groups = limitGroups(card.statistics.limits);
  const elapsedMs = performance.now() - started;
  const warnings = [...options.backend.warnings, ...warningsOf(prepared, numbers)];
  const table = windowTable(prepared, numbers);
  const summary = summarise({
    prepared,
    numbers,
    table,
    bounds,
    groups,
    backend: options.backend.info,
    warnings,
    elapsedMs,
  });
  return {
    name: card.name,
    table,
    labels: labelsOf(card),
    events: eventsShown(prepared),
    p0Groups: p0Groups(card),
    limitGroups: groups,
    couplings: couplingLabels(card.couplings),
    expectedZ: bounds?.expectedZ,
    summary,
    provenance: {
      schema: 'darkscan/run/1',
      version: VERSION,
      card: { name: card.name, source: parsed.source, sha256: await hashCard(card) },
      seed,
      unblinded: unblind,
      blindWindows: summary.blindWindows,
      files: prepared.files,
      rows: prepared.rows,
      backend: options.backend.info,
      recheck: summary.recheck ?? null,
      windows: { count: prepared.windows.count, kind: prepared.windows.kind, coverage: prepared.coverage ?? null },
      background: prepared.background.map((b) => ({
        name: b.component.name,
        kind: b.component.kind,
        total: b.total ?? null,
        worstIntegrationError: b.worstIntegrationError,
        ...(prepared.sampleRows.has(b.component.name) ? { rows: prepared.sampleRows.get(b.component.name) } : {}),
      })),
      largestEfficiency: prepared.efficiency.reduce((most, e) => Math.max(most, e), 0),
      status: summary.status,
      warnings,
      timingsMs: { ...prepared.timingsMs, prepare: prepareMs, evaluate: evaluateMs, total: elapsedMs },
    },
    cardText: parsed.text,
  };
}

/** The statistics block of a card. */
export function statisticsOf(card: Card): WindowStatistics {
  return {
    p0: [card.statistics.p0].flat(),
    limits: card.statistics.limits.map(limitRequest),
    expected: card.statistics.expected ?? 'percent',
  };
}

function limitRequest(limit: Card['statistics']['limits'][number]): LimitRequest {
  if (limit.method === 'bayes') return { method: 'bayes', level: limit.credibility, poiMax: poiMaxOf(limit) };
  return { method: limit.method, level: limit.confidence };
}

/** Words for plots. */
export function labelsOf(card: Card): PlotLabels {
  const quantity = (axis: { column: string; label?: string; unit?: string }) => ({
    label: axis.label ?? axis.column,
    unit: axis.unit ?? '',
  });
  const luminosity = card.signal.luminosity;
  const conditions = card.conditions ?? (luminosity ? `${luminosity.value} ${luminosity.unit}` : '');
  return {
    title: card.title ?? card.name,
    experiment: card.experiment ?? '',
    conditions,
    x: quantity(card.x),
    ...(card.y ? { y: quantity(card.y) } : {}),
    poi: { label: card.signal.poi.name, unit: card.signal.poi.unit },
  };
}

/** Events for plots: those in blind regions are not shown. */
function eventsShown({ events, blind, card }: PreparedScan): { x: Float64Array; y?: Float64Array } {
  if (!blind.some((b) => b === 1)) return events;
  const keep = (i: number) => !isBlind(card.blind ?? [], events.x[i], events.y?.[i] ?? 0);
  return { x: events.x.filter((_, i) => keep(i)), ...(events.y ? { y: events.y.filter((_, i) => keep(i)) } : {}) };
}

/** Expected events below which asymptotic methods are wrong by 10 % and more. */
const FEW_EVENTS = 5;

/** Methods of the card that take ln L for a parabola. */
function asymptoticMethods({ statistics }: Card): string[] {
  const p0 = [statistics.p0].flat().filter((method) => method === 'profile' || method === 'li-ma');
  const limits = statistics.limits.filter(({ method }) => method === 'profile').map(() => 'profile limits');
  return [...new Set([...p0.map((method) => `p0 ${method}`), ...limits])];
}

function warningsOf({ rows, card }: PreparedScan, numbers: WindowNumbers): string[] {
  const warnings: string[] = [];
  const count = (status: string) => numbers.status.filter((s) => s === status).length;
  const edge = count('prior-edge');
  if (edge > 0)
    warnings.push(
      `${edge} limits depend on poi_max by more than 1 %; use lognormal or gamma constraints on the signal`,
    );
  const asymptotic = asymptoticMethods(card);
  const few = numbers.bkg.filter((b) => b < FEW_EVENTS).length;
  if (asymptotic.length > 0 && few > 0)
    warnings.push(
      `${few} windows expect fewer than ${FEW_EVENTS} events: ${asymptotic.join(', ')} are asymptotic and too optimistic there; compare with marginal and bayes`,
    );
  const bad = count('bad-background');
  if (bad > 0)
    warnings.push(
      `${bad} windows have a background that is negative, infinite or not to be had from a fit, and were left out`,
    );
  const rejected = Object.entries(rows.rejected).filter(([reason]) => !reason.startsWith('select'));
  for (const [reason, n] of rejected) warnings.push(`${n} rows rejected: ${reason}`);
  return warnings;
}
