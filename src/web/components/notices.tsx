/** What people must know before they read a number: errors, an edited card, blinding, warnings. */
import { deviceNotices, pageWords } from '../state/device-words.ts';
import type { Page, Scanned } from '../state/page.ts';

export function Notices({ page }: { readonly page: Page }) {
  const { error, scanned, isStale } = page;
  const warnings = scanned.value === undefined ? [] : warningsOf(scanned.value);
  return (
    <div class="column" aria-live="polite">
      {error.value && (
        <p class="notice bad" role="alert">
          {firstLines(pageWords(error.value.message))}
        </p>
      )}
      {isStale.value && (
        <p class="notice">The card was edited: the result below is that of the card before. Scan again.</p>
      )}
      {warnings.map((warning) => (
        <p class="notice" key={warning}>
          {warning}
        </p>
      ))}
    </div>
  );
}

/** One slip in a card may be told in dozens of lines; the card's own list has them all. */
const MOST_LINES = 5;

function firstLines(message: string): string {
  const lines = message.split('\n');
  if (lines.length <= MOST_LINES) return message;
  return [...lines.slice(0, MOST_LINES), `and ${lines.length - MOST_LINES} more`].join('\n');
}

/** Those about the device in the words of the page, then the others of the scan. */
function warningsOf({ device, result }: Scanned): string[] {
  const others = result.summary.warnings.filter((warning) => !device.warnings.includes(warning));
  return [...deviceNotices(device), ...others];
}
