/** What the marks of a chart are: a key as it is drawn, and words. */
import { RootLabel } from '../components/root-label.tsx';
import type { ChartModel, Layer } from './chart-model.ts';

export function Legend({ models }: { readonly models: readonly ChartModel[] }) {
  // what is painted last lies on top, and comes first
  const layers = models.flatMap((model) => model.layers.toReversed());
  const named = layers.filter(({ label }, i) => layers.findIndex((other) => other.label === label) === i);
  const hatched = models[0].hatched ?? [];
  return (
    <ul class="chart-legend">
      {named.map((layer) => (
        <li key={layer.label}>
          <svg width="26" height="12" aria-hidden="true">
            <Key layer={layer} />
          </svg>
          <RootLabel label={layer.label} />
        </li>
      ))}
      {hatched.map(({ label, tone }) => (
        <li key={label}>
          <svg width="26" height="12" aria-hidden="true">
            <path
              d="M-2 12L10 0M4 12L16 0M10 12L22 0M16 12L28 0M.5 .5H25.5V11.5H.5z"
              fill="none"
              stroke={`var(${tone})`}
            />
          </svg>
          {label}
        </li>
      ))}
    </ul>
  );
}

function Key({ layer }: { readonly layer: Layer }) {
  const colour = `var(${layer.tone})`;
  if (layer.kind === 'line')
    return <path d="M0 6H26" fill="none" stroke={colour} stroke-width="2" stroke-dasharray={layer.dash?.join(' ')} />;
  if (layer.kind === 'points' && layer.mark === 'disc') return <circle cx="13" cy="6" r="3" fill={colour} />;
  if (layer.kind === 'points') return <path d="M9 3.5h8l-4 6z" fill="none" stroke={colour} />;
  const isOpen = layer.kind === 'bars' && layer.open;
  return isOpen ? (
    <rect x="0.5" y="0.5" width="25" height="11" fill="none" stroke={colour} stroke-dasharray="2 1.5" />
  ) : (
    <rect width="26" height="12" fill={colour} />
  );
}
