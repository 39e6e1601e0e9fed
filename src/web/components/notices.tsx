/** What people must know before they read a number: errors, an edited card, blinding, warnings. */
import type { Page } from '../state/page.ts';

export function Notices({ page }: { readonly page: Page }) {
  const { error, scanned, isStale } = page;
  const warnings = scanned.value?.result.summary.warnings ?? [];
  return (
    <div class="column" aria-live="polite">
      {error.value && (
        <p class="notice bad" role="alert">
          {error.value.message}
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
