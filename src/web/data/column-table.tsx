/** Columns of a file: type, range, missing values and a small histogram of each. */
import type { ColumnNumbers, ColumnPreview } from '../engine/preview.ts';
import { formatCount } from '../state/format.ts';
import { numberText } from '../state/number-text.ts';

export function ColumnTable({ columns }: { readonly columns: readonly ColumnPreview[] }) {
  return (
    <div class="column-table" tabIndex={0} role="region" aria-label="Columns of the file">
      <table>
        <thead>
          <tr>
            <th scope="col">column</th>
            <th scope="col">from</th>
            <th scope="col">to</th>
            <th scope="col">
              <span class="hidden-text">histogram</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {columns.map((column, i) => (
            <Row key={`${i} ${column.name}`} column={column} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ column: { name, type, refusal, numbers } }: { readonly column: ColumnPreview }) {
  return (
    <tr>
      <th scope="row">
        <span class="file-name">{name}</span> <span class="muted">{type}</span>
        {numbers !== undefined && numbers.missing > 0 && (
          <span class="muted">, {formatCount(numbers.missing)} without a number</span>
        )}
      </th>
      {refusal === undefined ? (
        <>
          <td class="number">{numberText(numbers?.range?.[0])}</td>
          <td class="number">{numberText(numbers?.range?.[1])}</td>
          <td>{numbers && <Sparkline numbers={numbers} />}</td>
        </>
      ) : (
        <td class="muted" colSpan={3}>
          {refusal}
        </td>
      )}
    </tr>
  );
}

const [WIDTH, HEIGHT] = [64, 18];

/** The table beside it has the numbers; the picture is for the eye only. */
function Sparkline({ numbers: { bins } }: { readonly numbers: ColumnNumbers }) {
  const top = Math.max(...bins);
  if (!(top > 0)) return null;
  const width = WIDTH / bins.length;
  const path = bins
    .map((count, i) => `M${i * width} ${HEIGHT}v${(-HEIGHT * count) / top}h${width}V${HEIGHT}z`)
    .join('');
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
