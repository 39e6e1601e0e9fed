/** What two backends promise each other, column by column: the tolerances of `darkscan compare`. */
import type { ResultTable } from '../model/result.ts';
import type { CompareOptions } from '../report/compare.ts';

export interface ToleranceGroup extends CompareOptions {
  readonly title: string;
  readonly columns: readonly string[];
}

interface Rule {
  readonly title: string;
  readonly pattern: RegExp;
  readonly rtol: number;
  readonly atol: number;
}

const P0 = /^p0($|_)/;

const RULES: readonly Rule[] = [
  { title: 'significance', pattern: /^z($|_)/, rtol: 0, atol: 1e-3 },
  // d ln p = -Z dZ in the tail and |ln p| grows as Z^2/2: 1e-3 in Z stays inside this up to any Z
  { title: 'ln p0', pattern: /^ln_p0($|_)/, rtol: 1e-3, atol: 1e-3 },
  { title: 'limits', pattern: /_(obs|exp_(m2|m1|0|p1|p2))(_|$)/, rtol: 1e-4, atol: 0 },
  // counts and texts must be equal anyway; backgrounds and sensitivities are f64 on every backend
  { title: 'all else', pattern: /./, rtol: 1e-9, atol: 0 },
];

/** Columns of both tables by the tolerance that holds for them; p0 is left to ln p0, which carries the same information. */
export function toleranceGroups(first: ResultTable, second: ResultTable): ToleranceGroup[] {
  const names = [...new Set([...first.columns, ...second.columns].map(({ name }) => name))].filter(
    (name) => !P0.test(name),
  );
  return RULES.map(({ title, pattern, rtol, atol }) => {
    const isFirst = (name: string): boolean => RULES.find((rule) => rule.pattern.test(name))?.pattern === pattern;
    return { title, rtol, atol, columns: names.filter(isFirst) };
  }).filter(({ columns }) => columns.length > 0);
}
