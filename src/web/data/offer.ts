/** What can be done with an offered file: which card gets it, with which columns, and what is asked of its rows. */
import type { EventSelection } from '../../io/events.ts';
import { isSpectrumCard } from '../../io/card.ts';
import type { AnyCard, Formula } from '../../model/card.ts';
import type { FilePreview } from '../engine/preview.ts';
import type { SelectedRows } from '../engine/select-rows.ts';
import { labelText } from '../../report/svg/label.ts';
import { guessColumns, usableColumns } from './guess-columns.ts';
import { STARTERS, starterCard, type StarterKind } from './starter-card.ts';
import { cardWithFile, type FileChoice } from './use-file.ts';

/** Which card gets the file. */
export interface Target {
  readonly id: string;
  readonly words: string;
  readonly is2D: boolean;
  /** Absent: the card on the page. */
  readonly starter?: StarterKind;
  readonly spectrum?: number;
  /** Columns of the card as it is. */
  readonly x?: string;
  readonly y?: string;
  readonly derive?: Readonly<Record<string, Formula>>;
  readonly select?: readonly string[];
}

/** What the user chose. */
export interface Chosen {
  readonly target: Target;
  readonly tree?: string;
  readonly x: string;
  readonly y: string;
  /** One condition a line. */
  readonly selectText: string;
  readonly blind: boolean;
}

/** @param card on the page, absent while it has mistakes */
export function targetsOf(card: AnyCard | undefined): Target[] {
  const fresh = (Object.keys(STARTERS) as StarterKind[]).map((starter): Target => {
    return { id: starter, words: STARTERS[starter], is2D: starter === 'plane', starter };
  });
  if (card === undefined) return fresh;
  if (!isSpectrumCard(card)) {
    const { data, x, y, name } = card;
    const is2D = y !== undefined;
    const own = { id: 'card', words: `the card on the page (${name})`, is2D, x: x.column, y: y?.column };
    return [{ ...own, ...('file' in data ? { derive: data.derive, select: data.select } : {}) }, ...fresh];
  }
  const spectra = card.spectra.map(({ name, data, x }, i): Target => {
    const words = `spectrum ${name ?? labelText(x.label ?? String(i + 1))} of the card on the page (${card.name})`;
    const own = { id: `spectrum ${i}`, words, is2D: false, spectrum: i, x: x.column };
    return 'file' in data ? { ...own, derive: data.derive, select: data.select } : own;
  });
  return [...spectra, ...fresh];
}

/** The card on the page where the file has its columns, else a new one: windows over one mass. */
export function firstChoice(preview: FilePreview, targets: readonly Target[]): Chosen {
  const fitting = targets.find((one) => one.starter === undefined && guessColumns(preview.columns, one).fitsCard);
  const guess = guessColumns(preview.columns, fitting);
  const starter = targets.find((one) => one.starter === 'line')!;
  return {
    target: fitting ?? starter,
    tree: treeName(preview.tree),
    x: guess.x ?? '',
    y: guess.y ?? '',
    selectText: (fitting?.select ?? []).join('\n'),
    blind: true,
  };
}

/** Another card gets the file: its own columns and conditions where the file has them and nothing else was written. */
export function retarget(chosen: Chosen, target: Target, preview: FilePreview): Chosen {
  const columns = columnsFor(preview, target);
  const take = (own: string | undefined, before: string): string => {
    if (own !== undefined && columns.includes(own)) return own;
    return columns.includes(before) ? before : (columns[0] ?? '');
  };
  const wasUntouched = chosen.selectText === (chosen.target.select ?? []).join('\n');
  const selectText = wasUntouched ? (target.select ?? []).join('\n') : chosen.selectText;
  return { ...chosen, target, x: take(target.x, chosen.x), y: take(target.y, chosen.y), selectText };
}

/** Columns that can be x and y: those of the file with numbers, those that the card derives. */
export function columnsFor(preview: FilePreview, { derive }: Target): string[] {
  return [...usableColumns(preview.columns), ...Object.keys(derive ?? {})];
}

export function selectionOf({ target, tree, x, y, selectText }: Chosen): EventSelection {
  return { x, ...(target.is2D ? { y } : {}), tree, derive: target.derive, select: conditionsOf(selectText) };
}

/** The card's text with the file in it. Error (kind card): its text is not readable. */
export function cardFor(chosen: Chosen, preview: FilePreview, rows: SelectedRows, cardText: string): string {
  const { target, tree, x, y, selectText, blind } = chosen;
  const choice: FileChoice = {
    file: preview.name,
    ...((preview.trees?.length ?? 0) > 1 ? { tree } : {}),
    x,
    ...(target.is2D ? { y } : {}),
    select: conditionsOf(selectText),
    spectrum: target.spectrum,
    blind,
  };
  if (target.starter === undefined) return cardWithFile(cardText, choice);
  return starterCard(target.starter, choice, { y: [0, 0], x: [0, 0], ...rows });
}

/** Why the file cannot be used as chosen; undefined where it can. */
export function refusal({ target, x, y }: Chosen, rows: SelectedRows): string | undefined {
  const hasWidth = (range?: readonly [number, number]): boolean => range !== undefined && range[1] > range[0];
  if (target.is2D && x === y) return `x and y are both ${x}: choose two columns`;
  if (rows.rows.used === 0) return 'no row is kept: change the selection or the columns';
  if (target.starter === undefined) return undefined;
  if (!hasWidth(rows.x)) return `${x} has one value only in the rows kept: choose another column`;
  return target.is2D && !hasWidth(rows.y)
    ? `${y} has one value only in the rows kept: choose another column`
    : undefined;
}

/** "dir/name;2" as cards write it; the page lists the last version of each tree, which is the one taken without it. */
export function treeName(tree: string | undefined): string | undefined {
  return tree?.replace(/;\d+$/, '');
}

function conditionsOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
