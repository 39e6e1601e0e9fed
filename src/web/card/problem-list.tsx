/** What is wrong with the card, with the line of each mistake; a click goes there. */
import type { CardProblem } from '../state/card-check.ts';

export interface ProblemListProps {
  readonly problems: readonly CardProblem[];
  /** Whether the result on the page is of this card. */
  readonly isScanned: boolean;
  readonly onGoTo: (problem: CardProblem) => void;
}

export function ProblemList({ problems, isScanned, onGoTo }: ProblemListProps) {
  return (
    <div id="card-problems" class="card-problems" aria-live="polite">
      {problems.length === 0 ? (
        <p class="card-good">✓ complete {isScanned ? 'and scanned' : 'and not scanned yet: Scan, or Ctrl+Enter'}</p>
      ) : (
        <ul aria-label="Problems of the card">
          {problems.map((problem) => (
            <li key={`${problem.line}:${problem.column}:${problem.message}`}>
              <button type="button" onClick={() => onGoTo(problem)}>
                <b class="number">line {problem.line}</b> {problem.message}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
