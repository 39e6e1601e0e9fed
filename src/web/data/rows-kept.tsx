/** How many rows a selection keeps, and why the others are left out. */
import type { SelectedRows } from '../engine/select-rows.ts';
import { formatCount } from '../state/format.ts';

export interface RowsKeptProps {
  /** Absent while they are counted. */
  readonly rows: SelectedRows | undefined;
  readonly problem: string | undefined;
}

export function RowsKept({ rows, problem }: RowsKeptProps) {
  return (
    <div aria-live="polite" class="rows-kept">
      {problem !== undefined && <p class="notice bad">{problem}</p>}
      {problem === undefined && rows === undefined && <p class="muted">counting rows…</p>}
      {rows !== undefined && (
        <p class="number">
          {formatCount(rows.rows.used)} of {formatCount(rows.rows.read)} rows are kept
          {Object.entries(rows.rows.rejected).map(([reason, count]) => (
            <span class="muted" key={reason}>
              ; {formatCount(count)} left out: {reason}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}
