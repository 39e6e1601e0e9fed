/** Chooses one of the examples, which is scanned at once. */
import { EXAMPLES } from '../state/examples.ts';
import type { Page } from '../state/page.ts';

export function ExampleSelect({ page }: { readonly page: Page }) {
  const shown = EXAMPLES.find(({ text }) => text === page.cardText.value);
  const choose = (name: string): void => {
    const example = EXAMPLES.find((one) => one.name === name);
    if (example === undefined) return;
    page.takeExample(example);
    void page.scan();
  };
  return (
    <label class="card-example">
      <span>Example</span>
      <select value={shown?.name ?? ''} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        {shown === undefined && (
          <option value="" disabled>
            own card
          </option>
        )}
        {EXAMPLES.map(({ name, title }) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}
