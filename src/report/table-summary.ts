/** What `darkscan inspect` says about a file: its parts and the range of every column. */

export interface ColumnSummary {
  readonly name: string;
  readonly type: string;
  /** Why it cannot be used, instead of numbers. */
  readonly refusal?: string;
  /** Rows with a finite number, their range (null without any), and the rows without by reason. */
  readonly finite?: number;
  readonly min?: number | null;
  readonly max?: number | null;
  readonly rejected?: Readonly<Record<string, number>>;
}

export interface FileSummary {
  readonly file: string;
  readonly format: string;
  readonly compressed: boolean;
  readonly bytes: number;
  readonly sha256: string;
  readonly rows: number;
  readonly tree?: string;
  readonly trees?: readonly string[];
  readonly rowGroups?: readonly { readonly rows: number; readonly bytes: number }[];
  readonly columns: readonly ColumnSummary[];
}

/** Range and counts of one column. @param values finite values @param reasons rows left out, `name: why` */
export function summariseColumn(
  { name, type }: { name: string; type: string },
  values: Float64Array,
  reasons: readonly { reason: string; count: number }[],
): ColumnSummary {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const [least, most] = values.length === 0 ? [null, null] : [min, max];
  const rejected = Object.fromEntries(reasons.map(({ reason, count }) => [reason.replace(`${name}: `, ''), count]));
  return { name, type, finite: values.length, min: least, max: most, rejected };
}

export function fileSummaryText(summary: FileSummary): string {
  const { file, format, compressed, bytes, sha256, rows, columns, rowGroups } = summary;
  const head = [
    `${file}: ${compressed ? 'gzipped ' : ''}${format}, ${bytes} bytes, ${rows} rows`,
    `sha256 ${sha256}`,
    ...(summary.trees === undefined ? [] : [`trees: ${summary.trees.join(', ')}; shown: ${summary.tree}`]),
    ...(rowGroups === undefined ? [] : [`row groups: ${rowGroups.length} (rows ${rowsOf(rowGroups)})`]),
  ];
  const cells = columns.map(({ name, type, finite, min, max, refusal, rejected = {} }) =>
    finite === undefined
      ? [name, type, '', '', '', `not usable: ${refusal}`]
      : [name, type, String(finite), shown(min), shown(max), notes(rejected)],
  );
  return [...head, '', ...aligned([['column', 'type', 'finite', 'min', 'max', 'NOT FINITE'], ...cells])].join('\n');
}

function rowsOf(groups: readonly { rows: number }[]): string {
  const rows = groups.map((group) => group.rows);
  const [least, most] = [Math.min(...rows), Math.max(...rows)];
  return least === most ? `${least} each` : `${least} to ${most} each`;
}

function shown(value: number | null | undefined): string {
  if (value === null || value === undefined) return '-';
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(9)));
}

function notes(rejected: Readonly<Record<string, number>>): string {
  const entries = Object.entries(rejected);
  return entries.length === 0 ? '0' : entries.map(([reason, count]) => `${count} ${reason}`).join(', ');
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, j) => Math.max(...rows.map((row) => row[j].length)));
  const isNumber = (j: number): boolean => j >= 2 && j <= 4;
  return rows.map((row) =>
    row
      .map((cell, j) => (isNumber(j) ? cell.padStart(widths[j]) : cell.padEnd(widths[j])))
      .join('  ')
      .trimEnd(),
  );
}
