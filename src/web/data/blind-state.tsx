/** What is blind, and the way to look: with a question before, and what the result will record. */
import { useRef } from 'preact/hooks';
import type { AnyCard } from '../../model/card.ts';
import { isSpectrumCard } from '../../io/card.ts';
import type { Page } from '../state/page.ts';
import { reporting } from '../state/reporting.ts';
import { blindCard } from './use-file.ts';

export function BlindState({ page }: { readonly page: Page }) {
  const card = page.checked.value.parsed?.card;
  if (card === undefined) return null;
  const isBlind = (card.blind ?? []).length > 0;
  if (!isBlind) return hasData(card) ? <NotBlind page={page} card={card} /> : null;
  return page.unblind.value ? <Unblinded page={page} /> : <Blind page={page} />;
}

function Blind({ page }: { readonly page: Page }) {
  const question = useRef<HTMLDialogElement>(null);
  const unblind = (): void => {
    question.current!.close();
    page.unblind.value = true;
    void page.scan();
  };
  return (
    <div class="blind-state">
      <p>
        <b>Blind</b>: expected results only where the card says <code>blind</code>.
      </p>
      <button type="button" onClick={() => question.current!.showModal()}>
        Unblind…
      </button>
      <dialog ref={question} class="blind-question" aria-labelledby="blind-question">
        <h2 id="blind-question">Look at the blind part of the data?</h2>
        <p>
          Counts, significances and observed limits are shown everywhere. The result records for good that it was
          unblinded, as <code>darkscan scan --unblind</code> does: <code>"unblinded": true</code> and how much was
          blind. The card stays as it is.
        </p>
        <div class="buttons">
          <button type="button" class="primary" onClick={unblind}>
            Unblind and scan
          </button>
          <button type="button" onClick={() => question.current!.close()}>
            Stay blind
          </button>
        </div>
      </dialog>
    </div>
  );
}

function Unblinded({ page }: { readonly page: Page }) {
  const blindAgain = (): void => {
    page.unblind.value = false;
    void page.scan();
  };
  return (
    <div class="blind-state">
      <p>
        <b>Unblinded</b>: the result records it.
      </p>
      <button type="button" onClick={blindAgain}>
        Blind again
      </button>
    </div>
  );
}

function NotBlind({ page, card }: { readonly page: Page; readonly card: AnyCard }) {
  const blind = async (): Promise<void> => {
    page.cardText.value = blindCard(page.cardText.value, card);
    await page.scan();
  };
  return (
    <div class="blind-state">
      <p>
        <b>Not blind</b>: the card says nothing of it.
      </p>
      <button type="button" onClick={() => void reporting(page, blind)}>
        Blind everywhere
      </button>
    </div>
  );
}

/** Whether it scans data and not what it simulates. */
function hasData(card: AnyCard): boolean {
  const all = isSpectrumCard(card) ? card.spectra.map(({ data }) => data) : [card.data];
  return all.some((data) => !('simulate' in data));
}
