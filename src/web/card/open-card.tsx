/** Button that opens a card file. */
import { useRef } from 'preact/hooks';
import { CARD_FILES, openCardFile } from '../state/card-edit.ts';
import { reporting } from '../state/reporting.ts';
import type { Page } from '../state/page.ts';

export function OpenCard({ page }: { readonly page: Page }) {
  const input = useRef<HTMLInputElement>(null);
  const open = async (): Promise<void> => {
    const [file] = input.current!.files!;
    if (file !== undefined) await reporting(page, () => openCardFile(page, file));
    input.current!.value = ''; // so that the same file can be opened again
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept={CARD_FILES.join(',')}
        aria-label="Card file"
        onChange={() => void open()}
      />
      <button type="button" onClick={() => input.current!.click()}>
        Open…
      </button>
    </>
  );
}
