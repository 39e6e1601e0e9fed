/** Uncertainties with their sizes in this window or at this mass. */
import { sizeText } from '../state/number-text.ts';

interface Props {
  readonly nuisances: readonly {
    readonly name: string;
    readonly constraint: string;
    readonly effects: readonly { readonly target: string; readonly up: number; readonly down: number }[];
  }[];
}

export function NuisanceTable({ nuisances }: Props) {
  const rows = nuisances.flatMap(({ name, constraint, effects }) =>
    effects.map((effect) => ({ name, constraint, ...effect })),
  );
  if (rows.length === 0) return null;
  return (
    <details>
      <summary>{`${nuisances.length} ${nuisances.length === 1 ? 'nuisance' : 'nuisances'}`}</summary>
      <table class="detail-table">
        <thead>
          <tr>
            <th scope="col" class="words">
              name, constraint
            </th>
            <th scope="col" class="words">
              on
            </th>
            <th scope="col">size</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, constraint, target, up, down }) => (
            <tr key={`${name} ${target}`}>
              <th scope="row">
                {name} <small>{constraint}</small>
              </th>
              <td class="words">{target}</td>
              <td>{sizeText(up, down)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
