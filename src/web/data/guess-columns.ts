/** Which columns of a file are the quantities of a scan, guessed from their names and values. */
import type { ColumnPreview } from '../engine/preview.ts';

export interface Guess {
  readonly x?: string;
  readonly y?: string;
  /** Whether both have the names that the card gives them. */
  readonly fitsCard: boolean;
}

/** What people call a mass, the surest first: m_mumu, mass, mll, M12, minv. */
const MASS = [/^(inv_?)?m(ass)?(_|$)/i, /mass/i, /^m_?inv/i, /^m[a-z]{0,2}\d{0,2}$/i, /^m_?[a-z]/i];
/** The recoil against it: m_rec2, mRecoil, missing_mass. */
const RECOIL = /rec(oil|2|_|$)|miss/i;

/** @param card names of the columns in the card; y absent in 1D */
export function guessColumns(columns: readonly ColumnPreview[], card: { x?: string; y?: string } = {}): Guess {
  const usable = usableColumns(columns);
  const own = (name: string | undefined) => (name !== undefined && usable.includes(name) ? name : undefined);
  const recoils = usable.filter((name) => RECOIL.test(name));
  const masses = MASS.flatMap((words) => usable.filter((name) => words.test(name) && !recoils.includes(name)));
  const x = own(card.x) ?? masses[0] ?? recoils[0] ?? usable[0];
  const y = own(card.y) ?? [...recoils, ...masses, ...usable].find((name) => name !== x);
  const fitsCard = card.x !== undefined && x === card.x && (card.y === undefined || y === card.y);
  return { x, y, fitsCard };
}

/** Columns with more than one value. */
export function usableColumns(columns: readonly ColumnPreview[]): string[] {
  const isUsable = ({ refusal, numbers }: ColumnPreview): boolean =>
    refusal === undefined && (numbers === undefined || (numbers.range !== undefined && numbers.bins.length > 0));
  return columns.filter(isUsable).map(({ name }) => name);
}
