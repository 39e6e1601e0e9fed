/** From a card of sliding-range fits and its files to spectra with their hypotheses and fits, ready to be run. */
import { DarkscanError } from '../../errors.ts';
import { readEvents } from '../../io/events.ts';
import type { FileSource, LoadedFile } from '../../io/file-source.ts';
import { readWholeTable } from '../../io/table-file.ts';
import type { SpectrumBlock, SpectrumCard } from '../../model/card.ts';
import { columnOf, type Columns } from '../../model/columns.ts';
import { makeScope, type Scope } from '../../model/expression.ts';
import type { RowCounts } from '../../model/result.ts';
import { blindHypotheses } from '../../model/spectrum/blind-masses.ts';
import { binEdges, blockModel, type BlockModel } from '../../model/spectrum/card-model.ts';
import { makeFitPlan } from '../../model/spectrum/fit-plan.ts';
import { simulateSpectrum } from '../../model/spectrum/simulate-spectrum.ts';
import { binEvents, makeSpectrum, type Spectrum } from '../../model/spectrum/spectrum.ts';
import { makeUnbinnedPlan, type UnbinnedFits } from '../../model/spectrum/unbinned.ts';
import { chooseOrders, makeChoicePlans, type OrderChoice } from './order-choice.ts';
import type { SpectrumPart } from './part.ts';
import { checkPlanSize } from './plan-size.ts';
import { signalNumbers, type SignalNumbers } from './signal-numbers.ts';

export interface PreparedPart extends SpectrumPart {
  readonly block: SpectrumBlock;
  /** Events that went into its bins; for a binned table and pseudo-data all that are in them. */
  readonly rows: RowCounts;
  /** Where the card asks for an unbinned likelihood: spectrum and plan are then those of figures and toys. */
  readonly unbinned?: UnbinnedFits;
}

export interface PreparedSpectra extends SignalNumbers {
  readonly card: SpectrumCard;
  readonly scope: Scope;
  readonly parts: readonly PreparedPart[];
  readonly nHypotheses: number;
  /** [nHypotheses] 1 where nothing that has seen a signal may be told. */
  readonly blind: Uint8Array;
  readonly files: readonly { name: string; sha256: string; bytes: number }[];
  readonly prepareMs: number;
}

type Read = (name: string, where: string) => Promise<LoadedFile>;

export async function prepareSpectra(
  card: SpectrumCard,
  options: { readonly files: FileSource; readonly seed: number; readonly unblind?: boolean },
): Promise<PreparedSpectra> {
  const started = performance.now();
  const scope = makeScope(card);
  const loaded = new Map<string, LoadedFile>();
  const read: Read = async (name, where) => {
    const file = loaded.get(name) ?? (await options.files.read(name, where));
    loaded.set(name, file);
    return file;
  };
  const parts: PreparedPart[] = [];
  const models: BlockModel[] = [];
  let [first, firstBin] = [0, 0];
  for (const [i, block] of card.spectra.entries()) {
    const where = `spectra[${i}]`;
    const tables = await tablesOf(block, where, read);
    const model = blockModel(block, where, scope, tables);
    const { spectrum, rows, events } = await loadSpectrum(block, where, scope, model, read, options.seed, firstBin);
    const { bins } = block;
    const unbinned =
      events && bins ? makeUnbinnedPlan(events, [bins.from, bins.to], model.hypotheses, model.model) : undefined;
    parts.push({ ...makePart(block, where, model, spectrum, first), block, rows, ...(unbinned ? { unbinned } : {}) });
    models.push(model);
    first += model.hypotheses.length;
    firstBin += spectrum.nBins;
  }
  const signal = signalNumbers(card, scope, models);
  return {
    card,
    scope,
    parts,
    nHypotheses: first,
    ...signal,
    blind: blindHypotheses(options.unblind ? [] : (card.blind ?? []), signal.mass),
    files: [...loaded.values()].map(({ name, sha256, storedBytes }) => ({ name, sha256, bytes: storedBytes })),
    prepareMs: performance.now() - started,
  };
}

function makePart(
  block: SpectrumBlock,
  where: string,
  { hypotheses, model, choice }: BlockModel,
  spectrum: Spectrum,
  first: number,
): SpectrumPart {
  checkPlanSize(spectrum, hypotheses, model, choice === undefined ? 1 : choice.to - choice.from + 2, where);
  const part = { name: block.name ?? '', spectrum, hypotheses, model, first };
  if (choice === undefined) return { ...part, plan: makeFitPlan(spectrum, hypotheses, model) };
  const { rule, from, to, level = 0.05 } = choice;
  const wanted: OrderChoice = rule === 'f-test' ? { rule, level, from, to } : { rule, from, to };
  const choicePlans = makeChoicePlans(spectrum, hypotheses, model, wanted);
  return { ...part, plan: choicePlans.planOf(chooseOrders(choicePlans, spectrum.counts)), choice: choicePlans };
}

async function loadSpectrum(
  { data, x, bins }: SpectrumBlock,
  where: string,
  scope: Scope,
  { shapeAt, sigmaAt, hypotheses }: BlockModel,
  read: Read,
  seed: number,
  firstBin: number,
): Promise<{ spectrum: Spectrum; rows: RowCounts; events?: Float64Array }> {
  if ('histogram' in data) {
    const { file, tree, columns } = data.histogram;
    const place = `${where}.data.histogram`;
    const table = await readWholeTable(await read(file, `${place}.file`), Object.values(columns), tree);
    const [low, high, count] = [columns.low, columns.high, columns.count].map((name) => columnOf(table, name, file));
    const spectrum = makeSpectrum(low, high, count, file);
    return { spectrum, rows: allUsed(spectrum) };
  }
  const sigmas = sigmaAt ?? ((at: number) => nearestSigma(hypotheses, at));
  const edges = binEdges(bins!, `${where}.bins`, scope, sigmas);
  if ('simulate' in data) {
    const signal = (at: number) => shapeAt({ mass: at, sigma: sigmas(at) });
    const spectrum = simulateSpectrum(edges, data.simulate, `${where}.data.simulate`, scope, signal, seed, firstBin);
    return { spectrum, rows: allUsed(spectrum) };
  }
  const file = await read(data.file, `${where}.data.file`);
  const sample = await readEvents(file, { ...data, x: x.column! }, scope, `${where}.data`);
  const { spectrum, outside } = binEvents(sample.x, edges);
  const used = sample.rows.used - outside;
  if (used === 0) {
    const found = `${data.file}: ${sample.rows.used} events selected, none between ${edges[0]} and ${edges[edges.length - 1]}`;
    throw new DarkscanError('data', `${found}; check ${where}.data.select and ${where}.bins`, { where });
  }
  const rejected = outside > 0 ? { ...sample.rows.rejected, 'outside the bins': outside } : sample.rows.rejected;
  const counted = { spectrum, rows: { read: sample.rows.read, used, rejected } };
  if (!('unbinned' in bins!)) return counted;
  return { ...counted, events: sample.x.filter((value) => value >= edges[0] && value < edges[edges.length - 1]) };
}

function allUsed({ counts }: Spectrum): RowCounts {
  const events = counts.reduce((sum, n) => sum + n, 0);
  return { read: events, used: events, rejected: {} };
}

function nearestSigma(hypotheses: BlockModel['hypotheses'], x: number): number {
  return hypotheses.reduce((best, h) => (Math.abs(h.mass - x) < Math.abs(best.mass - x) ? h : best)).sigma;
}

/** Tables of hypotheses and of the signal template. */
async function tablesOf(block: SpectrumBlock, where: string, read: Read) {
  const tableOf = async (
    { file, tree, columns }: { file: string; tree?: string; columns: object },
    place: string,
  ): Promise<Columns> => {
    const wanted = Object.values(columns).filter((name) => name !== undefined) as string[];
    return readWholeTable(await read(file, `${place}.file`), wanted, tree);
  };
  const { hypotheses, shape } = block;
  return {
    ...('table' in hypotheses ? { hypotheses: await tableOf(hypotheses.table, `${where}.hypotheses.table`) } : {}),
    ...(shape.kind === 'template' ? { template: await tableOf(shape.table, `${where}.shape.table`) } : {}),
  };
}
