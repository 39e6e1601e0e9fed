/** Work that the user started: what goes wrong with it is the one error that the page shows. */
import { isDarkscanError } from '../../errors.ts';
import type { Page } from './page.ts';

/** Clears the error shown, does the work, shows its error; undefined then. */
export async function reporting<T>(page: Page, work: () => Promise<T>): Promise<T | undefined> {
  page.error.value = undefined;
  try {
    return await work();
  } catch (error) {
    if (!isDarkscanError(error)) throw error;
    if (error.kind !== 'interrupted') page.error.value = { kind: error.kind, message: error.message };
    return undefined;
  }
}
