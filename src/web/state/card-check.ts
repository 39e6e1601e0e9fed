/** A card as the page holds it: text, what it says, and what is wrong with it at which line. */
import { isDarkscanError } from '../../errors.ts';
import { parseAnyCard, type Parsed } from '../../io/card.ts';
import type { AnyCard } from '../../model/card.ts';

export interface CardProblem {
  /** From 1; 1 where the message names no place. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface CheckedCard {
  /** Absent while something is wrong. */
  readonly parsed?: Parsed<AnyCard>;
  readonly problems: readonly CardProblem[];
}

/** @param source name of the card in messages, which start with `source:line:column: ` */
export function checkCard(text: string, source: string): CheckedCard {
  try {
    return { parsed: parseAnyCard(text, source), problems: [] };
  } catch (error) {
    if (!isDarkscanError(error)) throw error;
    const problems = error.message.split('\n').map((line) => problemOf(line, source));
    return { problems: problems.sort((a, b) => a.line - b.line) };
  }
}

function problemOf(line: string, source: string): CardProblem {
  const found = line.startsWith(`${source}:`) ? /^(\d+):(\d+): (.*)$/.exec(line.slice(source.length + 1)) : null;
  if (found === null) return { line: 1, column: 1, message: line };
  return { line: Number(found[1]), column: Number(found[2]), message: found[3] };
}
