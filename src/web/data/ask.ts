/** Questions about files, asked again when the engine was restarted meanwhile (cancelling a scan may do that). */
import { isDarkscanError } from '../../errors.ts';

const TRIES = 3;

export async function askAgain<T>(ask: () => Promise<T>): Promise<T> {
  for (let i = 1; ; i++) {
    try {
      return await ask();
    } catch (error) {
      if (i === TRIES || !isDarkscanError(error, 'interrupted')) throw error;
    }
  }
}
