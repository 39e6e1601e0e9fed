/** Chooses what is done with an offered file; the card is changed by one click, and scanned. */
import { useState } from 'preact/hooks';
import type { FilePreview } from '../engine/preview.ts';
import { reporting } from '../state/reporting.ts';
import { cardFor, columnsFor, firstChoice, refusal, retarget, targetsOf, type Chosen } from './offer.ts';
import type { OfferedFileProps } from './offered-file.tsx';
import { RowsKept } from './rows-kept.tsx';
import { dropOffer, useOffered } from './take-files.ts';
import { useRows } from './use-rows.ts';

export function FileForm({ page, file, preview }: OfferedFileProps & { readonly preview: FilePreview }) {
  const card = page.checked.value.parsed?.card;
  const targets = targetsOf(card);
  const [chosen, setChosen] = useState(() => firstChoice(preview, targets));
  const change = (part: Partial<Chosen>): void => setChosen({ ...chosen, ...part });
  // the card may be edited meanwhile
  const target = targets.find(({ id }) => id === chosen.target.id) ?? targets.at(-1)!;
  const current: Chosen = { ...chosen, target };
  const asked = useRows(page, file, current, target.starter === undefined ? card : undefined);
  const columns = columnsFor(preview, target);
  const { rows } = asked;
  const problem = asked.error ?? (rows && refusal(current, rows));
  const use = (): Promise<void | undefined> =>
    reporting(page, () => useOffered(page, file, cardFor(current, preview, rows!, page.cardText.value)));
  if (columns.length === 0) return <NoColumns onClose={() => dropOffer(page, file)} />;
  return (
    <form
      class="data-column"
      onSubmit={(event) => {
        event.preventDefault();
        if (rows !== undefined && problem === undefined) void use();
      }}
    >
      <Select
        label="Scan with"
        value={target.id}
        options={targets.map(({ id, words }) => [id, words])}
        onValue={(id) =>
          setChosen(
            retarget(
              chosen,
              targets.find((one) => one.id === id)!,
              preview,
            ),
          )
        }
      />
      <p class="muted">
        {target.starter === undefined
          ? 'Background, efficiency and resolution stay those of the card.'
          : 'Resolution and range are guesses from the data: change them in the card.'}
      </p>
      <div class="fields">
        <Select label="x" value={chosen.x} options={columns.map(same)} onValue={(x) => change({ x })} />
        {target.is2D && (
          <Select label="y" value={chosen.y} options={columns.map(same)} onValue={(y) => change({ y })} />
        )}
      </div>
      <label class="field tall">
        <span>Rows where (one condition a line; all must hold)</span>
        <textarea
          rows={2}
          spellcheck={false}
          autocomplete="off"
          placeholder="such as q1*q2 < 0 && m < 80"
          value={chosen.selectText}
          onInput={({ currentTarget }) => change({ selectText: currentTarget.value })}
        />
      </label>
      <RowsKept rows={rows} problem={problem} />
      <label>
        <input
          type="checkbox"
          checked={chosen.blind}
          onChange={({ currentTarget }) => change({ blind: currentTarget.checked })}
        />{' '}
        blind: expected results only, until unblinded
      </label>
      <div class="buttons">
        <button type="submit" class="primary" disabled={rows === undefined || problem !== undefined}>
          Use this file
        </button>
        <button type="button" onClick={() => dropOffer(page, file)}>
          Not now
        </button>
      </div>
    </form>
  );
}

function NoColumns({ onClose }: { readonly onClose: () => void }) {
  return (
    <>
      <p class="notice bad">No column of this file holds different numbers: there is nothing to scan.</p>
      <button type="button" onClick={onClose}>
        Close
      </button>
    </>
  );
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly onValue: (value: string) => void;
}

function Select({ label, value, options, onValue }: SelectProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={({ currentTarget }) => onValue(currentTarget.value)}>
        {options.map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

function same(name: string): readonly [string, string] {
  return [name, name];
}
