/** Every look-elsewhere estimator beside the toys, with what it must not be used for. */
import type { EstimatorGroup } from '../../toys/toy-result.ts';
import { fixedText, numberText } from '../state/number-text.ts';
import { estimateText, estimatorName, intervalText } from './toys-words.ts';

export function EstimatorTable({ estimators }: { readonly estimators: readonly EstimatorGroup[] }) {
  return (
    <table class="toys-table">
      <caption>All estimators of the global p-value</caption>
      <thead>
        <tr>
          <th scope="col">estimator</th>
          <th scope="col">
            global p<small>68 % interval</small>
          </th>
          <th scope="col">Z</th>
          <th scope="col">trials factor</th>
        </tr>
      </thead>
      {estimators.map((estimator) => (
        <Rows key={estimator.name} estimator={estimator} />
      ))}
    </table>
  );
}

function Rows({ estimator }: { readonly estimator: EstimatorGroup }) {
  const { name, status, reason, p_global_low, p_global_high, z_global, trials_factor } = estimator;
  const isValid = status === 'ok';
  return (
    <tbody class={isValid ? '' : 'not-valid'}>
      <tr>
        <th scope="row">{estimatorName(name)}</th>
        <td>
          {estimateText(estimator)}
          {p_global_low !== null && <small>{intervalText(p_global_low, p_global_high)}</small>}
        </td>
        <td>{fixedText(z_global)}</td>
        <td>{numberText(trials_factor, 3)}</td>
      </tr>
      {!isValid && (
        <tr>
          <td colSpan={4} class="words">
            <strong>not valid:</strong> {reason}
          </td>
        </tr>
      )}
    </tbody>
  );
}
