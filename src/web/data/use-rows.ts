/** Rows that a choice keeps, asked of the engine a moment after the last change; answers to older questions are dropped. */
import { useEffect, useState } from 'preact/hooks';
import { isDarkscanError } from '../../errors.ts';
import type { AnyCard } from '../../model/card.ts';
import type { SelectedRows } from '../engine/select-rows.ts';
import type { Page } from '../state/page.ts';
import { selectionOf, type Chosen } from './offer.ts';

export interface AskedRows {
  readonly rows?: SelectedRows;
  readonly error?: string;
}

const QUIET_MS = 250;

/** @param card whose constants and functions conditions may use */
export function useRows(page: Page, file: File, chosen: Chosen, card: AnyCard | undefined): AskedRows {
  const [asked, setAsked] = useState<AskedRows>({});
  const selection = selectionOf(chosen);
  const formulas = card && { constants: card.constants, functions: card.functions };
  const question = JSON.stringify([selection, formulas]);
  useEffect(() => {
    let isStale = false;
    setAsked({});
    const ask = async (): Promise<void> => {
      const answer = await answerOf(() => page.engine.selectRows(file, selection, formulas));
      if (!isStale) setAsked(answer);
    };
    const timer = setTimeout(() => void ask(), QUIET_MS);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [question]);
  return asked;
}

async function answerOf(ask: () => Promise<SelectedRows>): Promise<AskedRows> {
  try {
    return { rows: await ask() };
  } catch (error) {
    if (!isDarkscanError(error)) throw error;
    return { error: error.message };
  }
}
