/**
 * uPlot makes a number format of the browser's language when it is loaded, and fails where that is not one: Chromium says
 * "en-US@posix" under LANG=C. Imported before uPlot; to go when uPlot 1.6 does.
 */
try {
  Intl.NumberFormat.supportedLocalesOf(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' });
}
