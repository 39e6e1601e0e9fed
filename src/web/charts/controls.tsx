/** The small controls that charts share. */
import type { Signal } from '@preact/signals';
import { bandColours, chooseBands } from './band-colours.ts';
import type { View } from './chart-model.ts';

/** There only while a part of the axis is shown. */
export function ResetZoom({ view }: { readonly view: Signal<View | undefined> }) {
  if (view.value === undefined) return <span class="muted">Drag to zoom.</span>;
  return (
    <button type="button" onClick={() => (view.value = undefined)}>
      Whole axis
    </button>
  );
}

export function Check({
  label,
  checked,
  onChange,
}: {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  return (
    <label>
      <input type="checkbox" checked={checked} onChange={({ currentTarget }) => onChange(currentTarget.checked)} />{' '}
      {label}
    </label>
  );
}

export interface Choice {
  readonly name: string;
  readonly words: string;
}

export function Choose({
  label,
  choices,
  chosen,
  onChoose,
}: {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}) {
  return (
    <label>
      <span class="hidden-text">{label}</span>
      <select value={chosen} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        {choices.map(({ name, words }) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

export function BandsChoice() {
  return (
    <Check
      label="blue bands"
      checked={bandColours.value === 'blue'}
      onChange={(blue) => chooseBands(blue ? 'blue' : 'classic')}
    />
  );
}
